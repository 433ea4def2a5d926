"""OPTIONS: which methods a path has.

Litestar's own answer tells the methods of the handler that was registered first, and not of those that joined it.
"""

from __future__ import annotations

from litestar.response.base import ASGIResponse
from litestar.routes import HTTPRoute
from litestar.status_codes import HTTP_204_NO_CONTENT
from litestar.types import ASGIApp, Receive, Scope, Send


def answer_options(app: ASGIApp) -> ASGIApp:
    """Middleware: answers OPTIONS by itself."""

    async def options(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") != "OPTIONS":
            await app(scope, receive, send)
            return
        routes = [route for route in scope["litestar_app"].routes if route.path_format == scope["path_template"]]
        methods = {method for route in routes if isinstance(route, HTTPRoute) for method in route.methods}
        answer = ASGIResponse(status_code=HTTP_204_NO_CONTENT, headers={"Allow": ", ".join(sorted(methods))})
        await answer(scope, receive, send)

    return options
