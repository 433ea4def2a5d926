"""What of a text is compared in a search: folded letters, words, and for Hangul the keys that it is typed with.

Sources: Unicode Standard Annex 15 (normalisation), the Unicode Standard 3.12 (the arithmetic of Hangul syllables), and
KS X 5002 (the Korean keyboard with two sets of letters).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import normalize

LONGEST_WORD = 40

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = (*"ㅏㅐㅑㅒㅓㅔㅕㅖㅗ", "ㅗㅏ", "ㅗㅐ", "ㅗㅣ", *"ㅛㅜ", "ㅜㅓ", "ㅜㅔ", "ㅜㅣ", *"ㅠㅡ", "ㅡㅣ", "ㅣ")
FINALS = (
    *("ㄱ", "ㄲ", "ㄱㅅ", "ㄴ", "ㄴㅈ", "ㄴㅎ", "ㄷ", "ㄹ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ", "ㄹㅍ", "ㄹㅎ"),
    *("ㅁ", "ㅂ", "ㅂㅅ", *"ㅅㅆㅇㅈㅊㅋㅌㅍㅎ"),
)

_LATIN_KEYS = "qwertyuiopasdfghjklzxcvbnm" + "QWERTOP"
_HANGUL_KEYS = "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ" + "ㅃㅉㄸㄲㅆㅒㅖ"
_TO_HANGUL = str.maketrans(_LATIN_KEYS, _HANGUL_KEYS)
_TO_LATIN = str.maketrans(_HANGUL_KEYS, _LATIN_KEYS.lower())

_HANGUL = "가-힣\u1100-\u1112\u1161-\u1175\u11a8-\u11c2"
# A word is of Hangul, or of other letters and digits with what ends the names of languages, as in C++ and C#.
_WORD = re.compile(rf"[{_HANGUL}]+|[^\W_{_HANGUL}]+[+#]*")
# Most texts: nothing of them needs normalising, which is slow.
_PLAIN = re.compile("[\x00-\x7f가-힣]*")
_DIACRITICS = re.compile("[\u0300-\u036f]+")
# Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_LOOSE_JAMO = re.compile("[\u1100-\u1112\u1161-\u1175\u11a8-\u11c2]")
_SYLLABLE = f"[{INITIALS}](?:{'|'.join(sorted(VOWELS, key=len, reverse=True))})(?:{'|'.join(FINALS)})?"
_SYLLABLES = re.compile(f"(?:{_SYLLABLE}){{2,}}")


class _Keys(dict[int, str]):
    """The keys of each character that was ever asked for; what is not Hangul is its own key."""

    def __missing__(self, code: int) -> str:
        keys = chr(code)
        if 0xAC00 <= code <= 0xD7A3:
            initial, rest = divmod(code - 0xAC00, len(VOWELS) * 28)
            vowel, final = divmod(rest, 28)
            keys = INITIALS[initial] + VOWELS[vowel] + ("", *FINALS)[final]
        self[code] = keys
        return keys


_KEYS = _Keys(
    {
        **dict(enumerate(INITIALS, 0x1100)),
        **dict(enumerate(VOWELS, 0x1161)),
        **dict(enumerate(FINALS, 0x11A8)),
    }
)


def words_in(text: str) -> list[str]:
    """The words of a text, folded: of compatible forms, cases and diacritics one. Overlong words are cut."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(_folded(text))]


def is_hangul(word: str) -> bool:
    """Whether a word of `words_in` is a Korean one."""
    return word[0] >= "\u1100" and keys_of(word[0]) != word[0]


def keys_of(word: str) -> str:
    """How a Korean word is typed, key by key: a typo in a syllable leaves the syllable's other keys in place."""
    return word.translate(_KEYS)


def line_of(words: Sequence[str]) -> str:
    """The text as it is searched: a space before each word, but Korean words as keys and without spaces.

    Koreans put spaces in different places, so that a Korean word is found wherever its keys follow one another.
    """
    return "".join(keys_of(word) if is_hangul(word) else f" {word}" for word in words)


def typed_in_hangul(q: str) -> list[str] | None:
    """The keys of Korean words that somebody typed with the keyboard set to Latin, as in `gksrmf`; None if it was not.

    Words of one syllable do not count: too many Latin ones, such as `go`, are made of the same keys.
    """
    words = q.translate(_TO_HANGUL).split() if q.isascii() else []
    return words if words and all(map(_SYLLABLES.fullmatch, words)) else None


def typed_in_latin(q: str) -> list[str] | None:
    """The Latin words that somebody typed with the keyboard set to Korean, as in `ㅔㅛ쇄ㅜ`; None if it was not.

    It shows in keys that make no syllable. A single one at the end is a syllable that is being typed.
    """
    words = words_in(q)
    if not words or not all(map(is_hangul, words)) or not _LOOSE_JAMO.search(" ".join(words)[:-1]):
        return None
    return [keys_of(word).translate(_TO_LATIN) for word in words]


def _folded(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text.lower()
    apart = _DIACRITICS.sub("", normalize("NFKD", text).casefold())
    return normalize("NFC", apart).translate(_LETTERS)
