"""The page at /docs: one HTML file that reads /openapi.json and loads nothing from anywhere else.

It shares the origin of the session cookies, so that no script runs there but its own, known by its hash.

Source: Content Security Policy Level 3; Trusted Types.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from litestar import Request
from litestar.openapi.plugins import OpenAPIRenderPlugin

PAGE = Path(__file__).with_name("docs_page.html").read_text(encoding="utf-8")


def _hashes(tag: str) -> str:
    contents = re.findall(rf"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
    return " ".join(f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'" for content in contents)


HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; script-src {_hashes('script')}; style-src {_hashes('style')}; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Cache-Control": "no-cache",
}


class DocsPage(OpenAPIRenderPlugin):
    """The page as Litestar's OpenAPI router serves it; it fetches the document itself."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002 - Litestar's signature
        return PAGE.encode()
