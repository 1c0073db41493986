from __future__ import annotations

import errno
import gzip
import json
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
from archive_files import record
from archive_pages import PER_SHARD, READER, make_folder, make_job, output_bytes, rows_of, run

from cleaner.archive.job import Job
from cleaner.archive.output import Output
from cleaner.archive.records import Shard, Source
from cleaner.archive.runs import Reader, Watcher
from cleaner.archive.worker import Limits
from cleaner.errors import ArchiveError, OutputError, StoppedError
from cleaner.types import Options

POISONS = ("hang-c", "segfault", "exit", "allocate")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return 12 pages, and a file of each other kind."""
    return make_folder(
        tmp_path_factory.mktemp("in"),
        p0003_1__skip="",
        p0004_1__fault="bytes of a damaged member",
        p0006_1__html="",
        p0008_1__html="REFUSE",
    )


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    output = tmp_path_factory.mktemp("out") / "o"
    run(make_job(folder, output, format="jsonl"), workers=1)
    return output_bytes(output)


def test_every_record_is_in_exactly_one_place(folder: Path, tmp_path: Path) -> None:
    summary = run(make_job(folder, tmp_path / "o", format="jsonl"))
    ledger = summary.ledger
    assert summary.complete
    assert (ledger.read, ledger.ok, ledger.empty) == (16, 12, 1)
    assert dict(ledger.skipped) == {"request": 1}
    assert dict(ledger.quarantined) == {"bad-member": 1, "media-type": 1}
    rows, lost = rows_of(tmp_path / "o"), rows_of(tmp_path / "o", "quarantine")
    files = [Path(row["source"]["file"]).name for row in rows]
    assert files == sorted(files)
    assert [Path(row["source"]["file"]).name for row in lost] == ["p0004_1.fault", "p0008_1.html"]
    assert [(row["stage"], row["reason"]) for row in lost] == [
        ("read", "bad-member"),
        ("clean", "media-type"),
    ]
    everything = {row["id"] for row in rows + lost}
    assert len(everything) == 15
    times = rows_of(tmp_path / "o", "times")
    assert [row["id"] for row in times] == [row["id"] for row in rows]


def test_each_shard_has_its_own_balanced_account(folder: Path, tmp_path: Path) -> None:
    job = make_job(folder, tmp_path / "o", format="jsonl")
    run(job)
    marks = Output(job).all_committed()
    assert [mark["index"] for mark in marks] == [0, 1, 2, 3]
    for mark in marks:
        ledger = mark["ledger"]
        placed = sum(ledger[name] for name in ("ok", "partial", "empty"))
        placed += sum(ledger["skipped"].values()) + sum(ledger["quarantined"].values())
        assert ledger["read"] == placed == len(mark["files"])


def test_raw_bytes_are_kept_on_request(folder: Path, tmp_path: Path) -> None:
    import base64

    run(make_job(folder, tmp_path / "o", format="jsonl", raw=True))
    lost = rows_of(tmp_path / "o", "quarantine")
    assert [base64.b64decode(row["raw"]) for row in lost] == [
        b"bytes of a damaged member",
        b"REFUSE",
    ]


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_the_output_does_not_depend_on_the_workers(
    workers: int, folder: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    run(make_job(folder, tmp_path / "o", format="jsonl"), workers=workers)
    assert output_bytes(tmp_path / "o") == undisturbed


def test_parts_make_the_whole(folder: Path, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    job = make_job(folder, tmp_path / "o", format="jsonl")
    assert run(job, part=(2, 3)).shards == 1
    assert run(job, part=(0, 3)).shards == 2
    assert output_bytes(tmp_path / "o") != undisturbed
    assert run(job, part=(1, 3)).complete
    assert output_bytes(tmp_path / "o") == undisturbed


def test_poison_pages_cost_themselves_alone(folder: Path, tmp_path: Path) -> None:
    pages = make_folder(tmp_path / "in", 12)
    expected = tmp_path / "expected"
    run(make_job(pages, expected, format="jsonl"))
    for number, poison in enumerate(POISONS):
        (pages / f"p{number * 3:04}_{poison}.html").write_text(f"POISON {poison}")
    job = make_job(pages, tmp_path / "o", format="jsonl", limits=Limits(seconds=0.7))
    summary = run(job)
    assert summary.complete
    good, all_ = rows_of(expected), rows_of(tmp_path / "o")
    assert [row["text"] for row in all_] == [row["text"] for row in good]
    assert dict(summary.ledger.quarantined) == {"timeout": 1, "crashed": 2, "memory": 1}
    reasons = [row["reason"] for row in rows_of(tmp_path / "o", "quarantine")]
    assert reasons == ["timeout", "crashed", "crashed", "memory"]


class Interrupting(Watcher):
    """Stops a run after some records."""

    def __init__(self, after: int) -> None:
        self.left = after

    def record(self, shard: Shard, source: Source, became: str) -> None:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


@pytest.mark.parametrize("after", [1, 5, 6, 15, 16])
def test_a_run_goes_on_where_it_was_stopped(
    after: int, folder: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    job = make_job(folder, tmp_path / "o", format="jsonl")
    with pytest.raises(KeyboardInterrupt):
        run(job, watcher=Interrupting(after))
    assert not list((tmp_path / "o/state/tmp").iterdir())
    committed = {mark["index"] for mark in Output(job).all_committed()}
    assert committed == set(range((after - 1) // PER_SHARD))
    assert {p.stem for p in (tmp_path / "o/data").iterdir()} == {
        f"part-{index:06d}" for index in committed
    }
    assert run(job).complete
    assert output_bytes(tmp_path / "o") == undisturbed


def test_what_is_committed_is_not_done_again(folder: Path, tmp_path: Path) -> None:
    job = make_job(folder, tmp_path / "o", format="jsonl")
    run(job)
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "o/data").iterdir()}

    def never(shard: Shard, options: Any) -> Iterator[Any]:
        raise AssertionError("read again")
        yield

    from cleaner.archive.runner import run_archive

    assert run_archive(job, reader=Reader(READER.plan, never)).complete
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "o/data").iterdir()} == before


DRIVER = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from archive_files import record
from archive_pages import READER, make_job, run
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.runner import archive_reader
reader = archive_reader() if {real} else READER
reading = InputOptions(shard_bytes=200_000) if {real} else InputOptions()
job = make_job(Path({inputs!r}), Path({output!r}), format="jsonl", reading=reading)
run(job, reader=reader)
"""


