"""Pages for the tests of features and models: trees by hand, and models of a tree or two."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from builders import heading, item, link, paragraph
from builders import page as make_page
from numpy.typing import ArrayLike, NDArray

from cleaner.features.arrays import Columns, PageArrays, read_arrays
from cleaner.features.matrix import Matrix, read_matrix
from cleaner.features.words import WordOdds
from cleaner.model import FORMAT, Forest, Model
from cleaner.types import Element, Page

NO_ODDS = WordOdds()
NAN = float("nan")


def matrix_of(page: Page, title: int = -1, odds: WordOdds = NO_ODDS) -> Matrix:
    return read_matrix(page, title, odds)


def table_of(matrix: Matrix) -> dict[str, NDArray[Any]]:
    return dict(zip(matrix.names, matrix.values, strict=True))


def check(columns: Columns, **expected: ArrayLike) -> None:
    """Compare some columns with what they should be; NaN is equal to NaN."""
    for name, values in expected.items():
        shape = columns[name].shape
        wanted = np.broadcast_to(np.array(values, dtype=float), shape)
        np.testing.assert_allclose(columns[name], wanted, rtol=2e-5, atol=1e-6, err_msg=name)


def logs(*counts: float) -> NDArray[Any]:
    """Return what ``log1`` makes of counts."""
    return np.log1p(np.array(counts, dtype=np.float64))


SITE = (
    Element("html", -1),
    Element("body", 0),
    Element("nav", 1, "menu"),
    Element("li", 2),
    Element("li", 2),
    Element("li", 2),
    Element("main", 1),
    Element("div", 6, "story-text"),
    Element("p", 7),
    Element("p", 7),
    Element("footer", 1, "site-footer"),
)
"""A menu of three items, a story of two paragraphs, a footer."""


def site(**fields: Any) -> Page:
    """Return a page on ``SITE``: 335 characters, of which 7 are hidden."""
    return make_page(
        item(link("/", "Home"), element=3),
        item(link("/n", "News"), element=4),
        item(link("/c", "Contact"), element=5),
        heading(1, "The long road", element=6),
        paragraph("word " * 39 + "last.", element=8),
        paragraph("A road. " + "w" * 91 + ".", element=9),
        paragraph("Imprint", element=10, hidden="display-none"),
        **{"elements": SITE, **fields},
    )


def site_arrays() -> PageArrays:
    return read_arrays(site())


def forest(
    *trees: tuple[Sequence[int], Sequence[float]],
    asks: Sequence[tuple[int, float]],
    bias: float = 0,
) -> Forest:
    """Return a forest: ``asks`` are feature and border; a tree is its questions and its leaves."""
    return Forest(
        features=np.array([feature for feature, _ in asks], dtype=np.int64),
        borders=np.array([border for _, border in asks], dtype=np.float32),
        splits=np.array([questions for questions, _ in trees], dtype=np.int64).T,
        leaves=np.array([leaves for _, leaves in trees], dtype=np.float32),
        bias=bias,
    )


def one_question(feature: int, border: float, no: float, yes: float) -> Forest:
    return forest(([0], [no, yes]), asks=[(feature, border)])


def model(first: Forest, second: Forest, odds: WordOdds = NO_ODDS) -> Model:
    return Model("by hand", first, second, odds, {})


def parts_of(model: Model) -> dict[str, NDArray[Any]]:
    """Return the arrays of ``arrays.npz``."""
    parts: dict[str, NDArray[Any]] = {}
    for key, trees in (("first", model.first), ("second", model.second)):
        parts[f"{key}_features"] = trees.features.astype(np.uint16)
        parts[f"{key}_borders"] = trees.borders
        parts[f"{key}_splits"] = trees.splits.astype(np.uint16)
        parts[f"{key}_leaves"] = trees.leaves
    odds = model.odds
    for key, table in (("words", odds.words), ("texts", odds.texts), ("names", odds.names)):
        parts[f"{key}_keys"] = np.array(list("\n".join(table).encode()), dtype=np.uint8)
        parts[f"{key}_values"] = np.array([round(v * 100) for v in table.values()], dtype=np.int16)
    return parts


def pack(parts: dict[str, NDArray[Any]]) -> bytes:
    buffer = BytesIO()
    np.savez(buffer, **parts)  # type: ignore[arg-type]
    return buffer.getvalue()


def config_of(arrays: bytes, model: Model) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "sha256": hashlib.sha256(arrays).hexdigest(),
        "bias": {"first": model.first.bias, "second": model.second.bias},
    }


def save(model: Model, folder: Path) -> str:
    """Write a model to a folder; return what ``load_model`` reads it by."""
    arrays = pack(parts_of(model))
    (folder / "arrays.npz").write_bytes(arrays)
    (folder / "config.json").write_text(json.dumps(config_of(arrays, model)))
    return str(folder)
