"""Adapters over other adapters, for when one of them is away."""
