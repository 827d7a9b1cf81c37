import os
import sys

__version__ = "0.1.0"

if os.environ.get("IN_TEST"):  # nbdev_test runs notebooks side by side: PyTorch's threads would wait for each other
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if "torch" in sys.modules: sys.modules["torch"].set_num_threads(int(os.environ["OMP_NUM_THREADS"]))


def register_pipeline() -> None:
    "Makes `transformers.pipeline` know `question-answering` again: see `squad_slm.pipeline.register_pipeline`."
    from squad_slm import pipeline  # here, since it imports PyTorch, which a mere `import squad_slm` must not

    pipeline.register_pipeline()
