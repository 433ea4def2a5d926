"""compose.yaml agrees with the code, with the scripts that run it, and with what production asks of its settings."""

from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import yaml

from entrypoints.worker.__main__ import GRACE_SECONDS
from entrypoints.worker.saq_worker import CANCELLATION_SECONDS
from kosu.adapters.cloudfront.delivery_signer import load_private_key
from kosu.container import QUEUES
from kosu.settings import SettingsError, read_settings, settings_table
from tests.delivery.conftest import CHECKOUT
from tests.support.edge_server import rsa_key_pem

# What is said to compose, to the scripts and to the web client, and is no setting of the Python runtimes.
OTHERS = {
    "KOSU_IMAGE_PREFIX",
    "KOSU_SHA",
    "KOSU_ENV_FILE",
    "KOSU_DOMAIN",
    "KOSU_STORE_DOMAIN",
    "KOSU_API_ORIGIN",
    "KOSU_EDGE_ORIGIN",
    "KOSU_UPLOAD_ORIGIN",
}
OURS = {"api", "gate", "migrate", "scheduler", "web", "worker-default", "worker-media", "worker-payments"}


def filled_in() -> dict[str, str]:
    """kosu.env.example as an operator fills it in."""
    values = dict(
        line.split("=", 1)
        for line in (CHECKOUT / "deploy/kosu.env.example").read_text().splitlines()
        if line and not line.startswith("#")
    )
    return values | {
        "KOSU_IMAGE_PREFIX": "registry.test/group/kosu",
        "KOSU_SHA": "0" * 40,
        "KOSU_ENV_FILE": "/srv/kosu/kosu.env",
        "KOSU_DOMAIN": "kosu.test",
        "KOSU_STORE_DOMAIN": "store.kosu.test",
        "POSTGRES_PASSWORD": "1f" * 32,
        "REDIS_PASSWORD": "2f" * 32,
        "KOSU_S3_ACCESS_KEY_ID": "3f" * 8,
        "KOSU_S3_SECRET_ACCESS_KEY": "4f" * 32,
        "KOSU_METRICS_TOKEN": "5f" * 32,
        "KOSU_TOKEN_KEYS": f"k1:{b64encode(bytes(range(32))).decode()}",
        "KOSU_CLOUDFRONT_KEY_PAIR_ID": "own",
        "KOSU_CLOUDFRONT_PRIVATE_KEY": rsa_key_pem(),
        "KOSU_SMTP_HOST": "mail.test",
    }


def compose(values: dict[str, str]) -> dict[str, Any]:
    """The file with its variables replaced as compose replaces them."""

    def replace(match: re.Match[str]) -> str:
        name, required = match[1], match[2] is not None
        if required and not values.get(name):
            raise KeyError(name)
        return values.get(name, "")

    text = (CHECKOUT / "compose.yaml").read_text()
    replaced = re.sub(r"\$\{([A-Z0-9_]+)(:\?[^}]*)?\}", replace, re.sub(r"(?m)#.*$", "", text))
    assert "$" not in replaced.replace("$$", "")
    document: dict[str, Any] = yaml.safe_load(replaced)
    return document


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = compose(filled_in())["services"]
    return found


def test_production_accepts_what_the_services_are_told(services: dict[str, Any]) -> None:
    for name in OURS - {"web"}:
        settings = read_settings(filled_in() | services[name]["environment"])
        assert settings.profile == "production"
        assert settings.http.api_url == settings.http.web_url == settings.delivery.media_base_url == "https://kosu.test"
        load_private_key(settings.delivery.private_key_pem)


def test_what_is_left_empty_is_asked_for() -> None:
    """Either compose refuses to begin, or the runtimes say what is missing."""
    optional = {"KOSU_MAIL_FROM", "KOSU_SMTP_USER", "KOSU_SMTP_PASSWORD", "KOSU_SMTP_HOST", "KOSU_SMTP_PORT"}
    for name in filled_in().keys() - optional - {"KOSU_STRIPE_SECRET_KEY", "KOSU_STRIPE_WEBHOOK_SECRET"}:
        values = filled_in() | {name: ""}
        with pytest.raises((KeyError, SettingsError), match=name):
            read_settings(values | compose(values)["services"]["api"]["environment"])


