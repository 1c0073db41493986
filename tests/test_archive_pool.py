from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from poison_tasks import POISONS

from cleaner.archive.pool import Outcome, Pool
from cleaner.archive.worker import Limits, Recipe
from cleaner.errors import PoolError

TASK = Recipe("poison_tasks:make_task", "c")
QUICK = Limits(seconds=0.7)
BLAMED = {
    "hang-python": ("timeout", "0.7 s"),
    "hang-c": ("timeout", "0.7 s"),
    "stop": ("stopped", "0.7 s"),
    "segfault": ("crashed", "SIGSEGV"),
    "abort": ("crashed", "SIGABRT"),
    "exit": ("crashed", "exit code 3"),
    "garble": ("crashed", "SIGKILL"),
    "allocate": ("memory", "memory limit"),
    "leave": ("error", "SystemExit"),
    "raise": ("error", "RuntimeError: a fault of the cleaner"),
}
"""Poisons that cost their page; the others leave it whole."""


def run(pages: list[Any], workers: int = 2, limits: Limits = QUICK) -> list[Outcome[int]]:
    with Pool[int](TASK, workers=workers, limits=limits) as pool:
        return list(pool.run(enumerate(pages)))


def processes_of_group(leader: int) -> list[int]:
    """Return the living processes whose parents lead back to one, zombies included."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(rest[1])
    found = [leader]
    for pid in found:
        found.extend(child for child, parent in parents.items() if parent == pid)
    return found[1:]


@pytest.mark.parametrize("poison", POISONS)
def test_a_poison_page_costs_itself_alone(poison: str) -> None:
    pages: list[Any] = [*range(8), poison, *range(9, 16)]
    with Pool[int](TASK, workers=2, limits=QUICK) as pool:
        began = time.monotonic()
        outcomes = list(pool.run(enumerate(pages)))
        waited = time.monotonic() - began
        again = [o.value for o in pool.run(enumerate(range(6)))]
        assert len(pool.pids) == 2
    assert [outcome.tag for outcome in outcomes] == list(range(16))
    good = [outcome for outcome in outcomes if outcome.tag != 8]
    assert [outcome.value for outcome in good] == [("c", o.tag) for o in good]
    assert not any(outcome.reason for outcome in good)
    reason, words = BLAMED.get(poison, ("", ""))
    bad = outcomes[8]
    assert bad.reason == reason
    assert words in bad.detail
    assert bad.payload == (poison if reason else None)
    assert bad.value == (None if reason else ("c", poison))
    assert again == [("c", number) for number in range(6)]
    attempts = 2 if reason == "stopped" else 1
    assert waited < attempts * QUICK.seconds + 3


def test_all_poisons_at_once_leave_no_process_behind() -> None:
    before = set(processes_of_group(os.getpid()))
    pages: list[Any] = []
    for poison in POISONS:
        pages += [poison, *range(3)]
    outcomes = run(pages)
    assert {pages[o.tag] for o in outcomes if o.reason} == set(BLAMED)
    assert [o.tag for o in outcomes] == list(range(len(pages)))
    assert set(processes_of_group(os.getpid())) <= before


def test_a_fork_that_stays_is_killed_with_its_worker() -> None:
    with Pool[int](TASK, workers=1, limits=QUICK) as pool:
        list(pool.run(enumerate(["fork-and-stay", 1])))
        group = pool.pids[0]
        assert len([p for p in _group_members(group) if p != group]) == 1
    deadline = time.monotonic() + 5
    while _group_members(group) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _group_members(group)


def _group_members(group: int) -> list[int]:
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(rest[2]) == group and rest[0] != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_order_is_that_of_the_input(workers: int) -> None:
    pages = [b"x" * random.Random(number).randrange(200_000) for number in range(60)]
    outcomes = run(pages, workers, Limits())
    assert [(o.tag, o.value) for o in outcomes] == [(n, ("c", p)) for n, p in enumerate(pages)]


def test_pages_are_taken_as_workers_get_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.archive.pool.MAX_HELD", 60)
    taken: list[int] = []

    def pages() -> Iterator[tuple[int, int]]:
        for number in range(500):
            taken.append(number)
            yield number, number

    with Pool[int](TASK, workers=2) as pool:
        for count, _ in enumerate(pool.run(pages())):
            assert len(taken) <= count + 1 + 60
    assert len(taken) == 500


def test_one_slow_page_does_not_let_the_rest_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.archive.pool.MAX_HELD", 40)
    taken: list[int] = []

    def pages() -> Iterator[tuple[int, Any]]:
        for number in range(200):
            taken.append(number)
            yield number, "hang-c" if number == 3 else number

    with Pool[int](TASK, workers=2, limits=QUICK) as pool:
        outcomes = pool.run(pages())
        assert [next(outcomes).tag for _ in range(3)] == [0, 1, 2]
        assert next(outcomes).reason == "timeout"
        assert len(taken) <= 43
        assert len(list(outcomes)) == 196


def test_handing_pages_out_takes_next_to_nothing() -> None:
    """In processor time of this process: how busy the machine is must not matter."""
    pages = [bytes(50_000)] * 1_000
    with Pool[int](TASK, workers=2) as pool:
        list(pool.run([(0, 0)]))
        began = time.process_time()
        assert sum(1 for _ in pool.run(enumerate(pages))) == len(pages)
        assert (time.process_time() - began) / len(pages) < 0.002


def test_without_a_payload_a_page_only_takes_its_place() -> None:
    with Pool[int](TASK, workers=2) as pool:
        outcomes = list(pool.run((n, None if n % 2 else n) for n in range(20)))
    assert [o.tag for o in outcomes] == list(range(20))
    assert [o.value for o in outcomes] == [None if n % 2 else ("c", n) for n in range(20)]


def test_a_worker_is_replaced_after_its_pages() -> None:
    recipe = Recipe("poison_tasks:make_pid", None)
    with Pool[int](recipe, workers=1, limits=Limits(pages=4)) as pool:
        pids = [outcome.value for outcome in pool.run(enumerate(range(12)))]
    assert len(set(pids)) == 3
    assert pids == [pids[0]] * 4 + [pids[4]] * 4 + [pids[8]] * 4


def test_a_worker_with_leaked_files_is_replaced() -> None:
    with Pool[int](TASK, workers=1) as pool:
        list(pool.run([(0, 0)]))
        first = pool.pids
        list(pool.run([(0, "leak"), (1, 1)]))
        assert pool.pids != first


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_workers_hit_by_signals_lose_no_page(number: signal.Signals) -> None:
    chance = random.Random(number)
    pages = list(range(150 if number is signal.SIGKILL else 40))
    with Pool[int](TASK, workers=2, limits=QUICK) as pool:
        outcomes: list[Outcome[int]] = []
        for outcome in pool.run(enumerate(pages)):
            outcomes.append(outcome)
            every = 0.1 if number is signal.SIGKILL else 0.04
            if pool.pids and chance.random() < every:
                os.kill(chance.choice(pool.pids), number)
    assert [(o.tag, o.value, o.reason) for o in outcomes] == [(n, ("c", n), "") for n in pages]


def test_the_process_that_starts_workers_is_replaced() -> None:
    with Pool[int](TASK, workers=2, limits=QUICK) as pool:
        seen = 0
        for outcome in pool.run(enumerate(["exit" if n == 12 else n for n in range(30)])):
            if outcome.tag == 5:
                nursery = processes_of_group(os.getpid())[0]
                os.kill(nursery, signal.SIGKILL)
            assert outcome.reason == ("crashed" if outcome.tag == 12 else "")
            seen += 1
        assert [o.reason for o in pool.run(enumerate(["segfault", 1]))] == ["crashed", ""]
    assert seen == 30


def test_a_task_that_cannot_be_built_is_a_named_error() -> None:
    with (
        Pool[int](Recipe("poison_tasks:make_broken", None)) as pool,
        pytest.raises(PoolError, match="no model of that name"),
    ):
        list(pool.run([(0, 0)]))


def test_no_worker_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from cleaner.archive.pool import Pool\n"
        "from cleaner.archive.worker import Recipe\n"
        "pool = Pool(Recipe('poison_tasks:make_task', None), workers=2)\n"
        "outcomes = pool.run(enumerate([0, 1, 'hang-c', 'hang-python']))\n"
        "next(outcomes), next(outcomes)\n"
        "print(*pool.pids, flush=True)\n"
        "list(outcomes)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        time.sleep(0.1)
        parent.kill()
    deadline = time.monotonic() + 5
    while any(map(_lives, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(_lives, pids))


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
