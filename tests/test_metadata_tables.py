from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from cleaner.metadata.tables import alternatives

WORDS = st.sets(st.text("aAbB.|é日", min_size=1, max_size=4), min_size=1)


def test_the_longest_alternative_comes_first() -> None:
    pattern = re.compile(alternatives({"mar", "march", "marche", "may", "m"}))
    found = [pattern.match(text) for text in ("marches", "marcs", "mays", "mx")]
    assert [m and m[0] for m in found] == ["marche", "mar", "may", "m"]


def test_signs_of_patterns_stand_for_themselves() -> None:
    assert re.fullmatch(alternatives({"p.m", "(c)"}), "p.m")
    assert not re.fullmatch(alternatives({"p.m", "(c)"}), "pom")


@given(WORDS, st.text("aAbB.|é日", max_size=6))
def test_a_text_begins_with_the_longest_word_that_it_begins_with(
    words: set[str], text: str
) -> None:
    match = re.match(alternatives(words), text)
    expected = max((w for w in words if text.startswith(w)), key=len, default=None)
    assert (match[0] if match else None) == expected
