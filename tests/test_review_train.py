"""Training on golden cases from the review: its process, its answers, its page."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cleaner import Options
from cleaner.golden import find_cases, read_case
from cleaner.golden.review.adaptation import (
    DONE,
    FAILED,
    IDLE,
    RUNNING,
    STOPPED,
    Adaptation,
    AdaptationError,
    Progress,
    cases_to_name,
)
from cleaner.golden.review.app import review_app
from cleaner.golden.review.session import ReviewSession
from cleaner.golden.review.train_page import default_output, train_page, train_state
from tests.review_cases import make_case
from tests.test_review import HOST, PORT, TOKEN, token_of

SECONDS = 60

SLOW = """
import os, sys, tempfile, time
from pathlib import Path
if "deaf" in sys.argv:
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
folder = tempfile.mkdtemp()
place = next(a for a in sys.argv if a.startswith("--output=")).partition("=")[2]
Path(place + ".pid").write_text(f"{os.getpid()} {folder}")
print("reading cases: 4\\nreading cases: 3 of 4\\nof no use", file=sys.stderr, flush=True)
time.sleep(600)
"""


def wait_for(adaptation: Adaptation, state: str) -> Progress:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and adaptation.progress.state == RUNNING:
        time.sleep(0.05)
    assert adaptation.progress.state == state, adaptation.progress
    return adaptation.progress


def python(code: str, *words: str) -> Sequence[str]:
    """Return a command that runs code in the place of the training."""
    return (sys.executable, "-c", code, *words)


def begin_slow(output: Path, *words: str) -> tuple[Adaptation, int, Path]:
    """Start what never ends; return its process, and its folder of temporary files."""
    adaptation = Adaptation(python(SLOW, *words))
    adaptation.start([output.parent], output)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and adaptation.progress.done == 0:
        time.sleep(0.02)
    number, _, folder = output.with_name(f"{output.name}.pid").read_text().partition(" ")
    return adaptation, int(number), Path(folder)


def test_a_model_is_written_and_its_scores_are_told(tmp_path: Path) -> None:
    for number in range(4):
        make_case(tmp_path / "golden", f"case-{number}")
    adaptation, output = Adaptation(), tmp_path / "own"
    adaptation.start([tmp_path / "golden"], output)
    progress = wait_for(adaptation, DONE)
    assert [case["name"] for case in progress.figures["cases"]] == [
        f"case-{number}" for number in range(4)
    ]
    assert progress.figures["output"] == str(output)
    assert read_case(tmp_path / "golden" / "case-0").clean(Options(model=str(output))).text
    adaptation.start([tmp_path / "golden"], output)  # a model may be written over
    wait_for(adaptation, DONE)


def test_too_few_cases_are_told(tmp_path: Path) -> None:
    make_case(tmp_path / "golden", "one")
    adaptation = Adaptation()
    adaptation.start([tmp_path / "golden"], tmp_path / "own")
    error = wait_for(adaptation, FAILED).error
    assert error == "1 golden cases with expected.md are too few: 4 are needed"
    assert not (tmp_path / "own").exists()


def test_a_missing_library_is_told_with_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hiding = tmp_path / "hiding"
    hiding.mkdir()
    (hiding / "sitecustomize.py").write_text("import sys; sys.modules['catboost'] = None\n")
    paths = [str(hiding), *filter(None, sys.path)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    adaptation = Adaptation()
    adaptation.start([tmp_path], tmp_path / "own")
    assert "pip install 'cleaner[train]'" in wait_for(adaptation, FAILED).error


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise SystemExit(3)", "cleaner train ended with exit code 3"),
        ("raise SystemExit('Usage: x\\n\\nError: no such model')", "no such model"),
        ("pass", "cleaner train ended with exit code 0"),
    ],
)
def test_what_goes_wrong_is_told(tmp_path: Path, code: str, said: str) -> None:
    adaptation = Adaptation(python(code))
    adaptation.start([tmp_path], tmp_path / "own")
    assert wait_for(adaptation, FAILED).error == said


def test_one_runs_at_a_time_and_can_be_stopped(tmp_path: Path) -> None:
    adaptation, process, scratch = begin_slow(tmp_path / "own")
    progress = adaptation.progress
    assert (progress.stage, progress.done, progress.total) == ("reading cases", 3, 4)
    with pytest.raises(AdaptationError, match="one at a time"):
        adaptation.start([tmp_path], tmp_path / "other")
    assert scratch.is_dir()
    adaptation.stop()
    assert adaptation.progress.state == STOPPED
    assert not scratch.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    adaptation.stop()
    assert adaptation.progress.state == STOPPED


def test_a_process_that_does_not_listen_is_stopped_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.golden.review.adaptation.GRACE", 0.3)
    adaptation, process, scratch = begin_slow(tmp_path / "own", "deaf")
    adaptation.stop()
    assert not scratch.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    adaptation = Adaptation(python("raise SystemExit(9)"))
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "config.json").write_text("{}", encoding="utf-8")
    for output, said in (
        (tmp_path / "site", "config.json for one"),
        (tmp_path / "site" / "config.json", "is a file"),
    ):
        with pytest.raises(AdaptationError, match=said):
            adaptation.start([tmp_path], output)
    with pytest.raises(AdaptationError, match="no cases"):
        adaptation.start([], tmp_path / "own")
    assert adaptation.progress.state == IDLE


def test_the_cases_are_named_by_their_folder_if_it_holds_no_others(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_case(tmp_path, name)
    assert cases_to_name(find_cases(tmp_path), tmp_path) == [tmp_path]
    assert cases_to_name([tmp_path / "a"], tmp_path) == [tmp_path / "a"]


def figures_of(session: ReviewSession, *pairs: tuple[float, float]) -> Progress:
    cases = [
        {"name": folder.name, "folder": str(folder), "before": before, "after": after}
        for folder, (before, after) in zip(session.folders, pairs, strict=True)
    ]
    mean = {
        name: sum(case[name] for case in cases) / len(cases)  # type: ignore[misc]
        for name in ("before", "after")
    }
    return Progress(DONE, figures={"output": "/own model", "mean": mean, "cases": cases})


def test_the_table_marks_changes_by_sign_and_word(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        make_case(tmp_path, name)
    session = ReviewSession(find_cases(tmp_path), tmp_path)
    told = train_state(session, figures_of(session, (0.9, 0.95), (0.9, 0.9), (0.9, 0.8)))
    body = told["html"].partition("<tbody>")[2]
    assert [row.partition("</a>")[0][-1] for row in body.split("<tr")[1:4]] == ["c", "a", "b"]
    for said in ("<td>-0.100 worse", "<td>+0.050 better", "<td>= same", '<a href="/case/2">c</a>'):
        assert said in body, said
    assert "<td>0.900</td><td>0.883</td><td>-0.017 worse" in body.partition("<tfoot>")[2]
    assert "0.900 before, 0.883 after (-0.017 worse). They got worse" in told["says"]
    assert "cleaner --model &#x27;/own model&#x27; page.html" in told["html"]
    assert "Options(model=&#x27;/own model&#x27;)" in told["html"]
    better = train_state(session, figures_of(session, (0.9, 0.95), (0.9, 0.9), (0.9, 0.9)))
    assert "got worse" not in better["says"]
    json.dumps(told)


def test_the_page_names_the_command(tmp_path: Path) -> None:
    home = tmp_path / "golden"
    for name in ("a", "b", "c", "d", "e"):
        make_case(home, name)
    session = ReviewSession(find_cases(home), home)
    assert default_output(session) == tmp_path / "golden-model"
    page = train_page(session, "token")
    assert f"cleaner train --fixtures {home} --output {home}-model" in page
    assert f"{home}/c ... --output" in train_page(ReviewSession(session.folders[:4], home), "token")


def test_training_over_the_wire(tmp_path: Path) -> None:
    make_case(tmp_path / "golden", "one")
    session = ReviewSession(find_cases(tmp_path / "golden"), tmp_path / "golden")
    adaptation = Adaptation(python(SLOW))
    app = review_app(session, TOKEN, PORT, adaptation)
    with TestClient(app, base_url=HOST) as client:
        assert client.get("/train").status_code == 403
        client.get(f"/?token={TOKEN}")
        assert 'href="/train"' in client.get("/").text
        assert "your cases (1 in all)" in client.get("/train").text
        wanted = {"output": str(tmp_path / "own")}
        for path in ("/train/start", "/train/stop"):
            assert client.post(path, json=wanted).status_code == 403
            assert client.get(path).status_code == 405
        token = token_of(client)
        wrongs: list[object] = [{}, {"output": " "}, {"output": 3}, {"output": "a\0b"}, []]
        for wrong in wrongs:
            assert client.post("/train/start", json=wrong, headers=token).status_code == 400
        assert client.get("/train/state").json()["state"] == IDLE
        started = client.post("/train/start", json=wanted, headers=token)
        assert started.json()["state"] == RUNNING
        again = client.post("/train/start", json=wanted, headers=token)
        assert (again.status_code, "one at a time" in again.text) == (409, True)
        stopped = client.post("/train/stop", json={}, headers=token).json()
        assert (stopped["state"], "Stopped" in stopped["says"]) == (STOPPED, True)
        client.post("/train/start", json=wanted, headers=token)
    assert adaptation.progress.state == STOPPED  # the server ended, and the process with it
