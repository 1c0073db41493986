"""Characters of many scripts that end sentences, quote, and mark lists, as data."""

# ruff: noqa: RUF001  # that signs of different scripts look alike is the point here

from __future__ import annotations

DENSE_RANGES = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
)
"""Scripts written without blanks: a letter says about three times what a Latin one does."""

DENSE = "".join(f"{chr(first)}-{chr(last)}" for first, last in DENSE_RANGES)
"""The same for use within a pattern's brackets."""

SENTENCE_END = ".!?…。！？．؟۔।॥։።"
"""Marks that end a sentence."""

NO_HEADING_END = ".,;:…。、，；：؛،।۔"
"""Marks that a heading does not end with; it may ask or exclaim."""

INTRODUCING = ":;：；"
"""Marks after which something else begins, though the sentence goes on."""

AFTER_SENTENCE = "\"'”’»«“›‹」』）)]】*_"
"""Quotation marks and brackets that may follow the mark that ends a sentence."""

AFTER_ADDRESS = ".,;:!?'’)]}*_…。，、）」』"
"""Marks at the end of an address that belong to the sentence around it."""

QUOTES = {
    '"': '"',
    "＂": "＂",
    "“": "”",
    "„": "“”",
    "”": "”",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "〝": "〞〟",
}
"""Opening quotation marks with those that close them; languages differ in which are which."""

OPENING_QUOTES = "„「『《〈〝"
"""Quotation marks that open in every language."""

SPACED_QUOTES = "«‹"
"""Opening quotation marks after which French sets a blank."""

BEFORE_QUOTE = "([{—–-/"
"""Marks that may stand right before an opening quotation mark."""

INVISIBLE = "\u200b\u2060\ufeff"
"""Characters without width that captures have at the edges of texts."""

BULLETS = "•▪●◦‣⁃■"
"""Bullets that are used for nothing but lists."""

DASHES = "-–*·+"
"""Bullets that text may start with, too."""

SPEECH_DASHES = "-–"
"""Bullets that also begin a paragraph of speech."""

RULES = "-=_*~—–·.•+#|"
"""Characters that rules are drawn with."""
