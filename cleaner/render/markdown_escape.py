"""What CommonMark would read as markup, escaped; and which marks it would read at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.render.inline import Break, End, Picture, Run, Start, Token
from cleaner.types import SpanKind

_ENTITY = r"&(?=\#[0-9]{1,7};|\#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)"
_MARKUP = rf"""
    [*`\[]
  | _+                                       # kept amid a word, by the callback
  | \\(?=[!-/:-@\[-`{{-~]|\Z)                # a backslash that would escape the next character
  | <(?=[A-Za-z/!?]|[^\s<>@]*(?:@[^\s<>]+>|\Z))  # a tag or an address in angle brackets
  | {_ENTITY}
"""
_TEXT = re.compile(_MARKUP, re.VERBOSE)
_LINK = re.compile(_MARKUP + r"| \]", re.VERBOSE)
_CELL = re.compile(_MARKUP + r"| \|", re.VERBOSE)
_LINK_IN_CELL = re.compile(_MARKUP + r"| \] | \|", re.VERBOSE)
_PATTERNS = {
    (False, False): _TEXT,
    (True, False): _LINK,
    (False, True): _CELL,
    (True, True): _LINK_IN_CELL,
}

_LINE_START = re.compile(
    r"""
    (?P<number>[0-9]{1,9})(?=[.)](?:[ \t]|$))  # an ordered list
  | \#{1,6}(?=[ \t]|$)                         # a heading
  | [-+](?=[ \t]|$)                            # a list
  | >                                          # a quote
  | ~~~                                        # code
  | -[- \t]*$                                  # a rule
""",
    re.VERBOSE,
)
_UNDERLINE = re.compile(r"=+[ \t]*$|[|:-][|: \t-]*$")
"""A line that would make the one above a heading or the head of a table."""
_CLOSING_HASHES = re.compile(r"(?<!\S)#+$")
_DESTINATION_ENTITY = re.compile(_ENTITY)
_MAX_PARENTHESES = 5

_MARKS = (SpanKind.EMPHASIS, SpanKind.STRONG)


def escape_text(text: str, *, in_link: bool = False, in_cell: bool = False) -> str:
    """Return a stretch of text, without line ends, with a backslash before what is markup."""
    return _PATTERNS[in_link, in_cell].sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    characters = found.group()
    if characters[0] != "_":
        return "\\" + characters
    text, start, end = found.string, found.start(), found.end()
    if start and end < len(text) and text[start - 1].isalnum() and text[end].isalnum():
        return characters  # within a word an underscore is no mark
    return "\\_" * len(characters)


def escape_line_start(line: str, *, first: bool) -> str:
    """Return a line of a paragraph so that its start is no list, heading, quote, rule or code.

    ``line`` is escaped as text; ``first`` says whether it is the first line of the paragraph.
    """
    found = _LINE_START.match(line)
    if found and found["number"]:
        return f"{found['number']}\\{line[found.end() :]}"
    if found or (not first and _UNDERLINE.match(line)):
        return "\\" + line
    return line


def escape_heading_end(line: str) -> str:
    """Return the text of a heading so that its last ``#`` are kept."""
    return _CLOSING_HASHES.sub(lambda found: "\\" + found.group(), line)


def escape_address(address: str) -> str:
    """Return an address as a link's destination; it holds no white space or angle brackets."""
    address = _DESTINATION_ENTITY.sub(r"\\&", address)
    if "(" not in address and ")" not in address:
        return address
    depth = deepest = lowest = 0
    for character in address:
        depth += (character == "(") - (character == ")")
        deepest, lowest = max(depth, deepest), min(depth, lowest)
    if depth or lowest < 0 or deepest > _MAX_PARENTHESES:
        address = address.replace("(", "\\(").replace(")", "\\)")
    return address


