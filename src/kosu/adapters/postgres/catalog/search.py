"""Search of the catalogue: one statement finds a bounded number of courses by indexes, and the domain judges them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psycopg import sql

from kosu.adapters.postgres.catalog.columns import CARD, CARD_WIDTH, Columns, card
from kosu.adapters.postgres.catalog.listing import SORTED_BY, cursor_of, filters
from kosu.adapters.postgres.catalog.tsearch import all_of, any_of, begins
from kosu.adapters.postgres.connections import Pool, fetch_all
from kosu.modules.catalog.domain.listing import CourseListing, page_of_all
from kosu.modules.catalog.domain.relevance import Candidate, score
from kosu.modules.catalog.domain.search import CANDIDATES, ENOUGH, SearchQuery
from kosu.modules.catalog.views import CoursePage, Suggestion
from kosu.paging import Cursor

MOST_FOUND = 3_000
"""Of each kind so many courses are found, before the listing's filters."""
MOST_COVERED = 1_000
"""Of so many courses that have the whole query the best are judged; beyond, those of the most popular that have it."""
MOST_POPULAR = 500
MOST_RESEMBLING = 300
SUGGESTED_FROM = 50

# OFFSET 0 keeps the joins row by row: whole tables are never hashed for the few rows that a LIMIT lets through.
# What is looked for comes from subqueries, whose values the planner does not know: as they might be rare, it looks them
# up in the indexes, and where they are not rare it is the LIMIT that keeps the work small.
CANDIDATES_OF = sql.SQL(
    """WITH covered AS MATERIALIZED (
           SELECT s.course_id, 1 + ts_rank(s.words, %(any)s::tsquery) AS nearness, c.enrolment_count
           FROM (SELECT * FROM catalog.course_search s WHERE {covers} LIMIT {most_found}) s,
                LATERAL (SELECT * FROM catalog.courses c WHERE c.id = s.course_id OFFSET 0) c
           WHERE {filters} LIMIT {most_covered}),
       popular AS MATERIALIZED (
           SELECT s.course_id, 1 + ts_rank(s.words, %(any)s::tsquery) AS nearness, c.enrolment_count
           FROM (SELECT * FROM catalog.courses c
                 WHERE c.state = 'published' AND (SELECT count(*) FROM covered) = {most_covered}
                 ORDER BY c.enrolment_count DESC, c.id DESC LIMIT {most_popular}) c,
                LATERAL (SELECT * FROM catalog.course_search s WHERE s.course_id = c.id OFFSET 0) s
           WHERE {covers} AND {filters}),
       resembling AS MATERIALIZED (
           SELECT s.course_id,
                  (SELECT count(*) FROM unnest(s.grams) gram WHERE gram = ANY(%(grams)s)) / %(gram_count)s::float,
                  c.enrolment_count
           FROM (SELECT * FROM catalog.course_search s
                 WHERE {resembles} AND (SELECT count(*) FROM covered) < {enough} LIMIT {most_found}) s,
                LATERAL (SELECT * FROM catalog.courses c WHERE c.id = s.course_id OFFSET 0) c
           WHERE {filters} LIMIT {most_resembling}),
       candidates AS (
           SELECT course_id FROM (TABLE covered UNION ALL TABLE popular UNION ALL TABLE resembling) found
           GROUP BY course_id ORDER BY max(nearness) DESC, max(enrolment_count) DESC, course_id DESC
           LIMIT {candidates})"""
)


class PostgresCourseSearch:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def courses(self, listing: CourseListing) -> CoursePage:
        query = listing.query
        if query is None or not query.readings:
            return CoursePage([], None)
        rows = await fetch_all(self._pool, *search_statement(query, listing))
        page, following = page_of_all(_scored(query, listing, rows), listing)
        return CoursePage([card(row) for row in page], following and following.encode())

    async def suggest(self, query: SearchQuery, *, limit: int) -> Sequence[Suggestion]:
        if not query.readings:
            return []
        scored = [
            (score(query, Candidate(title=title, enrolment_count=enrolment_count)), course_id, Suggestion(title, slug))
            for course_id, title, slug, enrolment_count in await fetch_all(self._pool, *suggest_statement(query))
        ]
        best = sorted((entry for entry in scored if entry[0]), key=lambda entry: entry[:2], reverse=True)
        return [suggestion for _, _, suggestion in best[:limit]]


