"""Archives with templates of sites: given in a file, or learned from the input in a pass before."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from archive_files import gz, http, record
from archive_pages import LightJob, output_bytes, rows_of
from click.testing import CliRunner, Result
from lxml import html
from site_pages import HOST, NOTE, SITES, address, site_files, story

from cleaner.archive import (
    InputOptions,
    Item,
    Job,
    Shard,
    Source,
    Summary,
    Watcher,
    run_archive,
    sketching,
)
from cleaner.archive.runner import archive_reader
from cleaner.archive.runs import Reader
from cleaner.archive.worker import Limits
from cleaner.cli import main
from cleaner.errors import OptionError, OutputError, SiteError
from cleaner.sites import SiteBook

pytest.importorskip("pyarrow")

KEPT = "What the keeper says"


def write_crawl(path: Path, numbers: Sequence[int], host: str = HOST) -> Path:
    """Write stories of a site, each with the note that all of them bear."""
    pages = ((n, http(story(n).encode())) for n in numbers)
    parts = [record(n, block, url=address(n, host)) for n, block in pages]
    path.write_bytes(b"".join(gz(parts)))
    return path


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of three shards: two with stories of one site, one with those of another."""
    folder = tmp_path_factory.mktemp("crawl")
    write_crawl(folder / "a.warc.gz", range(4))
    write_crawl(folder / "b.warc.gz", range(4, 7))
    write_crawl(folder / "c.warc.gz", range(2), "small.example")
    return folder


def job_of(crawl: Path, output: Path, **choices: Any) -> Job:
    return LightJob((str(crawl),), output, **{"format": "jsonl", "sites": "auto", **choices})


def run(job: Job, **choices: Any) -> Summary:
    return run_archive(job, **{"workers": 2, **choices})


def all_bytes(output: Path) -> dict[str, bytes]:
    return {**output_bytes(output), "sites": (output / "sites.parquet").read_bytes()}


