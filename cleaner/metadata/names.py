"""The names of people in what a page states as its author, or in a byline."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from cleaner.metadata.dateparse import DateHints, find_dates
from cleaner.metadata.tables import all_words, alternatives, language_words, signs, table
from cleaner.metadata.text import key, plain, unique

MAX_STATED = 300
"""Characters; a longer statement is no list of names."""

_MAX_BY = 60
"""Characters of a line that is a byline's word and nothing else."""

MAX_NAME = 60
_FAMILY = 2
"""Letters of a family's name that a degree has too."""

_MAX_TOKENS = 6
_MAX_UNCASED = 6
"""Characters of a name of one word in a script that has no capital letters."""

_ADDRESS = re.compile(
    r"^(?:https?:)?//|^www\.|@[\w-]+\.\w|\.(?:com|org|net|html?|php)\b|[^\W\d]\.\w+\.[^\W\d]",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<!\w)@\w+")
_BRACKETS = re.compile(
    rf"\s*[{signs('names', 'open')}][^{signs('names', 'close')}]*[{signs('names', 'close')}]\s*"
)
_SIGNS = re.compile(rf"\s*[{signs('names', 'between')}\n\t]\s*|\s*&\s*|\s*,\s*(?=and\s)|\s+/\s+")
_DASH = re.compile(rf"\s+[{signs('names', 'dash')}]+\s+|[{signs('names', 'dash')[2:]}]")
_COMMA = re.compile(r"\s*,\s*")
_DATED = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\b\d{4}\b|\d{1,2}:\d{2}")
_COUNT = re.compile(r"(?<=[^\W\d_])\s+\d+\s+[^\W\d_]")
"""A number of comments or minutes after a name."""

_SENTENCE = re.compile(r"(?<=[^\W\d_]{4})[.!?]\s")
"""The end of a sentence after a name; before it, shorter than an initial or a title."""

_PART = re.compile(rf"\s*[{signs('names', 'parts')}]\s*|\s+in\s+", re.IGNORECASE)
_NOT_IN_NAMES = frozenset(table("signs")["names"]["never"])
_EDGES = table("signs")["names"]["edges"]
_DEGREE = re.compile(r"(?:[A-Z][a-z]?\.?){2,6}(?:-[A-Z]{1,3})?®?|[A-Z][a-z]?[A-Z]®?")


@dataclass(frozen=True, slots=True)
class NameRules:
    """What is known of a page when names are read from it."""

    site_keys: frozenset[str] = frozenset()
    """The site's and the publisher's names, as ``text.key`` gives them."""
    own_keys: frozenset[str] = frozenset()
    """Those of ``site_keys`` that may be a person's who has an own site."""
    language: str = "en"
    """BCP 47 tag; its bylines count beside English ones."""


def stated_people(value: str, rules: NameRules) -> tuple[str, ...]:
    """Return the people that a machine-readable author names, without roles and agencies."""
    text = plain(value)
    if not text or len(text) > MAX_STATED or _ADDRESS.search(text):
        return ()
    begin = by_pattern(rules.language).match(text)
    text = text[begin.end() :] if begin else text
    return unique(n for n in _split(text, rules) if is_person(n, rules))


@lru_cache(maxsize=256)
def byline_people(line: str, rules: NameRules) -> tuple[str, ...]:
    """Return the people in a line that readers see, if it has the form of a byline.

    A byline begins with a word such as "By", or its name ends with one such as "기자";
    and every name in it is written as names are. A date may stand before or after it.
    It is cached because several candidates read the same lines around the title.
    """
    if line.isascii() and not _may_be_by(line, rules.language):
        return ()
    inside = None if line.isascii() else _inside_pattern().search(plain(line))
    if inside and is_person(inside["name"], rules):
        return (inside["name"],)
    for part in name_parts(line, rules.language):
        begin = by_pattern(rules.language).match(part)
        end = None if begin else _after_pattern().search(part)
        if begin or end:
            own = replace(rules, site_keys=rules.site_keys - rules.own_keys)
            names = part[begin.end() :] if begin else part[: end.start() if end else 0]
            return written_people(names, own)
    return ()


def _may_be_by(line: str, language: str) -> bool:
    """Whether a line has a byline's word anywhere, which is quicker to see than where."""
    folded = line.lower()
    return "&" in line or "<" in line or any(word in folded for word in _by_words(language))


