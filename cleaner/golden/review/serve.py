"""The review's server: on this computer alone, for as long as the command runs."""

from __future__ import annotations

import secrets
import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from cleaner.golden.review.app import review_app
from cleaner.golden.review.session import ReviewSession

HOST = "127.0.0.1"


def serve_review(
    session: ReviewSession, *, port: int = 0, opens: bool = True, tell: Callable[[str], None]
) -> None:
    """Serve a review until it is interrupted.

    ``port`` 0 takes any that is free. ``tell`` gets the address, which holds the token that lets
    a browser in; ``opens`` opens the browser there. Raises ``OSError`` if the port is taken.
    """
    token = secrets.token_urlsafe(24)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()  # a browser that is quicker than the server waits
        port = listening.getsockname()[1]
        config = uvicorn.Config(
            review_app(session, token, port),
            log_level="warning",
            access_log=False,
            lifespan="on",
            server_header=False,
        )
        address = f"http://{HOST}:{port}/?token={token}"
        tell(address)
        if opens:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
