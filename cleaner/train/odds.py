"""Count what words and names speak for, domain by domain.

Each domain has about one vote on a word, however many pages it has, and the features of its own
pages are made without that vote: otherwise the model would learn to trust odds that know the
answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features.wording import split_head, split_names
from cleaner.features.words import WordOdds, whole_text
from cleaner.types import Page

MOST_VOTES = 2
"""Votes of a domain on one word; a page has one."""

TABLES = ("words", "texts", "names")

Opinion = dict[str, float]
"""A word to the share (0..1) of its places on a page that are main content."""


def read_opinions(page: Page, targets: NDArray[np.float32]) -> tuple[Opinion, Opinion, Opinion]:
    """Return what one page says of its words, its short texts and its elements' names."""
    words: dict[str, list[float]] = defaultdict(list)
    texts: dict[str, list[float]] = defaultdict(list)
    names: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for block, target in zip(page.blocks, targets.tolist(), strict=True):
        if target != target:  # not known
            continue
        for word in set(split_head(block.text)):
            words[word].append(target)
        whole = whole_text(block.text)
        if whole:
            texts[whole].append(target)
        weight = sqrt(len(block.text) + 1)
        for name in _names_around(page, block.element):
            names[name][0] += target * weight
            names[name][1] += weight
    return (
        {key: sum(values) / len(values) for key, values in words.items()},
        {key: sum(values) / len(values) for key, values in texts.items()},
        {key: part / whole for key, (part, whole) in names.items()},
    )


def _names_around(page: Page, position: int) -> dict[str, None]:
    found: dict[str, None] = {}
    while position >= 0:
        tag, parent, names = page.elements[position]
        found.update(dict.fromkeys(split_names(tag, names)))
        position = parent
    return found


Changes = dict[str, float | None]
"""A word to its odds without a domain; None where the others say too little."""


def changed(table: Mapping[str, float], changes: Changes) -> dict[str, float]:
    """Return a table with the changes made."""
    merged = {**table, **changes}
    return {word: odds for word, odds in merged.items() if odds is not None}


@dataclass(frozen=True)
class Counts:
    """The votes of all domains on the words of one table."""

    total: dict[str, list[float]]
    """Word to votes for, votes and domains."""
    by_domain: dict[str, dict[str, tuple[float, float]]]
    """Domain to word to votes for and votes."""
    least: int
    prior: float
    weakest: float

    def table(self, without: Iterable[str] = ()) -> dict[str, float]:
        """Return the log-odds of all words, but for the votes of some domains."""
        base = self._base
        gone: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0])
        for domain in without:
            for word, (votes_for, votes) in self.by_domain.get(domain, {}).items():
                row = gone[word]
                row[0] += votes_for
                row[1] += votes
                row[2] += 1
        odds: dict[str, float] = {}
        for word, (votes_for, votes, domains) in self.total.items():
            less = gone.get(word, (0.0, 0.0, 0))
            if domains - less[2] >= self.least:
                value = self._odds(votes_for - less[0], votes - less[1], base)
                if abs(value) >= self.weakest:
                    odds[word] = value
        return odds

    def changes(self, domain: str, table: Mapping[str, float]) -> Changes:
        """Return what a table of all domains would say without one, where it differs."""
        base = self._base
        changed: Changes = {}
        for word, (votes_for, votes) in self.by_domain.get(domain, {}).items():
            total_for, total, domains = self.total[word]
            enough = domains - 1 >= self.least
            odds = self._odds(total_for - votes_for, total - votes, base) if enough else None
            if odds is not None and abs(odds) < self.weakest:
                odds = None
            if odds != table.get(word):
                changed[word] = odds
        return changed

    @cached_property
    def _base(self) -> float:
        """Return the share of all votes that are for; never 0 nor 1, whose odds are infinite."""
        votes_for = fsum(row[0] for row in self.total.values())  # exact in whatever order
        return (votes_for + 0.5) / (fsum(row[1] for row in self.total.values()) + 1)

    def _odds(self, votes_for: float, votes: float, base: float) -> float:
        against = votes - votes_for + self.prior * (1 - base)
        return round(log((votes_for + self.prior * base) / against) - log(base / (1 - base)), 2)


def count_opinions(
    pages: Sequence[tuple[str, tuple[Opinion, ...]]], recipe: Mapping[str, Any]
) -> tuple[Counts, ...]:
    """Count the opinions of pages, each with its domain; return a count for each table."""
    by_domain: dict[str, list[tuple[Opinion, ...]]] = defaultdict(list)
    for domain, opinions in pages:
        by_domain[domain].append(opinions)
    return tuple(
        _count(by_domain, number, int(recipe["least"][table]), recipe)
        for number, table in enumerate(TABLES)
    )


def _count(
    by_domain: Mapping[str, Sequence[tuple[Opinion, ...]]],
    number: int,
    least: int,
    recipe: Mapping[str, Any],
) -> Counts:
    total: dict[str, list[float]] = {}
    votes_of: dict[str, dict[str, tuple[float, float]]] = {}
    for domain in sorted(by_domain):
        values: dict[str, list[float]] = defaultdict(list)
        for opinions in by_domain[domain]:
            for word, value in opinions[number].items():
                values[word].append(value)
        own = votes_of[domain] = {}
        for word, shares in values.items():
            votes = min(len(shares), MOST_VOTES)
            votes_for = votes * sum(shares) / len(shares)
            own[word] = votes_for, votes
            row = total.setdefault(word, [0.0, 0.0, 0])
            row[0] += votes_for
            row[1] += votes
            row[2] += 1
    return Counts(total, votes_of, least, float(recipe["prior"]), float(recipe["weakest"]))


def word_odds(counts: Sequence[Counts], without: Iterable[str] = ()) -> WordOdds:
    """Return the odds of all domains but some."""
    names = tuple(without)
    return WordOdds(*(count.table(names) for count in counts))
