"""What became of every system on a page; the values between the run and the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cleaner.evaluate.meta import Outcome
from cleaner.evaluate.score import Score
from cleaner.evaluate.sets import LabelledSet, Record


@dataclass(frozen=True, slots=True)
class TextResult:
    """A system's text for one page, scored; an error counts as an empty text."""

    system: str
    score: Score
    seconds: float
    error: str = ""
    """Name and message of the exception that the system raised."""


@dataclass(frozen=True, slots=True)
class MetadataResult:
    """A system's metadata for one page, field by field; an error counts as none found."""

    system: str
    found: Mapping[str, tuple[str, ...]]
    outcomes: Mapping[str, Outcome]
    seconds: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class PageResult:
    """All systems on one page."""

    record: Record
    texts: tuple[TextResult, ...] = ()
    """Our system first; empty for a set that is scored by its metadata alone."""
    metadata: tuple[MetadataResult, ...] = ()
    """Our system first; empty where metadata is not scored."""
    missed: tuple[str, ...] = ()
    """Excerpts of what our text lacks."""
    extra: tuple[str, ...] = ()
    """Excerpts of what our text has that it should not."""
    capture_error: str = ""
    """Why no text capture could be made of the page: it is then left out of the scores."""

    @property
    def ours(self) -> TextResult | MetadataResult | None:
        """Our system's run on the page; ``None`` where there was no capture to run on."""
        if self.texts:
            return self.texts[0]
        return self.metadata[0] if self.metadata else None


@dataclass(frozen=True, slots=True)
class SetResult:
    """A labelled set and the results of its pages, in order."""

    labelled: LabelledSet
    pages: tuple[PageResult, ...]
