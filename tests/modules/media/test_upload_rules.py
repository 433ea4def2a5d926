"""Part plans, and what passes for a video at first sight."""

from __future__ import annotations

import pytest

from kosu.modules.media.domain.containers import looks_like_video
from kosu.modules.media.domain.uploads import MIB, plan_parts

GIB = 1024 * MIB


@pytest.mark.parametrize(
    ("size_bytes", "part_size_bytes", "part_count"),
    [
        (1, 8 * MIB, 1),
        (8 * MIB, 8 * MIB, 1),
        (8 * MIB + 1, 8 * MIB, 2),
        (8000 * MIB, 8 * MIB, 1000),
        (8000 * MIB + 1, 9 * MIB, 889),
        (20 * GIB, 21 * MIB, 976),
    ],
)
def test_parts_are_whole_mebibytes_and_at_most_a_thousand(
    size_bytes: int, part_size_bytes: int, part_count: int
) -> None:
    plan = plan_parts(size_bytes)

    assert (plan.part_size_bytes, plan.part_count) == (part_size_bytes, part_count)
    assert sum(plan.size_of(number) for number in range(1, plan.part_count + 1)) == size_bytes


def test_part_of_a_wrong_size_is_missing() -> None:
    plan = plan_parts(20 * MIB)

    assert plan.missing([(1, 8 * MIB), (2, 8 * MIB - 1), (3, 4 * MIB), (4, 8 * MIB)]) == (2,)
    assert plan.missing([]) == (1, 2, 3)


@pytest.mark.parametrize(
    "head",
    [
        b"\x00\x00\x00\x20ftypisom",
        b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat",
        b"\x1a\x45\xdf\xa3\x01",
        b"RIFF\x00\x00\x00\x00AVI LIST",
        b"FLV\x01\x05",
        b"OggS\x00",
        b"\x00\x00\x01\xba\x44",
        (b"\x47" + bytes(187)) * 3,
        bytes(4) + (b"\x47" + bytes(191)) * 2,
    ],
)
def test_containers_are_known_by_their_first_bytes(head: bytes) -> None:
    assert looks_like_video(head[:512])


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"G",
        b"Good morning, this is a text." * 20,
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"#EXTM3U\n#EXT-X-VERSION:7\n",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        b"ID3\x04\x00",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04",
        b"%PDF-1.7",
    ],
)
def test_other_files_are_not(head: bytes) -> None:
    assert not looks_like_video(head)
