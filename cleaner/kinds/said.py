"""What dropped blocks say of themselves: phrases, addresses of links, facts, dates."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleaner.features.arrays import PageArrays
from cleaner.kinds.tables import BYLINE, FIRST_LETTERS, NAVIGATION, SHARE, Tables
from cleaner.lexicon import fold
from cleaner.types import Block, Fact, SpanKind

SHORT = 320
"""Characters; a longer text that holds a phrase only mentions the matter."""

MOST_LINKS = 12
"""Links of a block that are looked at."""

_LINK = SpanKind.LINK
_HERE = ("/", "#", ".", "?")
"""Beginnings of addresses on the same site."""
_STEPS = str.maketrans(dict.fromkeys("/?&=#:()%;,.", " "))
_DATE = re.compile(
    r"(?:1[34]|19|20|24|25)\d\d\D{1,12}\d|\d\D{1,14}(?:1[34]|19|20|24|25)\d\d(?!\d)"
    r"|[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]{4}|\d{1,2}[:.]\d\d(?:\D|$)|\d\d?[./]\d\d?[./]\d\d"
)
"""A year beside a day, or a time of day, in any script's digits."""
_RELATIONS = {"author": BYLINE, "tag": NAVIGATION}
"""What links and properties say that they are (``rel``, ``itemprop``)."""


class Said(NamedTuple):
    """What blocks say, by their index; kinds as their numbers."""

    whole: dict[int, int]
    """The kind of a block that is a known phrase from beginning to end."""
    phrases: dict[int, list[int]]
    """The kinds of phrases in a block, in the order of the table."""
    links: dict[int, int]
    """The kind that more than half of a block's links have."""
    relations: dict[int, int]
    """The kind of a block that holds what the page marks as author or tag."""
    dated: set[int]
    """Blocks with a date or a time."""
    home: set[int]
    """Blocks whose first link leads to the site's first page."""


def read_said(
    blocks: Sequence[Block], arrays: PageArrays, menu: Sequence[bool], table: Tables
) -> Said:
    """Return what some blocks of a page say; ``menu`` says which are in its header or a menu above
    the text: their words say nothing, and of their links those alone that lead elsewhere."""
    page = arrays.page
    links, home = _read_links(blocks, page.capture.url or "", menu, table)
    short = [b for b in blocks if 0 < len(b.text) <= SHORT and not menu[b.index]]
    whole, phrases = _read_texts(short, table)
    has_digits = (arrays.characters.digits > 0).tolist()
    dated = {
        b.index for b in blocks if has_digits[b.index] and len(b.text) <= SHORT and is_dated(b.text)
    }
    relations = _read_facts(page.facts, dated)
    return Said(whole, phrases, links, relations, dated, home)


def is_dated(text: str) -> bool:
    """Say whether a text holds a date or a time of day."""
    return _DATE.search(text) is not None


def _read_facts(facts: Iterable[Fact], dated: set[int]) -> dict[int, int]:
    """Return the blocks with marked authors and tags; add those with marked times to ``dated``."""
    relations: dict[int, int] = {}
    for fact in facts:
        if fact.source in ("rel", "itemprop") and fact.name in _RELATIONS:
            relations.setdefault(fact.block, _RELATIONS[fact.name])
        elif fact.source == "time":
            dated.add(fact.block)
    return relations


def _read_texts(
    blocks: Sequence[Block], table: Tables
) -> tuple[dict[int, int], dict[int, list[int]]]:
    """Return the kinds of whole phrases and of phrases; all texts are searched as one string."""
    if not blocks:
        return {}, {}
    lines = [
        block.text if "\n" not in block.text and "\t" not in block.text else block.text.split()
        for block in blocks
    ]
    text = "\n" + fold("\n".join([t if isinstance(t, str) else " ".join(t) for t in lines]))
    whole: dict[int, int] = {}
    starts: list[int] = []
    at = 0
    for block, line in zip(blocks, text[1:].split("\n"), strict=True):
        starts.append(at)
        at += len(line) + 1
        if "\n" in block.text:
            line = fold(block.text.partition("\n")[0])
        code = table.whole.get(line.strip(table.edges))
        if code:
            whole[block.index] = code
    there = set(FIRST_LETTERS.findall(text))
    if not text.isascii():
        there.update(text)
    phrases: dict[int, list[int]] = {}
    for phrase, probe, code in table.phrases:
        if probe not in there:
            continue
        at = text.find(phrase)
        while at >= 0:
            index = blocks[bisect_right(starts, at) - 1].index
            phrases.setdefault(index, []).append(code)
            at = text.find(phrase, at + len(phrase))
    return whole, phrases


def _read_links(
    blocks: Sequence[Block], url: str, menu: Sequence[bool], table: Tables
) -> tuple[dict[int, int], set[int]]:
    """Return the kinds of links and the blocks that lead to the site's first page."""
    host = url.partition("//")[2].partition("/")[0]
    first_pages = {"/", f"http://{host}", f"http://{host}/", f"https://{host}", f"https://{host}/"}
    home: set[int] = set()
    kinds: dict[int, int] = {}
    known: dict[str, int] = {}
    for block in blocks:
        if not block.spans:
            continue
        targets = [span.target for span in block.spans if span.kind is _LINK][:MOST_LINKS]
        if menu[block.index] and targets and targets[0][:1] in _HERE:
            continue
        for target in targets:
            if target not in known:
                known[target] = _address(target, host, table)
        if not targets:
            continue
        if targets[0] in first_pages:
            home.add(block.index)
        codes = [known[target] for target in targets]
        code = codes[0] if len(codes) == 1 else _most(codes)
        if code:
            kinds[block.index] = code
    return kinds, home


def _most(codes: Sequence[int]) -> int:
    """Return the kind of more than half of a block's links; half are enough to share a page."""
    code, count = Counter(codes).most_common(1)[0]
    if count * 2 > len(codes):
        return code
    return SHARE if codes.count(SHARE) * 2 == len(codes) else 0


def _address(target: str, host: str, table: Tables) -> int:
    """Return the kind of page that an address leads to, 0 if it does not say."""
    target = target.lower()
    if "//" in target:
        of_target, _, rest = target.partition("//")[2].partition("/")
        if of_target != host:
            labels = of_target.split(".")
            for name in (labels[0], ".".join(labels[-2:]), ".".join(labels[-3:])):
                if name in table.hosts:
                    return table.hosts[name]
        target = rest
    elif target.startswith(table.starts):
        return SHARE
    steps = target.translate(_STEPS).split()
    known = table.steps
    for step in steps:
        if step in known:
            code = known[step]
            if code != BYLINE or step is not steps[-1]:
                return code
    return 0
