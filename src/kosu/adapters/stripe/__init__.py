"""Stripe: Checkout Sessions over its REST API, and its signed webhooks. docs/stripe.md says how to set it up."""

from kosu.adapters.stripe.api import StripeApi
from kosu.adapters.stripe.gateway import StripeGateway
from kosu.adapters.stripe.signature import StripeSecrets

__all__ = ["StripeApi", "StripeGateway", "StripeSecrets"]
