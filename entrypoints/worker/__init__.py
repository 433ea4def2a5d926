"""The worker runtime: delivers outbox messages and does the jobs that the scheduler rings for."""
