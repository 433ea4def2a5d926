"""Toss Payments."""

from kosu.adapters.toss.client import TossClient
from kosu.adapters.toss.gateway import TossGateway

__all__ = ["TossClient", "TossGateway"]
