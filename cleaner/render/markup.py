"""Elements and text that HTML and XML read alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from cleaner.render.inline import Break, End, Run, Start, Token
from cleaner.render.structure import printable
from cleaner.types import SpanKind


@dataclass(frozen=True, slots=True)
class InlineElements:
    """What one vocabulary calls the inline elements; values are start tags."""

    code: str
    emphasis: str
    strong: str
    line_break: str
    link: str
    """Name of the element alone."""
    address: str
    """The attribute of a link with its address."""


def text_markup(text: str) -> str:
    """Return text with references for ``&``, ``<``, ``>`` and quotes."""
    return escape(printable(text))


def start_tag(name: str, attributes: Mapping[str, str]) -> str:
    """Return a start tag; values are plain text."""
    pairs = (f' {key}="{text_markup(value)}"' for key, value in attributes.items())
    return f"<{name}{''.join(pairs)}>"


def end_tag(start: str) -> str:
    """Return the end tag that belongs to a start tag."""
    return f"</{start[1:-1].split(' ', 1)[0]}>"


def element(name: str, content: str, attributes: Mapping[str, str] | None = None) -> str:
    """Return an element around content that is markup already."""
    return f"{start_tag(name, attributes or {})}{content}</{name}>"


def phrase(tokens: Iterable[Token], elements: InlineElements) -> str:
    """Return the inline content of a block; images are those of HTML.

    A line end follows each line break, so that the text alone keeps its words apart.
    """
    starts = {SpanKind.EMPHASIS: elements.emphasis, SpanKind.STRONG: elements.strong}
    pieces: list[str] = []
    for token in tokens:
        if isinstance(token, Run):
            text = text_markup(token.text)
            pieces.append(f"{elements.code}{text}{end_tag(elements.code)}" if token.code else text)
        elif isinstance(token, Break):
            pieces.append(f"{elements.line_break}\n")
        elif isinstance(token, Start):
            link = start_tag(elements.link, {elements.address: token.address})
            pieces.append(starts.get(token.kind, link))
        elif isinstance(token, End):
            pieces.append(end_tag(starts.get(token.kind, f"<{elements.link}>")))
        else:
            image = start_tag("img", {"src": token.address, "alt": token.alternative})
            pieces.append(f"{image[:-1]}/>")
    return "".join(pieces).strip()
