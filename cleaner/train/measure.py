"""How well the fold models know what they know: calibration of blocks, and the order of pages."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.evaluate.captures import HTML
from cleaner.evaluate.folds import Folds
from cleaner.evaluate.progress import Begin, unheard
from cleaner.evaluate.score import word_score
from cleaner.evaluate.sets import LabelledSet, Record, ScoreKind, read_body
from cleaner.features.arrays import probabilities
from cleaner.features.matrix import read_matrix
from cleaner.labels import find_title, label_page
from cleaner.model import load_model
from cleaner.train.align import align_text
from cleaner.train.calibration import Bin, expected_calibration_error, reliability, spearman
from cleaner.train.samples import read_page
from cleaner.types import LabelName, Options, Page

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Certainty:
    """What was measured on pages that the models have not seen the domains of."""

    by_blocks: tuple[Bin, ...]
    by_words: tuple[Bin, ...]
    page_order: float
    """Spearman correlation (-1..1) of a page's expected and its true F1."""
    milliseconds: float
    """Mean time a page of both forests, after the features."""

    @property
    def block_error(self) -> float:
        """Expected calibration error (0..1), each block weighing the same."""
        return expected_calibration_error(self.by_blocks)

    @property
    def word_error(self) -> float:
        """The same by words."""
        return expected_calibration_error(self.by_words)


@dataclass(frozen=True, slots=True)
class _PageCertainty:
    likely: Floats
    targets: Floats
    words: Floats
    expected: float
    true: float
    seconds: float


def measure(sets: Sequence[LabelledSet], folds: Folds, begin: Begin = unheard) -> Certainty:
    """Judge each page of the sets that are scored by words with the model that has not seen it."""
    scored = [labelled for labelled in sets if labelled.kind is ScoreKind.WORDS]
    advance = begin("judging pages", sum(len(labelled.records) for labelled in scored))
    pages: list[_PageCertainty] = []
    for labelled in scored:
        with zipfile.ZipFile(labelled.path) as archive:
            for record in labelled.records:
                body = read_body(archive, record)
                page = read_page(body, record, HTML)
                if page.blocks:
                    pages.append(_judge(page, record, folds.model_for(record.url, record.id)))
                advance(1)
    likely = np.concatenate([page.likely for page in pages])
    targets = np.concatenate([page.targets for page in pages])
    words = np.concatenate([page.words for page in pages])
    return Certainty(
        by_blocks=reliability(likely, targets),
        by_words=reliability(likely, targets, words),
        page_order=spearman([page.expected for page in pages], [page.true for page in pages]),
        milliseconds=1000 * sum(page.seconds for page in pages) / len(pages),
    )


def _judge(page: Page, record: Record, path: str) -> _PageCertainty:
    model = load_model(path)
    matrix = read_matrix(page, find_title(page), model.odds)
    labels, expected = label_page(page, Options(model=path))
    kept = [
        block.text
        for block, label in zip(page.blocks, labels, strict=True)
        if label.name is LabelName.CONTENT
    ]
    truth = record.text or ""
    start = time.perf_counter()
    logits = model.first.log_odds(matrix.values)
    second, _ = model.second_values(matrix, logits)
    likely = probabilities(model.second.log_odds(second))
    seconds = time.perf_counter() - start
    return _PageCertainty(
        likely.astype(np.float32),
        align_text([block.text for block in page.blocks], truth),
        matrix.arrays.characters.words.astype(np.float32),
        expected,
        word_score("\n\n".join(kept), truth).f1,
        seconds,
    )
