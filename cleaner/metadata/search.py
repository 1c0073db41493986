"""What a search for authors goes by: how names are written, and which words are common ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cleaner.metadata.evidence import Evidence
from cleaner.metadata.names import NameRules, is_role, looks_like_name
from cleaner.metadata.tables import all_words
from cleaner.metadata.visible import bylines, surroundings
from cleaner.types import Block

AUTHOR_NAMES = frozenset(
    {"author", "authors", "byline", "bylines", "autor", "autoren", "auteur", "autore", "writer",
     "creator", "autorin", "contributor", "contributors"}
)  # fmt: skip
"""Names of elements that hold authors."""

FOREIGN_NAMES = frozenset(
    {"comment", "comments", "reply", "related", "sidebar", "widget", "footer", "bio", "teaser",
     "review", "reviews", "testimonial", "testimonials", "recommended", "latest", "quote",
     "trending", "popular"}
)  # fmt: skip
"""Names of elements whose authors wrote something else than the page."""


@dataclass(frozen=True)
class Search:
    """The evidence, and what it says of how names are written."""

    evidence: Evidence
    rules: NameRules
    forum: bool

    @cached_property
    def near(self) -> list[Block]:
        """The blocks around the title, and those labelled as bylines."""
        return [*surroundings(self.evidence), *bylines(self.evidence)]

    def is_name(self, text: str) -> bool:
        """Whether a text alone can be a name: its form is one, and none of its words is common."""
        return is_full_name(text) and self.is_apart(text)

    def is_apart(self, text: str) -> bool:
        """Whether none of a text's words is a common one, or stands around names and dates."""
        said = {t.casefold().strip(".:") for t in text.split()}
        return said.isdisjoint(_byline_words()) and not has_common_word(text, self.evidence.prose)


@lru_cache(maxsize=1)
def _byline_words() -> frozenset[str]:
    """The words that stand around names and dates, in any language."""
    sections = [("persons", n) for n in ("by", "by_colon", "not_by", "written")]
    phrases = [p for s in (*sections, ("dates", "modified")) for p in all_words(*s)]
    return frozenset(w for p in phrases for w in p.split()) - all_words("persons", "particle")


def has_common_word(name: str, prose: str) -> bool:
    """Whether a word of a name stands in the text without its capital letter.

    Then it is a common word: "Quiet Harbour" is a firm where a page speaks of a quiet harbour.
    """
    particles = all_words("persons", "particle")
    for token in re.findall(r"[^\W\d_]{2,}", name):
        small = token.lower()
        if small == token or small in particles or small not in prose:
            continue
        # A page may write the whole name without capital letters too: it tells nothing.
        whole = name.lower() if " " in name else "\0"
        if _stands_alone(small, prose) and _stands_alone(small, prose.replace(whole, "")):
            return True
    return False


def _stands_alone(word: str, prose: str) -> bool:
    """Whether a text has a word by itself, and not as a part of another or of an address."""
    begin = prose.find(word)
    while begin >= 0:
        end = begin + len(word)
        before, after = prose[max(0, begin - 1) : begin], prose[end : end + 1]
        if not _joins(before, "@./#-") and not _joins(after, "@./-"):
            return True
        begin = prose.find(word, begin + 1)
    return False


def _joins(character: str, signs: str) -> bool:
    """Whether a character, or none, is a part of a word or an address."""
    return character.isalnum() or character == "_" or (character != "" and character in signs)


def is_full_name(name: str) -> bool:
    """Whether a text has the form of a full name; one word is one in Chinese or Korean alone."""
    return looks_like_name(name) and not is_role(name) and (" " in name or not name.isascii())
