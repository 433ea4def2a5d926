"""How fast the public catalogue is read: pages of a category and courses' own pages, of 2,000 courses.

    python -m benchmarks.catalogue                           Kosu, as shipped and without its cache
    python -m benchmarks.catalogue --peers ../shared/peers   and the NestJS peer, which caches nothing, by turns

Categories, courses, sections and lessons are as many and as long as the peer's: a page of 20 cards is about 14 kB, a
course with 40 lessons about 9 kB. Each page of the 20 and each course of the 2,000 is asked for in a fixed order that
jumps about. The API has core 0 to itself; databases, load generator and this program share the last core. The figures
are medians of the rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5

from benchmarks._arena import arena, median, parser_of
from benchmarks._kosu import Kosu
from benchmarks._load import Generator, get_request
from benchmarks._machine import cpu_seconds, wait_for_quiet
from benchmarks._peer import Peer

COURSES = 2_000
CATEGORIES = 20
CONNECTIONS = 32
TARGETS = ("courses", "course")

SEED = f"""
    INSERT INTO catalog.categories (slug, name, position)
    SELECT 'category-' || lpad(i::text, 2, '0'), 'Category ' || i, i FROM generate_series(1, {CATEGORIES}) i;

    INSERT INTO catalog.courses (id, slug, instructor_id, instructor_name, state, title, subtitle, description,
                                 outcomes, category, level, language, currency, price_minor, cover_url,
                                 enrolment_count, rating_sum, rating_count, duration_ms, lesson_count, created_at,
                                 updated_at, published_at)
    SELECT md5('course ' || i)::uuid, 'course-' || lpad(i::text, 4, '0') || '-' || substr(md5('course' || i), 1, 8),
           md5('instructor ' || i % 200)::uuid, 'Instructor Number ' || i % 200, 'published',
           'Course ' || i || ': a practical introduction to topic ' || i % 173,
           'Learn topic ' || i % 173 || ' step by step with ' || 10 + i % 30 ||
              ' hands-on exercises and a final project',
           (SELECT string_agg('Paragraph ' || k || ' of course ' || i || '. ' ||
              repeat('This module explains the "why" before the "how" and ends with an exercise. ', 3), E'\\n\\n')
            FROM generate_series(1, 5) k),
           '{{}}', 'category-' || lpad((1 + (i - 1) % {CATEGORIES})::text, 2, '0'), 'beginner', 'en', 'INR',
           49900 + i % 50 * 1000, 'https://cdn.example.test/thumbs/' || md5('thumb' || i) || '.webp',
           i * 97 % 40000, i * 31 % 5000 * 4, i * 31 % 5000, 40000 * (240 + i % 600), 40, now(), now(),
           now() - i * interval '1 hour'
    FROM generate_series(1, {COURSES}) i;

    INSERT INTO catalog.sections (id, course_id, title, position)
    SELECT md5('section ' || c || '-' || s)::uuid, md5('course ' || c)::uuid,
           'Section ' || s || ' of course ' || c || ': part ' || chr(64 + s), s
    FROM generate_series(1, {COURSES}) c, generate_series(1, 5) s;

    INSERT INTO catalog.lessons (id, course_id, section_id, title, kind, preview, body, duration_ms, media_revision,
                                 position)
    SELECT md5('lesson ' || c || '-' || s || '-' || l)::uuid, md5('course ' || c)::uuid,
           md5('section ' || c || '-' || s)::uuid, 'Lesson ' || l || ': working through example ' || c * s * l % 211,
           'video', s = 1 AND l <= 2, '', 1000 * (240 + c * l % 600), 1, l
    FROM generate_series(1, {COURSES}) c, generate_series(1, 5) s, generate_series(1, 8) l;
"""  # noqa: S608 - numbers of our own


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    rate: float
    api_us: float
    postgres_us: float
    p50_ms: float
    p99_ms: float


def kosu_requests(target: str) -> list[bytes]:
    if target == "courses":
        return [get_request(f"/api/v1/courses?category=category-{i:02d}&limit=20") for i in _spread(CATEGORIES)]
    return [get_request(f"/api/v1/courses/{slug}") for slug in SLUGS]


def _spread(count: int) -> list[int]:
    """1 to `count` in a fixed order that jumps about."""
    return [1 + i * 7919 % count for i in range(count)]


def _digest(number: int) -> str:
    return md5(f"course{number}".encode(), usedforsecurity=False).hexdigest()[:8]


SLUGS = [f"course-{i:04d}-{_digest(i)}" for i in _spread(COURSES)]


def read(side: Kosu | Peer, generate: Generator, *, seconds: float) -> dict[str, Reading]:
    measured: dict[str, Reading] = {}
    with side.api() as api:
        for target in TARGETS:
            requests = side.requests(target) if isinstance(side, Peer) else kosu_requests(target)
            api_before, postgres_before = cpu_seconds(api.pid), cpu_seconds(side.database_pid)
            load = generate(api.url, requests, connections=CONNECTIONS, seconds=seconds, again=True)
            measured[target] = Reading(
                rate=load.rate,
                api_us=(cpu_seconds(api.pid) - api_before) / load.sent * 1e6,
                postgres_us=(cpu_seconds(side.database_pid) - postgres_before) / load.sent * 1e6,
                p50_ms=load.p50_ms,
                p99_ms=load.p99_ms,
            )
    return measured


def show(name: str, run: Reading) -> None:
    print(
        f"{name:<28} {run.rate:7.0f} /s   API {run.api_us:5.0f} us   PostgreSQL {run.postgres_us:5.0f} us   "
        f"p50 {run.p50_ms:6.2f} ms   p99 {run.p99_ms:6.2f} ms",
        flush=True,
    )


def measure(
    sides: Sequence[Kosu | Peer], generate: Generator, *, rounds: int, seconds: float, patience_seconds: float
) -> None:
    runs: dict[tuple[str, str], list[Reading]] = {}
    # By turns, so that a noisy minute does not hit one side only.
    for _ in range(rounds):
        for side in sides:
            wait_for_quiet(patience_seconds=patience_seconds)
            for target, run in read(side, generate, seconds=seconds).items():
                runs.setdefault((side.name, target), []).append(run)
                show(f"{side.name} {target}", run)
    print(f"-- medians of {rounds}")
    for target in TARGETS:
        medians = {side.name: median(runs[side.name, target]) for side in sides}
        for name, run in medians.items():
            show(f"{name} {target}", run)
        last = medians[sides[-1].name]
        for side in sides[:-1]:
            print(f"{target}: {side.name} / {sides[-1].name}: {medians[side.name].rate / last.rate:.2f} x")


def main() -> None:
    arguments = parser_of(__doc__).parse_args()
    with arena(arguments) as ring:
        shipped, uncached = ring.kosu(), ring.kosu("kosu without cache", {"KOSU_PUBLIC_CACHE_BYTES": "0"})
        shipped.prepare(SEED)
        measure(
            [shipped, uncached] if ring.peer is None else [shipped, uncached, ring.peer],
            ring.generate,
            rounds=arguments.rounds,
            seconds=arguments.seconds,
            patience_seconds=arguments.patience,
        )


if __name__ == "__main__":
    main()
