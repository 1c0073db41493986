"""Dates that a page counts from the time of its capture: ``3 hours ago``, ``yesterday``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache

from cleaner.metadata.dateparse import DateHints
from cleaner.metadata.tables import alternatives, language_words, table

_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
"""Units that are exact enough to tell a day."""

_SAMPLES = (1, 2, 3, 4, 5, 11, 21)
"""Numbers whose forms differ in one language or another."""

_MOST = {"minute": 999, "hour": 72, "day": 31}
"""Numbers beyond these are no one's way to date a page."""

_NEVER = re.compile(r"(?!)")

_MAX_LENGTH = 60
"""Characters of a line that holds such a date and little else."""


_NUMBER = re.compile(r"(?<![\d.,:/-])(\d{1,3})(?![\d.,:/-])\s*")
_MARK = "#"
"""Stands for the number of a form."""


def relative_date(text: str, hints: DateHints) -> str | None:
    """Return the day that a line counts from the time of capture, in ISO 8601.

    ``None`` if the line has no such count, or if the time of capture is not known.
    """
    if hints.captured_at is None or not 0 < len(text) <= _MAX_LENGTH:
        return None
    folded = " ".join(text.casefold().split())
    for other, usual in table("dates")["ago"].items():
        folded = folded.replace(other, usual)
    for language in dict.fromkeys((hints.language, "en")):
        passed = _passed(folded, language)
        if passed is not None:
            return (hints.captured_at - passed).date().isoformat()
    return None


def _passed(text: str, language: str) -> timedelta | None:
    """The time that has passed since what a line in lower case tells of."""
    number = _NUMBER.search(text)
    masked = f"{text[: number.start()]}{_MARK}{text[number.end() :]}" if number else text
    for unit, length in _UNITS.items():
        match = _pattern(language, unit).search(masked)
        if match:
            spelled = _forms(language, unit)[match[0]]
            count = int(number[1]) if number and _MARK in match[0] else spelled
            return count * length if count <= _MOST[unit] else None
    for days, name in enumerate(("today", "yesterday")):
        if _day_pattern(name, language).search(text):
            return timedelta(days=days)
    return None


@lru_cache(maxsize=256)
def _pattern(language: str, unit: str) -> re.Pattern[str]:
    """All forms of a unit, apart from other words."""
    forms = alternatives(set(_forms(language, unit)))
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)") if forms else _NEVER


@lru_cache(maxsize=64)
def _day_pattern(name: str, language: str) -> re.Pattern[str]:
    """A word for a day that begins a line, as it does where a page is dated."""
    words = alternatives(language_words("dates", name, language))
    return re.compile(rf"\W{{0,3}}(?:{words})(?!\w)")


@lru_cache(maxsize=256)
def _forms(language: str, unit: str) -> Mapping[str, int]:
    """How CLDR writes some numbers of a unit that have passed, to these numbers.

    Most forms hold the number itself, for which ``_MARK`` stands; some have a word for it.
    """
    from babel import UnknownLocaleError
    from babel.dates import format_timedelta

    forms: dict[str, int] = {}
    for number in _SAMPLES:
        for width in ("long", "short", "narrow"):
            try:
                text = format_timedelta(
                    -number * _UNITS[unit],
                    granularity=unit,  # type: ignore[arg-type]
                    threshold=10**9,  # in this unit, however many
                    add_direction=True,
                    format=width,
                    locale=language.replace("-", "_"),
                )
            except (UnknownLocaleError, ValueError, KeyError):
                continue
            folded = " ".join(text.casefold().split())
            forms[_NUMBER.sub(_MARK, folded, count=1)] = number
    return forms
