"""Fingerprints of a page's blocks: what is compared across the pages of one site.

A fingerprint is a stable hash of a block's folded text: the same on every machine and in every
capture of the page, HTML or text. A place is a hash of where in the page the block stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from hashlib import blake2b
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

from cleaner.types import Block, Capture, Kind, Page

LONGEST_HOST = 253
"""Characters of a host's name, as DNS has it."""

LONGEST_TEXT = 4_000
"""Characters of a block that are looked at: what repeats is told apart long before."""

LETTERS = 3
"""Letters of a text whose numbers are folded, at least."""

EDGE = 8
"""Blocks at either end of a text capture that count as its head and its foot."""

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_DIGITS = re.compile(r"\d+")
_BAD_HOST = re.compile(r"[\s\x00-\x1f\x7f/\\@#?%<>]")
_DATA = frozenset({Kind.LIST_ITEM, Kind.TABLE_ROW, Kind.DEFINITION, Kind.CODE})
"""Kinds whose numbers are data; elsewhere they are counters and dates, and folded."""

_WHOLE = frozenset({"html", "body"})
"""Elements around all of a page: their names tell kinds of page apart, not places in it."""


class Print(NamedTuple):
    """A block as it is compared: 64 bits of its text, 32 of its place."""

    text: int
    place: int


def site_of(url: str | None) -> str:
    """Return the site of an address: its host, in lower case and ASCII, without ``www.``.

    Names in other scripts become Punycode; an IP address stays as it is; ports and users are
    left out. Hosts that share a registered domain are sites of their own: they rarely share a
    layout. The result is empty where there is no host, or none that could be one.
    """
    try:
        host = urlsplit((url or "").strip()).hostname or ""
    except ValueError:
        return ""
    host = unicodedata.normalize("NFKC", host).strip(".").lower()
    if not host or len(host) > LONGEST_HOST or _BAD_HOST.search(host):
        return ""
    if _is_address(host):
        return host
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        if not host.isascii():
            return ""
    rest = host.removeprefix("www.")
    return rest if "." in rest else host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def page_key(capture: Capture) -> int:
    """Return 64 bits that name a page of its site: those of its address, without the fragment.

    A page without an address is named by its source. Captures of one address have one key, so
    that an article captured ten times is not taken for ten pages.
    """
    url = (capture.url or "").strip()
    if site_of(url):
        return address_key(url)
    return hash64(capture.text)


def address_key(url: str) -> int:
    """Return 64 bits of an address that has a host; scheme, port and fragment do not matter."""
    parts = urlsplit(url.strip())
    query = f"?{parts.query}" if parts.query else ""
    return hash64(f"//{site_of(url)}{parts.path or '/'}{query}")


def canonical_key(page: Page) -> int:
    """Return the key of the address that a page gives as its own, or 0.

    An address on another site or the site's front page is none: some templates give that for
    every page.
    """
    from urllib.parse import urljoin

    own = site_of(page.capture.url)
    for fact in page.facts:
        if fact.source != "link" or fact.name != "canonical":
            continue
        try:
            url = urljoin(page.capture.url or "", fact.value.strip())
            parts = urlsplit(url)
        except ValueError:
            return 0
        is_front = parts.path in ("", "/") and not parts.query
        return 0 if is_front or not own or site_of(url) != own else address_key(url)
    return 0


def hash64(text: str) -> int:
    """Return a stable 64-bit hash of a text."""
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big")


def fold_text(block: Block) -> str:
    """Return a block's text as it is compared: lower case, single blanks, numbers as ``0``.

    Numbers stay in tables, definitions and code, and in texts that are mostly numbers: prices,
    dates and results are not the same for looking alike. Empty for a block without text.
    """
    text = " ".join(block.text[:LONGEST_TEXT].casefold().split())
    if block.kind in _DATA or not _DIGITS.search(text):
        return text
    letters = sum(map(str.isalpha, text))
    digits = sum(map(str.isdigit, text))
    return _NUMBER.sub("0", text) if letters >= LETTERS and letters > digits else text


def page_prints(page: Page) -> list[Print | None]:
    """Return the fingerprint of each block, in reading order; ``None`` for one without text."""
    found: list[Print | None] = []
    places = _Places(page)
    for block in page.blocks:
        text = fold_text(block)
        found.append(Print(hash64(text), places.of(block)) if text else None)
    return found


class _Places:
    """Hashes of the places of a page's blocks; those of its elements are made once."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.known: dict[int, int] = {-1: 0}
        self.steps: dict[tuple[str, str], bytes] = {}

    def of(self, block: Block) -> int:
        """Return 32 bits of a block's place.

        That is the tags and first names around it, whose numbers are folded, but for names of the
        whole page: the foot of an article and of a list are one place. In text captures it is
        its kind and whether it stands in the head, the body or the foot.
        """
        if block.element >= 0:
            return self._of_element(block.element)
        last = len(self.page.blocks) - 1
        edge = "head" if block.index < EDGE else "foot" if last - block.index < EDGE else "body"
        return crc32(f"{edge} {block.kind.value} {block.level}".encode())

    def _of_element(self, position: int) -> int:
        elements: Sequence[tuple[str, int, str]] = self.page.elements
        chain: list[int] = []
        while position not in self.known:
            chain.append(position)
            position = elements[position][1]
        place = self.known[position]
        for position in reversed(chain):
            tag, _, names = elements[position]
            step = self.steps.get((tag, names)) or self._step(tag, names)
            place = self.known[position] = crc32(step, place)
        return place

    def _step(self, tag: str, names: str) -> bytes:
        named = names.strip() and tag not in _WHOLE
        first = _DIGITS.sub("0", names.split(None, 1)[0]) if named else ""
        step = f"/{tag}.{first}".encode("utf-8", "surrogatepass")
        self.steps[tag, names] = step
        return step
