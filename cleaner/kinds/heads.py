"""Lines that head a box: what stands under "Related" or "Comments" is of that kind."""

from __future__ import annotations

from cleaner.features.arrays import MAX_DEPTH
from cleaner.kinds.tables import BOXES, NAVIGATION, PROMO
from cleaner.kinds.view import View
from cleaner.types import Block, Kind

LINE = 100
"""Characters of a line that may head a box."""
HEADLINE = 25
"""Characters; a link as short as this leads to a section, a longer one is a page's headline."""
LONG = 200
"""Characters of a text that is no line of a promo box."""
LONGEST_RUN = 40
"""Blocks under a heading that are of its kind."""
SMALL = 30
"""Blocks of a box small enough to be of one kind."""
FEW = 12
"""Blocks of a box that a line which only holds a phrase may head."""

_HEADS = (*BOXES, NAVIGATION)


def head_boxes(view: View) -> None:
    """Give what stands under a line like "Related" to its kind, up to the next heading."""
    for i in sorted(view.said.whole.keys() | view.said.phrases.keys()):
        block = view.blocks[i]
        kind = _heads(view, block)
        if not kind:
            continue
        last = _reach(view, block, kind)
        size = last - i + 1
        for j in range(i, last + 1):
            if size <= view.box_size[j]:
                view.box[j], view.box_size[j] = kind, size


def _heads(view: View, block: Block) -> int:
    """Return the kind of the box that a block heads, 0 if it heads none."""
    i = block.index
    is_heading = block.kind is Kind.HEADING
    kind = view.said.whole.get(i, 0)
    place = view.at.container[i]
    is_box = view.is_markup and int(view.at.counts[place]) <= FEW and place not in view.frames
    if not kind and not view.linked[i] and (is_heading or is_box):
        kind = next((k for k in view.said.phrases.get(i, ()) if k in BOXES), 0)
    if kind not in _HEADS or view.size[i] > LINE or view.at.header[i]:
        return 0
    if is_heading:
        return kind
    if view.is_markup:
        opens = view.at.first[place] == i and block.kind in (Kind.PARAGRAPH, Kind.TERM)
    else:
        opens = i > view.start
    return kind if opens and not view.linked[i] else 0


def _reach(view: View, block: Block, kind: int) -> int:
    """Return the last block under a heading."""
    i = block.index
    end = len(view.blocks) - 1
    if view.is_markup:
        place = view.at.container[i]
        end = int(view.at.last[place])
        if end == i + 1 and _is_beside(view, block, view.blocks[end]):
            end = _end_around(view, place, end)
        if not block.level and int(view.at.counts[place]) > SMALL:
            return i
    end = min(end, i + LONGEST_RUN)
    for j in range(i + 1, end + 1):
        if view.kept[j] or _begins_anew(view, block, j, kind):
            return j - 1
    return end


def _begins_anew(view: View, block: Block, j: int, kind: int) -> bool:
    """Say whether what stands under a heading ends before the block ``j``."""
    i, other = block.index, view.blocks[j]
    if other.kind is Kind.HEADING and (other.level <= block.level or not view.is_markup):
        return True
    if kind == NAVIGATION:
        return not view.linked[j] and other.kind is not Kind.LIST_ITEM
    if view.at.part[j] == NAVIGATION != view.at.part[i] and view.at.part_size[j] > 1:
        return True
    return not view.is_markup and _ends_run(view, i, j, kind)


def _is_beside(view: View, block: Block, other: Block) -> bool:
    """Say whether a short link stands in one line with a heading: what it heads follows."""
    is_item = other.kind in (Kind.LIST_ITEM, Kind.CONTROL, Kind.HEADING)
    is_link = view.linked[other.index] and view.size[other.index] < 2 * HEADLINE
    return block.kind is Kind.HEADING and is_link and not is_item


def _end_around(view: View, place: int, end: int) -> int:
    """Return the last block of the smallest element around one that ends after it."""
    elements = view.arrays.page.elements
    for _ in range(MAX_DEPTH):
        if place < 0 or place >= len(elements) or place in view.frames:
            break
        if int(view.at.last[place]) > end:
            return int(view.at.last[place])
        place = elements[place].parent
    return end


def _ends_run(view: View, i: int, j: int, kind: int) -> bool:
    """Say whether a block of a text capture stands no longer under the line ``i``."""
    said = view.said.whole.get(j, 0) or (view.said.phrases.get(j) or [0])[0]
    if (said and said != kind) or "©" in view.blocks[j].text:
        return True
    if kind == PROMO:
        is_other = view.linked[j] != view.linked[i + 1] or view.links[j] > 2
        return is_other or view.size[j] > LONG
    return view.linked[j]
