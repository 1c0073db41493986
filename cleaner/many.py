"""Many pages over several processes, their results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, overload

from cleaner.cores import cores
from cleaner.document import Document
from cleaner.errors import CaptureError, OptionError, ParseError, WorkerError
from cleaner.pipeline import clean
from cleaner.types import Options

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

AHEAD = 4
"""Pages for each process that are under way or wait for one before them."""

T = TypeVar("T")
Body = bytes | str


@overload
def clean_many(
    pages: Iterable[Body | tuple[Body, str | None]],
    *,
    jobs: int | None = None,
    options: Options | None = None,
) -> Iterator[Document | CaptureError | ParseError]: ...


@overload
def clean_many(
    pages: Iterable[Body | tuple[Body, str | None]],
    *,
    take: Callable[[Document], T],
    jobs: int | None = None,
    options: Options | None = None,
) -> Iterator[T | CaptureError | ParseError]: ...


def clean_many(
    pages: Iterable[Body | tuple[Body, str | None]],
    *,
    take: Callable[[Document], Any] | None = None,
    jobs: int | None = None,
    options: Options | None = None,
) -> Iterator[Any]:
    """Clean pages in ``jobs`` processes and yield what became of each, in their order.

    A page is its body, or its body and its address. What is yielded for it is its document, or
    the ``CaptureError`` or ``ParseError`` that says why there is none. ``take`` is run on the
    document where it was made, and its result is yielded instead: ``Document.to_dict``, or a
    function of one's own that is defined in a module. A result has to be pickled to come from
    another process, and what is small comes at less cost.

    ``pages`` is read as results are asked for, ``AHEAD`` pages a process and no more, so it can be
    endless. ``jobs`` is the number of processors unless given; with 1 all is done in the caller's
    own process. Processes are started afresh: a script that calls this guards its main part by
    ``if __name__ == "__main__":``. They end with the iterator.

    Raises ``OptionError``, ``ModelError``, ``WorkerError`` where a process dies, and what
    ``pages`` and ``take`` raise. ``cleaner.archive`` is for pages that may not be lost.
    """
    count = cores() if jobs is None else jobs
    if count < 1:
        raise OptionError(f"jobs is {jobs}: no process would clean the pages")
    task = partial(_clean_one, options or Options(), take)
    return map(task, pages) if count == 1 else _spread(task, pages, count)


def _clean_one(
    options: Options,
    take: Callable[[Document], Any] | None,
    page: Body | tuple[Body, str | None],
) -> Any:
    """Return what is taken of a page's document, or the error that says why there is none."""
    body, url = page if isinstance(page, tuple) else (page, None)
    try:
        document = clean(body, url=url, options=options)
    except (CaptureError, ParseError) as error:
        return error
    # What is found out later is found out here, and not by who waits for it.
    return document.complete() if take is None else take(document)


def _spread(task: Callable[[Any], Any], pages: Iterable[Any], jobs: int) -> Iterator[Any]:
    """Yield the task's results of all pages, in order, from processes of their own."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
    try:
        yield from _in_order(pool, task, pages, jobs * AHEAD)
    except BrokenProcessPool as error:
        raise WorkerError("a process died while it cleaned a page; jobs=1 shows which") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, task: Callable[[Any], Any], pages: Iterable[Any], room: int
) -> Iterator[Any]:
    """Yield results in the order of the pages; at most ``room`` pages are under way."""
    waiting: deque[Future[Any]] = deque()
    for page in pages:
        waiting.append(pool.submit(task, page))
        if len(waiting) >= room:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
