"""The factories of the payment gateways: settings in, a gateway out, and nothing else needed."""

from __future__ import annotations

import pytest

from entrypoints.api.openapi import PLACEHOLDERS
from kosu.adapters.memory.clock import MemoryClock
from kosu.gateways import FACTORIES, create_gateways
from kosu.modules.billing.ports import PaymentGateway
from kosu.settings import read_settings
from tests.support.checkout_pages import a_checkout, policy_of

ENVIRONMENTS = {
    "sandbox": {"KOSU_SANDBOX_WEBHOOK_SECRET": "whsec_c2VjcmV0"},
    "stripe": {"KOSU_STRIPE_SECRET_KEY": "sk_test_1", "KOSU_STRIPE_WEBHOOK_SECRET": "whsec_1,whsec_2"},
    "portone": {
        "KOSU_PORTONE_STORE_ID": "store-1",
        "KOSU_PORTONE_CHANNEL_KEY": "channel-key-1",
        "KOSU_PORTONE_API_SECRET": "api-secret",
        "KOSU_PORTONE_WEBHOOK_SECRET": "whsec_c2VjcmV0,whsec_b3RoZXI=",
        "KOSU_PORTONE_PG_ORIGINS": "https://*.pg.test https://pg.test",
    },
    "toss": {"KOSU_TOSS_CLIENT_KEY": "test_ck_1", "KOSU_TOSS_SECRET_KEY": "test_sk_1"},
}
NOTHING = {name: value for name, value in PLACEHOLDERS.items() if "SANDBOX" not in name}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_gateway_is_on_where_its_settings_are_and_off_elsewhere(name: str) -> None:
    gateways = create_gateways(read_settings({**NOTHING, **ENVIRONMENTS[name]}), MemoryClock())
    assert list(gateways) == [name]
    assert gateways[name].name == name
    assert isinstance(gateways[name], PaymentGateway)


def test_every_gateway_is_in_that_table() -> None:
    assert set(ENVIRONMENTS) == set(FACTORIES)


def test_the_origins_of_portones_provider_come_to_its_page() -> None:
    gateways = create_gateways(read_settings({**NOTHING, **ENVIRONMENTS["portone"]}), MemoryClock())
    page = gateways["portone"].checkout_page(a_checkout())
    assert page is not None
    assert policy_of(page)["script-src"][2:] == ["https://*.pg.test", "https://pg.test"]
