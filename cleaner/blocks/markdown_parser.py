"""markdown-it-py set up for captures: no text is lost, and what is no markup is left alone.

A capture is not written by someone who knows Markdown: it is what a converter
left of a page. So rules that trust the source are replaced: indentation alone
does not make code, a fence that is never closed does not swallow the rest, a
table keeps the cells that its head has no column for.
"""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.fence import fence
from markdown_it.rules_block.reference import reference
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize as emphasis

from cleaner.blocks.text_lines import is_wide

MAX_NESTING = 100
"""Containers that markdown-it may nest; the text of deeper ones would be lost."""
MAX_HEAD_LINES = 12
"""Lines over which a converter may have wrapped the head of a table."""
_CODE_LINE = re.compile(
    r"""(?x)
      [{};\\] \s* $                                     # blocks, statements, continued lines
    | (?: \) | \] ) \s* : \s* $                         # def f(x):
    | ^ \s* (?: \$\s | >>>\s | // | /\* | \*/ | \#\s*include | \#! | @\w+ | </?\w | --\w )
    | ^ \s* (?: import | from\s+\w+\s+import | def | class | return | function | var | let | const
          | public | private | static | if\s*\( | for\s*\( | while\s*\( | else\b | end\b | try:
          | SELECT | INSERT | UPDATE | CREATE | sudo | curl | pip3? | npm | git | docker | cd | apt
          | brew | export | echo ) \b
    | \w\( | \s=\s | [=!<>]= | => | -> | :: | && | \|\| | </ | /> | ^\s*"?[\w-]+"?\s*:\s*["\[{\d]
    """
)
_PROSE_LINE = re.compile(r"^\s*(?:[^\W\d_][^\s(){};=]*\s+){4,}[^\s(){};=]+[.!?…]\s*$")
_LIST_LINE = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+\S")
_CODE_SHARE = 0.4

_FENCE_INFO = re.compile(r"\s*[\w.+#{}:/-]*(?:\s+(?:[\w:-]+=\S*|\{[^}]*\}|\[[^\]]*\]))*\s*$")
"""What may stand after the marks that open a fence: a language and options."""

_REFERENCE = re.compile(
    r"\[(?!\^)[^\]\n]{1,300}\]:[ \t]*\n?[ \t]*<?(?:[a-z][a-z0-9+.-]*:|//|/|\#|\.{1,2}/|www\.)",
    re.IGNORECASE,
)
_DELIMITERS = re.compile(r"^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_HTML_REGIONS = {
    "<!--": re.compile(r"-->"),
    "<script": re.compile(r"</script\s*>", re.IGNORECASE),
    "<style": re.compile(r"</style\s*>", re.IGNORECASE),
}
_REGION_OPENING = re.compile(r"<!--|<(?:script|style)(?=[\s>])", re.IGNORECASE)


class _CaptureMarkdown(MarkdownIt):
    """Targets stay as the capture gives them, and none is refused: they are not followed here."""

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link

    def validateLink(self, url: str) -> bool:
        return True


@cache
def markdown_parser() -> MarkdownIt:
    """Return the parser. It holds no state of a page: ``env`` does."""
    md = _CaptureMarkdown("commonmark", {"maxNesting": MAX_NESTING})
    md.enable(["strikethrough"])
    rules = md.block.ruler
    # Without the rule "code" the others read lines at any indentation.
    md.disable("code")
    paragraph = ["paragraph", "reference"]
    container = [*paragraph, "blockquote", "list"]
    rules.at("fence", _closed_fence, {"alt": container})
    rules.at("reference", _address_reference)
    rules.at("html_block", _unseen_html, {"alt": [*paragraph, "blockquote"]})
    md.inline.ruler.at("emphasis", _wide_emphasis)
    rules.before("fence", "indented_code", _indented_code)
    rules.before("fence", "pipe_table", _pipe_table, {"alt": paragraph})
    return md


def looks_like_code(lines: list[str]) -> bool:
    """Say whether indented lines are code rather than text that was indented by accident."""
    filled = [line for line in lines if line.strip()]
    if not filled or _LIST_LINE.match(filled[0]):
        return False
    code = sum(bool(_CODE_LINE.search(line)) for line in filled)
    prose = sum(bool(_PROSE_LINE.match(line)) for line in filled)
    return code >= _CODE_SHARE * len(filled) and prose < code


def _indented_code(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read four columns of indentation as code where the lines look like it."""
    if silent or state.sCount[start] - state.blkIndent < 4:
        return False
    if start < state.env.get("prose_until", 0):
        return False
    last = number = start + 1
    while number < end:
        if state.isEmpty(number):
            number += 1
        elif state.sCount[number] - state.blkIndent >= 4:
            number += 1
            last = number
        else:
            break
    content = state.getLines(start, last, 4 + state.blkIndent, False)
    if not looks_like_code(content.split("\n")):
        state.env["prose_until"] = last
        return False
    state.line = last
    token = state.push("code_block", "code", 0)
    token.content = content
    token.map = [start, last]
    return True


def _closed_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a fence that is closed, or whose lines look like code."""
    opening = _line(state, start)
    marker = opening[:1]
    if marker not in ("`", "~"):
        return False
    info = opening.lstrip(marker)
    length = len(opening) - len(info)
    if not _FENCE_INFO.match(info):
        return False  # words that are no language and no options: a line of text
    never_closed: dict[tuple[int, str], int] = state.env.setdefault("never_closed", {})
    if length >= never_closed.get((end, marker), length + 1):
        return False
    if not fence(state, start, end, silent) or silent:
        return silent and length >= 3
    closing = _line(state, state.line - 1)
    closed = state.line - 1 > start and len(closing) >= length and not closing.strip(marker)
    if closed or looks_like_code(state.tokens[-1].content.split("\n")):
        return True
    state.tokens.pop()
    state.line = start
    never_closed[(end, marker)] = length
    return False


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].strip()


