"""Coupons over HTTP."""

from __future__ import annotations

from uuid import uuid4

from tests.support.api import Api, problem
from tests.support.shop import open_shop

PATH = "/api/v1/ops/coupons"
WINTER = {"code": "winter", "percent_off": 10}


async def test_a_coupon_is_made_used_changed_and_archived(api: Api) -> None:
    course_id = await open_shop(api)
    operator, learner = await api.operator(), await api.learner()
    made = await operator.post(PATH, json={**WINTER, "max_redemptions": 5})
    assert made.status_code == 201, made.text
    coupon = made.json()
    assert (coupon["code"], coupon["percent_off"], coupon["amount_off"], coupon["redeemed"]) == ("WINTER", 10, None, 0)

    order = await learner.post(
        "/api/v1/orders", json={"course_ids": [course_id], "gateway": "sandbox", "coupon_code": "Winter"}
    )
    assert order.json()["total"] == {"amount_minor": 44_100, "currency": "KRW"}
    read = (await learner.get(f"/api/v1/orders/{order.json()['id']}")).json()
    assert read["discounts"] == [{"label": "WINTER", "amount": {"amount_minor": 4_900, "currency": "KRW"}}]

    changed = await operator.patch(f"{PATH}/{coupon['id']}", json={"max_redemptions": 1})
    assert (changed.json()["max_redemptions"], changed.json()["redeemed"]) == (1, 1)
    assert (await operator.get(f"{PATH}/{coupon['id']}")).json() == changed.json()
    quote = {"course_ids": [course_id], "coupon_code": "WINTER"}
    assert problem(await learner.post("/api/v1/quotes", json=quote), 422, "coupon_invalid")["reason"] == "used_up"
    assert (await operator.delete(f"{PATH}/{coupon['id']}")).status_code == 204
    (listed,) = (await operator.get(PATH)).json()["items"]
    assert listed["archived_at"] is not None
    audit = (await operator.get("/api/v1/ops/audit?limit=100")).json()["items"]
    assert {"coupon_created", "coupon_changed", "coupon_archived"} <= {entry["action"] for entry in audit}


async def test_what_makes_no_coupon_is_refused(api: Api) -> None:
    operator = await api.operator()
    won = {"amount_minor": 1_000, "currency": "KRW"}
    problem(
        await operator.post(PATH, json={"code": "both", "percent_off": 1, "amount_off": won}), 422, "unusable_coupon"
    )
    problem(await operator.post(PATH, json={"code": "none"}), 422, "unusable_coupon")
    problem(await operator.post(PATH, json={"code": "x", "percent_off": 1}), 422, "unusable_coupon")
    problem(await operator.post(PATH, json={"code": "much", "percent_off": 101}), 400, "validation_failed")
    problem(await operator.post(PATH, json={**WINTER, "ends_at": "2026-01-01T00:00:00"}), 400, "validation_failed")
    problem(await operator.post(PATH, json={**WINTER, "ends_at": "2020-01-01T00:00:00Z"}), 422, "unusable_coupon")
    await operator.post(PATH, json=WINTER)
    problem(await operator.post(PATH, json=WINTER), 409, "coupon_code_taken")
    problem(await operator.patch(f"{PATH}/{uuid4()}", json={}), 404, "coupon_not_found")
    problem(await operator.get(f"{PATH}/{uuid4()}"), 404, "coupon_not_found")


async def test_coupons_are_for_operators(api: Api) -> None:
    learner = await api.learner()
    problem(await learner.get(PATH), 403, "role_required")
    problem(await learner.post(PATH, json=WINTER), 403, "role_required")
    problem(await learner.patch(f"{PATH}/{uuid4()}", json={}), 403, "role_required")
    problem(await learner.delete(f"{PATH}/{uuid4()}"), 403, "role_required")
    problem(await (await api.browser()).get(PATH), 401, "sign_in_required")
