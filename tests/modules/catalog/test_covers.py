"""Covers of courses: what is taken, and where it is kept."""

from __future__ import annotations

import pytest

from kosu.ids import UserId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.covers import MAX_COVER_BYTES
from kosu.modules.catalog.errors import CoverTooLarge, NotACover, NotCourseOwner
from tests.support.catalog import CatalogInMemory

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
JPEG = b"\xff\xd8\xff\xe0picture"
WEBP = b"RIFF\x07\x00\x00\x00WEBPVP8 "


@pytest.fixture
def catalog() -> CatalogInMemory:
    return CatalogInMemory()


async def put(catalog: CatalogInMemory, course: Course, image: bytes, *, user_id: UserId | None = None) -> Course:
    return await catalog.container.put_cover()(
        user_id=user_id or course.instructor_id, is_operator=False, course_id=course.id, image=image
    )


@pytest.mark.parametrize(
    ("image", "extension", "content_type"),
    [(PNG, "png", "image/png"), (JPEG, "jpg", "image/jpeg"), (WEBP, "webp", "image/webp")],
)
async def test_a_cover_is_stored_as_what_its_bytes_are(
    catalog: CatalogInMemory, image: bytes, extension: str, content_type: str
) -> None:
    course = await put(catalog, await catalog.create(), image)

    url = course.details.cover_url
    assert url is not None
    assert url.startswith(f"/media/covers/{course.id}/")
    assert url.endswith(f".{extension}")
    stored = await catalog.store.head(url.removeprefix("/"))
    assert (stored.size_bytes, stored.content_type) == (len(image), content_type)
    cards = await catalog.queries.cards([course.id])
    assert cards[course.id].cover_url == url


async def test_another_picture_has_another_address_and_the_same_one_changes_nothing(catalog: CatalogInMemory) -> None:
    """Caches keep a cover for a year."""
    first = await put(catalog, await catalog.create(), PNG)
    catalog.clock.advance(seconds=1)
    again = await put(catalog, first, PNG)
    assert again == first
    second = await put(catalog, first, PNG + b"!")
    assert second.details.cover_url != first.details.cover_url
    assert len(await catalog.store.list_keys(f"media/covers/{first.id}/")) == 2


@pytest.mark.parametrize(
    "image", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"RIFF\x07\x00\x00\x00AVI LIST", PNG[:7]]
)
async def test_what_is_no_picture_is_refused(catalog: CatalogInMemory, image: bytes) -> None:
    course = await catalog.create()
    with pytest.raises(NotACover):
        await put(catalog, course, image)
    assert not await catalog.store.list_keys("media/covers/")


async def test_a_cover_has_a_size_limit(catalog: CatalogInMemory) -> None:
    course = await catalog.create()
    await put(catalog, course, PNG.ljust(MAX_COVER_BYTES, b"\0"))
    with pytest.raises(CoverTooLarge):
        await put(catalog, course, PNG.ljust(MAX_COVER_BYTES + 1, b"\0"))


async def test_nothing_is_stored_for_somebody_elses_course(catalog: CatalogInMemory) -> None:
    course = await catalog.create()
    with pytest.raises(NotCourseOwner):
        await put(catalog, course, PNG, user_id=UserId(catalog.ids.new()))
    assert not await catalog.store.list_keys("media/covers/")
