"""Many courses quickly: made of a vocabulary inside of PostgreSQL, and indexed as the adapter indexes them."""

from __future__ import annotations

import psycopg

from kosu.modules.catalog.domain.letters import words_in
from kosu.modules.catalog.domain.search import grams_of

WORDS = """
python javascript typescript react angular kotlin swift flutter rust golang java spring docker kubernetes linux git
algorithms structures machine learning deep statistics probability algebra pandas excel tableau visualization database
postgresql mongodb redis testing architecture design patterns photoshop illustrator figma typography animation blender
photography drawing painting interior marketing management accounting finance negotiation leadership speaking writing
english korean japanese spanish french german conversation grammar guitar piano violin singing composition mixing theory
complete practical modern advanced essential beginner project masterclass fundamentals workshop introduction guide hands
파이썬 자바스크립트 리액트 스프링 코틀린 안드로이드 도커 쿠버네티스 리눅스 깃허브 자료구조 알고리즘 머신러닝 딥러닝
통계학 데이터 분석 시각화 엑셀 데이터베이스 운영체제 네트워크 보안 디자인 포토샵 일러스트 피그마 타이포그래피 영상 편집
사진 드로잉 수채화 인테리어 마케팅 경영 회계 재무제표 투자 부동산 협상 리더십 발표 글쓰기 영어 회화 일본어 중국어 문법
기타 피아노 바이올린 보컬 작곡 화성학 기초 입문 실전 완성 심화 프로젝트 강의 마스터 첫걸음 가이드 핵심 원리 만들기 시작
"""
"""The most frequent is in every tenth course, and half of them in one of forty or fewer."""


def make_courses(url: str, count: int) -> None:
    """Put so many published courses into an empty, migrated database.

    Titles have three words and a number, subtitles four: few words are in many courses, and most in few.
    """
    vocabulary = words_in(WORDS)
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO catalog.categories VALUES ('data', 'Data', 1), ('design', 'Design', 2)")
        connection.execute("CREATE TEMPORARY TABLE vocabulary (number int PRIMARY KEY, word text, grams text[])")
        with connection.cursor().copy("COPY vocabulary FROM STDIN") as copy:
            for number, word in enumerate(vocabulary):
                copy.write_row((number, word, sorted(grams_of([word]))))
        connection.execute(
            """CREATE TEMPORARY TABLE chosen AS
               SELECT n, place, word, grams FROM (
                   SELECT n, place, floor(%(words)s * power((hashint8(n * 8 + place) + 2147483648) / 4294967296.0, 1.2))
                   FROM generate_series(1, %(count)s) n, generate_series(1, 7) place) picked (n, place, number)
               JOIN vocabulary USING (number)""",
            {"count": count, "words": len(vocabulary)},
        )
        connection.execute(
            """INSERT INTO catalog.courses
               SELECT uuidv7(), 'course-' || n, gen_random_uuid(), 'Ines', 'published',
                      string_agg(word, ' ' ORDER BY place) FILTER (WHERE place <= 3) || ' ' || n,
                      string_agg(word, ' ' ORDER BY place) FILTER (WHERE place > 3),
                      '', '{}', CASE n % 2 WHEN 0 THEN 'data' ELSE 'design' END, 'beginner',
                      CASE n % 3 WHEN 0 THEN 'ko' ELSE 'en' END, 'KRW', n % 7 * 1000, NULL, NULL,
                      (hashint8(n)::bigint + 2147483648) % 10000, NULL, 0, 0, 0, 1, now(), now(), now()
               FROM chosen GROUP BY n"""
        )
        connection.execute(
            """INSERT INTO catalog.course_search
               SELECT c.id, words::tsvector, grams
               FROM (SELECT n, string_agg(format('%L:%s%s', word, place, substr('AAABBBB', place, 1)), ' ') AS words
                     FROM chosen GROUP BY n) indexed
               JOIN (SELECT n, array_agg(DISTINCT gram) AS grams FROM chosen, unnest(grams) gram
                     GROUP BY n) cut USING (n)
               JOIN catalog.courses c ON c.slug = 'course-' || n"""
        )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE catalog.courses, catalog.course_search")
