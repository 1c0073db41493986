"""How far a command is goes to stderr: bars on a terminal, lines elsewhere, or nothing."""

from __future__ import annotations

import io
import sys

import pytest

from cleaner.evaluate.progress import progress, unheard


class Terminal(io.StringIO):
    """What says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def run_stages(*, lines: bool) -> None:
    with progress(lines=lines) as begin:
        for stage in ("reading", "growing [red]"):
            advance = begin(stage, 12)
            advance(5)
            advance(7)


def listen(patch: pytest.MonkeyPatch, stream: io.StringIO) -> io.StringIO:
    """Put a stream in the place of stderr; the environment has no say in what it is."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        patch.delenv(name, raising=False)
    patch.setenv("TERM", "xterm")
    patch.setenv("COLUMNS", "100")
    patch.setattr(sys, "stderr", stream)
    return stream


@pytest.mark.parametrize("lines", [True, False])
def test_a_terminal_sees_bars(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lines: bool
) -> None:
    terminal = listen(monkeypatch, Terminal())
    run_stages(lines=lines)
    shown = terminal.getvalue()
    assert "growing [red]" in shown
    assert "12/12" in shown
    assert "reading: 12" not in shown
    assert capsys.readouterr().out == ""


def test_others_see_lines_where_they_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = listen(monkeypatch, io.StringIO())
    run_stages(lines=False)
    assert pipe.getvalue() == ""
    run_stages(lines=True)
    assert pipe.getvalue().splitlines() == [
        "reading: 12",
        "reading: 5 of 12",
        "reading: 12 of 12",
        "growing [red]: 12",
        "growing [red]: 5 of 12",
        "growing [red]: 12 of 12",
    ]


def test_a_long_stage_is_ten_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = listen(monkeypatch, io.StringIO())
    with progress(lines=True) as begin:
        advance = begin("reading", 1_000)
        for _ in range(1_000):
            advance(1)
        begin("nothing", 0)(0)
    lines = pipe.getvalue().splitlines()
    assert lines[1:11] == [f"reading: {n}00 of 1000" for n in range(1, 11)]
    assert lines[11:] == ["nothing: 0"]


def test_nobody_need_listen() -> None:
    unheard("reading", 3)(2)
