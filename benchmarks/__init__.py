"""Repeatable measurements, run by `make bench`. They print figures and judge nothing: machines are noisy."""