def search_statement(query: SearchQuery, listing: CourseListing) -> tuple[sql.Composed, dict[str, object]]:
    """What a search asks: the candidates' cards, what the listing sorts by, and which words the description has."""
    conditions, values = filters(listing)
    values["described"] = [begins(term.stem, "D") for term in query.readings[0].terms]
    statement = sql.SQL(
        """{candidates}
           SELECT {card}, {key}, ARRAY(SELECT s.words @@ described FROM unnest(%(described)s::tsquery[]) described)
           FROM candidates,
                LATERAL (SELECT * FROM catalog.course_search s WHERE s.course_id = candidates.course_id OFFSET 0) s,
                LATERAL (SELECT * FROM catalog.courses c WHERE c.id = candidates.course_id OFFSET 0) c
           JOIN catalog.categories g ON g.slug = c.category"""
    ).format(
        candidates=_candidates(query, conditions, values, CANDIDATES),
        card=CARD,
        key=sql.SQL("0") if listing.sort is None else SORTED_BY[listing.sort],
    )
    return statement, values


def suggest_statement(query: SearchQuery) -> tuple[sql.Composed, dict[str, object]]:
    """What suggestions ask: titles, slugs and enrolments of the candidates."""
    values: dict[str, object] = {}
    statement = sql.SQL(
        """{candidates}
           SELECT c.id, c.title, c.slug, c.enrolment_count
           FROM candidates, LATERAL (SELECT * FROM catalog.courses c WHERE c.id = candidates.course_id OFFSET 0) c"""
    ).format(candidates=_candidates(query, [sql.SQL("c.state = 'published'")], values, SUGGESTED_FROM))
    return statement, values


def _scored(query: SearchQuery, listing: CourseListing, rows: Sequence[Columns]) -> Iterator[tuple[Cursor, Columns]]:
    for row in rows:
        shown = card(row)
        relevance = score(
            query,
            Candidate(
                title=shown.title,
                subtitle=shown.subtitle,
                instructor=shown.instructor.display_name,
                category=shown.category.name,
                described=row[CARD_WIDTH + 1],
                enrolment_count=shown.enrolment_count,
            ),
        )
        if relevance:
            cursor = Cursor("relevance", shown.id, relevance) if listing.sort is None else cursor_of(listing.sort, row)
            yield cursor, row


def _candidates(
    query: SearchQuery, conditions: Sequence[sql.Composable], values: dict[str, object], most: int
) -> sql.Composed:
    """The statement's beginning; its values are put beside the others. The query has a reading."""
    reading = query.readings[0]
    covers: list[sql.Composable] = []
    if words := any_of(all_of(reading.words) for reading in query.readings):
        covers.append(sql.SQL("s.words @@ (SELECT {}::tsquery)").format(_value(values, words)))
    covers += [
        sql.SQL("s.grams @> (SELECT {}::text[])").format(_value(values, sorted(reading.grams)))
        for reading in query.readings
        if reading.grams
    ]
    values |= {
        "any": any_of(begins(term.stem) for term in reading.terms),
        "grams": sorted(reading.grams),
        "gram_count": max(1, len(reading.grams)),
    }
    return CANDIDATES_OF.format(
        covers=sql.SQL("({})").format(sql.SQL(" OR ").join(covers)),
        resembles=_resembles(query, values),
        filters=sql.SQL(" AND ").join(conditions),
        most_found=sql.Literal(MOST_FOUND),
        most_covered=sql.Literal(MOST_COVERED),
        most_popular=sql.Literal(MOST_POPULAR),
        most_resembling=sql.Literal(MOST_RESEMBLING),
        enough=sql.Literal(ENOUGH),
        candidates=sql.Literal(most),
    )


def _resembles(query: SearchQuery, values: dict[str, object]) -> sql.Composable:
    reading = query.readings[0]
    words = [
        sql.SQL("({})").format(
            sql.SQL(" OR ").join(
                sql.SQL("s.grams @> (SELECT {}::text[])").format(_value(values, sorted(piece))) for piece in pieces
            )
        )
        for term in reading.telling
        if (pieces := term.pieces)
    ]
    alternatives: list[sql.Composable] = [sql.SQL("({})").format(sql.SQL(" AND ").join(words))] if words else []
    if len(reading.terms) > 1:
        some = any_of(begins(term.stem) for term in reading.telling)
        alternatives.append(sql.SQL("s.words @@ (SELECT {}::tsquery)").format(_value(values, some)))
    return sql.SQL("({})").format(sql.SQL(" OR ").join(alternatives or [sql.SQL("false")]))


def _value(values: dict[str, object], value: object) -> sql.Placeholder:
    """A place in the statement for the value, which is put beside the others."""
    name = f"v{len(values)}"
    values[name] = value
    return sql.Placeholder(name)
