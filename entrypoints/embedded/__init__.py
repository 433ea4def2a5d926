"""Kosu on one machine without anything installed: PostgreSQL, Redis and all runtimes under one supervisor."""
