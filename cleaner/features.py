"""What can be seen of each block: the one definition of the labeler's features.

HTML and text captures give the same features; what only markup shows (element, class names) is
simply not there for a text capture.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleaner.lexicon import fold, lexicon, name_labels
from cleaner.types import Block, Element, Kind, LabelName, Page, SpanKind

LONG = 160
MEDIUM = 60
SHORT_FOR_PHRASES = 320
"""Characters; a longer text that holds a boilerplate phrase only mentions the matter."""

_SENTENCE_END = re.compile(r"""[.!?…。！？؟۔।:;]["'”’»)\]」』]*$""")
_DENSE_SCRIPTS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts written without blanks: a letter says about three times what a Latin one does."""

_BYLINE = re.compile(
    r"""(?ix) ^(?:by|von|par|por|door|av|di|da|автор:?|από|โดย)\s+\S+(?:\s+\S+){0,7}$
    | ^文\s*[/／:：]\s*\S{2,12}$
    | ^(?:published|updated|posted|last\ updated|aktualisiert|stand|publié|mis\ à\ jour|publicado
        |actualizado|опубликовано|обновлено)\b.{0,60}$
    | ^.{0,24}\b(?:19|20)\d\d\b.{0,16}\d\d:\d\d.{0,40}$
    | ^\W*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\W*(?:\d{1,2}:\d\d)?.{0,12}$
    """
)

_MAY_BE_BYLINE = re.compile(
    r"(?i)\D*\d|by|von|par|por|door|av|di|da|автор|από|โดย|文"
    r"|publi|updated|posted|last|aktual|stand|mis|actual|опубл|обновл"
)
"""What every byline has: a digit, or the first letters of a word before a name or a date."""

_TAG_EVIDENCE = {
    "nav": "in_nav",
    "footer": "in_footer",
    "aside": "in_aside",
    "form": "in_form",
    "header": "in_header",
    "dialog": "in_dialog",
    "main": "in_main",
    "article": "in_article",
}
_KIND_EVIDENCE = {
    Kind.CODE: "code",
    Kind.TABLE_ROW: "table_row",
    Kind.QUOTE: "quote",
    Kind.LIST_ITEM: "list_item",
    Kind.CONTROL: "control",
    Kind.IMAGE: "image",
    Kind.CAPTION: "caption",
}


_WORDS = re.compile(r"\w+")
_LINK = SpanKind.LINK
_COMMENT = LabelName.COMMENT
_HEADING = Kind.HEADING
_NAME_EVIDENCE = {LabelName.CONTENT: "good_name", LabelName.COMMENT: "comment_name"}


class Hint(NamedTuple):
    """A word or phrase that speaks for a label."""

    label: LabelName
    words: str


class Features(NamedTuple):
    """What is seen of one block, before its neighbours are asked."""

    size: int
    """Characters; one of a script without blanks counts as three."""
    link_share: float
    fired: list[str]
    """Names of the evidence in ``data/labels.toml`` that the block shows."""
    name: Hint | None
    """What the class names of the elements around it say against it."""
    phrase: Hint | None


class _Place(NamedTuple):
    """What the elements around a block say."""

    fired: tuple[str, ...] = ()
    name: Hint | None = None


_NOWHERE = _Place()


def read_features(page: Page, title: int) -> list[Features]:
    """Return the features of each block; ``title`` is the headline's index, -1 for none."""
    sizes = [text_size(block.text) for block in page.blocks]
    places = _read_places(page.elements, _subtree_sizes(page, sizes), title, page.blocks)
    phrases = _find_phrases(page.blocks)
    hidden = _hidden_evidence(page.blocks, sizes)
    forum = is_forum(page)
    seen: set[str] = set()
    features: list[Features] = []
    for block, size in zip(page.blocks, sizes, strict=True):
        link_share = _link_share(block)
        fired = _text_evidence(block, size, link_share)
        if block.hidden:
            fired.append(hidden)
        key = block.text.casefold()
        if size > MEDIUM and key in seen:
            fired.append("repeated")
        seen.add(key)
        place = places[block.element] if block.element >= 0 else _NOWHERE
        fired.extend(place.fired)
        name = place.name
        if forum and name is not None and name.label is LabelName.COMMENT:
            name = None
        if name is not None:
            fired.append(_NAME_EVIDENCE.get(name.label, "bad_name"))
        phrase = phrases.get(block.index)
        if phrase is not None:
            fired.append("phrase")
        features.append(Features(size, link_share, fired, name, phrase))
    return features


def is_forum(page: Page) -> bool:
    """Return whether address, structured data or software say that the page is a forum's."""
    words = lexicon()
    url = (page.capture.url or "").lower().partition("//")[2]
    if any(path in url for path in words.forum_paths):
        return True
    if any(name in source for source in page.json_ld for name in words.forum_types):
        return True
    generator = " ".join(fact.value.lower() for fact in page.facts if fact.name == "generator")
    return any(name in generator for name in words.forum_generators)


def _hidden_evidence(blocks: Sequence[Block], sizes: Sequence[int]) -> str:
    """Return how much being hidden says: little where a script is to show the text later."""
    long_texts = [(b, size) for b, size in zip(blocks, sizes, strict=True) if size >= LONG]
    unseen = sum(size for block, size in long_texts if block.hidden)
    return "hidden_for_now" if unseen * 2 > sum(size for _, size in long_texts) else "hidden"


