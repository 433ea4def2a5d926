"""Settings: every problem at once, secrets kept, and the documentation true."""

from __future__ import annotations

import dataclasses
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from entrypoints import doctor
from entrypoints.api.openapi import PLACEHOLDERS
from kosu.adapters.memory.clock import MemoryClock
from kosu.gateways import create_gateways
from kosu.modules.identity.domain import device_policy
from kosu.settings import MOST_DEVICES, Secret, Settings, SettingsError, read_settings

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
        ("KOSU_UNLIMITED_NETWORKS", "10.0.0.1/8"),
        ("KOSU_OTLP_ENDPOINT", "collector:4318"),
        ("KOSU_OTLP_HEADERS", "authorization"),
        ("KOSU_TRACE_PERCENT", "101"),
        ("KOSU_STORE_SIGNING_KEY", ""),
        ("KOSU_DATABASE_POOL_SIZE", "-1"),
    ],
)
def test_values_that_cannot_work_are_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({**PLACEHOLDERS, name: value})


def test_metrics_of_workers_are_not_open_to_a_network_without_a_token() -> None:
    open_port = {"KOSU_METRICS_PORT": "9100", "KOSU_METRICS_HOST": "0.0.0.0"}  # noqa: S104
    with pytest.raises(SettingsError, match="KOSU_METRICS_TOKEN"):
        read_settings({**PLACEHOLDERS, **open_port})
    read_settings({**PLACEHOLDERS, **open_port, "KOSU_METRICS_TOKEN": "t0ken"})
    read_settings({**PLACEHOLDERS, "KOSU_METRICS_PORT": "9100"})


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


PRODUCTION = {name: value for name, value in PLACEHOLDERS.items() if name != "KOSU_SANDBOX_WEBHOOK_SECRET"} | {
    "KOSU_PROFILE": "production",
    "KOSU_OBJECT_STORE": "s3",
    "KOSU_MAILER": "smtp",
    "KOSU_API_URL": "https://kosu.test",
    "KOSU_MEDIA_BASE_URL": "https://kosu.test",
    "KOSU_TOKEN_KEYS": f"k1:{b64encode(bytes(range(32))).decode()}",
}
TOYS = {
    "KOSU_SANDBOX_WEBHOOK_SECRET": {"KOSU_SANDBOX_WEBHOOK_SECRET": "whsec_c2VjcmV0"},
    "KOSU_COOKIES_SECURE": {"KOSU_COOKIES_SECURE": "false"},
    "KOSU_OBJECT_STORE": {"KOSU_OBJECT_STORE": "filesystem"},
    "KOSU_MAILER": {"KOSU_MAILER": "filesystem"},
    "KOSU_SMTP_STARTTLS": {"KOSU_SMTP_STARTTLS": "false", "KOSU_SMTP_PASSWORD": "p"},
    "KOSU_TOKEN_KEYS": {"KOSU_TOKEN_KEYS": PLACEHOLDERS["KOSU_TOKEN_KEYS"]},
    "KOSU_API_URL": {"KOSU_API_URL": "http://kosu.test"},
    "KOSU_WEB_URL": {"KOSU_WEB_URL": "http://kosu.test"},
    "KOSU_MEDIA_BASE_URL": {"KOSU_MEDIA_BASE_URL": "http://kosu.test"},
    "KOSU_STRIPE_API_URL": {"KOSU_STRIPE_API_URL": "http://stripe.test"},
    "KOSU_PORTONE_API_URL": {"KOSU_PORTONE_API_URL": "http://portone.test"},
    "KOSU_TOSS_API_URL": {"KOSU_TOSS_API_URL": "http://toss.test"},
}


def test_production_refuses_toys() -> None:
    for name, toy in TOYS.items():
        with pytest.raises(SettingsError) as refused:
            read_settings({**PRODUCTION, **toy})
        assert [problem.split(":")[0] for problem in refused.value.problems] == [name]
    read_settings(PRODUCTION)
    with pytest.raises(SettingsError) as refused:
        read_settings({**PLACEHOLDERS, "KOSU_PROFILE": "production"})
    assert len(refused.value.problems) >= 6, "what the document is made with is no set-up"


def fields_of(struct: type[Any] = Settings) -> Iterator[tuple[dataclasses.Field[Any], Any]]:
    """Every setting of every struct, with its type."""
    hints = get_type_hints(struct)
    for field in dataclasses.fields(struct):
        if field.metadata:
            yield field, hints[field.name]
        else:
            yield from fields_of(hints[field.name])


def test_what_sounds_like_a_secret_is_kept_as_one() -> None:
    """Names that say so but are seen by browsers, or are ids: these alone."""
    public = {"KOSU_PORTONE_CHANNEL_KEY", "KOSU_TOSS_CLIENT_KEY", "KOSU_CLOUDFRONT_KEY_PAIR_ID"}
    public |= {"KOSU_S3_ACCESS_KEY_ID", "KOSU_TOKEN_ISSUER"}
    sounds = {
        field.metadata["env"]: kind
        for field, kind in fields_of()
        if re.search("SECRET|KEY|TOKEN|PASSWORD|HEADERS|(DATABASE|REDIS)_URL", field.metadata["env"])
    }
    assert {name for name, kind in sounds.items() if kind is not Secret} == public


def test_secrets_do_not_show_themselves() -> None:
    """Not in the settings' repr or text, and not where a wrong one is refused."""
    hidden = {field.metadata["env"]: f"hush-{n}" for n, (field, kind) in enumerate(fields_of()) if kind is Secret}
    assert len(hidden) >= 14
    with pytest.raises(SettingsError) as refused:
        read_settings({**PLACEHOLDERS, **hidden, "KOSU_DATABASE_POOL_SIZE": "many"})
    assert "hush" not in str(refused.value)
    with pytest.raises(SettingsError) as refused:
        read_settings({**PLACEHOLDERS, **hidden})
    assert "hush" not in str(refused.value)
    shaped = {
        "KOSU_TOKEN_KEYS": f"k1:{b64encode(bytes(range(32))).decode()}",
        "KOSU_SANDBOX_WEBHOOK_SECRET": "whsec_c2VjcmV0",
        "KOSU_STRIPE_SECRET_KEY": "sk_live_hush",
        "KOSU_STRIPE_WEBHOOK_SECRET": "whsec_hush",
        "KOSU_PORTONE_WEBHOOK_SECRET": "whsec_b3RoZXI=",
        "KOSU_OTLP_HEADERS": "authorization=hush",
    }
    beside = {"KOSU_PORTONE_STORE_ID": "s", "KOSU_PORTONE_CHANNEL_KEY": "c", "KOSU_TOSS_CLIENT_KEY": "c"}
    settings = read_settings({**PLACEHOLDERS, **hidden, **shaped, **beside})
    told = f"{settings!r} {settings} {[getattr(settings, field.name) for field in dataclasses.fields(settings)]}"
    assert [value for value in (hidden | shaped).values() if value in told] == []
    assert settings.object_store.signing_key == Secret(hidden["KOSU_STORE_SIGNING_KEY"])


def test_the_table_of_settings_is_fresh() -> None:
    told = "run `kosu doctor --settings` and commit docs/configuration.md"
    assert DOCUMENT.read_text().endswith(doctor.settings_markdown() + "\n"), told
