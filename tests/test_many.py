"""``clean_many``: many pages in several processes, their results in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count, islice
from operator import attrgetter
from pathlib import Path

import pytest

from cleaner import (
    CaptureError,
    Document,
    EmptyCaptureError,
    OptionError,
    Options,
    WorkerError,
    clean,
    clean_many,
)
from cleaner.errors import ModelError
from cleaner.many import AHEAD


def page(number: int) -> bytes:
    words = (
        f"The well of village {number} was dug in the dry year, and every family gave a day of "
        "work and a basket of stones for it, as the oldest of them still tell."
    )
    return f"<html lang=en><body><h1>Well {number}</h1><p>{words}</p></body></html>".encode()


def die(document: Document) -> str:
    if "village 2 " in document.text:
        os.kill(os.getpid(), signal.SIGKILL)
    return document.text


def refuse(document: Document) -> str:
    raise LookupError("not this one")


@pytest.mark.parametrize("jobs", [1, 2])
def test_documents_come_in_order_and_are_those_of_clean(jobs: int) -> None:
    sources = [page(n) * (1 + 20 * (n % 3 == 0)) for n in range(12)]  # some take longer
    found = list(clean_many(sources, jobs=jobs))
    expected = [clean(source) for source in sources]
    assert found == expected
    assert [doc.to_dict() for doc in found if isinstance(doc, Document)] == [
        doc.to_dict() for doc in expected
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_page_that_is_none_gives_its_error_in_its_place(jobs: int) -> None:
    found = list(clean_many([page(0), b"  ", b"\x89PNG\r\n\x1a\n" + bytes(30), page(3)], jobs=jobs))
    assert isinstance(found[1], EmptyCaptureError)
    assert isinstance(found[2], CaptureError)
    assert str(found[1]) == "the input holds white space alone"
    assert [type(each) for each in (found[0], found[3])] == [Document, Document]


@pytest.mark.parametrize("jobs", [1, 2])
def test_addresses_and_options_reach_the_page(jobs: int) -> None:
    source = page(1).replace(b"</p>", b"</p><a href='/map'>The map of all wells here</a>")
    pages = [(source, "https://wells.example/one"), (source.decode(), None)]
    options = Options(metadata="structured")
    first, second = clean_many(pages, jobs=jobs, options=options)
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first == clean(source, url="https://wells.example/one", options=options)
    assert second.page.base_url is None


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_taken_is_made_where_the_page_was_cleaned(jobs: int) -> None:
    texts = list(clean_many([page(0), b" ", page(2)], jobs=jobs, take=attrgetter("text")))
    assert texts[::2] == [clean(page(0)).text, clean(page(2)).text]
    assert isinstance(texts[1], EmptyCaptureError)


def test_pages_may_be_endless_and_few_are_read_ahead() -> None:
    asked: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in count():
            asked.append(number)
            yield page(number)

    found = clean_many(endless(), jobs=2, take=attrgetter("text"))
    assert not asked  # nothing is done before the first result is asked for
    texts = list(islice(found, 5))
    found.close()  # type: ignore[attr-defined]
    assert [f"village {n} " in text for n, text in enumerate(texts)] == [True] * 5
    assert len(asked) <= 5 + 2 * AHEAD


def test_no_page_gives_no_result() -> None:
    assert list(clean_many([], jobs=2)) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_options_that_hold_for_all_pages_are_raised(jobs: int) -> None:
    with pytest.raises(OptionError, match="focus"):
        next(clean_many([page(0)], jobs=jobs, options=Options(focus="none")))
    with pytest.raises(ModelError):
        next(clean_many([page(0)], jobs=jobs, options=Options(model="no-such-model")))
    with pytest.raises(LookupError, match="not this one"):
        next(clean_many([page(0)], jobs=jobs, take=refuse))


def test_no_process_is_an_error() -> None:
    with pytest.raises(OptionError, match="jobs is 0"):
        clean_many([page(0)], jobs=0)


def test_a_process_that_dies_is_an_error() -> None:
    with pytest.raises(WorkerError):
        list(clean_many([page(n) for n in range(4)], jobs=2, take=die))


def test_it_works_from_a_script_and_leaves_no_process(tmp_path: Path) -> None:
    script = tmp_path / "wells.py"
    script.write_text(
        "from cleaner import clean_many\n"
        "if __name__ == '__main__':\n"
        "    pages = [b'<p>' + b'The wells are deep and the water is cold. ' * 9] * 3\n"
        "    for document in clean_many(pages, jobs=2):\n"
        "        print(len(document.text))\n"
        "    import multiprocessing\n"
        "    print(multiprocessing.active_children())\n",
        encoding="utf-8",
    )
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:4] == ["377", "377", "377", "[]"]
