"""What a search for authors goes by: how names are written, and which words are common ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cleaner.metadata.evidence import Evidence
from cleaner.metadata.names import NameRules, is_role, looks_like_name
from cleaner.metadata.tables import all_words
from cleaner.metadata.visible import bylines, surroundings
from cleaner.types import Block, Kind

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

    @cached_property
    def prose(self) -> str:
        """The texts of the page, apart from its code."""
        return prose_of(self.evidence)

    def is_name(self, text: str) -> bool:
        """Whether a text alone can be a name: its form is one, and none of its words is common."""
        return is_full_name(text) and self.is_apart(text)

    def is_apart(self, text: str) -> bool:
        """Whether none of a text's words is a common one, or stands around names and dates."""
        said = {t.casefold().strip(".:") for t in text.split()}
        return said.isdisjoint(_byline_words()) and not has_common_word(text, self.prose)


@lru_cache(maxsize=1)
def _byline_words() -> frozenset[str]:
    """The words that stand around names and dates, in any language."""
    sections = [("persons", n) for n in ("by", "by_colon", "not_by", "written")]
    phrases = [p for s in (*sections, ("dates", "modified")) for p in all_words(*s)]
    return frozenset(w for p in phrases for w in p.split()) - all_words("persons", "particle")


def prose_of(evidence: Evidence) -> str:
    """Return the texts of a page, apart from its code."""
    return "\n".join(b.text for b in evidence.page.blocks if b.kind is not Kind.CODE)


def has_common_word(name: str, prose: str) -> bool:
    """Whether a word of a name stands in the text without its capital letter.

    Then it is a common word: "Quiet Harbour" is a firm where a page speaks of a quiet harbour.
    """
    particles = all_words("persons", "particle")
    for token in re.findall(r"[^\W\d_]{2,}", name):
        small = token.lower()
        if small == token or small in particles or small not in prose:
            continue
        alone = re.compile(rf"(?<![\w@./#-]){re.escape(small)}(?![\w@./-])")
        # A page may write the whole name without capital letters too: it tells nothing.
        whole = name.lower() if " " in name else "\0"
        if alone.search(prose) and alone.search(prose.replace(whole, "")):
            return True
    return False


def is_full_name(name: str) -> bool:
    """Whether a text has the form of a full name; one word is one in Chinese or Korean alone."""
    return looks_like_name(name) and not is_role(name) and (" " in name or not name.isascii())