def readable_marks(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens without the emphasis that CommonMark would not read as such.

    Asterisks open emphasis only before, and close it only after, certain characters, and those
    of two stretches that touch run together. Runs that meet then are one.
    """
    if len(tokens) <= 1:
        return list(tokens)
    runs = list(_asterisks(tokens))
    dropped = _unreadable(tokens, runs)
    dropped |= _ambiguous(tokens, runs, dropped)
    kept: list[Token] = []
    for number, token in enumerate(tokens):
        if number in dropped:
            continue
        last = kept[-1] if kept else None
        if isinstance(token, Run) and isinstance(last, Run) and token.code == last.code:
            kept[-1] = Run(last.text + token.text, token.code)
        else:
            kept.append(token)
    return kept


class _Asterisks(NamedTuple):
    """Marks that are printed as one run of asterisks: ends, then starts."""

    positions: range
    can_open: bool
    can_close: bool
    might_close: bool
    """Whether they can close in any version of CommonMark."""


def _asterisks(tokens: Sequence[Token]) -> Iterator[_Asterisks]:
    """Yield the runs of emphasis marks, with what the characters around them allow."""
    position = 0
    while position < len(tokens):
        end = position
        while end < len(tokens) and _is_emphasis(tokens[end]):
            end += 1
        if end > position:
            before = _last_character(tokens[position - 1]) if position else " "
            after = _first_character(tokens[end]) if end < len(tokens) else " "
            yield _Asterisks(
                range(position, end),
                can_open=_is_flanking(before, after),
                can_close=_is_flanking(after, before),
                might_close=_might_flank(after, before),
            )
        position = end + 1


def _unreadable(tokens: Sequence[Token], runs: Sequence[_Asterisks]) -> set[int]:
    """Return the positions of the marks that cannot open or close where they stand.

    A mark that begins where another one ends is dropped, too. Both its ends are returned.
    """
    dropped: set[int] = set()
    starts: list[tuple[int, bool]] = []
    for run in runs:
        opens = run.can_open and isinstance(tokens[run.positions[0]], Start)
        for number in run.positions:
            if isinstance(tokens[number], Start):
                starts.append((number, opens))
                continue
            start, opened = starts.pop()
            if not (opened and run.can_close):
                dropped |= {start, number}
    return dropped


def _ambiguous(tokens: Sequence[Token], runs: Sequence[_Asterisks], dropped: set[int]) -> set[int]:
    """Return the positions of the marks whose start would close the mark around them.

    Within a word asterisks can do both. CommonMark lets them close unless the lengths of the
    two runs add up to a multiple of three.
    """
    found: set[int] = set()
    starts: list[tuple[int, int]] = []  # position, length of the run
    for run in runs:
        kept = [number for number in run.positions if number not in dropped]
        length = sum(2 if _is_strong(tokens[number]) else 1 for number in kept)
        for number in kept:
            if isinstance(tokens[number], Start):
                if starts and run.might_close and (starts[-1][1] + length) % 3:
                    found.add(number)
                starts.append((number, length))
            elif starts.pop()[0] in found:
                found.add(number)
    return found


def _is_emphasis(token: Token) -> bool:
    return isinstance(token, Start | End) and token.kind in _MARKS


def _is_strong(token: Token) -> bool:
    return isinstance(token, Start | End) and token.kind is SpanKind.STRONG


def _is_flanking(outer: str, inner: str) -> bool:
    """Return whether asterisks between two characters surely open or close emphasis.

    ``inner`` is the character within the emphasis, ``outer`` the one outside of it.
    """
    if inner.isspace():
        return False
    return not _may_be_punctuation(inner) or outer.isspace() or _is_punctuation(outer)


def _might_flank(outer: str, inner: str) -> bool:
    """Return whether asterisks open or close emphasis for some reader."""
    if inner.isspace():
        return False
    return not _is_punctuation(inner) or outer.isspace() or _may_be_punctuation(outer)


def _may_be_punctuation(character: str) -> bool:
    """Symbols count as punctuation in the newer versions of CommonMark alone."""
    return unicodedata.category(character)[0] in "PS"


def _is_punctuation(character: str) -> bool:
    is_ascii_symbol = character in "$+<=>^`|~"
    return is_ascii_symbol or unicodedata.category(character)[0] == "P"


def _first_character(token: Token) -> str:
    """Return the first character that a token is printed as, as far as flanking goes."""
    if isinstance(token, Run):
        return "`" if token.code else token.text[0]
    if isinstance(token, Start):
        return "["
    if isinstance(token, Picture):
        return "!"
    return "]" if isinstance(token, End) else "\n"


def _last_character(token: Token) -> str:
    if isinstance(token, Run):
        return "`" if token.code else token.text[-1]
    if isinstance(token, Start):
        return "["
    return "\n" if isinstance(token, Break) else ")"