def test_every_variable_is_a_setting_that_exists(services: dict[str, Any]) -> None:
    known = {name for name, _, _ in settings_table()} | OTHERS
    named = set(re.findall(r"KOSU_[A-Z0-9_]+", (CHECKOUT / "compose.yaml").read_text()))
    named |= {name for name in filled_in() if name.startswith("KOSU_")}
    assert named - known == set()
    assert not any("KOSU_" in name and name not in OTHERS | {"KOSU_WEB_URL"} for name in services["web"]["environment"])


def test_secrets_are_nobodys_who_does_not_need_them(services: dict[str, Any]) -> None:
    secrets = {
        value for name, value in filled_in().items() if re.search("PASSWORD|SECRET|PRIVATE|TOKEN", name) and value
    }
    for name in ("web", "proxy"):
        assert not any(secret in str(services[name]) for secret in secrets)
        assert "env_file" not in services[name]


def test_each_queue_has_exactly_one_worker(services: dict[str, Any]) -> None:
    queues = [service["command"][-1] for name, service in services.items() if name.startswith("worker-")]
    assert sorted(queues) == sorted(QUEUES)


def test_services_have_no_more_than_they_need(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["init"] is True, name
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}, name
        assert "privileged" not in service, name
        assert ("ports" in service) == (name == "proxy"), name
    assert compose(filled_in())["networks"]["stores"] == {"internal": True}
    # The images of the others run as users of their own: tests/delivery/test_dockerfiles.py.
    assert {name for name in services if "user" in services[name]} == {"postgres", "redis"}
    assert {name: service["cap_add"] for name, service in services.items() if "cap_add" in service} == {
        "proxy": ["NET_BIND_SERVICE"],
        "store": ["DAC_OVERRIDE"],
    }


def test_each_image_is_one_for_ever_or_a_plain_name(services: dict[str, Any]) -> None:
    for name, service in services.items():
        image = service["image"]
        if name in OURS:
            assert re.fullmatch(r"registry\.test/group/kosu/(api|worker|scheduler|web):0{40}", image), name
        else:
            assert re.fullmatch(r"[a-z]+(/[a-z]+)?:[0-9][\w.-]*", image), name


def test_what_stops_has_time_to_stop(services: dict[str, Any]) -> None:
    least = GRACE_SECONDS + CANCELLATION_SECONDS
    for name, service in services.items():
        if name != "migrate":
            seconds = int(service["stop_grace_period"].removesuffix("s"))
            assert seconds > least if name.startswith("worker-") else seconds >= 15, name


def test_redis_keeps_what_it_took(services: dict[str, Any]) -> None:
    command = " ".join(services["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_a_deployment_starts_every_service(services: dict[str, Any]) -> None:
    script = (CHECKOUT / "deploy/on-host.sh").read_text()
    started = {name for line in re.findall(r"(?m)^\s*start ([a-z -]+[a-z])", script) for name in line.split()}
    assert started == set(services) - {"migrate"}
    pulled = re.search(r"compose pull --quiet ([a-z -]+)", script)
    assert pulled is not None
    assert {services[name]["image"] for name in pulled[1].split()} == {services[name]["image"] for name in OURS}


def test_healthy_is_what_answers(services: dict[str, Any]) -> None:
    assert "/health/ready" in " ".join(services["api"]["healthcheck"]["test"])
    for name in set(services) - OURS:
        assert "healthcheck" in services[name], name


@pytest.mark.parametrize(
    ("schema", "file", "right", "wrong"),
    [
        ("vendor.gitlab-ci", ".gitlab-ci.yml", "resource_group: staging", "resource_group: [staging]"),
        ("vendor.compose-spec", "compose.yaml", "read_only: true", "read_onyl: true"),
    ],
)
def test_the_schemas_of_vendors_accept_them(schema: str, file: str, right: str, wrong: str, tmp_path: Path) -> None:
    """`make lint` asks them, too; that they refuse something is seen here."""

    def judged(path: Path) -> int:
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
        transform = ["--data-transform", "gitlab-ci"] if "gitlab" in schema else []
        return subprocess.run([*command, *transform, path], capture_output=True, check=False).returncode

    broken = tmp_path / file
    text = (CHECKOUT / file).read_text()
    assert right in text
    broken.write_text(text.replace(right, wrong, 1))
    assert (judged(CHECKOUT / file), judged(broken)) == (0, 1)
