"""Anybody who has a certificate's code sees whether it is true."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Violation, looks
from tests.support.certificates import a_code
from tests.support.kosu import Kosu, ok
from tests.support.published import Published, at_work, client_of, new_learner, published_course


@pytest.fixture(scope="module")
def course(kosu: Kosu) -> Published:
    with at_work(kosu, "instructor") as instructor:
        return published_course(instructor, title=f"Certified {uuid4().hex[:6]}", price_minor=0)


@pytest.fixture
def code(kosu: Kosu, course: Published) -> str:
    """Of a certificate of a new learner's."""
    learner = client_of(kosu, new_learner(kosu))
    ok(learner.post(f"/api/v1/courses/{course.slug}/enrol"), 201)
    for lesson in (course.preview, course.rest):
        assert learner.post(f"/api/v1/lessons/{lesson}/complete").status_code == 204
    return str(ok(learner.post(f"/api/v1/courses/{course.slug}/certificate"), 201)["code"])


def test_a_certificate_is_valid(page: Page, violations: Callable[[Page], list[Violation]], code: str) -> None:
    page.goto(f"/certificates/{code}")
    expect(page.get_by_text("This certificate is valid")).to_be_visible()
    expect(page.get_by_text(code)).to_be_visible()
    for _ in looks(page):
        assert violations(page) == []


def test_it_is_had_as_a_pdf(page: Page, code: str) -> None:
    page.goto(f"/certificates/{code}")
    address = str(page.get_by_role("link", name="Open as PDF").get_attribute("href"))
    # As a browser asks that follows a link.
    answer = page.request.get(address, headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def test_what_was_taken_back_says_so(page: Page, kosu: Kosu, code: str) -> None:
    with at_work(kosu, "operator") as operator:
        ok(operator.post(f"/api/v1/ops/certificates/{code}/revoke", json={"reason": "Issued by mistake."}), 200)
    page.goto(f"/certificates/{code}")
    expect(page.get_by_text("This certificate was taken back")).to_be_visible()
    expect(page.get_by_role("link", name="Open as PDF")).to_have_count(0)
    # An old link to the document leads to the page that tells why.
    answer = page.goto(f"/certificates/{code}/pdf")
    assert answer is not None
    assert page.url.endswith(f"/certificates/{code}")


def test_a_slip_is_told_from_a_code_that_was_never_given_out(page: Page) -> None:
    page.goto("/certificates/ABCD-EFGH-JKMN-PQRS")
    expect(page.get_by_role("heading", name="This code has a slip in it")).to_be_visible()
    page.goto(f"/certificates/{a_code()}")
    expect(page.get_by_role("heading", name="There is no such certificate")).to_be_visible()
