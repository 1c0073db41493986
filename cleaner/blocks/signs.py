"""Characters of many scripts that end sentences, quote, and mark lists, as data."""

# ruff: noqa: RUF001  # that signs of different scripts look alike is the point here

from __future__ import annotations

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
