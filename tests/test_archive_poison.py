"""Pages made to do harm, among good ones, cleaned as archives are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from archive_pages import make_folder, make_job, page, rows_of, run
from poison_pages import KINDS, SIZES

from cleaner.archive.job import MAKE_CLEANER
from cleaner.archive.pool import Pool
from cleaner.archive.records import Record, Source
from cleaner.archive.rows import Cleaning, Stamp
from cleaner.archive.worker import Limits, Recipe
from cleaner.types import Options

CLEAN = Recipe(MAKE_CLEANER, Cleaning(Options(), ("markdown", "blocks"), Stamp("1", "x")))


def run_poisons(tmp_path: Path, size: int, limits: Limits) -> dict[str, int]:
    """Clean poisons among good pages; return the reasons of the quarantine with their counts."""
    pages = make_folder(tmp_path / "in", 20)
    expected, output = tmp_path / "expected", tmp_path / "o"
    run(make_job(pages, expected, format="jsonl", make=MAKE_CLEANER, limits=limits))
    for number, (name, make) in enumerate(KINDS.items()):
        (pages / f"p{number % 20:04}_{name}.html").write_bytes(make(size))
    summary = run(make_job(pages, output, format="jsonl", make=MAKE_CLEANER, limits=limits))
    assert summary.complete
    assert summary.ledger.read == 20 + len(KINDS)
    names = [Path(row["source"]["file"]).stem for row in rows_of(output)]
    lost = [Path(row["source"]["file"]).stem for row in rows_of(output, "quarantine")]
    assert sorted(names + lost) == sorted(path.stem for path in pages.iterdir())
    good = {row["id"]: row for row in rows_of(expected)}
    found = {row["id"]: row for row in rows_of(output)}
    assert {row_id: found.get(row_id) for row_id in good} == good
    for row in rows_of(output, "quarantine"):
        assert row["detail"]
        assert row["reason"] in {"timeout", "memory", "crashed", "media-type"}
    return dict(summary.ledger.quarantined)


@pytest.mark.parametrize("size", SIZES[:2])
def test_poison_pages_cost_no_good_page(size: int, tmp_path: Path) -> None:
    reasons = run_poisons(tmp_path, size // 4, Limits(seconds=30))
    assert set(reasons) <= {"media-type"}, "small poisons are cleaned like any page"


@pytest.mark.faults
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("limits", [Limits(), Limits(seconds=2, memory=200 << 20)])
def test_large_poison_pages_cost_no_good_page(size: int, limits: Limits, tmp_path: Path) -> None:
    run_poisons(tmp_path, size, limits)


def test_a_page_that_takes_too_long_costs_its_time_limit() -> None:
    import time

    big = KINDS["table"](30_000)
    bodies = [page(0).encode(), big, page(1).encode()]
    with Pool[int](CLEAN, workers=1, limits=Limits(seconds=1)) as pool:
        ends: list[float] = []
        reasons: list[str] = []
        for outcome in pool.run((n, Record(Source(str(n)), b)) for n, b in enumerate(bodies)):
            ends.append(time.monotonic())
            reasons.append(outcome.reason)
    assert reasons == ["", "timeout", ""]
    assert 0.5 < ends[1] - ends[0] < 2.5


def measure(pages: int) -> tuple[list[int], list[int]]:
    """Return a worker's resident memory and open files, at ten moments, after a warm-up."""
    memory: list[int] = []
    files: list[int] = []
    endless = Limits(pages=10 * pages, growth=1 << 40)
    records = (Record(Source(str(n)), page(n).encode(), "https://a.example/") for n in range(pages))
    with Pool[int](CLEAN, workers=1, limits=endless) as pool:
        for number, outcome in enumerate(pool.run(enumerate(records))):
            assert outcome.value["text"]
            if number >= pages // 4 and number % (pages // 20) == 0:
                (pid,) = pool.pids
                fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
                memory.append(int(fields[1]) * os.sysconf("SC_PAGESIZE"))
                files.append(len(list(Path(f"/proc/{pid}/fd").iterdir())))
    return memory, files


def test_a_worker_does_not_grow() -> None:
    memory, files = measure(200)
    assert max(memory) < 400 << 20
    assert max(memory) - min(memory) < 20 << 20
    assert len(set(files)) == 1


@pytest.mark.faults
def test_a_worker_does_not_grow_over_many_pages() -> None:
    memory, files = measure(20_000)
    assert max(memory) < 400 << 20
    assert max(memory) - min(memory) < 20 << 20
    assert len(set(files)) == 1