@lru_cache(maxsize=64)
def _by_words(language: str) -> tuple[str, ...]:
    """A byline's words, without those that hold another one."""
    words = [w for n in ("by", "by_colon") for w in language_words("persons", n, language)]
    return tuple(w for w in words if not any(o != w and o in w for o in words))


@lru_cache(maxsize=256)
def name_parts(line: str, language: str) -> tuple[str, ...]:
    """The parts of a line between its dates and signs, and before what "in" begins."""
    line = plain(line)
    hints = DateHints(language)
    for match in reversed(find_dates(line, hints)):
        line = f"{line[: match.start]} | {line[match.end :]}"
    parts = [p.strip() for p in _PART.split(line)]
    return tuple(p for p in parts if p) or (line,)


def has_by(line: str, rules: NameRules) -> bool:
    """Whether a line begins with a byline's word."""
    return any(by_pattern(rules.language).match(p) for p in name_parts(line, rules.language))


def is_by(line: str, rules: NameRules) -> bool:
    """Whether a line is a byline's word and nothing else: the name is on the next one."""
    if len(line) > _MAX_BY:
        return False  # most lines, which is quicker to see
    return bool(by_pattern(rules.language).fullmatch(plain(line).rstrip(" :") + ":"))


def written_people(line: str, rules: NameRules) -> tuple[str, ...]:
    """Return the people at the beginning of a line, up to the first thing that is no name."""
    found: list[str] = []
    for name in _split(line, rules):
        if not looks_like_name(name) or is_role(name):
            break
        if is_person(name, rules):
            found.append(name)
    if any(" " in n for n in found):
        found = [n for n in found if " " in n or not n.isascii()]
    return unique(found)


@lru_cache(maxsize=64)
def by_pattern(language: str) -> re.Pattern[str]:
    """Return a pattern of a byline's word at a line's beginning, in the language or English."""
    free = alternatives(language_words("persons", "by", language))
    bound = alternatives(language_words("persons", "by_colon", language))
    colon = rf"\s*[{signs('names', 'colon')}]\s*"
    return re.compile(
        rf"\W{{0,3}}(?:(?:(?i:{free})(?:{colon}|\s+)|(?i:{bound}){colon})|By(?=[A-Z][a-z]))"
    )


@lru_cache(maxsize=1)
def _after_pattern() -> re.Pattern[str]:
    words = alternatives(all_words("persons", "after"))
    return re.compile(rf"(?<=\S)\s?(?:{words})(?=$|[\s{signs('names', 'stop')}])")


@lru_cache(maxsize=1)
def _inside_pattern() -> re.Pattern[str]:
    """A byline's word inside of a line, and a name of two to four Chinese signs after it."""
    words = alternatives(all_words("persons", "inside"))
    edges = rf"\s{signs('names', 'open')}{signs('names', 'close')}{signs('names', 'between')}"
    return re.compile(
        rf"(?:^|[{edges}])(?:{words})\s?(?P<name>[\u4e00-\u9fff]{{2,4}})(?=$|[{edges}])"
    )


@lru_cache(maxsize=64)
def _and_pattern(language: str) -> re.Pattern[str]:
    words = alternatives(language_words("persons", "and", language))
    return re.compile(rf"\s+(?:{words})\s+", re.IGNORECASE)


def _split(text: str, rules: NameRules) -> Iterator[str]:
    """The names of a list of names, each without handle, brackets, role and date."""
    text = _HANDLE.sub(" ", _BRACKETS.sub(" ", text))
    first = ""
    for part in _SIGNS.split(text):
        part = _DASH.split(part)[0]
        for piece in _split_and(part, rules):
            for name in _split_commas(piece, rules):
                if not (first and is_role(name)):
                    yield name
                first = first or name


def _split_and(text: str, rules: NameRules) -> list[str]:
    """Split at "and" where a name stands before it."""
    pieces = [p for p in _and_pattern(rules.language).split(text) if p.strip()]
    if len(pieces) > 1 and all(looks_like_name(_trim(p.split(",")[0])) for p in pieces):
        return pieces
    return [text]


