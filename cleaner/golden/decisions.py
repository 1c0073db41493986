"""What the labeler decided when a case was last accepted: a line a block in ``decisions.tsv``.

The file is optional and never an expectation: it lets a difference say what was before. To stay
small it holds the weightiest reason alone, and enough of each text to find the block again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cleaner.document import Document
from cleaner.golden.cases import DECISIONS_FILE, CaseError, text_beginning

TEXT_WIDTH = 30
"""Characters of a block's text that ``decisions.tsv`` holds."""

_WHITE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Decision:
    """A block's label, probability (0..1) and reason, and the beginning of its text."""

    label: str
    probability: float
    reason: str
    text: str

    def __str__(self) -> str:
        return f"{self.label} {self.probability:.2f} ({self.reason})"


def decisions_of(document: Document) -> tuple[Decision, ...]:
    """Return what was decided for each block of a document, in its order."""
    return tuple(
        Decision(
            block.label.name.value,
            block.label.probability,
            _WHITE.sub(" ", block.label.reason),
            text_beginning(block.text)[:TEXT_WIDTH].rstrip(),
        )
        for block in document.blocks
    )


def format_decisions(decisions: Sequence[Decision]) -> str:
    """Return the lines of ``decisions.tsv``: label, probability, weightiest reason, text."""
    return "".join(
        f"{d.label}\t{d.probability:.2f}\t{d.reason.partition('; ')[0]}\t{d.text}\n"
        for d in decisions
    )


def read_decisions(folder: Path) -> tuple[Decision, ...]:
    """Return what a case's folder records; nothing where it has no record.

    Raises ``CaseError`` if the file is broken.
    """
    path = folder / DECISIONS_FILE
    if not path.is_file():
        return ()
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path}: {error}") from error
    decisions = []
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            label, probability, reason, text = line.split("\t", 3)
            decisions.append(Decision(label, float(probability), reason, text))
        except ValueError:
            raise CaseError(
                f"{path}:{number}: it must be label, probability, reason, text"
            ) from None
    return tuple(decisions)