@pytest.fixture(scope="module")
def learned(crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output of an undisturbed run."""
    output = tmp_path_factory.mktemp("out") / "o"
    assert run(job_of(crawl, output)).complete
    return output


def test_what_stands_on_every_page_goes_and_the_rest_stays(learned: Path) -> None:
    rows = rows_of(learned)
    assert len(rows) == 9
    template = SiteBook(learned / "sites.parquet").find(HOST)
    assert template is not None
    for row in rows:
        assert KEPT in row["text"]
        is_large = row["host"] == HOST
        assert row["template_id"] == (template.id if is_large else "")
        assert (NOTE in row["text"]) != is_large
    assert len({row["config_hash"] for row in rows}) == 1


def test_a_given_file_makes_the_same_texts(crawl: Path, learned: Path, tmp_path: Path) -> None:
    given = tmp_path / "given.parquet"
    given.write_bytes((learned / "sites.parquet").read_bytes())
    run(job_of(crawl, tmp_path / "o", sites=str(given)))
    assert rows_of(tmp_path / "o") == rows_of(learned)
    assert (tmp_path / "o/sites.parquet").read_bytes() == given.read_bytes()
    assert not (tmp_path / "o/state/sketches").exists()


def test_the_command_learns_the_same(crawl: Path, learned: Path, tmp_path: Path) -> None:
    path = tmp_path / "sites.parquet"
    result = CliRunner().invoke(main, ["sites", "learn", str(crawl), "-o", str(path)])
    assert result.output == f"{path}: 1 sites from 9 pages\n"
    assert path.read_bytes() == (learned / "sites.parquet").read_bytes()


def test_rows_say_whether_there_were_templates(crawl: Path, learned: Path, tmp_path: Path) -> None:
    run(job_of(crawl, tmp_path / "o", sites=""))
    rows = rows_of(tmp_path / "o")
    assert all(NOTE in row["text"] and row["template_id"] == "" for row in rows)
    assert rows[0]["config_hash"] != rows_of(learned)[0]["config_hash"]


def test_neither_workers_nor_cuts_nor_order_matter(
    crawl: Path, learned: Path, tmp_path: Path
) -> None:
    """The third input is cut record by record, and its files come in another order."""
    run(job_of(crawl, tmp_path / "one"), workers=1)
    assert all_bytes(tmp_path / "one") == all_bytes(learned)
    files = tuple(str(path) for path in sorted(crawl.iterdir(), reverse=True))
    job = replace(job_of(crawl, tmp_path / "other"), inputs=files)
    summary = run(replace(job, reading=InputOptions(shard_bytes=500)))
    assert summary.shards > 6
    assert (tmp_path / "other/sites.parquet").read_bytes() == (
        learned / "sites.parquet"
    ).read_bytes()
    rows = {row["id"]: row for row in rows_of(tmp_path / "other")}
    assert rows == {row["id"]: row for row in rows_of(learned)}


class Interrupting(Watcher):
    """Stops a run after some records, those of both passes counted."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.passes: list[str] = []

    def enter(self, name: str) -> None:
        self.passes.append(name.partition(",")[0])

    def record(self, shard: Shard, source: Source, became: str) -> None:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


@pytest.mark.parametrize("after", [2, 5, 9, 10, 15])
def test_a_run_goes_on_in_either_pass(
    after: int, crawl: Path, learned: Path, tmp_path: Path
) -> None:
    job = job_of(crawl, tmp_path / "o")
    watcher = Interrupting(after)
    with pytest.raises(KeyboardInterrupt):
        run(job, watcher=watcher)
    assert not list((tmp_path / "o/state/tmp").iterdir())
    both = ["learning the sites", "cleaning"]
    assert watcher.passes == (both[:1] if after <= 9 else both)
    assert (tmp_path / "o/sites.parquet").exists() == (after > 9)
    again = Interrupting(0)
    assert run(job, watcher=again).complete
    assert again.passes == (both if after <= 9 else both[1:])
    assert all_bytes(tmp_path / "o") == all_bytes(learned)
    assert not list((tmp_path / "o/state/tmp").iterdir())


DRIVER = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from test_archive_sites import job_of, run
run(job_of(Path({crawl!r}), Path({output!r})), workers=1)
"""


@pytest.mark.parametrize("mark", ["state/sketches/000000-*", "sites.parquet", "data/part-000000*"])
def test_a_killed_run_ends_with_the_same_bytes(
    mark: str, crawl: Path, learned: Path, tmp_path: Path
) -> None:
    """It is killed as soon as a file is there: of the first pass, between them, of the second."""
    output = tmp_path / "o"
    tests = str(Path(__file__).parent)
    code = DRIVER.format(tests=tests, crawl=str(crawl), output=str(output))
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        while process.poll() is None and not list(output.glob(mark)):
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert run(job_of(crawl, output)).complete
    assert all_bytes(output) == all_bytes(learned)


def test_other_templates_are_refused(crawl: Path, learned: Path, tmp_path: Path) -> None:
    output = tmp_path / "o"
    given, other = tmp_path / "given.parquet", tmp_path / "other.parquet"
    given.write_bytes((learned / "sites.parquet").read_bytes())
    small = write_crawl(tmp_path / "small.warc.gz", range(5))
    run(job_of(small, tmp_path / "o5"))
    other.write_bytes((tmp_path / "o5/sites.parquet").read_bytes())
    job = job_of(crawl, output, sites=str(given))
    run(job, part=(0, 3))
    before = all_bytes(output)
    for sites in (str(other), "auto", ""):
        with pytest.raises(OutputError, match="templates"):
            run(replace(job, sites=sites))
    given.write_bytes(other.read_bytes())
    with pytest.raises(OutputError, match="templates"):
        run(job)
    assert all_bytes(output) == before


def test_templates_follow_their_inputs(crawl: Path, tmp_path: Path) -> None:
    """With a page more the templates are others, and no row of the earlier ones is left."""
    folder, output = tmp_path / "in", tmp_path / "o"
    folder.mkdir()
    for path in crawl.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    run(job_of(folder, output))
    before = rows_of(output)
    write_crawl(folder / "d.warc.gz", range(2, 6), "small.example")
    summary = run(job_of(folder, output))
    assert (summary.shards, summary.complete) == (4, True)
    rows = rows_of(output)
    assert {row["config_hash"] for row in rows}.isdisjoint({row["config_hash"] for row in before})
    assert not any(NOTE in row["text"] for row in rows)
    run(job_of(folder, tmp_path / "fresh"))
    assert all_bytes(output) == all_bytes(tmp_path / "fresh")


def test_a_file_that_changes_nothing_costs_its_shard_alone(crawl: Path, tmp_path: Path) -> None:
    folder, output = tmp_path / "in", tmp_path / "o"
    folder.mkdir()
    for path in crawl.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    run(job_of(folder, output))
    before = {path: path.stat().st_mtime_ns for path in (output / "data").iterdir()}
    touched = folder / "c.warc.gz"
    touched.write_bytes(touched.read_bytes())
    run(job_of(folder, output))
    after = {path: path.stat().st_mtime_ns for path in (output / "data").iterdir()}
    assert [path.name for path in after if after[path] != before[path]] == ["part-000002.jsonl"]
    assert len(list((output / "state/sketches").iterdir())) == 3


def test_parts_learn_together_before_any_row_is_made(
    crawl: Path, learned: Path, tmp_path: Path
) -> None:
    job = job_of(crawl, tmp_path / "o")
    first = run(job, part=(0, 2))
    assert (first.complete, first.waiting, first.done) == (False, 1, 0)
    assert not list((tmp_path / "o/data").iterdir())
    assert run(job, part=(1, 2)).complete
    assert run(job, part=(0, 2)).complete
    assert all_bytes(tmp_path / "o") == all_bytes(learned)


def test_no_site_is_learned_without_all_shards(crawl: Path, learned: Path, tmp_path: Path) -> None:
    reader = archive_reader()

    def fail(shard: Shard, options: InputOptions) -> Iterator[Item]:
        if shard.index == 1:
            raise OSError(5, "Input/output error", shard.files[0])
        yield from reader.read_shard(shard, options)

    job = job_of(crawl, tmp_path / "o")
    summary = run(job, reader=Reader(reader.plan, fail))
    assert (summary.complete, summary.done) == (False, 0)
    assert "Input/output error" in summary.failed[0][1]
    assert not list((tmp_path / "o/state/tmp").iterdir())
    assert not (tmp_path / "o/sites.parquet").exists()
    assert run(job).complete
    assert all_bytes(tmp_path / "o") == all_bytes(learned)


def test_pages_that_do_harm_cost_themselves_alone(
    learned: Path, crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sketching, "MAKE_SKETCHER", "poison_tasks:make_sketcher")
    folder = tmp_path / "in"
    folder.mkdir()
    for path in crawl.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    poisons = ("hang-c", "segfault", "allocate", "raise")
    parts = [
        record(90 + n, http(f"<p>POISON {poison} {NOTE}".encode()), url=address(90 + n))
        for n, poison in enumerate(poisons)
    ]
    (folder / "p.warc.gz").write_bytes(b"".join(gz(parts)))
    job = job_of(folder, tmp_path / "o", limits=Limits(seconds=2))
    assert run(job).complete
    assert (tmp_path / "o/sites.parquet").read_bytes() == (learned / "sites.parquet").read_bytes()
    texts = [[row["text"] for row in rows_of(output)] for output in (learned, tmp_path / "o")]
    assert texts[1][:9] == texts[0]


def test_files_without_templates_are_bad_usage(crawl: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.parquet"
    wrong.write_text("no templates")
    for path in (wrong, tmp_path / "absent.parquet"):
        with pytest.raises(SiteError, match=path.name):
            run(job_of(crawl, tmp_path / "o", sites=str(path)))
    assert not (tmp_path / "o").exists()


def test_templates_are_not_removed_by_the_run_that_is_to_use_them(
    crawl: Path, learned: Path
) -> None:
    path = learned / "sites.parquet"
    before = path.read_bytes()
    with pytest.raises(OptionError, match="removed by --fresh"):
        run(job_of(crawl, learned, sites=str(path)), fresh=True)
    assert path.read_bytes() == before


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["archive", *map(str, arguments)])


def left(text: str, expected: str) -> set[str]:
    return set(text.split("\n")) - set(expected.split("\n"))


def test_no_box_of_the_invented_sites_is_left(tmp_path: Path) -> None:
    pages = {url: (body, text) for name in SITES for url, body, text in site_files(name)}
    parts = [record(n, http(pages[url][0]), url=url) for n, url in enumerate(sorted(pages))]
    crawl = tmp_path / "crawl.warc.gz"
    crawl.write_bytes(b"".join(gz(parts)))
    output = tmp_path / "o"
    result = invoke(crawl, "-o", output, "--sites", "auto", "--format", "jsonl")
    assert result.exit_code == 0, result.output
    assert "learning the sites, pass 1 of 2: 1 shard\n" in result.stderr
    assert "cleaning, pass 2 of 2: 1 shard\n" in result.stderr
    assert "sites.parquet" in result.stdout
    rows = rows_of(output)
    assert len(rows) == 36
    for row in rows:
        expected = pages[row["url"]][1]
        assert not left(row["text"], expected), row["url"]
        assert row["text"] + "\n" == expected, row["url"]
    assert len({row["template_id"] for row in rows}) == 3
    assert json.loads((output / "state/sites.json").read_text())["templates"]
    report = html.fromstring((output / "report.html").read_text("utf-8")).text_content()
    assert "3 sites with a template, learned from 36 pages" in report
    assert "36 pages were cleaned with one" in report
    assert report.count("12 pages seen") == 3
    assert "12 of 12" in report


def test_a_report_without_templates_says_nothing_of_them(crawl: Path, tmp_path: Path) -> None:
    assert invoke(crawl, "-o", tmp_path / "o").exit_code == 0
    assert "Templates" not in (tmp_path / "o/report.html").read_text("utf-8")


def test_templates_that_cannot_be_shown_leave_the_rest_of_the_report(
    crawl: Path, tmp_path: Path
) -> None:
    assert invoke(crawl, "-o", tmp_path / "o").exit_code == 0
    (tmp_path / "o/sites.parquet").write_bytes(b"damaged")
    assert invoke("report", tmp_path / "o").exit_code == 0
    text = (tmp_path / "o/report.html").read_text("utf-8")
    assert "Templates of sites" in text
    assert "Largest hosts" in text


def test_the_sites_of_folders_are_named_by_their_address(tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.html").write_text(story(number), encoding="utf-8")
    (folder / "broken.html").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 80)
    given = ("--base", f"https://{HOST}/story", "--sites", "auto", "--format", "jsonl")
    result = invoke(folder, "-o", tmp_path / "o", *given)
    assert result.exit_code == 1, result.output
    rows = rows_of(tmp_path / "o")
    assert [row["url"] for row in rows] == [f"https://{HOST}/story/{n}.html" for n in range(4)]
    assert not any(NOTE in row["text"] for row in rows)


def test_status_tells_which_pass_it_is_in(crawl: Path, tmp_path: Path) -> None:
    output = tmp_path / "o"
    with pytest.raises(KeyboardInterrupt):
        run(job_of(crawl, output), watcher=Interrupting(6))
    assert "1 of 3 shards read to learn the sites: stopped" in invoke("status", output).stdout
    run(job_of(crawl, output))
    assert "3 of 3 shards committed: complete" in invoke("status", output).stdout
