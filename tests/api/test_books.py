"""Receipts, operators' looks at orders and the ledger, and earnings, over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.identity.domain.viewer import INSTRUCTOR
from kosu.money import Money
from tests.support.api import Api, problem
from tests.support.pdf import Pdf
from tests.support.shop import open_shop

PRICE = {"amount_minor": 49_000, "currency": "KRW"}


class Sale:
    """A paid order, and its buyer's browser."""

    def __init__(self, api: Api, browser: httpx.AsyncClient, order: dict[str, Any]) -> None:
        self.api = api
        self.browser = browser
        self.order = order
        self.receipt_path = f"/api/v1/orders/{order['id']}/receipt"

    async def receipt(self, accept: str | None = None, language: str | None = None) -> httpx.Response:
        headers = {"Accept": accept, "Accept-Language": language}
        return await self.browser.get(
            self.receipt_path, headers={name: value for name, value in headers.items() if value is not None}
        )


async def buy(api: Api, browser: httpx.AsyncClient, course_id: str, *, pay: bool = True) -> dict[str, Any]:
    order: dict[str, Any] = (
        await browser.post("/api/v1/orders", json={"course_ids": [course_id], "gateway": "sandbox"})
    ).json()
    if pay:
        await browser.post(f"/api/v1/sandbox/checkouts/{order['payment']['ref']}/pay")
        await settle(api, order, FactKind.CAPTURED)
    return order


async def settle(api: Api, order: dict[str, Any], kind: FactKind) -> None:
    """Apply a fact about all of the order's money, as a settled webhook does."""
    billing = api.container.billing
    async with billing.transaction()() as records:
        payment = await records.payments.with_ref("sandbox", order["payment"]["ref"])
        stored = await records.orders.lock(payment.order_id)
        fact = PaymentFact(
            kind=kind,
            object_id="cap" if kind is FactKind.CAPTURED else "re",
            capture_id="cap",
            money=Money(**order["total"]),
            occurred_at=api.container.clock().now(),
        )
        await billing.settlement().apply(records, stored, payment, [fact], at=fact.occurred_at)


@pytest.fixture
async def sale(api: Api) -> Sale:
    course_id = await open_shop(api)
    browser = await api.learner()
    return Sale(api, browser, await buy(api, browser, course_id))


async def test_a_receipt_is_a_page_for_people(sale: Sale) -> None:
    answer = await sale.receipt()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["content-language"] == "en"
    assert answer.headers["vary"] == "Accept, Accept-Language"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "style-src 'unsafe-inline'" in answer.headers["content-security-policy"]
    for told in (sale.order["number"], "49,000 KRW", "4,455 KRW", "Somebody", "-000001"):
        assert told in answer.text


async def test_a_receipt_is_a_pdf_for_those_who_want_one(sale: Sale) -> None:
    answer = await sale.receipt("application/pdf", "ko-KR,ko;q=0.9")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-language"] == "ko"
    assert answer.headers["content-disposition"].startswith('inline; filename="receipt-2')
    pdf = Pdf(answer.content)
    for told in ("영수증", "49,000원", sale.order["number"]):
        assert told in pdf.text
    assert pdf.blank == set()


async def test_a_receipt_is_in_the_language_of_the_buyer_unless_the_client_has_one(sale: Sale) -> None:
    await sale.browser.patch("/api/v1/me", json={"locale": "ko"})
    assert "영수증" in (await sale.receipt()).text
    assert "영수증" in (await sale.receipt(language="fr")).text
    assert "Receipt" in (await sale.receipt(language="en")).text


async def test_other_forms_of_a_receipt_are_not_there(sale: Sale) -> None:
    problem(await sale.receipt("application/json"), 406, "not_acceptable")


async def test_receipts_are_for_the_buyers_of_paid_orders(api: Api, sale: Sale) -> None:
    problem(await (await api.learner()).get(sale.receipt_path), 404, "order_not_found")
    problem(await (await api.operator()).get(sale.receipt_path), 404, "order_not_found")
    problem(await (await api.browser()).get(sale.receipt_path), 401, "sign_in_required")
    problem(await sale.browser.get(f"/api/v1/orders/{uuid4()}/receipt"), 404, "order_not_found")
    other = await open_shop(api)
    unpaid = await buy(api, sale.browser, other, pay=False)
    problem(await sale.browser.get(f"/api/v1/orders/{unpaid['id']}/receipt"), 404, "receipt_not_found")


async def test_the_worker_issues_the_receipt_once_the_order_is_paid(api: Api, sale: Sale) -> None:
    operator = await api.operator()
    path = f"/api/v1/ops/orders/{sale.order['id']}"
    assert (await operator.get(path)).json()["receipt_number"] is None
    await api.work()
    number = (await operator.get(path)).json()["receipt_number"]
    assert number.endswith("-000001")
    assert number in (await sale.receipt()).text


async def test_a_refund_shows_on_the_receipt(api: Api, sale: Sale) -> None:
    await sale.receipt()
    await settle(api, sale.order, FactKind.REFUND)
    text = (await sale.receipt()).text
    assert "-49,000 KRW" in text
    assert "Remaining" in text


