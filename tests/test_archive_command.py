from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from archive_pages import make_folder, output_bytes, rows_of
from click.testing import CliRunner, Result

from cleaner.cli import main


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["archive", *map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("in"), 6)


@pytest.fixture(scope="module")
def done(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    output = tmp_path_factory.mktemp("out") / "o"
    return output, invoke(folder, "--output", output)


def test_a_folder_becomes_parquet(done: tuple[Path, Result]) -> None:
    output, result = done
    assert result.exit_code == 0, result.output
    table = pq.read_table(output / "data")
    assert table.num_rows == 6
    assert table["title"].to_pylist()[0] == "The harbour of parish 0"
    assert all("Ten more places" not in text for text in table["text"].to_pylist())
    assert "read" in result.stdout
    assert "report.html" in result.stdout
    assert "1 shard\n" in result.stderr
    report = (output / "report.html").read_text(encoding="utf-8")
    assert re.search(r"The \w+ of parish [0-5]", report)


def test_status_tells_how_far_it_is(done: tuple[Path, Result]) -> None:
    result = invoke("status", done[0])
    assert result.exit_code == 0
    assert "1 of 1 shards committed: complete" in result.stdout


def test_the_report_can_be_made_anew(done: tuple[Path, Result]) -> None:
    path = done[0] / "report.html"
    before = path.read_bytes()
    path.unlink()
    assert invoke("report", done[0]).exit_code == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize("command", ["status", "report"])
def test_other_folders_are_no_output(command: str, tmp_path: Path) -> None:
    result = invoke(command, tmp_path)
    assert result.exit_code == 2
    assert "is no output" in result.stderr


def test_quarantined_pages_are_told_by_the_exit_code(folder: Path, tmp_path: Path) -> None:
    pages = make_folder(tmp_path / "in", 2)
    (pages / "p9.html").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 80)
    result = invoke(pages, "-o", tmp_path / "o", "--format", "jsonl", "--raw")
    assert result.exit_code == 1, result.output
    lost = rows_of(tmp_path / "o", "quarantine")
    assert [row["reason"] for row in lost] == ["media-type"]
    assert lost[0]["raw"].startswith("iVBORw0KGgo")
    assert "media-type" in result.stdout


