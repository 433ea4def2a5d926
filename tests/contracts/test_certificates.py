"""Certificates, in memory and in PostgreSQL; the race on PostgreSQL alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from uuid_utils.compat import uuid7

from kosu.adapters.memory.certificates import MemoryCertificateQueries
from kosu.adapters.memory.learning import MemoryLearningRecords
from kosu.adapters.postgres.learning import PostgresCertificateQueries, PostgresLearningRecords
from kosu.ids import CourseId, UserId
from kosu.modules.learning.certificate_ports import CertificateQueries
from kosu.modules.learning.domain.certificates import Certificate
from kosu.modules.learning.ports import LearningRecords
from kosu.ports.unit_of_work import Transaction
from tests.support.catalog import INSTRUCTOR
from tests.support.certificates import AT, a_certificate, a_code
from tests.support.databases import Database, InPostgres
from tests.support.learning import COURSE, LEARNER, OTHER_LEARNER

HOUR = timedelta(hours=1)


def transaction(db: Database) -> Transaction[LearningRecords]:
    return db.transaction(MemoryLearningRecords, PostgresLearningRecords)


def queries(db: Database) -> CertificateQueries:
    made: CertificateQueries = db.queries(MemoryCertificateQueries, PostgresCertificateQueries)
    return made


async def added(db: Database, *certificates: Certificate) -> list[Certificate]:
    async with transaction(db)() as records:
        return [await records.certificates.add_or_get(certificate) for certificate in certificates]


async def test_a_certificate_comes_back_as_it_was_added(db: Database) -> None:
    certificate = a_certificate()
    assert await added(db, certificate) == [certificate]
    assert await queries(db).certificate(certificate.code) == certificate
    assert await queries(db).certificate_of(LEARNER, COURSE) == certificate
    assert await queries(db).certificate(a_code()) is None
    assert await queries(db).certificate_of(OTHER_LEARNER, COURSE) is None
    assert await queries(db).certificate_of(LEARNER, CourseId(uuid7())) is None


async def test_the_first_of_a_learner_and_a_course_stays(db: Database) -> None:
    first = a_certificate()
    await added(db, first)
    others = (a_certificate(user_id=OTHER_LEARNER), a_certificate(course_id=CourseId(uuid7())))
    assert await added(db, a_certificate(learner_name="Another"), *others) == [first, *others]


async def test_a_revocation_is_written(db: Database) -> None:
    certificate = a_certificate()
    await added(db, certificate)
    async with transaction(db)() as records:
        assert await records.certificates.lock(a_code()) is None
        found = await records.certificates.lock(certificate.code)
        assert found == certificate
        await records.certificates.save(found.revoked(reason="A reason", at=AT + HOUR))
    stored = await queries(db).certificate(certificate.code)
    assert stored == replace(certificate, revoked_at=AT + HOUR, revocation_reason="A reason")


async def test_certificates_of_a_learner_come_newest_first_in_pages(db: Database) -> None:
    courses = [CourseId(uuid7()) for _ in range(5)]
    mine = [
        # The middle three were issued at the same moment.
        a_certificate(course_id=course_id, issued_at=AT + (0, 1, 1, 1, 2)[number] * HOUR)
        for number, course_id in enumerate(courses)
    ]
    await added(db, *mine, a_certificate(user_id=OTHER_LEARNER))
    seen: list[Certificate] = []
    before = None
    while True:
        page, before = await queries(db).certificates(LEARNER, before=before, limit=2)
        seen += page
        if before is None:
            break
    assert seen == mine[::-1]


async def test_a_forgotten_person_has_no_certificates_and_is_named_on_none(db: Database) -> None:
    own, taught = a_certificate(user_id=INSTRUCTOR, instructor_id=UserId(uuid7())), a_certificate()
    await added(db, own, taught)
    async with transaction(db)() as records:
        await records.certificates.forget(INSTRUCTOR)
    assert await queries(db).certificate(own.code) is None
    assert await queries(db).certificate(taught.code) == replace(taught, instructor_name="")


async def test_of_certificates_that_are_issued_at_once_one_stays(postgres: InPostgres) -> None:
    answers = await asyncio.gather(*(added(postgres, a_certificate()) for _ in range(12)))
    assert len({certificate.code for (certificate,) in answers}) == 1
    async with postgres.pool.connection() as connection:
        cursor = await connection.execute("SELECT code FROM learning.certificates")
        assert await cursor.fetchall() == [(answers[0][0].code,)]


async def test_an_issue_waits_for_the_one_before_it(postgres: InPostgres) -> None:
    """Else both would tell of a certificate that they issued."""
    first = a_certificate()
    async with transaction(postgres)() as records:
        await records.certificates.add_or_get(first)
        later = asyncio.create_task(added(postgres, a_certificate()))
        assert not (await asyncio.wait([later], timeout=0.2))[0]
    assert await later == [first]
