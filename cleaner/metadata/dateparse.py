"""Dates as machines and as people write them, read as exactly as they are given.

A value is a day, a day and a minute, or a moment with seconds; one with an offset has seconds.

Nothing is guessed from fragments: a date has a day, a month and a year, or is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from cleaner.metadata.calendar import day_halves, dotted_months, fold, month_names
from cleaner.metadata.calendars import calendar_day, find_calendar_dates
from cleaner.metadata.tables import alternatives, table

FIRST_YEAR = 1990
LAST_YEAR = 2100
_CENTURY = 2000
_BUDDHIST = 543
"""Years by which the Thai calendar is ahead."""


@dataclass(frozen=True, slots=True)
class DateHints:
    """What is known of the dates of a page."""

    language: str = "en"
    """BCP 47 tag."""
    day_first: bool = True
    """Whether 3/4/2025 is in April."""
    captured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A date in a text: ``text[start:end]`` and its value in ISO 8601."""

    start: int
    end: int
    value: str


_ISO = re.compile(
    r"(?<![\d.-])(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"(?:(?:T|\s+|\s*T\s*)(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<z>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?(?![\d:]))?)?(?![\d-])",
    re.IGNORECASE,
)
LIKE_DATE = re.compile(r"\d(?:\d{3}|\s?[./-]\s?\d|\s*[月월])")
"""A part of every date: a year in four digits, two numbers with a sign between, or a month.

It is quick to see that most texts have none.
"""

_COMPACT = re.compile(
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?(?P<z>Z)?)?"
)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
_NUMBERS = re.compile(
    r"(?<![\d/.:-])(?P<a>\d{1,4})(?P<sep>\s?[./-]\s?)(?P<b>\d{1,2})(?P=sep)(?P<c>\d{2,4})"
    r"(?![\d/-]|[.:]\d)"
)
_FILL = r"(?:(?:[^\W\d_]{1,4}\.?){1,2}\s)?"
_RFC_2822 = re.compile(r"\b\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}")
_SCRIPT_DATE = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{4}) (\d{2}:\d{2}:\d{2})(?: GMT([+-]\d{4}))?"
)

_PRINTED_DATE = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) ([A-Z]{1,5}) (\d{4})"
)
"""As Unix and Java print a date: ``Tue Jan 28 15:28:56 CET 2020``."""


def parse_date(text: str, hints: DateHints) -> str | None:
    """Return the date that a machine-readable value gives, in ISO 8601, or ``None``."""
    text = text.strip()
    if not text or len(text) > 200:
        return None
    iso = _ISO.fullmatch(text)
    if iso:  # by far the most
        found = _from_groups(iso, hints)
        if found:
            return found
    compact = _COMPACT.fullmatch(text)
    if compact:
        found = _from_groups(compact, hints)
        if found:
            return found
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        moment = datetime.fromtimestamp(int(epoch[1]), UTC)
        return _checked(moment.isoformat(timespec="seconds"), hints)
    scripted = _SCRIPT_DATE.match(text)
    if scripted:
        month, day, year, clock, zone = scripted.groups()
        text = f"{day} {month} {year} {clock} {zone or ''}".strip()
    printed = _PRINTED_DATE.fullmatch(text)
    if printed:
        month, day, clock, zone, year = printed.groups()
        text = f"{day} {month} {year} {clock} {_offset(zone).replace(':', '')}".strip()
    if _RFC_2822.search(text):
        found = _from_mail(text, hints)
        if found:
            return found
    first = next(iter(find_dates(text, hints)), None)
    return first.value if first else None


def find_dates(text: str, hints: DateHints) -> list[DateMatch]:
    """Return the dates in a text, in order, each with the time beside it."""
    if not LIKE_DATE.search(text):
        return []
    found: list[DateMatch] = []
    for match, value in _all(text, hints):
        if value and not any(f.start < match.end() and match.start() < f.end for f in found):
            found.append(_with_time(text, DateMatch(match.start(), match.end(), value), hints))
    found = [f for f in found if _checked(f.value, hints)]
    return sorted(found, key=lambda f: f.start)


