"""Captions: what is said, as text, in one or more languages.

Their text is kept apart from any revision; what plays are files made of it, which join the published revision.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from kosu.modules.media.errors import InvalidLanguage

MAX_LANGUAGES = 30

# ASCII: a case-insensitive [a-z] would also take the Kelvin sign for a k.
_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?", re.ASCII | re.IGNORECASE)

_OWN_NAMES = {
    "ar": "العربية",
    "bn": "বাংলা",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fi": "Suomi",
    "fil": "Filipino",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "ms": "Bahasa Melayu",
    "nb": "Norsk bokmål",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "pt-BR": "Português (Brasil)",
    "ro": "Română",
    "ru": "Русский",
    "sv": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh": "中文",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """The captions in one language, as normal WebVTT."""

    lang: str
    text: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedCaption:
    """Captions as files of a revision, named by their content."""

    lang: str
    digest: str

    @property
    def file_name(self) -> str:
        """Under the revision's prefix."""
        return f"captions/{self.lang}-{self.digest}.vtt"

    @property
    def playlist_name(self) -> str:
        """Under the revision's prefix."""
        return f"captions/{self.lang}-{self.digest}.m3u8"


def language_tag(text: str) -> str:
    """The tag in its canonical case: a language, perhaps a script, perhaps a region, and nothing else.

    Source: BCP 47 (RFC 5646), sections 2.1 and 2.1.1.

    Raises:
        InvalidLanguage
    """
    match = _TAG.fullmatch(text)
    if match is None:
        msg = "Expected a language tag such as ko, en-US or zh-Hant."
        raise InvalidLanguage(msg)
    language, script, region = match.groups()
    return "-".join(filter(None, (language.lower(), script and script.title(), region and region.upper())))


def label_of(tag: str) -> str:
    """What speakers call the language; no two tags share a label."""
    if tag in _OWN_NAMES:
        return _OWN_NAMES[tag]
    language, _, rest = tag.partition("-")
    return f"{_OWN_NAMES[language]} ({rest})" if language in _OWN_NAMES else tag
