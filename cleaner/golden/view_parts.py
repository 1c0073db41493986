"""The parts of a view of one cleaned page: captured page, clean text, legend, list of blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from lxml import etree
from lxml import html as lxml_html

from cleaner.document import Document
from cleaner.golden.label_styles import label_styles
from cleaner.types import Block, LabelledBlock, LabelName, MediaType

EXCERPT = 240
"""Characters of a block's text in the list of blocks."""

_LEAVES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "figure", "tr"})
_HOLDERS = frozenset({"li", "dt", "dd"})
_IN_HOLDERS = _LEAVES | {"ul", "ol", "dl", "table", "blockquote"}

TEXT_TYPES = (MediaType.MARKDOWN, MediaType.TEXT)
"""What a capture is written in whose lines are shown instead of a page."""


def legend(labels: Sequence[LabelName]) -> str:
    """Return a button for each label that the page has, with its letter and its count."""
    counts = Counter(labels)
    chips = []
    for style in label_styles():
        count = counts[style.name]
        if not count:
            continue
        name = style.name.value
        chips.append(
            f'<li><button type="button" class="chip {name}" data-label="{name}" '
            f'aria-pressed="false" title="{escape(style.says)}">'
            f'<span class="letter {style.group}" aria-hidden="true">{style.key.upper()}</span>'
            f"{name} <b>{count}</b></button></li>"
        )
    says = "Labels: press one to see its blocks alone"
    return f'<ul class="legend" aria-label="{says}">{"".join(chips)}</ul>'


def clean_text(document: Document) -> str:
    """Return the article as HTML; each block's element carries its index as ``data-b``."""
    blocks = [block for block in document.content if block.text.strip()]
    if not blocks:
        return '<p class="nothing">No block of this page was kept.</p>'
    article = lxml_html.fragment_fromstring(document.html)
    leaves = [element for element in article.iter() if _is_leaf(element)]
    if len(leaves) == len(blocks):
        for element, block in zip(leaves, blocks, strict=True):
            element.set("data-b", str(block.index))
            element.set("class", "content")
            element.set("dir", "auto")
    if document.metadata.language:
        article.set("lang", document.metadata.language)
    for link in article.iter("a"):  # a click chooses its block, and asks no other site
        link.set("title", link.attrib.pop("href"))
    return str(lxml_html.tostring(article, encoding="unicode"))


def _is_leaf(element: etree._Element) -> bool:
    """Return whether an element of the article holds the text of one block."""
    if element.tag in _LEAVES:
        return True
    if element.tag not in _HOLDERS:
        return False
    return bool((element.text or "").strip()) or (
        len(element) > 0 and element[0].tag not in _IN_HOLDERS
    )


def source_lines(document: Document, notes: Mapping[int, str]) -> str:
    """Return the lines of a text capture, numbered, each with the label of its block.

    ``notes`` has the blocks that are marked as changed.
    """
    owners = _line_owners(document.page.blocks)
    keys = {style.name: style for style in label_styles()}
    rows = []
    seen: set[int] = set()
    for number, line in enumerate(document.page.capture.text.split("\n"), 1):
        block = owners.get(number)
        text = escape(line.rstrip("\r")) or "&#8203;"
        if block is None:
            rows.append(f'<li class="line"><span class="words" dir="auto">{text}</span></li>')
            continue
        name = document.labels[block].name
        letter = "" if block in seen else keys[name].key.upper()
        seen.add(block)
        changed = " changed" if block in notes else ""
        rows.append(
            f'<li class="{name.value} line{changed}" data-b="{block}">'
            f'<span class="letter {keys[name].group}" aria-hidden="true">{letter}</span>'
            f'<span class="words" dir="auto">{text}</span></li>'
        )
    return f'<ol class="source" tabindex="0" aria-label="Lines of the capture">{"".join(rows)}</ol>'


def _line_owners(blocks: Sequence[Block]) -> dict[int, int]:
    """Return the block that each line of a text capture belongs to, the first where several do."""
    owners: dict[int, int] = {}
    for block in blocks:
        first, last = block.lines or (0, -1)
        for line in range(first, last + 1):
            owners.setdefault(line, block.index)
    return owners


def block_list(blocks: Sequence[LabelledBlock], notes: Mapping[int, str]) -> str:
    """Return all blocks as a list that is walked with the arrow keys.

    ``notes`` says of a block, by its index, what is to be known beside its label.
    """
    rows = "".join(block_row(block, notes.get(block.block.index, "")) for block in blocks)
    says = 'role="listbox" aria-label="All blocks of the page"'
    return f'<div class="blocks" id="blocks" {says}>{rows}</div>'


def block_row(labelled: LabelledBlock, note: str) -> str:
    """Return the row of one block."""
    block, label = labelled.block, labelled.label
    style = next(style for style in label_styles() if style.name is label.name)
    text = " ".join(block.text.split())
    shown = text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"
    facts = [block.kind.value.replace("_", " ")]
    facts += [f"hidden: {block.hidden}"] if block.hidden else []
    facts += [f"from {block.origin}"] if block.origin else []
    place = f"<code>{escape(labelled.path)}</code> {escape(', '.join(facts))}"
    names = f"{label.name.value} changed" if note else label.name.value
    return (
        f'<div id="b{block.index}" class="{names}" data-b="{block.index}" '
        'role="option" aria-selected="false" tabindex="-1">'
        f'<span class="letter {style.group}" aria-hidden="true">{style.key.upper()}</span>'
        f'<span class="label">{label.name.value}</span>'
        f'<span class="probability"><span class="bar" data-share="{label.probability:.2f}"></span>'
        f'<span class="number">{label.probability:.2f}</span></span>'
        f'<span class="text" dir="auto">{escape(shown) or "<i>no text</i>"}</span>'
        f'<span class="note">{escape(note)}</span>'
        f'<span class="reasons">{escape(label.reason)}</span>'
        f'<span class="place">{place}</span></div>'
    )