def text_size(text: str) -> int:
    """Return a text's length in characters, where one of a dense script counts as three."""
    if text.isascii():
        return len(text)
    return len(text) + 2 * len(_DENSE_SCRIPTS.findall(text))


def _link_share(block: Block) -> float:
    if not block.spans or not block.text:
        return 0.0
    linked = 0
    for span in block.spans:
        if span.kind is _LINK:
            linked += span.end - span.start
    return linked / len(block.text)


def _text_evidence(block: Block, size: int, link_share: float) -> list[str]:
    fired = ["base"]
    if size >= LONG:
        fired.append("long_text")
    elif size >= MEDIUM:
        fired.append("medium_text")
    elif block.kind is not _HEADING:
        fired.append("short_text")
    if size > 30 and _SENTENCE_END.search(block.text[-6:]):
        fired.append("sentence")
    if link_share > 0.7:
        fired.append("linked")
    elif link_share > 0.35:
        fired.append("half_linked")
    of_kind = _KIND_EVIDENCE.get(block.kind)
    if of_kind is not None:
        fired.append(of_kind)
    if block.origin:
        fired.append("embedded")
    if size < 110 and _MAY_BE_BYLINE.match(block.text) and _BYLINE.match(block.text):
        fired.append("byline")
    return fired


def _subtree_sizes(page: Page, sizes: Sequence[int]) -> list[int]:
    """Return the text size below each element; children come after their parents."""
    totals = [0] * len(page.elements)
    for block, size in zip(page.blocks, sizes, strict=True):
        if block.element >= 0 and not block.hidden:
            totals[block.element] += size
    for position in range(len(page.elements) - 1, 0, -1):
        totals[page.elements[position].parent] += totals[position]
    return totals


def _read_places(
    elements: Sequence[Element], totals: Sequence[int], title: int, blocks: Sequence[Block]
) -> list[_Place]:
    """Return what each element and those around it say. The innermost name holds."""
    around_title = set(ancestors(elements, blocks[title].element)) if title >= 0 else set()
    whole = totals[0] if totals else 0
    holders = elements_around(elements, blocks)
    places: list[_Place] = []
    for position, element in enumerate(elements):
        if position not in holders:
            places.append(_NOWHERE)
            continue
        outer = places[element.parent] if element.parent >= 0 else _NOWHERE
        fired, name = outer.fired, outer.name
        evidence = _TAG_EVIDENCE.get(element.tag)
        is_frame = totals[position] * 2 > whole or position in around_title
        if evidence and not (is_frame and evidence not in ("in_main", "in_article")):
            within_text = "in_article" in fired or "in_main" in fired
            if evidence not in fired and not (evidence == "in_header" and within_text):
                fired = (*fired, evidence)
        if element.names:
            own = _name_hint(element.names, is_frame, position in around_title)
            # The parts of a comment are named as an article's are: they stay a comment's.
            if own and not (name and name.label is _COMMENT and own.label is LabelName.CONTENT):
                name = own
        places.append(_Place(fired, name) if (fired, name) != outer else outer)
    return places


def elements_around(elements: Sequence[Element], blocks: Iterable[Block]) -> set[int]:
    """Return the positions of all elements that any of the blocks is in; each is visited once."""
    around: set[int] = set()
    for block in blocks:
        position = block.element
        while position >= 0 and position not in around:
            around.add(position)
            position = elements[position].parent
    return around


def _name_hint(names: str, is_frame: bool, is_around_title: bool) -> Hint | None:
    """Return what an element's names say.

    One that frames the page cannot be boilerplate, but there may be more comments than article.
    """
    for label, word in name_labels(names):
        if label is LabelName.CONTENT or not is_frame:
            return Hint(label, word)
        if label is _COMMENT and not is_around_title:
            return Hint(label, word)
    return None


def ancestors(elements: Sequence[Element], position: int) -> list[int]:
    """Return an element's position and those of the elements around it, innermost first."""
    line: list[int] = []
    while position >= 0:
        line.append(position)
        position = elements[position].parent
    return line


def _find_phrases(blocks: Sequence[Block]) -> dict[int, Hint]:
    """Return the first boilerplate phrase in each short block.

    All short texts are searched as one string, and only for phrases whose first word is there:
    some fifty searches for a page, not hundreds for each block.
    """
    starts: list[int] = []
    indices: list[int] = []
    pieces: list[str] = []
    length = 0
    for block in blocks:
        if 0 < len(block.text) <= SHORT_FOR_PHRASES:
            piece = "\n" + fold(" ".join(block.text.split()))
            starts.append(length)
            indices.append(block.index)
            pieces.append(piece)
            length += len(piece)
    text = "".join(pieces)
    there = set(text).union(_WORDS.findall(text))
    found: dict[int, Hint] = {}
    for phrase, probe, label in lexicon().phrases:
        if probe not in there:
            continue
        at = text.find(phrase)
        while at >= 0:
            index = indices[bisect_right(starts, at) - 1]
            found.setdefault(index, Hint(label, phrase.strip()))
            at = text.find(phrase, at + len(phrase))
    return found
