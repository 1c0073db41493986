"""The words that speak for labels, read once from ``data/labels.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from operator import add

from cleaner.types import LabelName

_WHOLE_WORD = re.compile(r"\w+")
_ACCENTS = re.compile("[\u0300-\u036f]")

BEGINNING = 3
"""Letters of the beginning of a text by which phrases are sought that it must begin with."""

MAX_NAMES = 300
"""Characters of an element's names that are read: style sheets of small parts name dozens."""

_WORD = re.compile(r"(?<!\d)(?:[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+)(?!\d+[a-z])")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The tables of ``data/labels.toml``."""

    names: Mapping[str, LabelName]
    """A word of class names to the label that it speaks for."""
    phrases: tuple[tuple[str, str, LabelName], ...]
    """A phrase in lower case, with a leading line end where a text must begin with it; what a text
    must have to hold it, its first word or its rarest letter; its label."""
    wall_phrases: Mapping[str, tuple[str, ...]]
    """A warning to the phrases that call for it."""
    forum_paths: tuple[str, ...]
    """Parts of a forum page's address."""
    forum_types: tuple[str, ...]
    """JSON-LD types of a forum page, in quotation marks."""
    forum_generators: tuple[str, ...]
    """Forum software, as a page's generator names it."""


@cache
def lexicon() -> Lexicon:
    """Return the tables; they are read from the package once."""
    source = files("cleaner").joinpath("data/labels.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(source)
    names = {
        word: LabelName(label) for label, words in tables["names"].items() for word in words.split()
    }
    phrases = tuple(
        (phrase.replace("^", "\n", 1), _probe(phrase), LabelName(label))
        for label, text in tables["phrases"].items()
        for phrase in map(fold, _phrases(text))
    )
    return Lexicon(
        names=names,
        phrases=phrases,
        forum_paths=tuple(tables["forum"]["paths"].split()),
        forum_types=tuple(f'"{name}"' for name in tables["forum"]["types"].split()),
        forum_generators=tuple(tables["forum"]["generators"].split()),
        wall_phrases={
            key: tuple(map(fold, _phrases(text))) for key, text in tables["wall_phrases"].items()
        },
    )


def fold(text: str) -> str:
    """Return a text as phrases are compared: lower case, without accents and dotless ı."""
    text = text.lower()
    if text.isascii():
        return text
    return _ACCENTS.sub("", unicodedata.normalize("NFD", text)).replace("ı", "i")


def _probe(phrase: str) -> str:
    """Return what must be there where a phrase is: cheaper to look up than the phrase.

    Its first letters if a text must begin with it; the longest word but the last, which may be a
    stem and stand amid a longer word; the letter furthest from the Latin ones.
    """
    if phrase.startswith("^"):
        return "\n" + phrase[1 : 1 + BEGINNING]
    words = _WHOLE_WORD.findall(phrase)
    return max(words[:-1], key=len) if len(words) > 1 else max(phrase)


def _phrases(text: str) -> Iterable[str]:
    return (" ".join(phrase.split()) for phrase in text.split("|"))


@lru_cache(maxsize=65_536)
def name_words(names: str) -> tuple[str, ...]:
    """Return the words of an element's names in lower case, then each two that are neighbours.

    Each is there once.

    >>> name_words("c-postMeta")
    ('c', 'post', 'meta', 'cpost', 'postmeta')
    """
    words = [word.lower() for word in _WORD.findall(names[:MAX_NAMES])]
    return tuple(dict.fromkeys([*words, *map(add, words, words[1:])]))


def name_labels(names: str) -> tuple[tuple[LabelName, str], ...]:
    """Return the labels that an element's names speak for, each with the word that does.

    >>> name_labels("c-article__related-links promoBox")
    ((<LabelName.PROMO: 'promo'>, 'related'), (<LabelName.PROMO: 'promo'>, 'promo'))
    """
    known = lexicon().names
    return tuple((known[word], word) for word in name_words(names) if word in known)