def _split_commas(text: str, rules: NameRules) -> Iterator[str]:
    """Names between commas; what follows a name and is a role, a degree or a place is not.

    Where the first is no person's name, neither is what follows it.
    """
    parts = [p for p in (_trim(p) for p in _COMMA.split(text)) if p]
    if not parts or not is_person(parts[0], rules):
        return
    if len(parts) == 2 and _is_inverted(*parts):
        yield f"{parts[1]} {parts[0]}"
        return
    yield parts[0]
    yield from (p for p in parts[1:] if not is_role(p) and looks_like_name(p) and " " in p)


def _is_inverted(family: str, given: str) -> bool:
    """Whether two parts around a comma are one name, the family's name first."""
    tokens = given.split()
    return (
        " " not in family
        and looks_like_name(family)
        and looks_like_name(given)
        and not is_role(given)
        and len(tokens) <= 2
        and (len(tokens) == 1 or len(tokens[1].strip(".")) == 1)
    )


def _trim(name: str) -> str:
    """A name without what stands at its edges: signs, dates, a byline's last word."""
    dated = _DATED.search(name) or _COUNT.search(name) or _SENTENCE.search(name)
    if dated:
        name = name[: dated.start()]
    name = name.strip(_EDGES)
    end = _after_pattern().search(name)
    if end:
        name = name[: end.start()]
    tokens = name.strip(_EDGES).split()
    while len(tokens) > 1 and tokens[-1] in all_words("persons", "joint"):
        tokens.pop()
    return " ".join(tokens)


def is_role(text: str) -> bool:
    """Whether a text says what a person does, or which degree a person has."""
    roles = all_words("persons", "role")
    parts = [t.strip(".") for t in re.split(r"[\s-]+", text)]
    # A degree is written in capital letters: Ma and Do are families.
    tokens = ["" if len(t) == _FAMILY and t.istitle() else t.casefold() for t in parts]
    if tokens[0] in all_words("persons", "given") and len(tokens) > 2:
        tokens = tokens[1:]
    return any(t in roles for t in tokens) or bool(_DEGREE.fullmatch(text.replace(" ", "")))


def is_person(name: str, rules: NameRules) -> bool:
    """Whether a stated name can be a person's: not staff, an agency or the site itself."""
    folded = name.casefold()
    if not 1 < len(name) <= MAX_NAME or not any(c.isalpha() for c in name):
        return False
    if len(name.split()) > _MAX_TOKENS or _ADDRESS.search(name) or ": " in name:
        return False
    begin, _, rest = folded.partition(" ")
    own = rest if begin in all_words("persons", "by") else folded  # in any language
    if {folded, own} & (all_words("persons", "nobody") | all_words("persons", "agency")):
        return False
    tokens = [t.strip(_EDGES) for t in folded.split()]
    if any(t in all_words("persons", "organization") for t in tokens):
        return False
    return not {key(name), key(own)} & rules.site_keys


def is_personal(name: str) -> bool:
    """Whether a name has the form of a person's full name, and not of a firm's or a paper's."""
    tokens = [t.strip(_EDGES) for t in name.casefold().split()]
    return (
        2 <= len(tokens) <= 3
        and looks_like_name(name)
        and all_words("persons", "organization").isdisjoint(tokens)
        and all_words("persons", "press").isdisjoint(tokens)
    )


def looks_like_name(name: str) -> bool:
    """Whether a text is written as names of people are.

    Words with capital letters, with few small words between them; or, in a script
    without capital letters, a few characters.
    """
    if not name or len(name) > MAX_NAME or any(c.isdigit() or c in _NOT_IN_NAMES for c in name):
        return False
    tokens = name.split()
    if len(tokens) >= _MAX_TOKENS:
        return False
    if not any(c.isupper() or c.islower() for c in name):
        one_word = len(tokens) == 1 and "・" not in name
        return len(name) <= (_MAX_UNCASED if one_word else MAX_NAME // 2)
    particles = all_words("persons", "particle")
    capital = [t for t in tokens if _is_capitalized(t)]
    return bool(capital) and all(t in capital or t.casefold() in particles for t in tokens)


def _is_capitalized(token: str) -> bool:
    letter = next((c for c in token if c.isalpha()), "")
    return bool(letter) and (letter.isupper() or unicodedata.category(letter) == "Lo")
