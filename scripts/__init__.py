"""The commands of the package: one module each, run as `python -m scripts.NAME`."""
