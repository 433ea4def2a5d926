"""Settings: every problem at once, secrets kept, and the documentation true."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrypoints import doctor
from entrypoints.api.openapi import PLACEHOLDERS
from kosu.adapters.memory.clock import MemoryClock
from kosu.gateways import create_gateways
from kosu.modules.identity.domain import device_policy
from kosu.settings import MOST_DEVICES, Secret, SettingsError, read_settings

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "configuration.md"


def test_every_problem_is_listed_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({"KOSU_PROFILE": "staging", "KOSU_DATABASE_POOL_SIZE": "many", "KOSU_COOKIES_SECURE": "maybe"})
    told = str(refused.value)
    for name in ("KOSU_PROFILE", "KOSU_DATABASE_POOL_SIZE", "KOSU_COOKIES_SECURE", "KOSU_DATABASE_URL", "KOSU_API_URL"):
        assert name in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KOSU_API_URL", "localhost:8000"),
        ("KOSU_API_URL", "https://kosu.test/"),
        ("KOSU_TOKEN_KEYS", "k1:c2hvcnQ="),
        ("KOSU_TOKEN_KEYS", "no-key"),
        ("KOSU_SANDBOX_WEBHOOK_SECRET", "c2VjcmV0"),
        ("KOSU_SANDBOX_WEBHOOK_SECRET", "whsec_c2VjcmV0,whsec_"),
        ("KOSU_SANDBOX_WEBHOOK_SECRET", "whsec_not base64"),
        ("KOSU_STRIPE_API_URL", "https://api.stripe.com/"),
        ("KOSU_PORTONE_WEBHOOK_SECRET", "whsec_not base64"),
        ("KOSU_PORTONE_API_URL", "api.portone.io"),
        ("KOSU_PORTONE_PG_ORIGINS", "https://*.inicis.com; script-src *"),
        ("KOSU_PORTONE_PG_ORIGINS", "http://pg.test"),
        ("KOSU_TOSS_API_URL", "https://api.tosspayments.com/"),
        ("KOSU_DEVICE_LIMIT", "65"),
        ("KOSU_DEVICE_LIMIT", "0"),
        ("KOSU_DEVICE_LIMIT_BY_ROLE", "operator"),
        ("KOSU_GATEWAY_FEES", "stripe"),
        ("KOSU_GATEWAY_FEES", "stripe:2.9"),
        ("KOSU_GATEWAY_FEES", "stripe:10001"),
        ("KOSU_DEVICE_LIMIT_BY_ROLE", "operator:0"),
        ("KOSU_DEVICE_LIMIT_BY_ROLE", "operator:2,instructor:65"),
        ("KOSU_DEVICE_LIMIT_POLICY", "guess"),
        ("KOSU_STREAM_LIMIT", "0"),
        ("KOSU_STORE_SIGNING_KEY", ""),
        ("KOSU_DATABASE_POOL_SIZE", "-1"),
    ],
)
def test_values_that_cannot_work_are_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({**PLACEHOLDERS, name: value})


def test_device_limits_are_read_by_role() -> None:
    settings = read_settings(
        {
            **PLACEHOLDERS,
            "KOSU_DEVICE_LIMIT_BY_ROLE": "operator:2, instructor:8",
            "KOSU_DEVICE_LIMIT_EXEMPT": "A@b.test",
        }
    )
    assert settings.identity.role_limits() == {"operator": 2, "instructor": 8}
    assert settings.identity.exempt_addresses() == {"a@b.test"}


@pytest.mark.parametrize(
    ("key", "secret", "wrong"),
    [
        ("pk_test_1", "whsec_1", "SECRET_KEY"),
        ("sk_test_1\n", "whsec_1", "SECRET_KEY"),
        ("sk_test_é", "whsec_1", "SECRET_KEY"),
        ("sk_test_1", "whsec_", "WEBHOOK_SECRET"),
        ("sk_test_1", "whsec_1,", "WEBHOOK_SECRET"),
        ("sk_test_1", "whsec_1, whsec_2", "WEBHOOK_SECRET"),
        ("sk_test_1", "c2VjcmV0", "WEBHOOK_SECRET"),
    ],
)
def test_secrets_that_stripe_does_not_give_are_refused(key: str, secret: str, wrong: str) -> None:
    stripe = {"KOSU_STRIPE_SECRET_KEY": key, "KOSU_STRIPE_WEBHOOK_SECRET": secret}
    with pytest.raises(SettingsError, match=f"KOSU_STRIPE_{wrong}") as refused:
        read_settings({**PLACEHOLDERS, **stripe})
    assert len(refused.value.problems) == 1


def test_a_gateway_is_there_once_its_secrets_are() -> None:
    assert "stripe" not in create_gateways(read_settings(PLACEHOLDERS), MemoryClock())
    stripe = {"KOSU_STRIPE_SECRET_KEY": "rk_live_1", "KOSU_STRIPE_WEBHOOK_SECRET": "whsec_new,whsec_old"}
    assert "stripe" in create_gateways(read_settings({**PLACEHOLDERS, **stripe}), MemoryClock())


def test_settings_and_domain_agree_on_the_most_devices() -> None:
    """Settings cannot see the inside of a module, and so say it once more."""
    assert device_policy.MOST_DEVICES == MOST_DEVICES


PORTONE = {
    "KOSU_PORTONE_STORE_ID": "store-1",
    "KOSU_PORTONE_CHANNEL_KEY": "channel-key-1",
    "KOSU_PORTONE_API_SECRET": "api-secret",
    "KOSU_PORTONE_WEBHOOK_SECRET": "whsec_c2VjcmV0,whsec_b3RoZXI=",
}
TOSS = {"KOSU_TOSS_CLIENT_KEY": "test_ck_1", "KOSU_TOSS_SECRET_KEY": "test_sk_1"}


@pytest.mark.parametrize("gateway", [PORTONE, TOSS])
def test_a_gateway_is_set_up_whole_or_not_at_all(gateway: dict[str, str]) -> None:
    read_settings({**PLACEHOLDERS, **gateway})
    for name in gateway:
        rest = {other: value for other, value in gateway.items() if other != name}
        with pytest.raises(SettingsError) as refused:
            read_settings({**PLACEHOLDERS, **rest})
        assert [problem.split(" ")[0] for problem in refused.value.problems] == [name]


def test_production_refuses_toys() -> None:
    toys = {"KOSU_COOKIES_SECURE": "false", "KOSU_STRIPE_API_URL": "http://stripe.test"}
    with pytest.raises(SettingsError) as refused:
        read_settings({**PLACEHOLDERS, **toys, "KOSU_PROFILE": "production"})
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        "KOSU_SANDBOX_WEBHOOK_SECRET",
        "KOSU_COOKIES_SECURE",
        "KOSU_OBJECT_STORE",
        "KOSU_STRIPE_API_URL",
    ]


def test_secrets_do_not_show_themselves() -> None:
    settings = read_settings({**PLACEHOLDERS, "KOSU_STORE_SIGNING_KEY": "hush-hush"})
    assert "hush-hush" not in repr(settings)
    assert settings.object_store.signing_key == Secret("hush-hush")


def test_the_table_of_settings_is_fresh() -> None:
    told = "run `kosu doctor --settings` and commit docs/configuration.md"
    assert DOCUMENT.read_text().endswith(doctor.settings_markdown() + "\n"), told
