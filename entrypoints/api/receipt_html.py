"""A receipt as HTML: one document for screen and paper, nothing loaded, no script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from entrypoints.api.receipt_words import Page

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_STYLE = """
@page { size: A4; margin: 20mm }
:root { color-scheme: light; font: 15px/1.6 system-ui, "Malgun Gothic", "Noto Sans KR", sans-serif }
body { margin: 0; background: #f4f4f5; color: #18181b }
main { box-sizing: border-box; max-width: 44rem; margin: 2rem auto; padding: 3rem; background: white }
h1 { margin: 0 0 2rem; font-size: 1.6rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.5rem; margin: 0 0 2rem }
dt { color: #52525b }
dd { margin: 0; overflow-wrap: anywhere }
table { width: 100%; border-collapse: collapse }
th, td { padding: .5rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #e4e4e7 }
th { font-weight: normal }
thead th { color: #52525b }
tr > :first-child { padding-right: 1.5rem; overflow-wrap: anywhere }
tr > :last-child { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
tfoot th { text-align: right }
tr { break-inside: avoid }
@media print { body { background: none } main { margin: 0; padding: 0; max-width: none } }
"""


def receipt_html(page: Page) -> str:
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in page.facts)
    head = "".join(f'<th scope="col">{escape(head)}</th>' for head in page.heads)
    lines = _rows(page.lines, "td")
    return (
        f'<!doctype html><html lang="{page.language}"><head><meta charset="utf-8"><title>{escape(page.title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(page.title)}</h1><dl>{facts}</dl>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody><tfoot>{_rows(page.sums, 'th')}</tfoot></table>"
        "</main></body></html>"
    )


def _rows(rows: Sequence[tuple[str, str]], head: str) -> str:
    scope = ' scope="row"' if head == "th" else ""
    return "".join(f"<tr><{head}{scope}>{escape(name)}</{head}><td>{escape(amount)}</td></tr>" for name, amount in rows)
