"""Accounts, sessions and their tokens, without IO."""
