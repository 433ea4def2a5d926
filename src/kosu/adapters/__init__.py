"""Adapters, one package per technology. Technologies never import one another."""
