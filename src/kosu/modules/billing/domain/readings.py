"""What a gateway's document means: what happened, how things stand, or only that it is worth asking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from kosu.modules.billing.domain.payments import FactKind, PaymentFact


@dataclass(frozen=True, slots=True)
class Told:
    """Things that happened; none where the document means nothing to us."""

    facts: tuple[PaymentFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How a payment stands: all that happened to it so far.

    `reverts` is said by a gateway that takes captures back without an id of their own: those that were known before and
    are not among `facts` are undone, also where nobody looked in between and another one has come since.
    """

    facts: tuple[PaymentFact, ...] = ()
    reverts: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """Something may have happened. The document is not to be believed, or says too little: ask the gateway."""


Reading: TypeAlias = Told | Snapshot | Hint


def facts_in(reading: Told | Snapshot, known: Collection[PaymentFact], *, as_of: datetime) -> Sequence[PaymentFact]:
    """The facts that a document tells, in the light of those that are `known` of the same payment.

    `as_of` is when the gateway was asked: a capture after it is not touched by what the answer says.
    """
    if isinstance(reading, Told) or not reading.reverts:
        return reading.facts
    standing = {fact.object_id for fact in reading.facts if fact.kind is FactKind.CAPTURED}
    reversals = [
        replace(fact, kind=FactKind.CAPTURE_REVERSED, occurred_at=as_of)
        for fact in known
        if fact.kind is FactKind.CAPTURED and fact.object_id not in standing and fact.occurred_at < as_of
    ]
    return [*reading.facts, *reversals]


def findings(reading: Told | Snapshot, known: Collection[PaymentFact], *, as_of: datetime) -> Sequence[PaymentFact]:
    """Those facts of a document that nobody has told before."""
    known_keys = {fact.key for fact in known}
    return [fact for fact in facts_in(reading, known, as_of=as_of) if fact.key not in known_keys]
