"""The tables of words in ``cleaner/data``, read once each."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=8)
def table(name: str) -> dict[str, Any]:
    """Return the TOML file ``cleaner/data/<name>.toml``; callers do not change it."""
    return tomllib.loads((files("cleaner") / "data" / f"{name}.toml").read_text("utf-8"))


@lru_cache(maxsize=32)
def all_words(name: str, section: str) -> frozenset[str]:
    """Return the words of a section in every language, in lower case."""
    return frozenset(word.casefold() for words in table(name)[section].values() for word in words)


@lru_cache(maxsize=128)
def language_words(name: str, section: str, language: str) -> frozenset[str]:
    """Return the words of a section in a language, and in English, in lower case."""
    rows = table(name)[section]
    return frozenset(
        word.casefold() for tag in ("en", language.split("-")[0]) for word in rows.get(tag, ())
    )


def alternatives(words: frozenset[str] | set[str]) -> str:
    """Return a pattern that matches one of the words, the longest first.

    Words with the same first character share it: where none has it, a search that ignores
    case tries thirty characters instead of a hundred words.
    """
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda w: (-len(w), w)):
        groups.setdefault(word[:1], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in groups.items())


def signs(section: str, name: str) -> str:
    """Return the inside of a pattern's set of the signs of that name."""
    characters: str = table("signs")[section][name]
    return re.escape(characters)