def test_options_reach_the_rows(folder: Path, tmp_path: Path) -> None:
    arguments = ("--format", "jsonl.zst", "--with", "blocks", "--with", "markdown", "--quiet")
    result = invoke(folder, "-o", tmp_path / "o", *arguments, "--exclude", "*2.html")
    assert (result.exit_code, result.output) == (0, "")
    import zstandard

    data = (tmp_path / "o/data/part-000000.jsonl.zst").read_bytes()
    text = zstandard.ZstdDecompressor().decompressobj().decompress(data)
    rows = [json.loads(line) for line in text.splitlines()]
    assert len(rows) == 5
    assert rows[0]["markdown"].strip() == rows[0]["text"]
    assert {block["label"] for block in rows[0]["blocks"]} > {"content"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Missing argument"),
        (("in",), "Missing option '--output'"),
        (("nowhere", "-o", "o"), "nowhere"),
        (("in", "-o", "o", "--format", "csv"), "csv"),
        (("in", "-o", "o", "--shard", "4/4"), "I from 0 to N-1"),
        (("in", "-o", "o", "--shard", "0/4", "--fresh"), "--fresh"),
        (("in", "-o", "o", "--column", "url"), "ROLE=NAME"),
        (("in", "-o", "o", "--column", "color=x"), "color"),
        (("in", "-o", "o", "--model", "nosuch"), "nosuch"),
        (("in", "-o", "o", "--timeout", "0"), "timeout"),
    ],
)
def test_bad_usage_has_its_exit_code(
    arguments: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make_folder(tmp_path / "in", 1)
    result = invoke(*arguments)
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert not list(tmp_path.glob("o/data/*"))


def test_an_output_of_another_run_is_bad_usage(done: tuple[Path, Result], folder: Path) -> None:
    before = output_bytes(done[0])
    result = invoke(folder, "-o", done[0], "--focus", "recall")
    assert result.exit_code == 2
    assert "options.focus: 'balanced', now 'recall'" in result.stderr
    assert output_bytes(done[0]) == before


def test_an_output_that_cannot_be_made_stops_the_run(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = invoke(folder, "-o", tmp_path / "file" / "o")
    assert result.exit_code == 3
    assert "Not a directory" in result.stderr


def test_a_fault_of_ours_does_not_look_like_a_complete_run(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(output: Path) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("cleaner.archive.report.write_report", fail)
    result = invoke(folder, "-o", tmp_path / "o")
    assert result.exit_code == 3
    assert "Traceback" in result.stderr
    assert "stopped by ZeroDivisionError" in result.stderr


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "cleaner", "archive", *map(str, arguments)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_cleanly_and_the_same_command_goes_on(
    number: signal.Signals, tmp_path: Path
) -> None:
    pages = make_folder(tmp_path / "in", 12)
    (pages / "p0005.html").write_text("<div>" * 200 + "<p>x</p>" * 400_000)
    run = command(pages, "-o", tmp_path / "o", "--format", "jsonl")
    with subprocess.Popen(run, stderr=subprocess.PIPE, text=True) as process:
        while not list((tmp_path / "o").glob("state/tmp/part*data*")):
            assert process.poll() is None
            time.sleep(0.02)
        assert "0 of 1 shards committed: under way" in invoke("status", tmp_path / "o").stdout
        process.send_signal(number)
        _, said = process.communicate()
    assert process.returncode == 3
    assert "stopped; run the same command again to go on" in said
    assert not list((tmp_path / "o/state/tmp").iterdir())
    assert output_bytes(tmp_path / "o") == {}
    assert "0 of 1 shards committed: stopped" in invoke("status", tmp_path / "o").stdout
    (pages / "p0005.html").write_text("<p>short</p>")
    assert subprocess.run(run, capture_output=True, check=False).returncode == 0


def test_a_broken_pipe_stops_the_run_or_costs_the_table_alone(folder: Path, tmp_path: Path) -> None:
    for stream, code in (("stderr", 3), ("stdout", 0)):
        reader, writer = os.pipe()
        os.close(reader)
        out = tmp_path / stream
        streams = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE, stream: writer}
        with subprocess.Popen(command(folder, "-o", out), **streams) as process:  # type: ignore[call-overload]
            os.close(writer)
            process.communicate()
        assert process.returncode == code, stream
    assert len(output_bytes(tmp_path / "stdout")) == 1


@pytest.mark.parametrize(("stream", "code"), [("1", 0), ("2", 0)])
def test_a_closed_stream_is_no_fault(stream: str, code: int, folder: Path, tmp_path: Path) -> None:
    words = shlex.join(command(folder, "-o", tmp_path / "o"))
    done = subprocess.run(f"{words} {stream}>&-", shell=True, capture_output=True, check=False)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert len(output_bytes(tmp_path / "o")) == 1


def test_a_table_that_finds_no_room_is_no_failure_of_the_run(folder: Path, tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        run = command(folder, "-o", tmp_path / "o")
        done = subprocess.run(run, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 0, done.stderr


def test_an_output_in_its_own_input_is_bad_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = make_folder(tmp_path / "in", 2)
    monkeypatch.chdir(pages)
    for given in (pages, "."):
        result = invoke(given, "-o", "out/o")
        assert result.exit_code == 2, result.output
        assert "lies in the input" in result.stderr
    assert not (pages / "out").exists()
    (tmp_path / "list").write_text(f"{pages}\n")
    assert invoke("@../list", "-o", "out").exit_code == 0
    again = invoke("@../list", "-o", "out")
    assert again.exit_code == 2
    assert "lies in the output" in again.stderr


def test_an_input_without_a_page_is_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.css").write_text("p { color: red }")
    result = invoke(tmp_path / "in", "-o", tmp_path / "o", "--quiet")
    assert result.exit_code == 0
    assert "no page was found in the input" in result.stderr


def test_slurm_parts_share_an_output(folder: Path, tmp_path: Path) -> None:
    make_folder(tmp_path / "more", 3)
    inputs = (folder, tmp_path / "more")
    for part in ("0/2", "1/2"):
        result = invoke(*inputs, "-o", tmp_path / "o", "--format", "jsonl", "--shard", part)
        assert result.exit_code == 0, result.output
        assert (tmp_path / "o/report.html").exists() == (part == "1/2")
    assert "complete" in invoke("status", tmp_path / "o").stdout
    assert len(rows_of(tmp_path / "o")) == 9


def test_help_explains_itself() -> None:
    result = invoke("--help")
    assert result.exit_code == 0
    for word in ("WARC", "--shard", "Exit codes", "status OUT", "--timeout"):
        assert word in result.stdout
    assert "archive" in CliRunner().invoke(main, ["--help"]).stdout
