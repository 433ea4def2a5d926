"""What drives Kosu: the HTTP API, the worker, the scheduler, the embedded stack and the `kosu` command."""
