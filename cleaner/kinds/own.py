"""What the form of a block, the box around it and its own words and names say of its kind."""

from __future__ import annotations

import re

from cleaner.kinds.tables import (
    BOXES,
    BYLINE,
    CAPTION,
    COMMENT,
    LEGAL,
    NAVIGATION,
    NOTICE,
    OTHER,
    PROMO,
    SHARE,
)
from cleaner.kinds.view import GONE, NEAR, View
from cleaner.types import Block, Kind

LINE = 100
"""Characters of a line with a date."""
MENU_LINE = 40
"""Characters of an item of a menu."""
LONGEST_CAPTION = 250
FEW = 12
"""Blocks of an element whose names speak of its own text."""
FEW_CONTROLS = 3
"""A form with more controls than these is no subscription."""
QUOTED = 20
"""Characters of a text that repeats the article's to be a pull quote."""

_QUOTE = re.compile(r"[“„«「『‟”\"].{15,}[”“»」』\"]\W?", re.DOTALL)
_QUOTE_MARKS = " \"'“”„«»‘’."  # noqa: RUF001
_HASHES = "#＃"  # noqa: RUF001
_COLONS = ":："


def own_kind(view: View, block: Block) -> int:
    """Return the kind that a block shows, 0 if nothing speaks for one."""
    return _form(view, block) or _boxed(view, block) or _own(view, block)


def _form(view: View, block: Block) -> int:
    """Return what the form of a block alone says."""
    i = block.index
    if block.kind is Kind.IMAGE:
        before = view.blocks[i - 1] if i else block
        is_twin = before.kind is Kind.IMAGE and before.text == block.text and i > 0
        return OTHER if not block.text or block.hidden in GONE or is_twin else 0
    if view.is_sign[i] or block.hidden == "permalink":
        return NAVIGATION if view.at.header[i] and block.kind is Kind.CONTROL else OTHER
    if block.hidden in GONE:
        is_copy = i in view.copies or block.text == view.headline
        if is_copy or not view.is_worded[i]:
            return OTHER
    if view.box[i]:
        return 0
    if block.kind is Kind.CAPTION:
        is_quoted = i > 0 and view.blocks[i - 1].kind is Kind.QUOTE
        return BYLINE if is_quoted else CAPTION
    if _repeats_headline(view, block):
        return OTHER
    if len(block.text) < QUOTED or view.linked[i] or not view.is_near(i):
        return 0
    return OTHER if block.text.strip(_QUOTE_MARKS) in view.text else 0


def _repeats_headline(view: View, block: Block) -> bool:
    """Say whether a block that is no step of a trail is the headline once more."""
    i = block.index
    title = view.headline
    if not title or not block.text.endswith(title) or len(block.text) > len(title) + 5:
        return False
    if view.at.header[i]:
        return block.kind is Kind.PARAGRAPH and not view.linked[i]
    return view.at.part[i] != NAVIGATION and block.kind is not Kind.LIST_ITEM


def _boxed(view: View, block: Block) -> int:
    """Return the kind of a block in a box."""
    i = block.index
    kind = view.box[i]
    if not kind:
        return 0
    if kind == COMMENT:
        return _in_comments(view, block)
    whole = view.said.whole.get(i, 0)
    if kind == SHARE:
        if view.said.links.get(i) == COMMENT:
            return NOTICE
        if view.said.links.get(i) == NAVIGATION:
            return NAVIGATION
        return whole if whole in (LEGAL, OTHER) else SHARE
    if kind == PROMO and view.said.links.get(i) == OTHER:
        return OTHER
    is_button = block.kind is Kind.CONTROL and not view.at.form[i]
    if kind == NOTICE and whole == OTHER and is_button:
        return OTHER
    is_menu = view.at.part[i] == NAVIGATION and 1 < view.at.part_size[i] < view.box_size[i]
    if kind in (PROMO, SHARE) and is_menu and view.linked[i]:
        return NAVIGATION
    if kind == NOTICE and view.at.header[i] and view.linked[i]:
        return NAVIGATION
    if view.at.footer[i] and kind == NOTICE and _legal(view, block):
        return LEGAL
    return kind


