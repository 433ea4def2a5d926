"""SAQ: the doorbell over Redis."""

from kosu.adapters.saq.queue import SaqQueue, create_queue_redis
from kosu.adapters.saq.workers import SaqWorkers

__all__ = ["SaqQueue", "SaqWorkers", "create_queue_redis"]
