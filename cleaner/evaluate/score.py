"""The scores of a page and of a set, and their bootstrap intervals.

Words: precision and recall of the bag of ``\\w+`` tokens, lower-cased, for each page;
a set's figure is the mean over its pages. Snippets: a snippet is found where it is a
substring after white space is squashed; a set's figure is the F1 over the snippets of
all pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from cleaner.evaluate.sets import ScoreKind

RESAMPLES = 1000
SEED = 20250824
"""Fixed, so that the same pages give the same interval."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of words or snippets on one page, or summed over many."""

    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0

    @property
    def precision(self) -> float:
        """Share of what was given that is right (0..1); 1 where nothing was due nor given."""
        return self._share(self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        """Share of what was due that was given (0..1); 1 where nothing was due nor given."""
        return self._share(self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall (0..1); 1 where nothing was due nor given."""
        both = 2 * self.true_positives
        total = both + self.false_positives + self.false_negatives
        return both / total if total else 1.0

    def _share(self, total: int) -> float:
        if total:
            return self.true_positives / total
        return 0.0 if self.false_positives or self.false_negatives else 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall and F1 over pages (0..1), with the 95 % interval of F1."""

    precision: float
    recall: float
    f1: float
    low: float
    high: float


def words(text: str) -> list[str]:
    """Return the ``\\w+`` tokens of a text, lower-cased."""
    return _WORD.findall(text.lower())


def word_score(text: str, truth: str) -> Score:
    """Score a text against its truth by their bags of words."""
    given, due = Counter(words(text)), Counter(words(truth))
    shared = (given & due).total()
    return Score(shared, given.total() - shared, due.total() - shared)


def snippet_score(text: str, present: Sequence[str], absent: Sequence[str]) -> Score:
    """Score a text by the snippets that must and must not be in it."""
    missed, extra = snippet_faults(text, present, absent)
    return Score(len(present) - len(missed), len(extra), len(missed))


def snippet_faults(
    text: str, present: Sequence[str], absent: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ``present`` snippets that a text lacks, and the ``absent`` ones it has."""
    squashed = _squash(text)
    missed = tuple(snippet for snippet in present if _squash(snippet) not in squashed)
    extra = tuple(snippet for snippet in absent if _squash(snippet) in squashed)
    return missed, extra


def figures(kind: ScoreKind, scores: Sequence[Score]) -> Figures:
    """Return the figures of a set from its pages' scores, of which there is at least one."""
    if kind is ScoreKind.SNIPPETS:
        total = _sum(scores)
        low, high = _interval(list(_resampled_totals(scores)))
        return Figures(total.precision, total.recall, total.f1, low, high)
    low, high = _interval(list(_resampled_means([score.f1 for score in scores])))
    return Figures(
        fmean(score.precision for score in scores),
        fmean(score.recall for score in scores),
        fmean(score.f1 for score in scores),
        low,
        high,
    )


def _squash(text: str) -> str:
    return " ".join(text.split())


def _sum(scores: Sequence[Score]) -> Score:
    return Score(
        sum(score.true_positives for score in scores),
        sum(score.false_positives for score in scores),
        sum(score.false_negatives for score in scores),
    )


def _resampled_means(values: Sequence[float]) -> Iterator[float]:
    """Yield the mean of each resample of the pages, one at a time to bound the memory."""
    import numpy as np

    generator = np.random.default_rng(SEED)
    array = np.asarray(values, dtype=np.float64)  # (pages,)
    for _ in range(RESAMPLES):
        yield float(array[generator.integers(0, array.size, array.size)].mean())


def _resampled_totals(scores: Sequence[Score]) -> Iterator[float]:
    """Yield the F1 over all snippets of each resample of the pages."""
    import numpy as np

    generator = np.random.default_rng(SEED)
    counts = np.asarray(
        [(s.true_positives, s.false_positives, s.false_negatives) for s in scores], dtype=np.int64
    )  # (pages, 3)
    for _ in range(RESAMPLES):
        chosen = counts[generator.integers(0, len(counts), len(counts))].sum(axis=0)  # (3,)
        yield Score(*(int(count) for count in chosen)).f1


def _interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the bounds that hold the middle 95 % of the values."""
    import numpy as np

    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)
