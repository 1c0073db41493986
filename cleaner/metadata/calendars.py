"""Dates of the Persian and the Islamic calendar, as many pages in these scripts give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from cleaner.metadata.tables import alternatives, table

_NAMES = ("persian", "islamic")


def find_calendar_dates(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield the dates with a month's name of these calendars, each with its day in ISO 8601."""
    for name in _NAMES:
        for match in _pattern(name).finditer(text):
            day = _convert(name, int(match["y"]), _months(name)[match["m"]], int(match["d"]))
            if day:
                yield match, day


def calendar_day(language: str, year: int, month: int, day: int) -> str | None:
    """Return the day that numbers stand for where a language is written with such a calendar."""
    for name in _NAMES:
        if language.split("-")[0] in table("dates")[name]["languages"]:
            return _convert(name, year, month, day)
    return None


@lru_cache(maxsize=2)
def _months(name: str) -> dict[str, int]:
    rows = table("dates")[name]["months"]
    return {spelling: number for number, row in enumerate(rows, 1) for spelling in row}


@lru_cache(maxsize=2)
def _pattern(name: str) -> re.Pattern[str]:
    months = alternatives(set(_months(name)))
    return re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})\s+(?P<m>{months})(?!\w)\s*(?:ماه\s*)?[،,]?\s*(?P<y>\d{{4}})(?!\d)"
    )


def _convert(name: str, year: int, month: int, day: int) -> str | None:
    """The day in ISO 8601, or ``None`` for one that the calendar does not have."""
    first, last = table("dates")[name]["years"]
    if not first <= year <= last:
        return None
    # Imported with the first such date.
    try:
        if name == "persian":
            import jdatetime

            converted: Any = jdatetime.date(year, month, day).togregorian()
        else:
            from hijridate import Hijri

            converted = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return str(converted.isoformat())
