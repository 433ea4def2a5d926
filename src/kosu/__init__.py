"""Kosu: an end-to-end e-learning platform. Start with docs/where-to-change.md."""

__version__ = "0.1.0"
