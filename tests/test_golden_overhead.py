"""What checking a case costs beside cleaning its page, in counted calls: no clock is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from golden_builders import PAGE, SECOND, add

from cleaner import Document
from cleaner.golden import check_case, find_cases, pending, read_case
from cleaner.golden.parts import parts_of

CASES = 20


class Calls:
    """A count of calls, of Python's and of C's functions alike."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        self.count += event in ("call", "c_call")


@contextmanager
def counted() -> Iterator[Calls]:
    calls, before = Calls(), sys.getprofile()
    sys.setprofile(calls)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def calls_of(work: Callable[[], Any]) -> int:
    """Return the calls of a piece of work that has been done before: nothing is read anew."""
    work()
    with counted() as calls:
        work()
    return calls.count


def check_all(folders: list[Path], document: Document) -> bool:
    return all(check_case(read_case(f), lambda body, url: document).passed for f in folders)


def test_a_check_costs_a_fraction_of_the_cleaning(tmp_path: Path) -> None:
    page = PAGE.replace(f"<p>{SECOND}</p>", "".join(f"<p>{n} {SECOND}</p>" for n in range(60)))
    case = add(tmp_path, page=page)
    document = case.clean()
    cleaning = calls_of(lambda: case.clean().metadata)
    rendering = calls_of(lambda: document.markdown)
    check = calls_of(lambda: check_all([case.folder], document)) - rendering
    collection = calls_of(lambda: parts_of(read_case(case.folder)))
    assert check + collection < cleaning / 4


def test_many_cases_cost_as_much_each_as_one(tmp_path: Path) -> None:
    case = add(tmp_path / "one")
    for number in range(CASES):
        add(tmp_path / "many", f"case-{number}")
    document = case.clean()
    one = calls_of(lambda: check_all(find_cases(tmp_path / "one"), document))
    many = calls_of(lambda: check_all(find_cases(tmp_path / "many"), document))
    assert many < CASES * one * 1.05
    one = calls_of(lambda: pending(tmp_path / "one"))
    many = calls_of(lambda: pending(tmp_path / "many"))
    assert many < CASES * one * 1.05


def test_reasons_are_found_where_something_differs_alone(tmp_path: Path) -> None:
    case = add(tmp_path)
    with counted() as calls:
        assert check_case(case).passed
    same = calls.count
    (case.folder / "expected.md").write_text("x")
    with counted() as calls:
        assert not check_case(case).passed
    assert calls.count > same
