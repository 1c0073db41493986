"""The page of the review that adapts the model to the cases, as HTML."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from cleaner.golden.assets import asset
from cleaner.golden.review.adaptation import (
    DONE,
    FAILED,
    RUNNING,
    STOPPED,
    Progress,
    cases_to_name,
)
from cleaner.golden.review.session import ReviewSession

MOST_SPELLED_OUT = 3
"""Folders that the command for the terminal names; more are an ellipsis."""

WORSE = "worse"


def default_output(session: ReviewSession) -> Path:
    """Return the folder that an adapted model is written to: beside the cases."""
    return session.home.with_name(f"{session.home.name}-model")


def train_page(session: ReviewSession, form_token: str) -> str:
    """Return the page that starts an adaptation; how far that is comes later."""
    output = default_output(session)
    folders = [str(folder) for folder in cases_to_name(session.folders, session.home)]
    command = shlex.join(["cleaner", "train", *_named(folders), "--output", str(output)])
    return Template(asset("review_train.html")).substitute(
        token=escape(form_token),
        count=len(session.folders),
        output=escape(str(output)),
        command=escape(command),
    )


def _named(folders: list[str]) -> list[str]:
    named = [word for name in folders[:MOST_SPELLED_OUT] for word in ("--fixtures", name)]
    return [*named, "..."] if len(folders) > MOST_SPELLED_OUT else named


def train_state(session: ReviewSession, progress: Progress) -> dict[str, Any]:
    """Return how far the adaptation is, ready for JSON; ``html`` is what it gave."""
    return {
        "state": progress.state,
        "stage": progress.stage,
        "done": progress.done,
        "total": progress.total,
        "says": _says(progress),
        "html": _result(session, progress.figures) if progress.state == DONE else "",
    }


def _says(progress: Progress) -> str:
    """Return how things stand in a sentence or two."""
    if progress.state == RUNNING:
        return f"At work: {progress.stage}."  # no numbers: a screen reader tells each change
    if progress.state == FAILED:
        return f"No model was written: {progress.error}"
    if progress.state == STOPPED:
        return "Stopped. No model was written."
    if progress.state != DONE:
        return ""
    means = progress.figures["mean"]
    change = _change(means["before"], means["after"])
    said = f"Done. Mean word F1 of cases held out: {means['before']:.3f} before, "
    said += f"{means['after']:.3f} after ({change})."
    if change.endswith(WORSE):
        said += " They got worse: correct and accept more cases before you use this model."
    return said


def _change(before: float, after: float) -> str:
    """Return a change of score with its sign, and in a word, as far as three digits show it."""
    change = round(after, 3) - round(before, 3)
    if abs(change) < 0.0005:
        return "= same"
    return f"+{change:.3f} better" if change > 0 else f"{change:.3f} {WORSE}"


def _result(session: ReviewSession, figures: Mapping[str, Any]) -> str:
    """Return the table of the cases, the largest change first, and how to use the model."""
    numbers = {str(folder): number for number, folder in enumerate(session.folders)}
    cases = sorted(figures["cases"], key=lambda each: -abs(each["after"] - each["before"]))
    rows = "".join(_row(_case_link(session, each, numbers), each) for each in cases)
    means = figures["mean"]
    mean = _row(f"Mean of {len(cases)} cases", means)
    output = str(figures["output"])
    return Template(asset("review_train_result.html")).substitute(
        rows=rows,
        mean=mean,
        output=escape(output),
        shell=escape(shlex.join(["cleaner", "--model", output]) + " page.html"),
        python=escape(f"clean(page, options=Options(model={output!r}))"),
    )


def _case_link(session: ReviewSession, case: Mapping[str, Any], numbers: Mapping[str, int]) -> str:
    number = numbers.get(str(case["folder"]))
    if number is None:
        return escape(str(case["name"]))
    return f'<a href="/case/{number}">{escape(session.name(number))}</a>'


def _row(head: str, scores: Mapping[str, Any]) -> str:
    before, after = float(scores["before"]), float(scores["after"])
    change = _change(before, after)
    kind = change.rpartition(" ")[2]
    return (
        f'<tr class="{kind}"><th scope="row">{head}</th><td>{before:.3f}</td>'
        f"<td>{after:.3f}</td><td>{change}</td></tr>"
    )
