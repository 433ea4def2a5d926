"""SAQ: the doorbell over Redis."""

from kosu.adapters.saq.queue import SaqQueue, create_queue_redis

__all__ = ["SaqQueue", "create_queue_redis"]
