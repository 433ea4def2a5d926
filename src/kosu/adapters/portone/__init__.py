"""PortOne V2: one API in front of many payment service providers, mostly Korean ones."""

from kosu.adapters.portone.client import PortOneClient
from kosu.adapters.portone.gateway import PortOneGateway
from kosu.modules.billing.domain.standard_webhooks import SigningKeys

__all__ = ["PortOneClient", "PortOneGateway", "SigningKeys"]