async def test_operators_find_orders_and_look_into_them(api: Api, sale: Sale) -> None:
    operator = await api.operator()
    me = (await sale.browser.get("/api/v1/me")).json()["id"]
    other = await buy(api, await api.learner(), await open_shop(api), pay=False)
    listed = (await operator.get("/api/v1/ops/orders?limit=1")).json()
    assert [order["id"] for order in listed["items"]] == [other["id"]]
    following = (await operator.get(f"/api/v1/ops/orders?cursor={listed['next_cursor']}")).json()
    assert [order["id"] for order in following["items"]] == [sale.order["id"]]
    for query in ("state=paid", f"user_id={me}", f"q={sale.order['number']}", f"q={sale.order['payment']['ref']}"):
        found = (await operator.get(f"/api/v1/ops/orders?{query}")).json()["items"]
        assert [(order["id"], order["user_id"], order["state"]) for order in found] == [(sale.order["id"], me, "paid")]
    shown = (await operator.get(f"/api/v1/ops/orders/{sale.order['id']}")).json()
    assert [entry["kind"] for entry in shown["timeline"]] == ["placed", "captured"]
    assert [fact["kind"] for fact in shown["facts"]] == ["captured"]
    assert (len(shown["payments"]), len(shown["ledger"]), shown["refunds"]) == (1, 1, [])
    problem(await operator.get(f"/api/v1/ops/orders/{uuid4()}"), 404, "order_not_found")


async def test_operators_read_the_ledger(api: Api, sale: Sale) -> None:
    await settle(api, sale.order, FactKind.REFUND)
    operator = await api.operator()
    first = (await operator.get("/api/v1/ops/ledger?limit=1")).json()
    assert [posting["source"] for posting in first["items"]] == [f"{sale.order['id']}/refund/re"]
    assert {"account": "psp_clearing", "amount": {"amount_minor": -49_000, "currency": "KRW"}} in first["items"][0][
        "entries"
    ]
    rest = (await operator.get(f"/api/v1/ops/ledger?cursor={first['next_cursor']}")).json()
    assert [posting["source"] for posting in rest["items"]] == [f"{sale.order['id']}/captured/cap"]
    assert (rest["next_cursor"], rest["items"][0]["posted_at"][-1]) == (None, "Z")
    for query, count in (
        (f"order_id={sale.order['id']}", 2),
        (f"order_id={uuid4()}", 0),
        ("account=tax_payable", 2),
        ("account=dispute_hold", 0),
    ):
        assert len((await operator.get(f"/api/v1/ops/ledger?{query}")).json()["items"]) == count
    balances = (await operator.get("/api/v1/ops/ledger/balances")).json()["items"]
    assert {balance["amount"]["amount_minor"] for balance in balances} == {0}
    one = (await operator.get("/api/v1/ops/ledger/balances?account=tax_payable")).json()["items"]
    assert [balance["account"] for balance in one] == ["tax_payable"]


PATHS = ("/api/v1/ops/orders", "/api/v1/ops/orders/{id}", "/api/v1/ops/ledger", "/api/v1/ops/ledger/balances")


@pytest.mark.parametrize("path", PATHS)
async def test_the_books_are_for_operators_only(api: Api, sale: Sale, path: str) -> None:
    path = path.format(id=sale.order["id"])
    for browser in (sale.browser, await api.instructor()):
        problem(await browser.get(path), 403, "role_required")
    problem(await (await api.browser()).get(path), 401, "sign_in_required")


async def test_looking_is_written_down(api: Api, sale: Sale) -> None:
    operator = await api.operator()
    for path in PATHS:
        assert (await operator.get(path.format(id=sale.order["id"]))).status_code == 200
    entries = (await operator.get("/api/v1/ops/audit")).json()["items"]
    actions = [entry["action"] for entry in reversed(entries) if entry["action"].endswith("viewed")]
    assert actions == ["orders_viewed", "order_viewed", "ledger_viewed", "ledger_viewed", "audit_viewed"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("orders?state=lost", 400, "validation_failed"),
        ("orders?user_id=x", 400, "validation_failed"),
        ("orders?limit=101", 400, "validation_failed"),
        ("orders?cursor=x", 422, "invalid_cursor"),
        ("orders?q=%00", 400, "validation_failed"),
        ("ledger?account=%00", 400, "validation_failed"),
        ("users?q=%00", 400, "validation_failed"),
        ("ledger?order_id=x", 400, "validation_failed"),
        ("ledger?cursor=x", 422, "invalid_cursor"),
        (f"ledger?account={'x' * 201}", 400, "validation_failed"),
    ],
)
async def test_what_makes_no_sense_is_refused(api: Api, query: str, status: int, code: str) -> None:
    problem(await (await api.operator()).get(f"/api/v1/ops/{query}"), status, code)


async def test_a_cursor_of_another_list_is_refused(api: Api, sale: Sale) -> None:
    operator = await api.operator()
    await buy(api, await api.learner(), await open_shop(api))
    cursor = (await operator.get("/api/v1/ops/orders?limit=1")).json()["next_cursor"]
    problem(await operator.get(f"/api/v1/ops/ledger?cursor={cursor}"), 422, "invalid_cursor")


async def test_instructors_see_what_they_earned(api: Api) -> None:
    email = await api.account(INSTRUCTOR)
    instructor = await api.signed_in(email=email)
    me = (await instructor.get("/api/v1/me")).json()["id"]
    course_id = await open_shop(api, instructor_id=me)
    await buy(api, await api.learner(), course_id)
    earnings = (await instructor.get("/api/v1/studio/earnings")).json()
    earned = {"amount_minor": 31_181, "currency": "KRW"}
    nothing = {"amount_minor": 0, "currency": "KRW"}
    assert earnings["balances"] == [{"earned": earned, "refunded": nothing, "balance": earned}]
    (month,) = earnings["months"]
    assert (month["earned"], len(month["month"])) == (earned, 7)
    (line,) = earnings["courses"]
    assert ([course["id"] for course in line["courses"]], line["order_count"]) == ([course_id], 1)
    nobody: dict[str, Any] = {"balances": [], "months": [], "courses": []}
    assert (await (await api.instructor()).get("/api/v1/studio/earnings")).json() == nobody
    problem(await (await api.learner()).get("/api/v1/studio/earnings"), 403, "role_required")