def _in_comments(view: View, block: Block) -> int:
    i = block.index
    if view.at.form[i]:
        return NOTICE
    area = max(view.at.comments[i], view.box_size[i])
    is_item = view.at.item[i]
    part = view.at.part[i] if view.at.part_size[i] < area else 0
    whole = view.said.whole.get(i, 0)
    if whole == SHARE:
        return SHARE
    if part == NAVIGATION or whole == LEGAL:
        return whole or _legal(view, block) or _in_menu(view, block)
    if not is_item:
        return NOTICE
    if part == OTHER or whole == OTHER or block.kind is Kind.CONTROL:
        return OTHER
    return COMMENT if view.is_worded[i] else OTHER


def _own(view: View, block: Block) -> int:
    """Return what a block says itself, and what its element is called."""
    i = block.index
    if block.kind is Kind.IMAGE:
        return _image(view, block)
    legal = _legal(view, block)
    if not view.is_markup and i < view.start and _is_menu_line(view, block):
        return legal or NAVIGATION
    if view.at.header[i] or view.at.part[i] == NAVIGATION:
        return legal or _in_menu(view, block)
    if legal:
        return LEGAL
    part = _part(view, block)
    if part == OTHER:
        return OTHER
    whole = view.said.whole.get(i, 0)
    if whole and not _is_menu_word(view, block, whole):
        return whole
    return _said(view, block, part) or _beside(view, block) or _signs(view, block)


def _said(view: View, block: Block, part: int) -> int:
    """Return what links and phrases of a block say, and the kind that its names speak for."""
    i = block.index
    links = view.said.links.get(i, 0)
    if links == SHARE:
        return SHARE
    if i in view.said.relations:
        return view.said.relations[i]
    phrases = [] if view.linked[i] and view.at.footer[i] else view.said.phrases.get(i, [])
    strong = next((kind for kind in phrases if kind in BOXES), 0)
    if strong or part:
        return strong or part
    if links:
        kind = NAVIGATION if NAVIGATION in phrases else links
        return NOTICE if kind == COMMENT else kind
    return next((kind for kind in phrases if _can_be(view, i, kind)), 0)


def _can_be(view: View, i: int, kind: int) -> bool:
    """Say whether a block stands where what a phrase in it speaks of can be."""
    if kind == CAPTION:
        return view.start - 2 <= i <= view.end + 2
    if kind == BYLINE:
        # A line of a sidebar is of another page, a text that begins so is about the author.
        is_about = view.at.aside[i] and view.size[i] > MENU_LINE and not view.linked[i]
        return view.is_near(i) or is_about
    # "Next" in a sidebar is no step of a menu.
    return kind != NAVIGATION or view.linked[i] or not view.at.aside[i]


def _part(view: View, block: Block) -> int:
    """Return the kind that the names of a small element speak for, where the block can be it."""
    i = block.index
    part = view.at.part[i] if view.at.part_size[i] <= FEW else 0
    if part == BYLINE and _is_no_byline(view, i):
        return 0
    if part == BYLINE and block.hidden == "off-screen" and view.in_link[i]:
        # What a link is, for those who hear the page: neither who nor when.
        return OTHER
    return 0 if part == CAPTION and not _is_by_image(view, i) else part


def _is_no_byline(view: View, i: int) -> bool:
    """Say whether a text is a headline, or a line of the footer without a date."""
    is_headline = view.linked[i] and view.size[i] > MENU_LINE
    return is_headline or (view.at.footer[i] and i not in view.said.dated)


def _is_by_image(view: View, i: int) -> bool:
    near = view.blocks[max(i - 3, 0) : i + 3]
    return any(block.kind is Kind.IMAGE for block in near)


def _is_menu_word(view: View, block: Block, whole: int) -> bool:
    """Say whether a word like "Advertisement" is a link of a menu or a choice of a form."""
    i = block.index
    is_link = view.linked[i] and view.at.footer[i]
    return whole == PROMO and (is_link or block.kind is Kind.CONTROL)


def _is_menu_line(view: View, block: Block) -> bool:
    """Say whether a line before the text of a text capture is not about that text."""
    i = block.index
    told = set(view.said.phrases.get(i, ()))
    whole = view.said.whole.get(i, 0)
    is_told = told & {BYLINE, SHARE, CAPTION, OTHER, PROMO} or whole in (SHARE, OTHER)
    return i not in view.said.dated and not is_told


