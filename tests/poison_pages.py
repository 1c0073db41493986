"""Pages made to stall, crash or exhaust an extractor, in three sizes each; all invented."""

from __future__ import annotations

import random
from collections.abc import Callable

from archive_pages import PLACES

ARTICLE = "".join(
    f"<p>The {place} was closed for the winter of 1911, and the keys were left with the baker, who "
    "forgot where he had put them until the thaw.</p>"
    for place in PLACES
)


def _page(body: str, head: str = "") -> bytes:
    return f"<html><head><title>Poison</title>{head}</head><body>{body}</body></html>".encode()


def _nested(size: int) -> bytes:
    return _page("<div>" * size + ARTICLE + "</div>" * size)


def _misnested(size: int) -> bytes:
    opening = "".join(f"<b {number}><i {number}>" for number in range(size))
    return _page(f"{opening}x</b>{ARTICLE}")


def _attributes(size: int) -> bytes:
    names = " ".join(f"a{number}=1" for number in range(size))
    return _page(f"<p {names}>many attributes</p>{ARTICLE}")


def _long_text(size: int) -> bytes:
    return _page(f"<script>var x='{'y' * size * 100}'</script>{ARTICLE}")


def _long_word(size: int) -> bytes:
    return _page(f"<p>{'w' * size * 100}</p>{ARTICLE}")


def _data_uri(size: int) -> bytes:
    return _page(f'<img src="data:image/png;base64,{"A" * size * 100}">{ARTICLE}')


def _table(size: int) -> bytes:
    rows = "".join(f"<tr><td>{n}<td>lot {n}<td>sold</tr>" for n in range(size))
    return _page(f"<table>{rows}</table>{ARTICLE}")


def _nested_tables(size: int) -> bytes:
    return _page("<table><tr><td>" * size + ARTICLE)


def _paragraphs(size: int) -> bytes:
    return _page("".join(f"<p>Entry {n} of the ledger of lost hats." for n in range(size)))


def _breaks(size: int) -> bytes:
    return _page("a<br>" * size + ARTICLE)


def _links(size: int) -> bytes:
    return _page("".join(f'<a href="/p/{n}">page {n}</a> ' for n in range(size)) + ARTICLE)


def _lists(size: int) -> bytes:
    return _page("<ul><li>" * size + ARTICLE)


def _colspan(size: int) -> bytes:
    return _page(f'<table><tr><td colspan="{9 * 10 ** min(size, 300)}">wide</table>{ARTICLE}')


def _angles(size: int) -> bytes:
    return _page("<" * size + ARTICLE)


def _entities(size: int) -> bytes:
    return _page("&amp;#0;&#0;&nbsp;&#xD800;&bogus;" * size + ARTICLE)


def _controls(size: int) -> bytes:
    return _page("a\1\2\x0b" * size + ARTICLE).replace(b"\2", b"\0")


def _noise(size: int) -> bytes:
    chance = random.Random(size)
    return _page("") + bytes(chance.randrange(32, 256) for _ in range(size * 10))


def _unclosed_script(size: int) -> bytes:
    return _page(ARTICLE + "<script>" + "var a = '<p>';\n" * size)


def _unclosed_comment(size: int) -> bytes:
    return _page(ARTICLE + "<!--" + "-- <p> " * size)


def _entity_bomb(size: int) -> bytes:
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(min(size, 20)))
    head = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e0 "lol">{levels}]>'
    return f"{head}<html><body><p>&e{min(size, 20)};</p>{ARTICLE}</body></html>".encode()


def _json_ld(size: int) -> bytes:
    return _page(ARTICLE, f'<script type="application/ld+json">{"[" * size}{"]" * size}</script>')


def _markdown_marks(size: int) -> bytes:
    return b"# A capture\n\n" + b"*_[`" * size + b"\n\n> " * size + b"text that goes on\n"


def _quotes(size: int) -> bytes:
    return b"# A capture\n\n" + b">" * size + b" deep\n\n" + b"- " * size + b"deep\n"


KINDS: dict[str, Callable[[int], bytes]] = {
    name.removeprefix("_"): make
    for name, make in list(globals().items())
    if name.startswith("_")
    and getattr(make, "__annotations__", {}).get("return") == "bytes"
    and name != "_page"
}
SIZES = (100, 4_000, 60_000)
"""Of three pages of each kind; what is repeated differs from kind to kind."""
