"""Ray schedules, nothing more: one session for all tests, since it takes long to start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from archive_pages import READER, make_folder, make_job, output_bytes, read_shard, run

from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.job import Job
from cleaner.archive.ray import run_on_ray
from cleaner.archive.records import Item, Shard
from cleaner.archive.runs import Reader
from cleaner.archive.worker import Limits

# Ray's own code leaves sockets and files to the collector.
pytestmark = pytest.mark.filterwarnings("ignore")
ray = pytest.importorskip("ray", exc_type=ImportError)


@pytest.fixture(scope="module", autouse=True)
def _session() -> Iterator[None]:
    here = Path(__file__).parent
    path = {"PYTHONPATH": os.pathsep.join(map(str, (here, here.parent)))}
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        logging_level="ERROR",
        log_to_driver=False,
        runtime_env={"env_vars": path},
    )
    yield
    ray.shutdown()


def job_of(folder: Path, output: Path, **choices: Any) -> Job:
    return make_job(folder, output, format="jsonl", limits=Limits(seconds=1), **choices)


def test_the_output_is_that_of_a_local_run(tmp_path: Path) -> None:
    folder = make_folder(
        tmp_path / "in",
        22,
        p0003_1__skip="",
        p0004_1__fault="bytes of a damaged member",
        p0009_1__html="POISON hang-c",
        p0012_1__html="POISON segfault",
    )
    run(job_of(folder, tmp_path / "local"))
    job = job_of(folder, tmp_path / "o")
    run(job, part=(0, 2))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "o/data").iterdir()}
    assert before
    summary = run_on_ray(job, reader=READER)
    assert summary.complete
    assert dict(summary.ledger.quarantined) == {"bad-member": 1, "crashed": 1, "timeout": 1}
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert output_bytes(tmp_path / "o") == output_bytes(tmp_path / "local")
    assert run_on_ray(job, reader=READER).complete


def read_and_die(shard: Shard, options: InputOptions) -> Iterator[Item]:
    """Kill Ray's own process in the middle of a shard: of the second once, of the third always."""
    for number, item in enumerate(read_shard(shard, options)):
        if number == 2 and shard.index in (1, 2):
            mark = Path(shard.files[0]).parent.parent / "once"
            if shard.index == 2 or not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        yield item


def test_a_task_that_dies_is_done_again_and_costs_no_other(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "in", 20)
    job = make_job(folder, tmp_path / "o", format="jsonl")
    summary = run_on_ray(job, reader=Reader(READER.plan, read_and_die))
    assert (summary.shards, summary.done) == (4, 3)
    assert [shard.index for shard, _ in summary.failed] == [2]
    assert run_on_ray(job, reader=READER).complete
    run(replace(job, output=tmp_path / "expected"))
    assert output_bytes(tmp_path / "o") == output_bytes(tmp_path / "expected")


def test_the_command_line_runs_on_ray_and_goes_on_where_a_local_run_stopped(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "in", 4)
    given = (str(folder), "--format", "jsonl", "--shard-size", "0", "--quiet")
    command = [sys.executable, "-m", "cleaner", "archive", *given]
    subprocess.run([*command, "-o", str(tmp_path / "local")], check=True)
    subprocess.run([*command, "-o", str(tmp_path / "o"), "--engine", "ray"], check=True)
    assert output_bytes(tmp_path / "o") == output_bytes(tmp_path / "local")
    assert (tmp_path / "o/report.html").exists()
