from __future__ import annotations

import socket
from pathlib import Path

import pytest
from archive_pages import make_folder, make_job, output_bytes, run
from click.testing import CliRunner, Result

from cleaner.archive import engines
from cleaner.archive.command import ENGINE_NAMES
from cleaner.archive.job import Job
from cleaner.archive.runs import Summary, Watcher
from cleaner.cli import main
from cleaner.errors import OptionError


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["archive", *map(str, arguments)])


def test_the_command_line_offers_every_engine() -> None:
    assert tuple(engines.ENGINES) == ENGINE_NAMES


def test_an_engine_is_given_the_job_and_its_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str | None, bool]] = []

    def run_here(job: Job, master: str | None, fresh: bool, watcher: Watcher | None) -> Summary:
        heard.append((master, fresh))
        return run(make_job(Path(job.inputs[0]), job.output))

    monkeypatch.setitem(engines.ENGINES, "ray", ("json", run_here))
    folder = make_folder(tmp_path / "in", 3)
    result = invoke(folder, "-o", tmp_path / "o", "--engine", "ray", "--master", "here", "--fresh")
    assert result.exit_code == 0, result.output
    assert heard == [("here", True)]
    assert output_bytes(tmp_path / "o")


def test_an_engine_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job(make_folder(tmp_path / "in", 1), tmp_path / "o")
    monkeypatch.setitem(engines.ENGINES, "ray", ("no_such_library", engines.ENGINES["ray"][1]))
    with pytest.raises(OptionError, match=r"--engine ray needs pip install 'cleaner\[ray\]'"):
        engines.run_on_engine("ray", job, None, fresh=False, watcher=None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--master", "here:1"), "--engine spark or ray"),
        (("--engine", "ray", "--shard", "0/2"), "leave --shard"),
        (("--engine", "spark", "--workers", "2"), "leave --workers"),
    ],
)
def test_options_that_no_engine_takes_are_bad_usage(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    folder = make_folder(tmp_path / "in", 1)
    result = invoke(folder, "-o", tmp_path / "o", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_cluster_that_does_not_answer_stops_the_run(tmp_path: Path) -> None:
    pytest.importorskip("ray", exc_type=ImportError)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    folder = make_folder(tmp_path / "in", 1)
    result = invoke(folder, "-o", tmp_path / "o", "--engine", "ray", "--master", address)
    assert result.exit_code == 3
    assert "Ray failed" in result.stderr
    assert "refused" in result.stderr
