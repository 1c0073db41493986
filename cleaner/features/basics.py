"""What is plain to see of texts, trees and pages: shared by the stages after the blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cleaner.blocks.signs import DENSE
from cleaner.lexicon import lexicon
from cleaner.types import Block, Element, Page

LONG = 160
"""Characters of a long text."""

_DENSE_SCRIPTS = re.compile(f"[{DENSE}]")


def text_size(text: str) -> int:
    """Return a text's length in characters, where one of a dense script counts as three."""
    if text.isascii():
        return len(text)
    return len(text) + 2 * len(_DENSE_SCRIPTS.findall(text))


def is_forum(page: Page) -> bool:
    """Return whether address, structured data or software say that the page is a forum's."""
    words = lexicon()
    url = (page.capture.url or "").lower().partition("//")[2]
    if any(path in url for path in words.forum_paths):
        return True
    if any(name in source for source in page.json_ld for name in words.forum_types):
        return True
    generator = " ".join(fact.value.lower() for fact in page.facts if fact.name == "generator")
    return any(name in generator for name in words.forum_generators)


def elements_around(elements: Sequence[Element], blocks: Iterable[Block]) -> set[int]:
    """Return the positions of all elements that any of the blocks is in; each is visited once."""
    around: set[int] = set()
    for block in blocks:
        position = block.element
        while position >= 0 and position not in around:
            around.add(position)
            position = elements[position].parent
    return around