def _all(text: str, hints: DateHints) -> Iterator[tuple[re.Match[str], str | None]]:
    """Every match of every way to write a date, the most certain ways first."""
    for match in _ISO.finditer(text):
        yield match, _from_groups(match, hints)
    if not text.isascii():
        for match in _east_asian().finditer(text):
            yield match, _from_era(match)
    for pattern in _named_patterns(hints.language):
        for match in pattern.finditer(text):
            yield match, _from_name(match, hints)
    if not text.isascii():
        yield from find_calendar_dates(text)
    for match in _NUMBERS.finditer(text):
        yield match, _from_numbers(match, hints)


@lru_cache(maxsize=1)
def _east_asian() -> re.Pattern[str]:
    """A date with the signs for year, month and day, and an era before it."""
    eras = alternatives(set(table("dates")["eras"]))
    return re.compile(
        rf"(?:(?P<era>{eras})\s*)?(?P<y>\d{{1,4}}|元)\s*[年년]\s*"
        r"(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日號号일]?"
    )


@lru_cache(maxsize=64)
def _named_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    """Patterns of dates with the name of a month, in the language and in English."""
    names = {*month_names(language), *month_names("en"), *dotted_months(language)}
    month = f"(?P<m>{alternatives(names)})"
    return tuple(
        re.compile(p, re.IGNORECASE)
        for p in (
            rf"(?<!\d)(?P<d>\d{{1,2}})(?:[^\W\d_]{{1,3}}|[.ºª°])?[\s,.\-/]{{0,3}}"
            rf"(?:[^\W\d_]{{1,3}}\.?\s?)?{month}\.?[\s,.\-/]{{1,3}}{_FILL}(?P<y>\d{{4}})(?!\d)",
            rf"(?<![^\W\d_]){month}\.?\s{{0,2}}(?P<d>\d{{1,2}})[^\W\d_]{{0,2}}\.?,?\s{{1,2}}"
            rf"{_FILL}(?P<y>\d{{4}})(?!\d)",
            rf"(?<!\d)(?P<y>\d{{4}})[.,]?\s{{0,2}}{_FILL}{month}\.?\s{{0,2}}(?P<d>\d{{1,2}})(?!\d)",
        )
    )


def _from_groups(match: re.Match[str], hints: DateHints) -> str | None:
    day = _day(int(match["y"]), int(match["m"]), int(match["d"]))
    if day and match["h"]:
        day = _join(day, int(match["h"]), int(match["mi"]), match["s"], _offset(match["z"])) or day
    return _checked(day, hints)


def _from_era(match: re.Match[str]) -> str | None:
    year = 1 if match["y"] == "元" else int(match["y"])
    if match["era"]:
        year += table("dates")["eras"][match["era"]]
    return _day(year, int(match["m"]), int(match["d"]))


def _from_name(match: re.Match[str], hints: DateHints) -> str | None:
    name = fold(match["m"])
    month = month_names(hints.language).get(name) or month_names("en").get(name)
    return _day(int(match["y"]), month or 0, int(match["d"]))


def _from_numbers(match: re.Match[str], hints: DateHints) -> str | None:
    a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) == 4:
        return _day(a, b, c) or calendar_day(hints.language, a, b, c)
    if len(match["a"]) > 2 or len(match["c"]) == 3:
        return None
    if len(match["c"]) == 2:
        if len(match["a"]) + len(match["b"]) < 4:
            return None  # a number of a version or a chapter
        c += _CENTURY
    if "." in match["sep"] or a > 12:
        return _day(c, b, a) if b <= 12 else _day(c, a, b)
    if b > 12:
        return _day(c, a, b)
    first, second = (_day(c, b, a), _day(c, a, b))
    if not hints.day_first:
        first, second = second, first
    return first if _checked(first, hints) else second


