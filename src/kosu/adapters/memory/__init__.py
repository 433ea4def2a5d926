"""Adapters in memory: real ones, held to the same contract tests, on which the whole domain runs in milliseconds."""
