"""The table of faults: what its words mean, and that our own column is what a run gives."""

from __future__ import annotations

import re
import sys

import pytest
from compare_faults import BEGIN, END, PAGE, Run, applies, cell, look_at, run_system
from fault_cases import CASES, Case, text
from fault_systems import SYSTEMS

BY_TITLE = {case.title: case for case in CASES}
FLIPPED = BY_TITLE["one bit flipped"]
SAMPLE = CASES[::6]


def published() -> dict[str, list[str]]:
    """Return the table's cells by the fault."""
    found = PAGE.read_text("utf-8").split(BEGIN)[1].split(END)[0].strip().splitlines()
    rows = [[part.strip() for part in line.strip("|").split("|")] for line in found]
    assert rows[0][1:] == list(SYSTEMS)
    return {row[0]: row[1:] for row in rows[2:]}


def without_memory(words: str) -> str:
    return re.sub(r", \d+\.\d GB$", "", words)


def texts(*numbers: int) -> list[str]:
    return [text(number).decode() for number in numbers]


def check(case: Case) -> None:
    live = cell(run_system("cleaner", case, sys.executable), case)
    assert without_memory(live) == without_memory(published()[case.title][0])


def test_every_fault_and_system_has_its_cell() -> None:
    table = published()
    assert list(table) == list(BY_TITLE)
    for title, cells in table.items():
        for system, words in zip(SYSTEMS, cells, strict=True):
            assert (words == "–") is not applies(system, BY_TITLE[title])


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.title)
def test_our_column_is_what_a_run_gives(case: Case) -> None:
    check(case)


@pytest.mark.faults
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_our_whole_column_is_what_a_run_gives(case: Case) -> None:
    check(case)


def test_no_fault_costs_us_a_whole_record_or_goes_unsaid() -> None:
    for title, cells in published().items():
        kept, of = re.match(r"\W*(\d)/(\d)", cells[0]).groups()  # type: ignore[union-attr]
        assert kept == of, title
        assert not re.search("silent|stops|crashes|hangs|foreign", cells[0]), title


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (Run("", texts(0, 1, 2, 4, 5, 6), ["cut"]), "6/6, flagged"),
        (Run("", texts(0, 1, 2, 4, 5, 6)), "6/6, silent"),
        (Run("", texts(0, 1, 2), error="OSError: broken"), "**3/6**, stops: OSError"),
        (
            Run("", [*texts(0, 1, 2, 4, 5, 6), texts(3)[0][:900]], ["cut"]),
            "6/6, damaged one kept in part, flagged",
        ),
        (
            Run("", [*texts(0, 1, 2, 5, 6), "".join(texts(3, 4))]),
            "**5/6**, **foreign bytes**, damaged one kept in part, silent",
        ),
        (Run("hangs", peak=1500), "**hangs**, 1.5 GB"),
        (Run("not installed"), "not installed"),
    ],
)
def test_the_words_of_a_cell(run: Run, words: str) -> None:
    assert cell(run, FLIPPED) == words


def test_a_page_with_lines_of_an_archive_is_not_whole() -> None:
    found = look_at([f"{texts(2)[0]}\r\nWARC/1.0\r\nWARC-Record-ID: <urn:x>"])
    assert (found.whole, found.partly, found.foreign) == (frozenset(), {2}, True)
