"""Why something opens, and why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kosu.modules.learning.domain.access import Asker, Enrolled, Terms, decide
from tests.support.catalog import INSTRUCTOR, OPERATOR
from tests.support.learning import LEARNER

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAID = Terms(instructor_id=INSTRUCTOR, is_published=True, is_free=False)
FREE = Terms(instructor_id=INSTRUCTOR, is_published=True, is_free=True)
WITHDRAWN = Terms(instructor_id=INSTRUCTOR, is_published=False, is_free=True)

NOBODY = Asker(user_id=None)
VISITOR = Asker(user_id=LEARNER)
BUYER = Asker(user_id=LEARNER, enrolled=Enrolled(NOW + timedelta(days=30)))
OWNER = Asker(user_id=INSTRUCTOR, enrolled=Enrolled())
OPERATING = Asker(user_id=OPERATOR, is_operator=True)


@pytest.mark.parametrize(
    ("terms", "asker", "preview", "decision"),
    [
        (PAID, OWNER, False, ("owner", "owner", True)),
        (PAID, OPERATING, False, ("owner", "operator", True)),
        (PAID, BUYER, True, ("enrolled", "enrolled", True)),
        (PAID, VISITOR, True, ("preview", "preview", True)),
        (PAID, NOBODY, True, ("preview", "preview", True)),
        (PAID, VISITOR, False, ("purchase_required", "purchase_required", False)),
        (PAID, NOBODY, False, ("purchase_required", "purchase_required", False)),
        (FREE, BUYER, False, ("enrolled", "enrolled", True)),
        (FREE, VISITOR, True, ("free", "free", True)),
        (FREE, NOBODY, True, ("preview", "preview", True)),
        (FREE, NOBODY, False, ("free", "sign_in_required", False)),
        (WITHDRAWN, BUYER, False, ("enrolled", "enrolled", True)),
        (WITHDRAWN, OWNER, False, ("owner", "owner", True)),
    ],
)
def test_the_first_reason_that_holds_decides(
    terms: Terms, asker: Asker, preview: bool, decision: tuple[str, str, bool]
) -> None:
    access = decide(terms, asker, preview=preview)
    assert access is not None
    assert (access.state, access.code, access.opens) == decision
    assert access.reason.endswith(".")


@pytest.mark.parametrize("asker", [NOBODY, VISITOR])
def test_a_course_that_is_not_offered_does_not_exist_for_others_not_even_its_previews(asker: Asker) -> None:
    assert decide(WITHDRAWN, asker, preview=True) is None


def test_an_enrolment_that_ends_says_when() -> None:
    access = decide(PAID, BUYER)
    assert access is not None
    assert access.expires_at == NOW + timedelta(days=30)
