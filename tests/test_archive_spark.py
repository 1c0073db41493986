"""Spark schedules, nothing more: one session for all tests, since it takes long to start."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from archive_pages import (
    READER,
    make_folder,
    make_job,
    output_bytes,
    page,
    read_shard,
    rows_of,
    run,
)
from site_pages import address, story
from test_archive_sites import all_bytes, write_crawl
from test_archive_sites import job_of as crawl_job

from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.job import Job
from cleaner.archive.records import Item, Shard
from cleaner.archive.runner import run_archive
from cleaner.archive.runs import Reader
from cleaner.archive.worker import Limits

pytest.importorskip("pyspark")
if not shutil.which("java"):
    pytest.skip("Spark needs Java", allow_module_level=True)
# Spark's own code leaves sockets and files to the collector.
pytestmark = pytest.mark.filterwarnings("ignore")

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    from cleaner.archive.spark import make_session

    here = Path(__file__).parent
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(map(str, (here, here.parent)))
    os.environ["PYSPARK_SUBMIT_ARGS"] = (
        "--conf spark.ui.enabled=false --conf spark.driver.bindAddress=127.0.0.1 "
        "--conf spark.driver.host=127.0.0.1 pyspark-shell"
    )
    session = make_session("local[2,4]")
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return pages, poisons and faults: a corpus that has of everything."""
    return make_folder(
        tmp_path_factory.mktemp("in"),
        22,
        p0003_1__skip="",
        p0004_1__fault="bytes of a damaged member",
        p0006_1__html="",
        p0008_1__html="REFUSE",
        p0009_1__html="POISON hang-c",
        p0012_1__html="POISON segfault",
    )


def job_of(folder: Path, output: Path, **choices: Any) -> Job:
    return make_job(folder, output, format="jsonl", limits=Limits(seconds=1), **choices)


@pytest.fixture(scope="module")
def local(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    output = tmp_path_factory.mktemp("out") / "o"
    run(job_of(folder, output))
    return output_bytes(output)


def test_the_output_is_that_of_a_local_run(
    session: SparkSession, folder: Path, tmp_path: Path, local: dict[str, bytes]
) -> None:
    from cleaner.archive.spark import run_on_spark

    job = job_of(folder, tmp_path / "o")
    summary = run_on_spark(job, session, reader=READER)
    assert summary.complete
    assert dict(summary.ledger.quarantined) == {
        "bad-member": 1,
        "crashed": 1,
        "media-type": 1,
        "timeout": 1,
    }
    assert output_bytes(tmp_path / "o") == local


def test_what_is_committed_locally_is_not_done_again(
    session: SparkSession, folder: Path, tmp_path: Path, local: dict[str, bytes]
) -> None:
    from cleaner.archive.spark import run_on_spark

    job = job_of(folder, tmp_path / "o")
    run(job, part=(0, 2))
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "o/data").iterdir()}
    assert len(before) == 3
    assert run_on_spark(job, session, reader=READER).complete
    assert {p: p.stat().st_mtime_ns for p in before} == before
    assert output_bytes(tmp_path / "o") == local
    assert run_on_spark(job, session, reader=READER).complete


def read_and_die(shard: Shard, options: InputOptions) -> Iterator[Item]:
    """Kill Spark's own process in the middle of the second shard, the first two times."""
    for number, item in enumerate(read_shard(shard, options)):
        if shard.index == 1 and number == 2:
            for mark in ("once", "twice"):
                path = Path(shard.files[0]).parent.parent / mark
                if not path.exists():
                    path.touch()
                    os.kill(os.getpid(), signal.SIGKILL)
        yield item


def test_a_task_that_dies_is_done_again(session: SparkSession, tmp_path: Path) -> None:
    from cleaner.archive.spark import run_on_spark

    pages = make_folder(tmp_path / "in", 20)
    job = make_job(pages, tmp_path / "o", format="jsonl")
    assert run_on_spark(job, session, reader=Reader(READER.plan, read_and_die)).complete
    assert (tmp_path / "twice").exists()
    run(replace(job, output=tmp_path / "expected"))
    assert output_bytes(tmp_path / "o") == output_bytes(tmp_path / "expected")


def test_a_shard_that_cannot_be_read_costs_no_other(session: SparkSession, tmp_path: Path) -> None:
    from cleaner.archive.spark import run_on_spark

    pages = make_folder(tmp_path / "in", 12, p0006_1__unreadable="")
    summary = run_on_spark(make_job(pages, tmp_path / "o"), session, reader=READER)
    assert (summary.shards, summary.done) == (3, 2)
    assert "Input/output error" in summary.failed[0][1]


def test_sites_are_learned_as_locally(session: SparkSession, tmp_path: Path) -> None:
    from cleaner.archive.spark import clean_column, run_on_spark

    (tmp_path / "in").mkdir()
    write_crawl(tmp_path / "in/a.warc.gz", range(4))
    write_crawl(tmp_path / "in/b.warc.gz", range(4, 7))
    job = crawl_job(tmp_path / "in", tmp_path / "spark")
    assert run_on_spark(job, session).complete
    run_archive(replace(job, output=tmp_path / "local"))
    assert all_bytes(tmp_path / "spark") == all_bytes(tmp_path / "local")
    assert {row["template_id"] for row in rows_of(tmp_path / "spark")} != {""}
    given = replace(job, output=tmp_path / "given", sites=str(tmp_path / "local/sites.parquet"))
    assert run_on_spark(given, session).complete
    assert rows_of(tmp_path / "given") == rows_of(tmp_path / "local")
    frame = session.createDataFrame([(story(3), address(3))], "page string, url string")
    found = clean_column(frame, "page", url="url", sites=given.sites).first()
    assert found is not None
    row = next(row for row in rows_of(tmp_path / "local") if row["url"] == address(3))
    assert (found.cleaned.text, found.cleaned.template_id) == (row["text"], row["template_id"])


def test_a_column_is_cleaned(session: SparkSession) -> None:
    from cleaner.archive.spark import clean_column

    rows = [
        (1, page(3), "https://Parish.example/3"),
        (2, None, "https://parish.example/none"),
        (3, "\x89PNG\r\n\x1a\n" + "\0" * 40, None),
        (4, "", "https://parish.example/empty"),
    ]
    frame = session.createDataFrame(rows, "number int, `page html` string, url string")
    found = clean_column(frame, "page html", url="url", into="clean", asked=("blocks",))
    assert found.columns == ["number", "page html", "url", "clean"]
    cleaned = {row.number: row.clean for row in found.collect()}
    assert cleaned[1].title == "The lighthouse of parish 3"
    assert cleaned[1].host == "parish.example"
    assert (cleaned[1].status, cleaned[1].reason) == ("ok", "")
    assert {block.label for block in cleaned[1].blocks} > {"content"}
    assert cleaned[2] is None
    assert cleaned[3].reason == "media-type"
    assert cleaned[3].text is None
    assert cleaned[4].status == "empty"
