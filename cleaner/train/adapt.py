"""Adapt a model to a user's own golden cases: a few trees more, fitted to what it gets wrong.

The model's own trees stay as they are. Those that are added see the same features and begin from
its opinion, so what the cases say nothing of is judged as before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import numpy as np

from cleaner.blocks import read_blocks
from cleaner.capture import read_capture
from cleaner.document import Document
from cleaner.evaluate.progress import Begin, unheard
from cleaner.evaluate.score import word_score
from cleaner.features.arrays import Floats
from cleaner.features.matrix import read_matrix
from cleaner.golden.cases import LABELS_FILE, TEXT_FILE, Case, block_rows
from cleaner.labels import find_title
from cleaner.model import Forest, Model, load_model
from cleaner.train.align import align_text
from cleaner.train.export import write_model
from cleaner.train.fit import fit_more, join_forests
from cleaner.train.run import TrainingError
from cleaner.types import LabelName, MediaType, Options

LEAST_CASES = 4
"""Cases to learn from; of fewer, too few are left when some are held out."""


@dataclass(frozen=True)
class CaseRows:
    """A golden case as rows of the training matrix: the blocks of its page of which it is known
    whether they are main text."""

    case: Case
    text: str
    """The main text that is expected."""
    values: Floats
    """(blocks, features): those of the second forest."""
    logits: Floats
    """(blocks,): log-odds by the model as it is."""
    targets: Floats
    """(blocks,): share of each block's words that are main text."""
    weights: Floats
    """(blocks,); those of a page make 1 together."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Word F1 (0..1) of a case, by the model as it was and by one that was adapted to others."""

    case: Case
    before: float
    after: float


def read_rows(
    cases: Sequence[Case], base: str, recipe: Mapping[str, Any], begin: Begin = unheard
) -> list[CaseRows]:
    """Read cases as rows. Raises ``CaseError``, ``ModelError``, and ``TrainingError`` if too few.

    A block is main text if ``labels.tsv`` says so. Where that file is missing, or is of another
    state of the page, the expected text is sought in the page. Cases without one are left out.
    """
    model = load_model(base)
    advance = begin("reading cases", len(cases))
    rows: list[CaseRows] = []
    for case in cases:
        if case.has(TEXT_FILE):
            row = _read_case(case, model, base, recipe)
            rows += [row] if len(row.targets) else []
        advance(1)
    if len(rows) < LEAST_CASES:
        raise TrainingError(
            f"{len(rows)} golden cases with {TEXT_FILE} are too few: {LEAST_CASES} are needed"
        )
    return rows


def _read_case(case: Case, model: Model, base: str, recipe: Mapping[str, Any]) -> CaseRows:
    document = case.clean(Options(model=base))
    page = document.page
    text = _plain(case.expected_markdown())
    if not page.blocks:
        none = np.zeros(0, dtype=np.float32)
        return CaseRows(case, text, none, none, none, none)
    matrix = read_matrix(page, find_title(page), model.odds)
    values, _ = model.second_values(matrix, model.first.log_odds(matrix.values))
    targets = _targets(case, document, text)
    known = ~np.isnan(targets)
    words = np.minimum(matrix.arrays.characters.words, recipe["rows"]["most_words"])[known]
    weights = (words + 2) ** recipe["rows"]["power"]
    return CaseRows(
        case=case,
        text=text,
        values=np.ascontiguousarray(values.T[known]),
        logits=model.second.log_odds(values)[known],
        targets=targets[known],
        weights=(weights / weights.sum()).astype(np.float32),
    )


def _targets(case: Case, document: Document, text: str) -> Floats:
    labels = case.expected_labels() if case.has(LABELS_FILE) else []
    if [row[1] for row in labels] == [row[1] for row in block_rows(document)]:
        return np.array([label == LabelName.CONTENT for label, _ in labels], dtype=np.float32)
    return align_text([block.text for block in document.page.blocks], text)


def _plain(markdown: str) -> str:
    """Return the words of ``expected.md`` without markup."""
    if not markdown.strip():
        return ""
    page = read_blocks(read_capture(markdown, media_type=MediaType.MARKDOWN))
    return "\n\n".join(block.text for block in page.blocks)


def adapt(rows: Sequence[CaseRows], base: str, recipe: Mapping[str, Any]) -> Forest:
    """Return the model's second forest with the trees that the cases add."""
    more = fit_more(
        np.concatenate([row.values for row in rows]),
        np.concatenate([row.targets for row in rows]),
        np.concatenate([row.weights for row in rows]),
        np.concatenate([row.logits for row in rows]),
        recipe,
    )
    return join_forests(load_model(base).second, more)


def write_adapted(folder: Path, base: str, second: Forest, cases: Sequence[str]) -> None:
    """Write the adapted model; its ``config.json`` names the cases."""
    model = load_model(base)
    kept = ("features", "folds", "without_fold", "pages")
    config = {key: model.config[key] for key in kept} | {"adapted_to": sorted(cases)}
    write_model(folder, {"first": model.first, "second": second}, model.odds, config)


def held_out(
    rows: Sequence[CaseRows], base: str, recipe: Mapping[str, Any], begin: Begin = unheard
) -> list[HeldOut]:
    """Score each case by a model that was adapted to the others, those of its fold left out."""
    count = min(int(recipe["folds"]["count"]), len(rows))
    order = sorted(rows, key=lambda row: (crc32(row.case.name.encode()), row.case.name))
    fold_of = {row.case.name: number % count for number, row in enumerate(order)}
    advance = begin("scoring cases held out", len(rows))
    found: list[HeldOut] = []
    with TemporaryDirectory(prefix="cleaner-adapt-") as folder:
        for fold in range(count):
            others = [row for row in rows if fold_of[row.case.name] != fold]
            path = Path(folder) / f"fold-{fold}"
            write_adapted(path, base, adapt(others, base, recipe), [r.case.name for r in others])
            for row in rows:
                if fold_of[row.case.name] == fold:
                    found.append(HeldOut(row.case, _score(row, base), _score(row, str(path))))
                    advance(1)
    return sorted(found, key=lambda each: each.case.folder)


def figures(found: Sequence[HeldOut], base: str, output: Path) -> dict[str, Any]:
    """Return what an adaptation gave as a table ready for JSON: word F1 before and after."""
    means = {
        "before": sum(each.before for each in found) / len(found),
        "after": sum(each.after for each in found) / len(found),
    }
    cases = [
        {
            "name": each.case.name,
            "folder": str(each.case.folder),
            "before": each.before,
            "after": each.after,
        }
        for each in found
    ]
    return {"base": base, "output": str(output), "mean": means, "cases": cases}


def _score(row: CaseRows, model: str) -> float:
    return word_score(row.case.clean(Options(model=model)).text, row.text).f1
