"""Results of pages -> figures of a set, of a page type, of a system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from cleaner.evaluate.meta import FIELDS, Outcome
from cleaner.evaluate.results import MetadataResult, PageResult, SetResult, TextResult
from cleaner.evaluate.score import Figures, figures
from cleaner.evaluate.sets import ScoreKind


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds a page."""

    mean: float
    median: float


@dataclass(frozen=True, slots=True)
class TextSummary:
    """A system's texts over a group of pages."""

    system: str
    figures: Figures
    timing: Timing
    failures: Mapping[str, int]
    """Name of an exception to the number of pages on which the system raised it."""


@dataclass(frozen=True, slots=True)
class MetadataSummary:
    """A system's values of one metadata field over a set."""

    system: str
    field: str
    counts: Mapping[Outcome, int]
    timing: Timing
    failures: Mapping[str, int]

    @property
    def share(self) -> float | None:
        """Share of the pages that have a value whose value is right; ``None`` without any."""
        due = sum(self.counts[o] for o in (Outcome.RIGHT, Outcome.WRONG, Outcome.MISSING))
        return self.counts[Outcome.RIGHT] / due if due else None

    @property
    def invented(self) -> float | None:
        """Share of the pages without a value for which one is given; ``None`` without any."""
        none = sum(self.counts[o] for o in (Outcome.SPURIOUS, Outcome.ABSENT))
        return self.counts[Outcome.SPURIOUS] / none if none else None


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that are scored together: a page type, or the whole set."""

    name: str
    pages: int
    systems: tuple[TextSummary, ...]
    """Our system first."""


@dataclass(frozen=True, slots=True)
class SetSummary:
    """All figures of a labelled set."""

    name: str
    kind: ScoreKind
    whole: Group
    page_types: tuple[Group, ...]
    """The largest first; empty where the truth knows none."""
    metadata: tuple[MetadataSummary, ...]
    """By field, our system first."""
    capture_failures: Mapping[str, int]
    """Name of a converter's exception to the pages that were left out because of it."""


def summarize(result: SetResult) -> SetSummary:
    """Return the figures of a set."""
    kind = result.labelled.kind
    pages = [page for page in result.pages if not page.capture_error]
    types = Counter(page.record.page_type for page in pages if page.record.page_type)
    return SetSummary(
        result.labelled.name,
        kind,
        _group("all", kind, pages),
        tuple(
            _group(name, kind, [page for page in pages if page.record.page_type == name])
            for name, _ in sorted(types.items(), key=lambda item: (-item[1], item[0]))
        ),
        _metadata(pages),
        _names(page.capture_error for page in result.pages),
    )


def _group(name: str, kind: ScoreKind, pages: Sequence[PageResult]) -> Group:
    by_system: dict[str, list[TextResult]] = {}
    for page in pages:
        for text in page.texts:
            by_system.setdefault(text.system, []).append(text)
    return Group(
        name,
        len(pages),
        tuple(
            TextSummary(
                system,
                figures(kind, [text.score for text in texts]),
                _timing(texts),
                _names(text.error for text in texts),
            )
            for system, texts in by_system.items()
        ),
    )


def _metadata(pages: Sequence[PageResult]) -> tuple[MetadataSummary, ...]:
    by_system: dict[str, list[MetadataResult]] = {}
    for page in pages:
        for result in page.metadata:
            by_system.setdefault(result.system, []).append(result)
    return tuple(
        MetadataSummary(
            system,
            field,
            _counts(field, results),
            _timing(results),
            _names(result.error for result in results),
        )
        for field in FIELDS
        for system, results in by_system.items()
        if field in results[0].outcomes
    )


def _counts(field: str, results: Sequence[MetadataResult]) -> dict[Outcome, int]:
    counts = Counter(result.outcomes[field] for result in results)
    return {outcome: counts[outcome] for outcome in Outcome}


def _timing(results: Sequence[TextResult] | Sequence[MetadataResult]) -> Timing:
    milliseconds = [1000 * result.seconds for result in results]
    return Timing(fmean(milliseconds), median(milliseconds))


def _names(errors: Iterable[str]) -> dict[str, int]:
    """Count errors by the name of their exception, the most frequent first."""
    return dict(Counter(error.partition(":")[0] for error in errors if error).most_common())