def _from_mail(text: str, hints: DateHints) -> str | None:
    from email.utils import parsedate_to_datetime  # it takes as long to import as all the rest

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    exact = moment.tzinfo or re.search(r"\d:\d{2}:\d{2}", text)
    return _checked(moment.isoformat(timespec="seconds" if exact else "minutes"), hints)


def _day(year: int, month: int, day: int) -> str | None:
    if 2400 <= year <= 2700:
        year -= _BUDDHIST
    try:
        return date(year, month, day).isoformat() if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def _join(day: str, hour: int, minute: int, second: str | None, offset: str) -> str | None:
    if hour > 23 or minute > 59 or int(second or 0) > 59:
        return None
    seconds = f":{int(second or 0):02}" if second or offset else ""
    return f"{day}T{hour:02}:{minute:02}{seconds}{offset}"


def _offset(zone: str | None) -> str:
    """The offset of a time zone as ISO 8601 has it, or nothing for an unknown one."""
    if not zone:
        return ""
    zone = zone.strip().upper()
    known = table("dates")["zones"].get(zone)
    if known is not None:
        return f"{'-' if known < 0 else '+'}{abs(known) // 60:02}:{abs(known) % 60:02}"
    digits = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", zone)
    if not digits or int(digits[2]) > 14 or int(digits[3] or 0) > 59:
        return ""
    return f"{digits[1]}{int(digits[2]):02}:{digits[3] or '00'}"


@lru_cache(maxsize=64)
def _time_patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The time that follows a date, and the time that stands before one."""
    half = alternatives(set(day_halves(language)) | {"a.m", "p.m"})
    zones = alternatives(set(table("dates")["zones"]))
    clock = (
        rf"(?P<before>{half})?\.?\s?(?<!\d)(?P<h>\d{{1,2}})\s?[:.h時时시點点]\s?(?P<mi>\d{{2}})(?!\d)"
        rf"[分분]?(?::(?P<s>\d{{2}})(?!\d))?(?:\s?(?P<after>{half})(?![^\W\d_])\.?)?"
        rf"(?:\s?\(?(?P<z>(?:UTC|GMT)?\s?[+-]\d{{1,2}}(?::?\d{{2}})?(?!\d)|(?:{zones})(?!\w)))?"
    )
    after = rf"[\s,;|·•()/@\u2013\u2014-]{{0,5}}(?:[^\W\d_]{{1,5}}\.?[\s:,]{{1,2}}){{0,2}}?{clock}"
    before = (
        rf"{clock}\)?(?:\s?Uhr)?[\s,|·•\u2013\u2014-]{{1,4}}(?:[^\W\d_]{{1,10}}\.?,?\s){{0,2}}$"
    )
    return re.compile(after, re.IGNORECASE), re.compile(before, re.IGNORECASE)


_TIME_REACH = 40
"""Characters before a date in which its time may stand."""


def _with_time(text: str, found: DateMatch, hints: DateHints) -> DateMatch:
    """The date with the time that stands beside it, if one does."""
    if "T" in found.value:
        return found
    after, before = _time_patterns(hints.language)
    match = after.match(text, found.end)
    if match:
        value = _clock(found.value, match, hints)
        return DateMatch(found.start, match.end(), value) if value else found
    begin = max(0, found.start - _TIME_REACH)
    match = before.search(text[begin : found.start])
    if match:
        value = _clock(found.value, match, hints)
        return DateMatch(begin + match.start(), found.end, value) if value else found
    return found


def _clock(day: str, match: re.Match[str], hints: DateHints) -> str | None:
    hour = int(match["h"])
    word = match["before"] or match["after"]
    half = day_halves(hints.language).get(fold(word)) if word else None
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    return _join(day, hour, int(match["mi"]), match["s"], _offset(match["z"]))


def _checked(value: str | None, hints: DateHints) -> str | None:
    """The value if it is from the web's time and not after the capture."""
    if not value or not FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
        return None
    if hints.captured_at is None:
        return value
    latest = (hints.captured_at + timedelta(days=1)).date().isoformat()
    return value if value[:10] <= latest else None