def drive(inputs: Path, output: Path, *, real: bool = False) -> subprocess.Popen[bytes]:
    code = driver(inputs, output, real=real)
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE)


def driver(inputs: Path, output: Path, *, real: bool = False) -> str:
    tests = str(Path(__file__).parent)
    return DRIVER.format(tests=tests, inputs=str(inputs), output=str(output), real=real)


def kill_and_resume(inputs: Path, tmp_path: Path, kills: int, *, real: bool = False) -> int:
    """Kill runs at random moments of an undisturbed one's time; return how many were alive."""
    began = time.monotonic()
    with drive(inputs, tmp_path / "expected", real=real) as process:
        assert process.wait() == 0
    whole = time.monotonic() - began
    chance = random.Random(kills)
    alive = 0
    for _ in range(kills):
        with drive(inputs, tmp_path / "o", real=real) as process:
            time.sleep(chance.uniform(0.05, 0.95) * whole / max(1, kills / 8))
            alive += process.poll() is None
            process.kill()
        for path in (tmp_path / "o").glob("data/*"):
            assert path.read_bytes() == (tmp_path / "expected/data" / path.name).read_bytes()
    with drive(inputs, tmp_path / "o", real=real) as process:
        assert process.wait() == 0
    assert output_bytes(tmp_path / "o") == output_bytes(tmp_path / "expected")
    ids = [row["id"] for row in rows_of(tmp_path / "o")]
    assert len(ids) == len(set(ids)) > 0
    assert not list((tmp_path / "o/state/tmp").iterdir())
    return alive


def slow_pages(folder: Path, number: int) -> Path:
    make_folder(folder, 0)
    for index in range(number):
        (folder / f"p{index:05}.html").write_text(f"SLOW page {index} of the town's register")
    return folder


def test_killed_at_random_moments_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    assert kill_and_resume(slow_pages(tmp_path / "in", 100), tmp_path, kills=3)


@pytest.mark.faults
def test_twenty_thousand_records_killed_fifty_times(tmp_path: Path) -> None:
    with (tmp_path / "crawl.warc.gz").open("wb") as file:
        for number in range(20_000):
            file.write(gzip.compress(record(number), 6, mtime=0))
    assert kill_and_resume(tmp_path / "crawl.warc.gz", tmp_path, kills=50, real=True) > 25
    assert len(rows_of(tmp_path / "o")) == 20_000


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"options": Options(focus="precision")}, "focus"),
        ({"asked": ("blocks",)}, "columns"),
        ({"limits": Limits(seconds=7)}, "limits"),
        ({"format": "jsonl.gz"}, "format"),
        ({"raw": True}, "raw"),
    ],
)
def test_a_changed_configuration_is_refused(
    changed: dict[str, Any], word: str, folder: Path, tmp_path: Path
) -> None:
    run(make_job(folder, tmp_path / "o", format="jsonl"))
    before = output_bytes(tmp_path / "o")
    job = make_job(folder, tmp_path / "o", **{"format": "jsonl", **changed})
    with pytest.raises(OutputError, match=word):
        run(job)
    assert output_bytes(tmp_path / "o") == before
    run(job, fresh=True)
    assert output_bytes(tmp_path / "o") != before


