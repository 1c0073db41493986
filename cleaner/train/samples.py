"""The labelled pages as training samples: each page, or a text capture of it, with its targets."""

from __future__ import annotations

import pickle
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.blocks import read_blocks
from cleaner.capture import read_capture
from cleaner.errors import CaptureError, CleanerError
from cleaner.evaluate.captures import CONVERTERS, HTML, capture_text
from cleaner.evaluate.folds import registered_domain
from cleaner.evaluate.sets import LabelledSet, Record, ScoreKind, read_body
from cleaner.features.arrays import read_arrays
from cleaner.metadata.embedded import with_embedded_body
from cleaner.train.align import MAJORITY, align_text
from cleaner.train.odds import Opinion, read_opinions
from cleaner.train.snippets import align_snippets
from cleaner.types import Page

CHUNK = 24
"""Pages that a process reads at a time."""


class ConverterError(CleanerError):
    """A converter could not make a text capture of a page."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A page as the model learns from it."""

    set: str
    capture: str
    id: str
    domain: str
    page: Page
    targets: NDArray[np.float32]
    """(blocks,): share of each block's words that are main text; NaN where unknown."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some pages of a set, and where their samples go."""

    labelled: LabelledSet
    captures: int
    path: Path


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What the word odds need of a chunk's samples."""

    path: Path
    opinions: tuple[tuple[str, tuple[Opinion, ...]], ...]
    """Domain and opinions of each page, from its HTML alone."""
    domains: frozenset[str]
    """The domains of all samples."""
    skipped: tuple[str, ...]
    """Pages that gave no sample, with the reason."""


def make_samples(chunk: Chunk) -> ChunkResult:
    """Read the pages of a chunk, align them with their truth, and store the samples."""
    samples: list[Sample] = []
    skipped: list[str] = []
    with zipfile.ZipFile(chunk.labelled.path) as archive:
        for record in chunk.labelled.records:
            body = read_body(archive, record)
            for capture in _captures(record, chunk.captures):
                try:
                    page = read_page(body, record, capture)
                except (CaptureError, ConverterError) as error:
                    skipped.append(f"{chunk.labelled.name} {record.id} {capture}: {error}")
                    continue
                if page.blocks:
                    samples.append(_sample(chunk.labelled, record, capture, page))
    chunk.path.write_bytes(pickle.dumps(samples, protocol=5))
    opinions = tuple(
        (sample.domain, read_opinions(sample.page, sample.targets))
        for sample in samples
        if sample.capture == HTML
    )
    domains = frozenset(sample.domain for sample in samples)
    return ChunkResult(chunk.path, opinions, domains, tuple(skipped))


def load_samples(path: Path) -> Iterator[Sample]:
    """Yield the samples that ``make_samples`` stored: a file of our own, made moments ago."""
    yield from pickle.loads(path.read_bytes())


def _captures(record: Record, count: int) -> Sequence[str]:
    """Return the captures of a page: its HTML and some of the converters, by turns."""
    names = sorted(CONVERTERS)
    first = zlib.crc32(record.id.encode())
    step = len(names) // 2
    return [HTML, *(names[(first + step * number) % len(names)] for number in range(count))]


def read_page(body: bytes, record: Record, capture: str) -> Page:
    """Return a labelled page, or a text capture of it, in blocks.

    Raises ``CaptureError``, and ``ConverterError`` where the capture cannot be made.
    """
    if capture == HTML:
        return with_embedded_body(read_blocks(read_capture(body, url=record.url)))
    try:
        text = capture_text(capture, body)
    except Exception as error:  # a converter may raise anything
        raise ConverterError(f"{type(error).__name__}: {error}") from error
    media_type = CONVERTERS[capture].media_type
    return read_blocks(read_capture(text, url=record.url, media_type=media_type))


def _sample(labelled: LabelledSet, record: Record, capture: str, page: Page) -> Sample:
    texts = [block.text for block in page.blocks]
    if labelled.kind is ScoreKind.SNIPPETS:
        targets = align_snippets(texts, record.present, record.absent)
    elif record.text is not None:
        targets = align_text(texts, record.text)
        if capture == HTML:
            targets = settle_copies(page, targets)
    else:
        raise CleanerError(f"{labelled.name}: no text to learn from")
    domain = registered_domain(record.url, record.id)
    return Sample(labelled.name, capture, record.id, domain, page, targets)


def settle_copies(page: Page, targets: NDArray[np.float32]) -> NDArray[np.float32]:
    """Let the same one of two copies be the main text all over a page.

    A card often holds its headline twice, for two widths of screen or as a picture's alternative
    text. The truth has it once, and the alignment takes now the one, now the other.
    """
    arrays = read_arrays(page)
    groups: dict[str, list[int]] = {}
    for i, text in enumerate(arrays.texts):
        if not np.isnan(targets[i]):
            groups.setdefault(text.casefold().strip(), []).append(i)
    mixed = [g for g in groups.values() if (targets[g] >= MAJORITY).any()]
    mixed = [g for g in mixed if (targets[g] < MAJORITY).any()]
    if not mixed:
        return targets
    rate = _rates(arrays.shape, targets)
    settled = targets.copy()
    for group in mixed:
        order = sorted(group, key=lambda i: (not arrays.seen[i], -rate[i], i))
        settled[order] = np.sort(targets[group])[::-1]
    return settled


def _rates(shape: NDArray[np.int64], targets: NDArray[np.float32]) -> Sequence[float]:
    """Return for each block how often blocks of its shape are main text."""
    known = ~np.isnan(targets)
    part = np.bincount(shape, np.where(known, targets, 0))
    whole = np.bincount(shape, known)
    rates: Any = ((part + 0.5) / (whole + 1))[shape]
    return list(map(float, rates))
