"""The known character sets, and detection of the one that a text is in.

charset-normalizer names the character sets in which the visible text is no mess. Among
them, the one wins whose letters are most like those of a language that is written in it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

UTF8 = "utf-8"

_MARKUP = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<[/a-z!?][^<>]*>?", re.S | re.I
)
_LANGUAGE = re.compile(rb"<html\b[^<>]*?\slang\s*=\s*[\"']?([a-z]{2})", re.I)
_HEAD = 4096  # bytes
_SAMPLE = 16_384  # bytes; more do not change the verdict
_HIGH_BYTES = bytes(range(0x80, 0x100))

# Shares of a text's characters outside ASCII. What a language's row doesn't list still
# occurs: names, loan words, and most ideographs.
_LISTED = 0.93
_LISTED_IDEOGRAPHS = 0.55
_UNLISTED = math.log(0.002)
_UNLISTED_IDEOGRAPH = math.log(0.0003)
_PUNCTUATION = math.log(0.02)
_STEEPNESS = 3.0  # how fast frequency falls from the first letter of a row to the last
_STEEPNESS_IDEOGRAPHS = 2.0
_CAPITAL = -2.5  # against the small letter
_SYMBOL = -2.0  # against an unlisted letter
_BROKEN = -12.0  # U+FFFD and control characters: worse than any letter
_COMMON_PUNCTUATION = "\xa0«»“”„‚‘’–—…•·©®™°§€£№´²½×"  # noqa: RUF001
_UTF8_CHARACTER = -1.5  # two bytes or more that agree are no chance
# A Latin letter beside a Greek, Cyrillic, Semitic or Thai one: no word is spelled like that.
_MIXED_WORD = re.compile(r"[A-Za-z](?=[\u0370-\u0fff])|[\u0370-\u0fff](?=[A-Za-z])")
_MIXED = -6.0

# What is known before a byte is read, as log-likelihood of the whole text: it decides
# between near equals in a few words, and nothing in a page of them.
_COMMONEST = "windows-1252"
_COMMONEST_BONUS = 3.0
_DECLARED_BONUS = 6.0
_LANGUAGE_BONUS = 6.0
_CLOSE_CALL = 0.1  # a byte
_MAX_MESS = 0.5  # charset-normalizer's; generous, as the ranking decides


@dataclass(frozen=True, slots=True)
class _Language:
    codes: frozenset[str]
    charsets: frozenset[str]
    likelihoods: Mapping[str, float]
    """Character to the logarithm of its share."""
    unlisted: float


@cache
def charset_data() -> dict[str, Any]:
    """Return the tables of ``data/charsets.toml``."""
    import tomllib
    from importlib.resources import files

    source = files("cleaner").joinpath("data/charsets.toml").read_text(encoding=UTF8)
    return tomllib.loads(source)


@cache
def _codecs(charset: str) -> tuple[str, ...]:
    """Return the Python codecs that read a character set, the likeliest first."""
    rows = charset_data()["charset"]
    return next(tuple(row["codecs"]) for row in rows if row["name"] == charset)


def decode_strictly(body: bytes, charset: str) -> str | None:
    """Return the text, or ``None`` when the bytes are not all of the character set."""
    for codec in (UTF8,) if charset == UTF8 else _codecs(charset):
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            continue
    return None


def decode_leniently(body: bytes, charset: str) -> tuple[str, int]:
    """Return the text, and how many characters had to be replaced by U+FFFD."""
    text = decode_strictly(body, charset)
    if text is not None:
        return text, 0
    text = body.decode(_codecs(charset)[0], "replace")
    meant = body.count("\ufffd".encode()) if charset == UTF8 else 0
    return text, text.count("\ufffd") - meant


def visible_text(body: bytes) -> bytes:
    """Return the bytes of a page without tags, comments, scripts and styles."""
    return _MARKUP.sub(b" ", body)


def count_high(body: bytes) -> int:
    """Return how many bytes are outside ASCII."""
    return len(body) - len(body.translate(None, _HIGH_BYTES))


def detect_charset(body: bytes, declared: tuple[str, ...] = ()) -> tuple[str, bool]:
    """Return the likeliest character set of a body, and whether it was a close call.

    ``declared`` are the character sets that the page names; they compete with a bonus.
    """
    sample = _sample(body)
    match = _LANGUAGE.search(body[:_HEAD])
    language = match[1].decode("ascii").lower() if match else ""
    high = max(count_high(sample), 1)
    ranked: list[tuple[float, str, str]] = []
    for charset in _candidates(sample, declared):
        text, _ = decode_leniently(sample, charset)
        score = _likelihood(text, charset, language) + _DECLARED_BONUS * (charset in declared)
        ranked.append((score / high, charset, text))
    ranked.sort(key=lambda row: -row[0])  # stable: equals keep the order of the table
    best, charset, text = ranked[0]
    rival = next((score for score, _, other in ranked if other != text), -math.inf)
    return charset, best - rival < _CLOSE_CALL


def _sample(body: bytes) -> bytes:
    """Return the lines of visible text that say something about the character set."""
    body = body.replace(b"\0", b"")
    telling = [line for line in visible_text(body).splitlines() if not line.isascii()]
    if not telling:
        telling = [line for line in body.splitlines() if not line.isascii()]
    return b"\n".join(b" ".join(line.split()) for line in telling)[:_SAMPLE]


def _candidates(sample: bytes, declared: tuple[str, ...]) -> list[str]:
    """Return the character sets worth a look, in the order of the table.

    charset-normalizer judges text without an error alone; of what is damaged, the rest
    compete too, as each replaced character counts against them.
    """
    from charset_normalizer import from_bytes

    known = {charset for language in _languages() for charset in language.charsets}
    names = [row["name"] for row in charset_data()["charset"] if row["name"] in known]
    by_codec = {_codec_key(_codecs(name)[0]): name for name in names}
    matches = from_bytes(
        sample,
        cp_isolation=[_codecs(name)[0] for name in names],
        threshold=_MAX_MESS,
        preemptive_behaviour=False,
        enable_fallback=False,
    )
    tidy = {_codec_key(codec) for match in matches for codec in match.could_be_from_charset}
    chosen = {by_codec[codec] for codec in tidy & by_codec.keys()} | set(declared)
    chosen |= {name for name in names if decode_strictly(sample, name) is None}
    return [UTF8, *(name for name in names if name in chosen)]


def _codec_key(codec: str) -> str:
    return codec.replace("_", "").replace("-", "")


def _likelihood(text: str, charset: str, language: str) -> float:
    """Return the log-likelihood of the text in the likeliest language."""
    counts = Counter(c for c in text if not c.isascii())
    if charset == UTF8:
        broken = counts.pop("\ufffd", 0)
        return _UTF8_CHARACTER * counts.total() + _BROKEN * broken
    likeliest = max(
        sum(_letter_likelihood(c, row) * n for c, n in counts.items())
        + _LANGUAGE_BONUS * (language in row.codes)
        for row in _languages()
        if charset in row.charsets
    )
    mixed = _MIXED * len(_MIXED_WORD.findall(text))
    return likeliest + mixed + _COMMONEST_BONUS * (charset == _COMMONEST)


def _letter_likelihood(character: str, language: _Language) -> float:
    listed = language.likelihoods.get(character)
    if listed is not None:
        return listed
    if character == "\ufffd" or "\x80" <= character <= "\x9f":
        return _BROKEN
    return language.unlisted + (0 if character.isalpha() else _SYMBOL)


@cache
def _languages() -> tuple[_Language, ...]:
    return tuple(_language(row) for row in charset_data()["language"])


def _language(row: Mapping[str, Any]) -> _Language:
    ideographic = row.get("ideographic", False)
    return _Language(
        codes=frozenset(row["codes"].split()),
        charsets=frozenset(row["charsets"]),
        likelihoods=_likelihoods(row["letters"], ideographic),
        unlisted=_UNLISTED_IDEOGRAPH if ideographic else _UNLISTED,
    )


def _likelihoods(row: Iterable[str], ideographic: bool) -> dict[str, float]:
    letters = list(dict.fromkeys(row))
    steepness = _STEEPNESS_IDEOGRAPHS if ideographic else _STEEPNESS
    listed = _LISTED_IDEOGRAPHS if ideographic else _LISTED
    weights = [math.exp(-steepness * rank / len(letters)) for rank in range(len(letters))]
    result = dict.fromkeys(_COMMON_PUNCTUATION, _PUNCTUATION)
    for letter, weight in zip(letters, weights, strict=True):
        share = math.log(listed * weight / sum(weights))
        result[letter] = share
        capital = letter.upper()
        if len(capital) == 1 and capital != letter:
            result[capital] = share + _CAPITAL
    return result