@pytest.mark.parametrize("what", ["code_digest", "cleaner_version"])
def test_a_changed_version_is_refused(
    what: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.archive.job.code_digest", lambda: "one")
    job = Job((str(folder),), tmp_path / "o", format="jsonl", make="poison_tasks:make_light")
    run(job)
    monkeypatch.setattr(f"cleaner.archive.job.{what}", lambda: "another")
    with pytest.raises(OutputError, match="--fresh"):
        run(job)


def test_a_changed_model_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job(folder, tmp_path / "o", format="jsonl")
    run(job)
    monkeypatch.setattr("cleaner.archive.job._model_digest", lambda name: "another")
    with pytest.raises(OutputError, match="model_digest"):
        run(job)


def test_other_inputs_are_refused(folder: Path, tmp_path: Path) -> None:
    run(make_job(folder, tmp_path / "o", format="jsonl"))
    other = make_folder(tmp_path / "other", 2)
    with pytest.raises(OutputError, match="inputs"):
        run(make_job(other, tmp_path / "o", format="jsonl"))


def test_a_folder_of_someone_else_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o/thesis.tex").write_text("chapter one")
    with pytest.raises(OutputError, match=r"thesis\.tex"):
        run(make_job(folder, tmp_path / "o"))
    assert [p.name for p in (tmp_path / "o").iterdir()] == ["thesis.tex"]


def edit(path: Path) -> None:
    path.write_text("the page was written anew", encoding="utf-8")


def touch_edit(path: Path) -> None:
    """Change one byte in place, with the old size and time."""
    status = path.stat()
    content = path.read_bytes()
    path.write_bytes(content.replace(b"parish", b"Parish", 1))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("change", [edit, touch_edit])
def test_a_changed_input_is_done_again_and_no_other(change: Any, tmp_path: Path) -> None:
    pages = make_folder(tmp_path / "in", 15)
    job = make_job(pages, tmp_path / "o", format="jsonl")
    run(job)
    times = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "o/data").iterdir()}
    change(pages / "p0007.html")
    assert run(job).complete
    redone = {
        p.name for p in (tmp_path / "o/data").iterdir() if p.stat().st_mtime_ns != times[p.name]
    }
    assert redone == {"part-000001.jsonl"}
    run(make_job(pages, tmp_path / "anew", format="jsonl"))
    assert output_bytes(tmp_path / "o") == output_bytes(tmp_path / "anew")


def test_added_files_are_done(tmp_path: Path) -> None:
    pages = make_folder(tmp_path / "in", 7)
    job = make_job(pages, tmp_path / "o", format="jsonl")
    run(job)
    make_folder(pages, 13)
    assert run(job).ledger.read == 13
    run(make_job(pages, tmp_path / "anew", format="jsonl"))
    assert output_bytes(tmp_path / "o") == output_bytes(tmp_path / "anew")


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    pages = make_folder(tmp_path / "in", 7)
    job = make_job(pages, tmp_path / "o", format="jsonl")
    run(job)
    before = output_bytes(tmp_path / "o")
    (pages / "p0002.html").unlink()
    with pytest.raises(OutputError, match=r"p0002\.html"):
        run(job)
    assert output_bytes(tmp_path / "o") == before


