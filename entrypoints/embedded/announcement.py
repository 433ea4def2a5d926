"""What a stack tells once it is up: to people on the terminal, to programs in the ready file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from entrypoints.demo import DemoAccount
from entrypoints.embedded.runtimes import Addresses
from entrypoints.embedded.secrets import Secrets, write_private


def write_ready_file(
    file: Path, *, addresses: Addresses, accounts: Mapping[str, DemoAccount], secrets: Secrets
) -> None:
    """Write all that a client needs, as JSON, in one step; `web_url` is null without a web client."""
    content = {
        "api_url": addresses.api_url,
        "web_url": addresses.web_url,
        "pid": os.getpid(),
        "accounts": {
            role: {"email": account.email, "password": account.password} for role, account in accounts.items()
        },
        "sandbox": {"webhook_secret": secrets.sandbox_webhook_secret},
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    write_private(file, json.dumps(content, indent=2) + "\n")


def welcome(home: Path, *, addresses: Addresses, accounts: Mapping[str, DemoAccount]) -> str:
    """The last lines on the terminal: where Kosu is, and how to get in."""
    lines = ["all is healthy", "", f"  Kosu       {addresses.web_url or addresses.api_url}"]
    lines += [f"  API        {addresses.api_url}"] if addresses.web_url else []
    lines += [f"  API docs   {addresses.api_url}/docs", ""]
    lines += [f"  {role:<11}{account.email:<24}{account.password}" for role, account in accounts.items()]
    lines += [""] if accounts else []
    return "\n".join([*lines, f"  Data and logs are in {home}. Ctrl-C stops everything.", ""])