def _beside(view: View, block: Block) -> int:
    """Return what the blocks before and after say: a line before a quotation, after an image."""
    i = block.index
    after = view.blocks[i + 1] if i + 1 < len(view.blocks) else block
    if _signs_quote(view, i):
        return OTHER
    if after.kind is Kind.QUOTE and view.size[i] < LINE and block.text[-1] in _COLONS:
        return BYLINE
    if view.linked[i] or view.size[i] > LONGEST_CAPTION:
        return 0
    if "©" in block.text and view.start - 2 <= i <= view.end:
        return CAPTION
    if i and view.blocks[i - 1].kind is Kind.IMAGE and view.kinds[i - 1] == CAPTION:
        place = view.at.container[i]
        is_small = int(view.at.counts[place]) <= 3 and int(view.at.first[place]) >= i - 2
        return CAPTION if is_small or not view.is_markup else 0
    return 0


def _signs_quote(view: View, i: int) -> bool:
    """Say whether a line names who said the pull quote before it, in an element of both."""
    place = view.at.container[i]
    is_last = int(view.at.counts[place]) == 2 and int(view.at.first[place]) == i - 1
    is_quote = i > 0 and view.kinds[i - 1] == OTHER and view.size[i - 1] >= QUOTED
    return view.is_markup and is_last and is_quote and view.start < i < view.end


def _signs(view: View, block: Block) -> int:
    """Return what hashes, dates, names of authors and other signs say."""
    i = block.index
    if all(word[0] in _HASHES for word in block.text.split()):
        return NAVIGATION
    if block.hidden in GONE:
        return 0
    is_near = abs(i - max(view.title, view.start)) <= NEAR
    if i in view.said.dated and is_near and view.size[i] <= LINE:
        return BYLINE
    is_line = view.is_near(i) and view.size[i] <= MENU_LINE and not view.linked[i]
    if is_line and any(name in block.text for name in view.authors):
        return BYLINE
    if view.start <= i <= view.end and _QUOTE.fullmatch(block.text):
        return OTHER
    if i in view.said.home:
        return NAVIGATION
    if view.at.form[i] and block.kind is Kind.CONTROL:
        return NOTICE if _has_few_controls(view, i) else OTHER
    return 0


def _has_few_controls(view: View, i: int) -> bool:
    """Say whether a control stands beside so few others as a subscription has."""
    near = view.blocks[max(i - FEW_CONTROLS, 0) : i + FEW_CONTROLS + 1]
    place = view.at.container[i]
    beside = [b for b in near if b.kind is Kind.CONTROL and view.at.container[b.index] == place]
    return len(beside) <= FEW_CONTROLS


def _legal(view: View, block: Block) -> int:
    i = block.index
    whole = view.said.whole.get(i)
    is_told = whole == LEGAL or (view.said.links.get(i) == LEGAL and whole != NOTICE)
    if is_told and (view.linked[i] or view.at.footer[i]):
        return LEGAL
    if "©" in block.text and (view.at.footer[i] or not view.start <= i <= view.end):
        return LEGAL
    return 0


def _in_menu(view: View, block: Block) -> int:
    """Return the kind of a block in a menu or in the header of the page."""
    i = block.index
    if view.said.links.get(i) == SHARE:
        return SHARE
    whole = view.said.whole.get(i)
    if whole in (SHARE, OTHER) and not view.at.header[i]:
        return whole
    if whole == NOTICE and view.at.footer[i]:
        return NOTICE
    phrases = view.said.phrases.get(i, ()) if view.size[i] <= MENU_LINE else ()
    if i > view.end and NOTICE in phrases:
        return NOTICE
    if OTHER in phrases and not view.at.header[i]:
        return OTHER
    if view.linked[i]:
        return LEGAL if LEGAL in phrases else NAVIGATION
    is_shown = i in view.said.dated or "°" in block.text
    is_line = block.kind is not Kind.CONTROL and view.size[i] <= LINE
    return OTHER if is_shown and is_line and not view.links[i] else NAVIGATION


def _image(view: View, block: Block) -> int:
    i = block.index
    part = view.at.part[i]
    if OTHER in view.said.phrases.get(i, ()):
        return OTHER
    if view.at.header[i]:
        return NAVIGATION
    if part:
        return part
    if view.in_figure[i]:
        return CAPTION
    if view.start <= i <= view.end and not view.at.aside[i]:
        return CAPTION
    if view.at.aside[i] or (i > view.end and view.in_link[i]):
        return PROMO
    if i < view.start:
        return NAVIGATION
    return OTHER
