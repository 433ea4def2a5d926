"""Reading WebVTT: what is taken, what it becomes, and where it says that something is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kosu.modules.media.domain.captions import label_of, language_tag
from kosu.modules.media.domain.webvtt import MAX_BYTES, MAX_CUES, Cue, normal_webvtt, read_webvtt
from kosu.modules.media.errors import InvalidLanguage, InvalidWebVtt

CUE = "00:01.000 --> 00:02.000\nHello\n"


def a_file(*blocks: str) -> bytes:
    return "\n\n".join(["WEBVTT", *blocks]).encode()


def test_everything_that_a_file_may_hold_is_read() -> None:
    data = (
        "\ufeffWEBVTT - 강의\r\nKind: captions\r\n\r\n"
        "STYLE\r\n::cue { color: red }\r\n\r\n"
        "REGION\r\nid:left\r\n\r\n"
        "NOTE for the translator\r\n\r\n\r\n"
        "intro\r\n00:01.000 --> 00:02.500 position:10%,line-left line:-1 align:start region:left\r\n"
        "안녕하세요\r\n<v Kim>Hello & <b>welcome</b>\r\n\r\n"
        "NOTE\r\nsecond thoughts\r\n\r\n"
        "01:00:00.000\t-->\t01:00:00.001 \r\n"
    )

    assert read_webvtt(data.encode()) == [
        Cue(
            start_ms=1000,
            end_ms=2500,
            settings="position:10%,line-left line:-1 align:start",
            lines=("안녕하세요", "<v Kim>Hello & <b>welcome</b>"),
            id="intro",
        ),
        Cue(start_ms=3_600_000, end_ms=3_600_001, settings="", lines=()),
    ]


def test_normal_form_is_one_way_to_write_it() -> None:
    data = "\ufeffWEBVTT\r\rNOTE x\r\r1\r00:01.000 --> 00:02.000 size:50%\rHello\rworld\r\r\r00:02.000 --> 00:03.000\ra"

    assert normal_webvtt(data.encode()) == (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000 size:50%\nHello\nworld\n\n00:00:02.000 --> 00:00:03.000\na\n"
    )


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 1, "has to begin with WEBVTT"),
        (b"\nWEBVTT\n\n" + CUE.encode(), 1, "has to begin with WEBVTT"),
        (b"WEBVTTX\n\n" + CUE.encode(), 1, "has to begin with WEBVTT"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nSubRip", 1, "has to begin with WEBVTT"),
        (b"WEBVTT\n" + CUE.encode(), 2, "no blank line before the first cue"),
        (b"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:0,MPEGTS:0\n\n" + CUE.encode(), 2, "segment of a stream"),
        (a_file("NOTE nothing"), 1, "no cue in the file"),
        (a_file(CUE, "STYLE\na"), 7, "before the first cue"),
        (a_file("REGION\na --> b", CUE), 4, "blank line missing"),
        (a_file("NOTE\n00:01.000 --> 00:02.000", CUE), 4, "blank line missing"),
        (a_file("just text"), 3, "times are missing"),
        (a_file("1\n2\n00:01.000 --> 00:02.000"), 3, "times are missing"),
        (a_file("1\n00:01 --> 00:02.000"), 4, "times are written like"),
        (a_file("00:01,000 --> 00:02,000"), 3, "times are written like"),
        (a_file("00:01.000-->00:02.000"), 3, "times are written like"),
        (a_file("00:60.000 --> 01:02.000"), 3, "times are written like"),
        (a_file("00:01.000 --> 00:٠2.000"), 3, "times are written like"),
        (a_file("00:02.000 --> 00:02.000"), 3, "ends before it starts"),
        (a_file("00:05.000 --> 00:06.000", CUE), 5, "starts before the one in front"),
        (a_file("00:01.000 --> 00:02.000 size:101%"), 3, "no setting 'size:101%'"),
        (a_file("00:01.000 --> 00:02.000 onclick:x"), 3, "no setting 'onclick:x'"),
        (a_file("00:01.000 --> 00:02.000 size:1% size:2%"), 3, "setting size is there twice"),
        (a_file(CUE + "00:02.000 --> 00:03.000"), 5, "blank line missing"),
        (a_file("00:01.000 --> 00:02.000\nnul \0"), 4, "control character"),
        (a_file("00:01.000 --> 00:02.000\nescape \x1b[31m"), 4, "control character"),
        (a_file(CUE) + b"\xff", 5, "not UTF-8"),
        (a_file(CUE).decode().encode("utf-16"), 1, "not UTF-8"),
        (a_file(CUE) + b" " * MAX_BYTES, 1, "more than 1048576 bytes"),
        (a_file("\n\n".join(["00:01.000 --> 00:02.000"] * (MAX_CUES + 1))), 2 * MAX_CUES + 3, "more than 20000 cues"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refusal_names_line_and_reason(data: bytes, line: int, reason: str) -> None:
    with pytest.raises(InvalidWebVtt) as refused:
        read_webvtt(data)

    assert (refused.value.line, reason in refused.value.reason) == (line, True), refused.value


@given(st.lists(st.sampled_from(["", "WEBVTT", "NOTE", "STYLE", "1", "a<b>", "00:01.000 --> 00:02.000 line:1"])))
def test_normal_form_is_its_own(lines: list[str]) -> None:
    """What is accepted once is accepted again as it was stored, with the same cues."""
    data = "\n".join(["WEBVTT", "", *lines, "", CUE]).encode()
    try:
        cues = read_webvtt(data)
    except InvalidWebVtt:
        return

    normal = normal_webvtt(data)

    assert read_webvtt(normal.encode()) == cues
    assert normal_webvtt(normal.encode()) == normal


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tail: bytes) -> None:
    for data in (tail, b"WEBVTT\n\n" + tail):
        try:
            read_webvtt(data)
        except InvalidWebVtt as error:
            line = error.line
        else:
            continue
        assert 1 <= line <= data.count(b"\n") + data.count(b"\r") + 1


@pytest.mark.parametrize(
    ("text", "tag", "label"),
    [
        ("ko", "ko", "한국어"),
        ("EN-us", "en-US", "English (US)"),
        ("pt-br", "pt-BR", "Português (Brasil)"),
        ("ZH-hANT-tw", "zh-Hant-TW", "中文 (Hant-TW)"),
        ("es-419", "es-419", "Español (419)"),
        ("gsw", "gsw", "gsw"),
    ],
)
def test_language_has_a_canonical_tag_and_its_own_name(text: str, tag: str, label: str) -> None:
    assert language_tag(text) == tag
    assert label_of(tag) == label


@pytest.mark.parametrize(
    "text", ["", "k", "korean", "en_US", "en-", "en-USA", "en-US-x-a", "..", "\u212ao", "en\n", "ko/en"]
)
def test_other_tags_are_refused(text: str) -> None:
    with pytest.raises(InvalidLanguage):
        language_tag(text)
