"""Small pages for people that the API serves itself: one document each, nothing loaded."""

from __future__ import annotations

NO_SCRIPT = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { min-height: 100vh; margin: 0; display: grid; place-items: center; background: Canvas; color: CanvasText }
main { box-sizing: border-box; width: min(26rem, 100vw); padding: 2rem; border: 1px solid #8886; border-radius: 1rem }
h1 { font-size: 1rem; margin: 0; font-weight: 600 }
small { opacity: .7 }
strong { display: block; font-size: 2rem; margin: .5rem 0 }
ul { padding-left: 1.2rem }
form { display: inline }
button { font: inherit; padding: .6rem 1.4rem; margin: 1rem .5rem 0 0; border: 1px solid #8886; border-radius: .5rem }
details { margin-top: 1.5rem }
summary { opacity: .7; cursor: pointer }
details form { display: block }
details button { width: 100%; margin-right: 0 }
button[data-kind=pay] { background: #1a56db; border-color: #1a56db; color: white }
"""


def no_store(content_security_policy: str = NO_SCRIPT) -> dict[str, str]:
    """The headers of a page about somebody's payment."""
    return {
        "Content-Security-Policy": content_security_policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }


def page(title: str, content: str) -> str:
    """A page with this content, which is HTML already."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main>{content}</main></body></html>"
    )


def returned_page() -> str:
    return page("Payment", "<h1>Thank you</h1><p>The payment is looked into. You can close this page.</p>")