def _address_reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read ``[label]: address``; ``[Speaker]: Yes`` is text."""
    position = state.bMarks[start] + state.tShift[start]
    if not _REFERENCE.match(state.src, position):
        return False
    return reference(state, start, end, silent)


def _unseen_html(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Skip comments, scripts and style sheets; other tags are read with the text around them."""
    position = state.bMarks[start] + state.tShift[start]
    opening = _REGION_OPENING.match(state.src, position)
    if opening is None:
        return False
    closing = _next_match(state, opening[0].lower(), opening.end())
    if closing is None or closing[1] > state.eMarks[end - 1]:
        return False
    last = start
    while state.eMarks[last] < closing[1]:
        last += 1
    rest = state.src[closing[1] : state.eMarks[last]].strip()
    if silent:
        return True
    state.line = last + 1
    if rest:
        token = state.push("inline", "", 0)
        token.content = rest
        token.map = [last, last + 1]
        token.children = []
    return True


def _next_match(state: StateBlock, name: str, position: int) -> tuple[int, int] | None:
    """Return where the next end of a region stands; what was searched is not searched again."""
    known: dict[str, tuple[int, int] | None] = state.env.setdefault("region_ends", {})
    if name not in known or (known[name] is not None and known[name][0] < position):  # type: ignore[index]
        match = _HTML_REGIONS[name].search(state.src, position)
        known[name] = match.span() if match else None
    return known[name]


def _pipe_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table; each row becomes a ``table_row`` token with its cells in ``meta``."""
    rule = _delimiter_line(state, start, end, 1 if silent else MAX_HEAD_LINES)
    if rule is None:
        return False
    columns = len(_cells(_line(state, rule)))
    head = [_line(state, number) for number in range(start, rule)]
    if columns == 1 and not _line(state, rule).startswith("|"):
        return False
    if len(head) > 1 and len(_cells("\n".join(head))) != columns:
        return False
    if head and "|" not in "".join(head):
        return False
    if silent:
        return True
    if head:
        _push_row(state, "\n".join(head), (start, rule + 1), header=True)
    state.line = _push_body(state, rule, end)
    return True


def _delimiter_line(state: StateBlock, start: int, end: int, reach: int) -> int | None:
    """Return the line with the rule under a table's head; the head may be missing or wrapped."""
    for number in range(start, min(end, start + reach + 1)):
        if state.isEmpty(number) or state.sCount[number] < state.blkIndent:
            return None
        line = _line(state, number)
        if "-" in line and "|" in line and _DELIMITERS.match(line):
            wrapped = number > start + 1
            return None if wrapped and not _ends_in_blanks(state, number) else number
    return None


def _ends_in_blanks(state: StateBlock, number: int) -> bool:
    """Say whether a line ends in two blanks, which is how html2text ends the rows of a table."""
    return state.src.endswith("  ", 0, state.eMarks[number])


def _cells(line: str) -> list[str]:
    cells = escapedSplit(line)
    if cells and not cells[0].strip():
        cells.pop(0)
    if cells and not cells[-1].strip():
        cells.pop()
    return [cell.strip() for cell in cells]


def _push_row(
    state: StateBlock, line: str, lines: tuple[int, int], *, header: bool = False
) -> None:
    token = state.push("table_row", "tr", 0)
    token.map = list(lines)
    token.meta = {"cells": _cells(line), "header": header}


def _push_body(state: StateBlock, rule: int, end: int) -> int:
    """Push the rows under a table's rule; return the line after the last."""
    piped = _line(state, rule).startswith("|")
    wrapped = not piped and _ends_in_blanks(state, rule)
    terminators = state.md.block.ruler.getRules("blockquote")
    number = first = rule + 1
    while number < end and not state.isEmpty(number) and state.sCount[number] >= state.blkIndent:
        line = _line(state, number)
        if piped and not line.startswith("|"):
            break
        if "|" not in line and any(rule(state, number, end, True) for rule in terminators):
            break
        number += 1
        if not wrapped or _ends_in_blanks(state, number - 1):
            _push_row(state, _joined(state, first, number), (first, number))
            first = number
    if first < number:
        _push_row(state, _joined(state, first, number), (first, number))
    return number


def _joined(state: StateBlock, first: int, end: int) -> str:
    return "\n".join(_line(state, number) for number in range(first, end))


def _wide_emphasis(state: StateInline, silent: bool) -> bool:
    """Let marks open and close next to scripts without blanks, where Markdown asks for one."""
    start, known = state.pos, len(state.delimiters)
    if not emphasis(state, silent):
        return False
    before, after = state.src[max(0, start - 1) : start], state.src[state.pos : state.pos + 1]
    if state.src[start] == "*" and before and after and (is_wide(before) or is_wide(after)):
        for delimiter in state.delimiters[known:]:
            delimiter.open = not after.isspace()
            delimiter.close = not before.isspace()
    return True
