"""What CLDR knows of a language: its months, the halves of its day, its order of numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_NUMBERED = re.compile(r"\d+月|M\d\d|\d+")
"""How CLDR names a month where a language has no name for it."""

_SHORTEST = 3
"""Letters of the shortest abbreviation that is read: ``sep``, ``sept``."""


@lru_cache(maxsize=128)
def _locale(language: str) -> Any:
    """The CLDR locale of a BCP 47 tag, or ``None`` if there is none."""
    from babel import Locale, UnknownLocaleError

    for tag in (language, language.split("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return None


def fold(text: str) -> str:
    """Return a name as the tables have it: composed, in lower case, without dots."""
    folded = unicodedata.normalize("NFC", text).casefold()  # this takes some letters apart
    return unicodedata.normalize("NFC", folded).replace(".", "").strip()


@lru_cache(maxsize=128)
def month_names(language: str) -> Mapping[str, int]:
    """Return the names and abbreviations of the months, as ``fold`` gives them, to 1..12.

    An abbreviation is also what begins the name of one month alone: ``sept``, ``janv``.
    """
    locale = _locale(language)
    names: dict[str, int] = {}
    if locale is None:
        return names
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                if not _NUMBERED.fullmatch(name):
                    names.setdefault(fold(name), number)
    for name, number in list(names.items()):
        for end in range(_SHORTEST, len(name)):
            start = name[:end]
            if start.isalpha() and {n for k, n in names.items() if k.startswith(start)} == {number}:
                names.setdefault(start, number)
    return names


@lru_cache(maxsize=128)
def dotted_months(language: str) -> frozenset[str]:
    """Return the abbreviations of months that have a dot inside, as Thai writes them."""
    locale = _locale(language)
    names = locale.months["format"]["abbreviated"].values() if locale is not None else ()
    return frozenset(n.casefold().rstrip(".") for n in names if "." in n.rstrip("."))


@lru_cache(maxsize=128)
def day_halves(language: str) -> Mapping[str, str]:
    """Return the words for the halves of the day, as ``fold`` gives them, to ``am`` or ``pm``."""
    halves = {"am": "am", "pm": "pm", "a m": "am", "p m": "pm"}
    locale = _locale(language)
    if locale is not None:
        for widths in locale.day_periods.values():
            for periods in widths.values():
                halves.update({fold(periods[h]): h for h in ("am", "pm") if periods.get(h)})
    return halves


@lru_cache(maxsize=256)
def day_first(language: str, territory: str) -> bool:
    """Return whether the day stands before the month in numbers.

    ``territory`` is an ISO 3166 code or empty; it counts where the tag names none:
    English is written month first in the United States, day first nearly everywhere else.
    """
    tag = language
    if territory and len(language.split("-")) == 1:
        tag = f"{language}-{territory}"
    locale = _locale(tag)
    if locale is None:
        return True
    pattern: str = locale.date_formats["short"].pattern
    return pattern.find("d") < pattern.find("M")


@lru_cache(maxsize=256)
def writing_direction(language: str) -> str | None:
    """Return ``ltr`` or ``rtl``, as a language is written; ``None`` if it is not known."""
    locale = _locale(language)
    return str(locale.text_direction) if locale is not None else None
