"""Scores on a fixed sample of labelled pages do not fall below recorded floors; floors only rise.

The shipped model has seen these pages but for those of ``portal``: the floors guard the whole way
from bytes to text against loss, they do not say how good it is on pages it has not seen.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from cleaner.evaluate.run import Plan, evaluate_sets
from cleaner.evaluate.sets import read_set
from cleaner.evaluate.summary import summarize

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the labelled pages are not there")


@pytest.mark.parametrize("row", FLOORS["floor"], ids=lambda row: f"{row['set']}-{row['capture']}")
def test_scores_do_not_fall(row: dict[str, Any]) -> None:
    labelled = read_set(DATA / f"{row['set']}.zip", limit=row["pages"])
    (result,) = evaluate_sets([labelled], Plan(capture=row["capture"]))
    found = summarize(result).whole.systems[0].figures.f1
    assert found >= row["f1"], f"{found:.4f}"
