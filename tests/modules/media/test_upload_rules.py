"""Part plans, and what passes for a video at first sight."""

from __future__ import annotations

import pytest

from kosu.modules.media.domain.containers import looks_like_media
from kosu.modules.media.domain.uploads import MIB, check_content_type, check_fingerprint, filename_of, plan_parts
from kosu.modules.media.errors import InvalidContentType, InvalidFilename, InvalidFingerprint

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
        b"fLaC\x00",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        b"RF64\xff\xff\xff\xffWAVEds64",
        b"ID3\x04\x00",
        b"\xff\xfb\x90\x64",
        b"\xff\xf3\x40\xc4",
        b"\x00\x00\x01\xba\x44",
        (b"\x47" + bytes(187)) * 3,
        bytes(4) + (b"\x47" + bytes(191)) * 2,
    ],
)
def test_containers_are_known_by_their_first_bytes(head: bytes) -> None:
    assert looks_like_media(head[:512])


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"G",
        b"Good morning, this is a text." * 20,
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"#EXTM3U\n#EXT-X-VERSION:7\n",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\xff\xf1\x50\x80",  # AAC without a container
        b"\xff\xfb\xf0\x64",
        b"\xff\xfe\x00H\x00e",
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04",
        b"%PDF-1.7",
    ],
)
def test_other_files_are_not(head: bytes) -> None:
    assert not looks_like_media(head)


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("lecture.mp4", "lecture.mp4"),
        ("강의 1.mp4", "강의 1.mp4"),
        # As macOS names a screen recording, with a narrow no-break space.
        ("Recording 3.04\u202fPM.mov", "Recording 3.04\u202fPM.mov"),
        ("../../x.mp4", "x.mp4"),
        ("C:\\videos\\x.mp4", "x.mp4"),
        ("a/" * 300 + "x.mp4", "x.mp4"),
        ("x" * 255, "x" * 255),
    ],
)
def test_a_filename_keeps_only_its_last_part(sent: str, name: str) -> None:
    assert filename_of(sent) == name


@pytest.mark.parametrize(
    "sent",
    ["", "   ", "\u3000", ".", "videos/..", "videos/", "a\0.mp4", "a\n.mp4", "a\u2028b", "a\u202e4pm.exe", "x" * 256],
)
def test_what_cannot_be_a_filename_is_refused(sent: str) -> None:
    with pytest.raises(InvalidFilename):
        filename_of(sent)


@pytest.mark.parametrize("sent", ["video/mp4", "video/x-matroska", "application/vnd.ms-asf", "VIDEO/MP4"])
def test_a_media_type_is_a_content_type(sent: str) -> None:
    assert check_content_type(sent) == sent


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "video",
        "video/",
        "/mp4",
        "video/mp4\n",
        "video/mp4; codecs=avc1",
        "video/mp 4",
        "vidéo/mp4",
        "v/" + "x" * 99,
    ],
)
def test_what_is_no_media_type_is_refused(sent: str) -> None:
    with pytest.raises(InvalidContentType):
        check_content_type(sent)


@pytest.mark.parametrize("sent", ["x" * 201, "a\0", "a\nb"])
def test_what_cannot_be_a_fingerprint_is_refused(sent: str) -> None:
    assert check_fingerprint("x" * 200) == "x" * 200
    with pytest.raises(InvalidFingerprint):
        check_fingerprint(sent)
