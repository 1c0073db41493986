"""The review as an ASGI application: what is asked, and what is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from cleaner.errors import CleanerError
from cleaner.golden.add import Saved, add_page, read_source
from cleaner.golden.assets import asset
from cleaner.golden.label_styles import page_styles
from cleaner.golden.review import pages, train_page
from cleaner.golden.review.adaptation import Adaptation, cases_to_name
from cleaner.golden.review.guard import Guard
from cleaner.golden.review.session import ReviewSession

MAX_UPLOAD = 64 * 1024 * 1024
"""Bytes of a file that may become a case."""

_FILES = {
    "base.css": "text/css",
    "view.css": "text/css",
    "cases.css": "text/css",
    "review.css": "text/css",
    "train.css": "text/css",
    "view.js": "text/javascript",
    "review.js": "text/javascript",
    "review_list.js": "text/javascript",
    "review_train.js": "text/javascript",
}


def review_app(
    session: ReviewSession, token: str, port: int, adaptation: Adaptation | None = None
) -> Guard:
    """Return the application that reviews a session's cases on a port of this computer.

    ``token`` lets a browser in: it is part of the address that opens the review. ``adaptation``
    trains on the cases; a process of it ends with the server.
    """
    app = Starlette(
        routes=[
            Route("/", _list),
            Route("/case/{number:int}", _case),
            Route("/page/{number:int}", _page),
            Route("/next/{number:int}", _next),
            Route("/told", _told),
            Route("/static/{name}", _static),
            Route("/case/{number:int}/label", _label, methods=["POST"]),
            Route("/case/{number:int}/{action}", _settle, methods=["POST"]),
            Route("/add", _add, methods=["POST"]),
            Route("/train", _train),
            Route("/train/state", _train_state),
            Route("/train/start", _train_start, methods=["POST"]),
            Route("/train/stop", _train_stop, methods=["POST"]),
        ],
        lifespan=_life,
        exception_handlers={CleanerError: _tell, OSError: _tell},
    )
    app.state.session = session
    app.state.adaptation = adaptation or Adaptation()
    return Guard(app, token, port)


@asynccontextmanager
async def _life(app: Starlette) -> AsyncIterator[None]:
    """Leave no process behind when the server ends."""
    yield
    await run_in_threadpool(app.state.adaptation.stop)


async def _tell(request: Request, error: Exception) -> Response:
    """Answer with what went wrong, as text."""
    return Response(f"{error}\n", status_code=409, media_type="text/plain")


def _session(request: Request) -> ReviewSession:
    session: ReviewSession = request.app.state.session
    return session


def _adaptation(request: Request) -> Adaptation:
    adaptation: Adaptation = request.app.state.adaptation
    return adaptation


def _number(request: Request) -> int:
    number = int(request.path_params["number"])
    if number >= len(_session(request).folders):
        raise HTTPException(404, "There is no such case.")
    return number


def _list(request: Request) -> Response:
    return HTMLResponse(pages.list_page(_session(request), request.scope["form_token"]))


def _case(request: Request) -> Response:
    token = request.scope["form_token"]
    return HTMLResponse(pages.case_page(_session(request), _number(request), token))


def _page(request: Request) -> Response:
    framed = pages.frame_page(_session(request).proposal(_number(request)))
    return HTMLResponse(framed, headers=pages.FRAME_HEADERS)


def _next(request: Request) -> Response:
    """Go to the next case that wants review, or back to the list."""
    number = _session(request).next_number(_number(request))
    return RedirectResponse("/#done" if number is None else f"/case/{number}", status_code=303)


def _told(request: Request) -> Response:
    """Answer with the rows of the cases of which something was found since.

    A list that was just opened asks to ``begin``: it is shown before the checks take their time.
    """
    session = _session(request)
    try:
        since = max(int(request.query_params.get("since", "0")), 0)
    except ValueError:
        raise HTTPException(400, "since must be a number") from None
    if "begin" in request.query_params:
        session.check_in_background()
    busy = session.is_checking
    until, numbers = session.told(since)
    rows = {str(number): pages.list_row(session, number) for number in numbers}
    return JSONResponse({"until": until, "rows": rows, "busy": busy})


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name == "labels.css":
        return Response(page_styles(), media_type="text/css")
    if name not in _FILES:
        raise HTTPException(404)
    return Response(asset(name), media_type=_FILES[name])


async def _label(request: Request) -> Response:
    """Give a block another label."""
    given = await _values(request)
    block, label = given.get("block"), given.get("label")
    if isinstance(block, bool) or not isinstance(block, int) or not isinstance(label, str):
        raise HTTPException(400, "block must be a number, label a name")
    return await run_in_threadpool(_relabel, _session(request), _number(request), block, label)


def _relabel(session: ReviewSession, number: int, block: int, label: str) -> Response:
    proposal = session.relabel(number, block, label)
    state = pages.block_state(proposal, block)
    return JSONResponse({"block": state, **pages.case_parts(session, number, proposal)})


def _settle(request: Request) -> Response:
    """Accept, reject or skip a case, or note what fails as known."""
    session, number = _session(request), _number(request)
    action = request.path_params["action"]
    still: tuple[str, ...] = ()
    changed: list[Path] = []
    if action == "accept":
        changed, still = session.accept(number)
    elif action == "reject":
        changed = session.reject(number)
    elif action == "skip":
        session.skip(number)
    elif action == "expect-failures":
        changed = [session.expect_failures(number)]
    else:
        raise HTTPException(404)
    names = sorted({path.name for path in changed})
    return JSONResponse({"changed": names, "still": list(still)})


async def _add(request: Request) -> Response:
    """Make a case of a file: one that the browser sends, or one that is named."""
    query = request.query_params
    wanted = {name: query.get(name) or None for name in ("source", "name", "url")}
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_UPLOAD:
            raise HTTPException(413, f"a file may have at most {MAX_UPLOAD} bytes")
    if not body and not wanted["source"]:
        raise HTTPException(400, "name a file, or choose one")
    return await run_in_threadpool(_add_case, _session(request), bytes(body), wanted)


def _add_case(session: ReviewSession, body: bytes, wanted: Mapping[str, str | None]) -> Response:
    name, url, home = wanted["name"], wanted["url"], session.home
    saved = Saved(body, url) if body else read_source(wanted["source"] or "", url=url)
    case = add_page(saved, home, name, is_pending=True)
    return JSONResponse({"number": session.add(case), "name": case.name})


def _train(request: Request) -> Response:
    return HTMLResponse(train_page.train_page(_session(request), request.scope["form_token"]))


def _train_state(request: Request) -> Response:
    progress = _adaptation(request).progress
    return JSONResponse(train_page.train_state(_session(request), progress))


async def _train_start(request: Request) -> Response:
    """Adapt the model to the cases, and write it where it is asked for."""
    output = (await _values(request)).get("output")
    if not isinstance(output, str) or not output.strip() or "\0" in output:
        raise HTTPException(400, "name a folder to write the model to")
    return await run_in_threadpool(_start, request, Path(output.strip()).expanduser().absolute())


def _start(request: Request, output: Path) -> Response:
    session = _session(request)
    _adaptation(request).start(cases_to_name(session.folders, session.home), output)
    return _train_state(request)


def _train_stop(request: Request) -> Response:
    _adaptation(request).stop()
    return _train_state(request)


async def _values(request: Request) -> dict[str, Any]:
    try:
        values = await request.json()
    except ValueError:
        raise HTTPException(400, "the request must hold JSON") from None
    if not isinstance(values, dict):
        raise HTTPException(400, "the request must hold one JSON object")
    return values
