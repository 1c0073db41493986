"""Title, authors and date of a page against their truth.

A title is compared by its words, in order; authors as a set of names, without regard to
case and blanks; a date to the day, or as exactly as the truth gives it. Both sides go
through the same normalization.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from cleaner.evaluate.score import words


class Outcome(StrEnum):
    """What a system's value of a field is worth."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    """The page has a value, the system gave none."""
    SPURIOUS = "spurious"
    """The page has none, the system gave one."""
    ABSENT = "absent"
    """The page has none, and the system gave none."""


FIELDS = ("title", "authors", "date")

_SEPARATORS = re.compile(r"\s*[;|\n]\s*")
"""Always stand between names."""

_LISTING = re.compile(r"\s*(?:,\s*and\b|,|&|\band\b)\s*", re.IGNORECASE)
"""Stand between names, but also before a degree or in the name of an office."""

_BY = re.compile(r"^by\s+", re.IGNORECASE)

_PARTICLES = frozenset({"da", "de", "del", "den", "der", "di", "la", "le", "van", "von", "y"})
"""Small words inside of names."""

_OFFICES = frozenset(
    {
        "agency", "analyst", "association", "authority", "center", "centre", "coach", "committee",
        "department", "desk", "dietitian", "director", "editor", "editorial", "educator", "expert",
        "founder", "group", "institute", "journalist", "manager", "office", "reporter",
        "representative", "research", "staff", "team", "university", "writer",
    }
)  # fmt: skip
"""Words of an office or an organization: text that holds one is not the name of a person."""


def outcome(field: str, found: Sequence[str], truth: Sequence[str]) -> Outcome:
    """Return what the values that were found for a field are worth."""
    found_key, truth_key = _key(field, found), _key(field, truth)
    if not truth_key:
        return Outcome.SPURIOUS if found_key else Outcome.ABSENT
    if not found_key:
        return Outcome.MISSING
    if field == "date":
        same = any(day.startswith(true) for day in found_key for true in truth_key)
    else:
        same = found_key == truth_key
    return Outcome.RIGHT if same else Outcome.WRONG


def outcomes(
    found: Mapping[str, Sequence[str]], truth: Mapping[str, Sequence[str]], fields: Sequence[str]
) -> dict[str, Outcome]:
    """Return the outcome of each of ``fields`` that the truth knows."""
    return {f: outcome(f, found.get(f, ()), truth[f]) for f in fields if f in truth}


def split_authors(value: str) -> tuple[str, ...]:
    """Return the names in a line that may name several people, without their degrees.

    ``"Ada Poe, MD and Max Roe"`` gives ``("Ada Poe", "Max Roe")``. Where what stands
    between commas or around an "and" is not all names, degrees or offices, the line is
    kept as one name.
    """
    names: list[str] = []
    for part in _SEPARATORS.split(_BY.sub("", value.strip())):
        if part:
            names.extend(_split_listing(part))
    return tuple(names)


def _split_listing(text: str) -> list[str]:
    """Split at commas, "&" and "and" as far as names stand there."""
    parts = [part for part in _LISTING.split(text) if part]
    names = [part for part in parts if _is_full_name(part)]
    if len(parts) > 1 and names and names[0] == parts[0]:
        return names
    if "," not in text and all(len(part.split()) == 1 and part[:1].isupper() for part in parts):
        return parts  # first names alone: "Ada and Max"
    return [text]


def _is_full_name(text: str) -> bool:
    """Say whether a text can be the full name of a person: two to five capitalized words."""
    tokens = text.split()
    if not 2 <= len(tokens) <= 5 or any(token.lower() in _OFFICES for token in tokens):
        return False
    if all(token.isupper() for token in tokens):
        return False  # a degree: "E-RYT 200"
    return all(token[0].isupper() or token.lower() in _PARTICLES for token in tokens)


def _key(field: str, values: Sequence[str]) -> frozenset[str]:
    """Return values in the form in which they are compared; empty for none."""
    if field == "title":
        keys = [" ".join(words(value)) for value in values]
    elif field == "authors":
        keys = [
            "".join(name.casefold().split()).rstrip(".")
            for value in values
            for name in split_authors(value)
        ]
    else:
        keys = [value.strip()[:10] for value in values]
    return frozenset(key for key in keys if key)
