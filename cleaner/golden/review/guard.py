"""The guard before the review: who may ask, from where, and what a page of it may load."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, quote

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "frame-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""What a page of the review may load: its own files, nothing else."""

TOKEN_HEADER = "x-review-token"
"""The header that every request which changes something must carry."""

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

_NO_ENTRY = (
    "Open the review with the address that the terminal shows: it holds the token that lets you in."
)


class Guard:
    """Lets a request through to the review if it comes from the browser that was let in.

    The address that the terminal shows holds a token; who opens it gets a cookie. Pages hold a
    second token that requests which change something must send. The host must be this computer's,
    by the address it was asked at, so that no site can point its own name here.
    """

    def __init__(self, app: App, token: str, port: int) -> None:
        self.app = app
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.token = token
        self.form_token = secrets.token_urlsafe(24)
        self._session = secrets.token_urlsafe(24)
        self._cookie = f"cleaner-review-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "lifespan":  # the server's own, when it starts and ends
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        host = headers.get("host", "")
        if host not in self.hosts:
            await _refuse(send, 421, "This is no address of the review.")
            return
        if self._is_invited(scope):
            await self._let_in(scope, send)
            return
        if not self._is_known(headers):
            await _refuse(send, 403, _NO_ENTRY)
            return
        if scope["method"] not in ("GET", "HEAD") and not self._may_change(headers, host):
            await _refuse(send, 403, "The request lacks the token of the page.")
            return
        scope["form_token"] = self.form_token
        await self.app(scope, receive, _with_headers(send))

    def _is_invited(self, scope: Scope) -> bool:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        return scope["method"] == "GET" and _same(given, self.token)

    async def _let_in(self, scope: Scope, send: Send) -> None:
        """Give the browser its cookie, and take the token out of the address."""
        cookie = f"{self._cookie}={self._session}; Path=/; HttpOnly; SameSite=Strict"
        headers = [
            (b"location", b"/" + quote(scope["path"].lstrip("/")).encode("ascii")),
            (b"set-cookie", cookie.encode("latin-1")),
            *_HEADERS,
        ]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _is_known(self, headers: MutableMapping[str, str]) -> bool:
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return False
        found = cookies.get(self._cookie)
        return found is not None and _same(found.value, self._session)

    def _may_change(self, headers: MutableMapping[str, str], host: str) -> bool:
        origin = headers.get("origin", f"http://{host}")
        return origin == f"http://{host}" and _same(headers.get(TOKEN_HEADER, ""), self.form_token)


def _same(given: str, due: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8"), due.encode("utf-8"))


def _with_headers(send: Send) -> Send:
    """Return what sends a response with the headers that all of them have."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            if not any(name == b"content-security-policy" for name, _ in headers):
                headers.append((b"content-security-policy", PAGE_POLICY.encode("ascii")))
            message = {**message, "headers": [*headers, *_HEADERS]}
        await send(message)

    return sending


async def _refuse(send: Send, status: int, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{reason}\n".encode()})
