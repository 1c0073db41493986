"""A captured page as it looks, its blocks marked, and nothing in it that acts.

It is written anew from the events of its parse: elements, attributes and style rules that are
named as safe alone, no address, no script, no form. The policy in its head, and the sandbox that it
is shown in, hold even if something should slip through.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from cleaner.blocks.html_tags import BLOCK_LEVEL, IMAGES
from cleaner.blocks.html_trace import Trace, trace_html
from cleaner.golden.assets import asset
from cleaner.golden.css_guard import safe_styles
from cleaner.golden.label_styles import frame_styles
from cleaner.types import Capture, Label

FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""What the captured page may load: the styles and images that are in it, nothing else."""

LONGEST_ATTRIBUTE = 2_000
"""Characters; an attribute with more is left out, unless it is an image."""

MAX_DEPTH = 400
"""Elements open at once that are written; browsers flatten deeper ones themselves."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
_EMBEDDED_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif|svg\+xml)[;,]", re.IGNORECASE)
_AROUND = frozenset({"class", "dir", "lang", "bgcolor"})
"""Attributes of the whole page that are kept; scripts and style sheets hide pages by others."""
_LENGTH = re.compile(r"\d{1,4}")
_BUTTONS = frozenset({"submit", "button", "reset"})


@dataclass(frozen=True, slots=True)
class _Rules:
    """What becomes of elements, by name; see ``assets/elements.toml``."""

    kept: frozenset[str]
    empty: frozenset[str]
    renamed: Mapping[str, str]
    unwrapped: frozenset[str]
    boxes: Mapping[str, str]
    hidden: frozenset[str]
    attributes: frozenset[str]


@cache
def _rules() -> _Rules:
    data: dict[str, Any] = tomllib.loads(asset("elements.toml"))
    return _Rules(
        kept=frozenset(data["kept"].split()),
        empty=frozenset(data["empty"].split()),
        renamed=data["renamed"],
        unwrapped=frozenset(data["unwrapped"]["names"].split()),
        boxes=data["boxes"],
        hidden=frozenset(data["hidden"]["names"].split()),
        attributes=frozenset(data["attributes"]["names"].split()),
    )


def frame_document(
    capture: Capture, labels: Sequence[Label], changed: Container[int] = frozenset()
) -> str:
    """Return a captured HTML page as a document for a sandboxed frame.

    Each text of a block stands in ``<cleaner-mark data-b="INDEX">`` with the label as its class,
    and ``changed`` as another for the blocks that are. Raises ``ParseError`` where the page cannot
    be parsed.
    """
    return _FrameWriter(trace_html(capture), labels, changed).document()


class _FrameWriter:
    """Writes the events of a page, one after the other."""

    def __init__(self, trace: Trace, labels: Sequence[Label], changed: Container[int]) -> None:
        self._trace = trace
        self._labels = labels
        self._changed = changed
        self._rules = _rules()
        self._out: list[str] = []
        self._styles: list[str] = []
        self._ends: list[str] = []
        """What ends each open element."""
        self._unseen = 0
        """How many of the open elements are a script, a title or the like, or in one."""
        self._media: str | None = None
        """The media that the open style sheet is for."""
        self._drawings: list[bool] = []
        """Whether each open element is in a drawing."""
        self._begun: set[int] = set()
        self._around: dict[str, str] = {"html": "", "body": ""}

    def document(self) -> str:
        for position, event in enumerate(self._trace.events):
            if event is None:
                self._end()
            elif isinstance(event, str):
                self._text(event, position)
            else:
                self._start(*event, position)
        while self._ends:
            self._end()
        around, body = self._around["html"], self._around["body"]
        return "".join(
            (
                f'<!DOCTYPE html><html{around}><head><meta charset="utf-8">',
                f'<meta http-equiv="Content-Security-Policy" content="{FRAME_POLICY}">',
                f"<title>Captured page</title><style>{asset('frame_base.css')}</style>",
                # Colours of a page's own may stand behind its links, whose colour is elsewhere.
                "<style>a { color: inherit; }</style>" if self._styles else "",
                *self._styles,
                f"<style>{asset('frame_marks.css')}{frame_styles()}</style>",
                f"</head><body{body}>",
                *self._out,
                "</body></html>",
            )
        )

    def _text(self, text: str, position: int) -> None:
        if self._unseen:
            if self._media is not None:
                media = f' media="{self._media}"' if self._media else ""
                self._styles.append(f"<style data-page{media}>{safe_styles(text)}</style>")
            return
        owner = self._trace.owners.get(position)
        if owner is not None:
            self._out.append(self._marked(escape(text), owner))
        elif not (self._drawings and self._drawings[-1]):
            self._out.append(escape(text))

    def _marked(self, content: str, block: int) -> str:
        name = self._labels[block].name.value
        name = f"{name} changed" if block in self._changed else name
        first = "" if block in self._begun else " data-first"
        self._begun.add(block)
        return f'<cleaner-mark class="{name}" data-b="{block}"{first}>{content}</cleaner-mark>'

    def _start(self, tag: str, attributes: Mapping[str, str], position: int) -> None:
        if self._unseen or tag in ("script", "style", "title", "link", "meta", "base"):
            self._unseen += 1
            is_style = tag == "style" and self._unseen == 1
            self._media = escape(attributes.get("media") or "") if is_style else None
            self._push("", in_drawing=False)
            return
        in_drawing = bool(self._drawings and self._drawings[-1]) and tag not in BLOCK_LEVEL
        start, end = self._tags(tag, attributes, position)
        if in_drawing or len(self._ends) > MAX_DEPTH:
            start = end = ""
        self._out.append(start)
        self._push(end, in_drawing=in_drawing or tag in ("svg", "math"))

    def _push(self, end: str, *, in_drawing: bool) -> None:
        self._ends.append(end)
        self._drawings.append(in_drawing)

    def _end(self) -> None:
        end = self._ends.pop()
        self._drawings.pop()
        if self._unseen:
            self._unseen -= 1
            self._media = None
        self._out.append(end)

    def _tags(self, tag: str, attributes: Mapping[str, str], position: int) -> tuple[str, str]:
        """Return what is written at an element's start and at its end."""
        rules = self._rules
        if tag in self._around:
            own = {name: value for name, value in attributes.items() if name in _AROUND}
            self._around[tag] = self._around[tag] or self._attributes(tag, own)
        if tag in IMAGES:
            return self._image(attributes, position), ""
        if tag == "input":
            return self._input(attributes, position), ""
        if tag in rules.unwrapped:
            return "", ""
        if tag in rules.boxes:
            return f"<cleaner-box>{rules.boxes[tag]}</cleaner-box><div hidden>", "</div>"
        if tag in rules.hidden:
            shown = "shadowrootmode" in attributes or "shadowroot" in attributes
            return ("<div>" if shown else "<div hidden>"), "</div>"
        name = self._shown_name(tag)
        start = f"<{name}{self._attributes(tag, attributes)}>"
        return start, "" if name in rules.empty else f"</{name}>"

    def _shown_name(self, tag: str) -> str:
        rules = self._rules
        if tag in rules.kept:
            return tag
        if tag in rules.renamed:
            return rules.renamed[tag]
        if _NAME.fullmatch(tag) and not tag.startswith("cleaner-"):
            return tag  # an element that the page defines itself
        return "div" if tag in BLOCK_LEVEL else "span"

    def _attributes(self, tag: str, attributes: Mapping[str, str]) -> str:
        pairs: list[str] = []
        for name, value in attributes.items():
            if len(value) > LONGEST_ATTRIBUTE:
                continue
            if name == "style":
                pairs.append(f' style="{escape(safe_styles(value))}"')
            elif name in self._rules.attributes:
                pairs.append(f' {name}="{escape(value)}"')
        if tag == "dialog" and "open" not in attributes:
            pairs.append(" hidden")
        return "".join(pairs)

    def _image(self, attributes: Mapping[str, str], position: int) -> str:
        """Show an image that is in the page itself, and a box in the place of any other."""
        source = (attributes.get("src") or "").strip()
        words = escape(" ".join((attributes.get("alt") or "").split()))
        owner = self._trace.owners.get(position)
        if _EMBEDDED_IMAGE.match(source):
            shown = f'<img src="{escape(source)}" alt="{words}"{self._size(attributes)}>'
        elif owner is None and not words:
            return ""
        else:
            shown = f"<cleaner-image{self._size(attributes)}>{words or 'image'}</cleaner-image>"
        return shown if owner is None else self._marked(shown, owner)

    def _size(self, attributes: Mapping[str, str]) -> str:
        sizes = [attributes.get(name) or "" for name in ("width", "height")]
        if not all(map(_LENGTH.fullmatch, sizes)):
            return ""
        width, height = map(int, sizes)
        return f' style="width:{width}px;aspect-ratio:{max(width, 1)}/{max(height, 1)}"'

    def _input(self, attributes: Mapping[str, str], position: int) -> str:
        kind = (attributes.get("type") or "text").lower()
        if kind == "hidden":
            return ""
        if kind in ("checkbox", "radio"):
            return f'<input type="{kind}" disabled>'
        value = attributes.get("value") or ""
        words = escape(value or attributes.get("placeholder") or "")
        if kind not in _BUTTONS:
            return f"<cleaner-field>{words}</cleaner-field>"
        owner = self._trace.owners.get(position)
        inner = words if owner is None else self._marked(words, owner)
        return f"<cleaner-button>{inner}</cleaner-button>"
