"""The sandbox gateway: pays with play money and tells of it by signed webhooks over real HTTP. Never for production."""

from kosu.adapters.sandbox.delivery import HttpSandboxDelivery
from kosu.adapters.sandbox.gateway import SandboxGateway
from kosu.modules.billing.domain.standard_webhooks import SigningKeys

__all__ = ["HttpSandboxDelivery", "SandboxGateway", "SigningKeys"]
