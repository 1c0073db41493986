"""A site's template: the blocks that stand on many of its pages, with how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

from cleaner.fingerprints import page_key, page_prints
from cleaner.types import Page


class TemplateBlock(NamedTuple):
    """A block that stands on many pages of a site."""

    seen: int
    """Pages that hold it."""
    of: int
    """Pages that were looked at for it."""
    place: int
    """Where it stands on most of them, as ``Print.place``."""
    there: int
    """Pages that hold it there."""
    text: str = ""
    """The beginning of its text on one of the pages, for people to read; may be empty."""
    path: str = ""
    """The end of its path there."""


class Sighting(NamedTuple):
    """How often a block of a page stands on other pages of the site."""

    seen: int
    """Other pages that hold the text."""
    there: int
    """Other pages that hold it at the same place."""
    of: int
    """Other pages that were looked at."""


@dataclass(frozen=True, eq=False)
class SiteTemplate:
    """What repeats across the pages of one site.

    Templates are equal, and hash alike, if their ``id`` is the same: they can be part of
    ``Options`` at no cost.
    """

    site: str
    pages: int
    """Different pages that it was learned from."""
    blocks: Mapping[int, TemplateBlock]
    """The text's fingerprint to the block."""
    members: frozenset[int]
    """The keys of those pages, and of copies of them."""

    @cached_property
    def id(self) -> str:
        """Sixteen hexadecimal digits: the same for the same template alone."""
        state = blake2b(digest_size=8)
        state.update(f"{self.site}\n{self.pages}\n".encode())
        for key in sorted(self.members):
            state.update(key.to_bytes(8, "big"))
        for text, block in sorted(self.blocks.items()):
            state.update(f"{text} {block[:4]}\n".encode())
        return state.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SiteTemplate) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    def sightings(self, page: Page) -> list[Sighting | None]:
        """Return how often each block of a page stands on other pages; ``None`` without text.

        A page that the template was learned from is left out of the counts: it says nothing of
        itself.
        """
        own = int(page_key(page.capture) in self.members)
        found: list[Sighting | None] = []
        for each in page_prints(page):
            block = self.blocks.get(each.text) if each else None
            if each is None:
                found.append(None)
            elif block is None:
                found.append(Sighting(0, 0, max(self.pages - own, 0)))
            else:
                there = block.there if each.place == block.place else 0
                found.append(
                    Sighting(max(block.seen - own, 0), max(there - own, 0), max(block.of - own, 0))
                )
        return found