def test_a_lost_or_cut_part_is_done_again(
    folder: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    job = make_job(folder, tmp_path / "o", format="jsonl")
    run(job)
    (tmp_path / "o/data/part-000001.jsonl").unlink()
    with (tmp_path / "o/data/part-000002.jsonl").open("r+b") as file:
        file.truncate(10)
    (tmp_path / "o/state/shards/000000.json").write_text("{")
    assert run(job).complete
    assert output_bytes(tmp_path / "o") == undisturbed


def test_an_input_that_changes_while_it_is_read_is_not_committed(tmp_path: Path) -> None:
    pages = make_folder(tmp_path / "in", 7)

    def read(shard: Shard, options: Any) -> Iterator[Any]:
        yield from READER.read_shard(shard, options)
        if shard.index == 0:
            edit(pages / "p0001.html")

    from cleaner.archive.runner import run_archive

    job = make_job(pages, tmp_path / "o", format="jsonl")
    summary = run_archive(job, reader=Reader(READER.plan, read))
    assert [(shard.index, why) for shard, why in summary.failed] == [
        (0, "a file changed while it was read")
    ]
    assert [p.name for p in (tmp_path / "o/data").iterdir()] == ["part-000001.jsonl"]
    assert run(job).complete


def test_a_shard_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    pages = make_folder(tmp_path / "in", 12, p0006_1__unreadable="")
    job = make_job(pages, tmp_path / "o", format="jsonl")
    summary = run(job)
    assert not summary.complete
    assert summary.done == 2
    (shard, why) = summary.failed[0]
    assert shard.index == 1
    assert "Input/output error" in why
    (pages / "p0006_1.unreadable").rename(pages / "p0006_1.html")


def test_a_faulty_reader_costs_its_shard(tmp_path: Path) -> None:
    def read(shard: Shard, options: Any) -> Iterator[Any]:
        yield from READER.read_shard(shard, options)
        if shard.index == 1:
            raise ZeroDivisionError("a fault of the reader")

    from cleaner.archive.runner import run_archive

    job = make_job(make_folder(tmp_path / "in", 12), tmp_path / "o", format="jsonl")
    summary = run_archive(job, reader=Reader(READER.plan, read))
    assert [why for _, why in summary.failed] == ["ZeroDivisionError: a fault of the reader"]
    assert run(job).complete


def test_accounts_that_do_not_balance_are_not_committed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleaner.archive.writer import ShardWriter

    monkeypatch.setattr(ShardWriter, "add_skip", lambda self, skip: None)
    job = make_job(folder, tmp_path / "o", format="jsonl")
    with pytest.raises(ArchiveError, match="5 records were read, 4 are accounted for"):
        run(job)
    assert not Output(job).all_committed()


@pytest.mark.parametrize("call", ["replace", "fsync"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_disk_that_fails_stops_the_run_and_keeps_its_state(
    call: str,
    number: int,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    undisturbed: dict[str, bytes],
) -> None:
    job = make_job(folder, tmp_path / "o", format="jsonl")
    real, calls = getattr(os, call), [0]

    def failing(*arguments: Any, **named: Any) -> Any:
        calls[0] += 1
        if calls[0] > 12:
            raise OSError(number, os.strerror(number))
        return real(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, failing)
        with pytest.raises(StoppedError, match=os.strerror(number)):
            run(job)
    for name, content in output_bytes(tmp_path / "o").items():
        assert content == undisturbed[name]
    assert run(job).complete
    assert output_bytes(tmp_path / "o") == undisturbed


def test_a_full_disk_stops_the_run_cleanly(tmp_path: Path) -> None:
    """The system itself refuses to write: a limit on the size of files stands for the disk."""
    pages = make_folder(tmp_path / "in", 4)
    (pages / "p0009.html").write_text("a long register\n" * 40_000)
    code = driver(pages, tmp_path / "o")
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
    done = subprocess.run(
        [sys.executable, "-c", limited + code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "StoppedError: File too large" in done.stderr
    assert output_bytes(tmp_path / "o") == {}
    assert not list((tmp_path / "o/state/tmp").iterdir())
    assert run(make_job(pages, tmp_path / "o", format="jsonl")).complete


def test_two_runs_at_once_do_not_hurt_each_other(
    folder: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    job = make_job(folder, tmp_path / "o", format="jsonl")
    with (
        Output(job).lock(),
        pytest.raises(OutputError, match="another run is writing"),
    ):
        run(job)
    with Output(job).lock((0, 2)):
        assert run(job, part=(1, 2)).complete
        with pytest.raises(OutputError, match="another run is writing"):
            run(job)
    assert run(job).complete
    assert output_bytes(tmp_path / "o") == undisturbed


def test_a_shard_done_twice_at_once_is_committed_once(tmp_path: Path) -> None:
    """As engines do that start a slow task a second time: without the lock."""
    pages = slow_pages(tmp_path / "in", 30)
    code = driver(pages, tmp_path / "o").rpartition("run(")[0] + (
        "from cleaner.archive.output import Output\n"
        "from cleaner.archive.runner import run_shards\n"
        "output = Output(job); output.prepare()\n"
        "run_shards(output, READER.plan(job.inputs, job.reading), workers=1, reader=READER)\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    run(make_job(pages, tmp_path / "expected", format="jsonl"))
    assert output_bytes(tmp_path / "o") == output_bytes(tmp_path / "expected")
    marks = sorted((tmp_path / "o/state/shards").iterdir())
    assert [json.loads(path.read_bytes())["ledger"]["ok"] for path in marks] == [5] * 6


def test_a_terminated_run_lets_go_of_its_lock(tmp_path: Path) -> None:
    pages = slow_pages(tmp_path / "in", 100)
    with drive(pages, tmp_path / "o") as process:
        while not list((tmp_path / "o").glob("data/part-*")):
            time.sleep(0.05)
        process.send_signal(signal.SIGSTOP)
        with pytest.raises(OutputError, match="another run"):
            run(make_job(pages, tmp_path / "o", format="jsonl"))
        process.kill()
    assert run(make_job(pages, tmp_path / "o", format="jsonl")).ledger.ok == 100


def test_an_empty_plan_is_complete(tmp_path: Path) -> None:
    pages = make_folder(tmp_path / "in", 0)
    summary = run(make_job(pages, tmp_path / "o"))
    assert summary.complete
    assert summary.ledger.read == 0
