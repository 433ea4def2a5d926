"""The OpenAPI document: `python -m entrypoints.api.openapi > openapi.json` writes what is committed.

Source: OpenAPI Specification 3.1.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from functools import lru_cache
from typing import Any

from litestar import Litestar, MediaType, Request, Response, Router, get
from litestar.openapi import OpenAPIConfig
from litestar.response import Redirect

from entrypoints.api.authentication import NOBODY
from entrypoints.api.docs_page import HEADERS, DocsPage

OPENAPI_CONFIG = OpenAPIConfig(
    title="Kosu",
    version="1",
    description="The REST API of Kosu, an e-learning platform. Errors are RFC 9457 problem documents.",
    render_plugins=[DocsPage(path="/")],
    use_handler_docstrings=True,
    openapi_router=Router(
        path="/docs", route_handlers=[], response_headers=HEADERS, opt={"auth": NOBODY}, include_in_schema=False
    ),
)

PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457). `code` is stable; further members depend on it.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}

# The document depends on none of these values; the application cannot be built without them.
PLACEHOLDERS = {
    "KOSU_PROFILE": "embedded",
    "KOSU_DATABASE_URL": "postgresql://localhost/kosu",
    "KOSU_REDIS_URL": "redis://localhost/0",
    "KOSU_OBJECT_STORE": "filesystem",
    "KOSU_STORE_URL": "http://localhost/storage",
    "KOSU_STORE_SIGNING_KEY": "none",
    "KOSU_MEDIA_BASE_URL": "http://localhost",
    "KOSU_CLOUDFRONT_KEY_PAIR_ID": "none",
    "KOSU_CLOUDFRONT_PRIVATE_KEY": "none",
    "KOSU_TOKEN_KEYS": f"none:{b64encode(bytes(32)).decode()}",
    "KOSU_MAILER": "filesystem",
    "KOSU_SANDBOX_WEBHOOK_SECRET": f"whsec_{b64encode(bytes(32)).decode()}",
    "KOSU_API_URL": "http://localhost",
}


@get("/openapi.json", auth=NOBODY, include_in_schema=False)
async def openapi_document(request: Request[Any, Any, Any]) -> Response[str]:
    return Response(document(request.app), media_type=MediaType.JSON)


@get("/", auth=NOBODY, include_in_schema=False)
async def front_door() -> Redirect:
    """Whoever opens the bare URL in a browser is shown what there is."""
    return Redirect("/docs")


@lru_cache(maxsize=1)
def document(app: Litestar) -> str:
    """The document as it is served and committed: Litestar's, with the problem that any operation may answer with."""
    schema: dict[str, Any] = app.openapi_schema.to_schema()
    schema["components"]["schemas"]["Problem"] = PROBLEM
    answer = {
        "description": "Anything that went wrong",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in schema["paths"].values():
        for operation in operations.values():
            # Litestar describes its own shape of a validation error, which this API does not have.
            operation["responses"].pop("400", None)
            # And an empty answer as one of JSON, where the handler sets headers of it.
            operation["responses"].get("204", {}).pop("content", None)
            operation["responses"]["default"] = answer
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write() -> None:
    # The application imports this module, so that it is imported here and not above.
    from entrypoints.api.app import create_litestar  # noqa: PLC0415
    from kosu.container import Container  # noqa: PLC0415
    from kosu.settings import read_settings  # noqa: PLC0415

    sys.stdout.write(document(create_litestar(Container(settings=read_settings(PLACEHOLDERS)))))


if __name__ == "__main__":
    write()
