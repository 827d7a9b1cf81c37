"""Reads settings.ini, which nbdev reads too, so that each fact about the package stands in one place."""
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

settings = ConfigParser(delimiters=["="])
settings.read("settings.ini", encoding="utf-8")
settings = settings["DEFAULT"]

extras = {name: settings[f"{name}_requirements"].split() for name in ("offline", "serve", "onnx", "ray", "haystack")}

setup(
    name=settings["lib_name"],
    version=settings["version"],
    description=settings["description"],
    long_description=Path("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    url=settings["git_url"],
    author=settings["author"],
    author_email=settings["author_email"],
    keywords=settings["keywords"],
    packages=find_packages(include=["squad_slm", "squad_slm.*"]),
    package_data={"squad_slm": ["mini/*.json", "minilm_squad/*"]},
    python_requires=f">={settings['min_python']}",
    install_requires=settings["requirements"].split(),
    extras_require=extras | {"dev": settings["dev_requirements"].split() + extras["offline"]},
    entry_points={
        "console_scripts": settings["console_scripts"].split(),
        "nbdev": ["squad_slm=squad_slm._modidx:d"],  # so that docs link names to their pages
    },
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Intended Audience :: Developers",
        "Intended Audience :: Education",
        "Intended Audience :: Science/Research",
        "Natural Language :: English",
        "Programming Language :: Python :: 3",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
    ],
    zip_safe=False,
)
