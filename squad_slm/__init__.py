__version__ = "0.1.0"


def register_pipeline() -> None:
    "Makes `transformers.pipeline(\"question-answering\", model=...)` work again: see `squad_slm.inference.register_pipeline`."
    from squad_slm import inference  # here, since it imports PyTorch, which a mere `import squad_slm` must not

    inference.register_pipeline()
