"""What a gateway's answer means in the light of what it said before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kosu.modules.billing.domain.payments import FactKind
from kosu.modules.billing.domain.readings import Snapshot, facts_in, findings
from tests.support.billing import AT, captured, refund, reversed_capture

FIRST, SECOND = captured(object_id="first"), captured(object_id="second")
LATER = AT + timedelta(minutes=1)


def keys(*facts: object) -> set[object]:
    return {fact.key for fact in facts}  # type: ignore[attr-defined]


def test_a_capture_that_no_longer_stands_is_undone_once() -> None:
    undone = reversed_capture(object_id="first")
    assert keys(*facts_in(Snapshot(reverts=True), [FIRST], as_of=LATER)) == keys(undone)
    assert findings(Snapshot(reverts=True), [FIRST, undone], as_of=LATER) == []


def test_the_capture_that_stands_is_not_undone_with_the_one_before_it() -> None:
    """Nobody asked between the two: taken for a second payment, the second would be sent back."""
    standing = Snapshot((SECOND, refund(of="second")), reverts=True)
    told = facts_in(standing, [FIRST], as_of=LATER)
    assert keys(*told) == keys(SECOND, refund(), reversed_capture(object_id="first"))
    assert findings(standing, [FIRST, *told], as_of=LATER) == []


def test_a_capture_is_not_undone_by_an_answer_from_before_it() -> None:
    late = replace(FIRST, occurred_at=LATER)
    assert facts_in(Snapshot(reverts=True), [late], as_of=LATER) == []


def test_a_gateway_that_reverts_nothing_undoes_nothing() -> None:
    (told,) = facts_in(Snapshot((SECOND,)), [FIRST], as_of=LATER)
    assert told.kind is FactKind.CAPTURED
