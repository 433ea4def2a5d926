"""The scheduler runtime: rings at set times. It only enqueues; workers do the work."""
