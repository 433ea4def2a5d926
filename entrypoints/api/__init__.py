"""The synchronous, user-facing runtime: REST over HTTP by Litestar."""
