"""The feature matrix of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from cleaner.features.arrays import Floats, PageArrays, read_arrays
from cleaner.features.course import course_columns
from cleaner.features.own import own_columns
from cleaner.features.phrases import Hint, find_phrases
from cleaner.features.places import place_columns
from cleaner.features.whole import whole_columns
from cleaner.features.words import WordOdds, word_columns
from cleaner.types import Page


class Matrix(NamedTuple):
    """The features of a page's blocks."""

    names: tuple[str, ...]
    values: Floats
    """(features, blocks): a row a feature, so that the model reads each in one piece."""
    arrays: PageArrays
    phrases: Mapping[int, Hint]
    """Block of a text capture to the phrase of boilerplate that it says. Pages with elements are
    not searched: their names and places say it at less cost."""

    def column(self, name: str) -> Floats:
        """Return the values of one feature, one a block."""
        result: Floats = self.values[self.names.index(name)]
        return result


def read_matrix(page: Page, title: int, odds: WordOdds) -> Matrix:
    """Return the feature matrix of a page that has blocks; ``title`` is the headline's index."""
    arrays = read_arrays(page)
    phrases = {} if page.elements else find_phrases(page.blocks)
    columns = own_columns(arrays, phrases) | word_columns(arrays, odds)
    columns |= course_columns(arrays, title, columns)
    columns |= place_columns(arrays, odds)
    columns |= whole_columns(arrays)
    values = np.empty((len(columns), arrays.size), dtype=np.float32)
    for row, column in enumerate(columns.values()):
        values[row] = column
    return Matrix(tuple(columns), values, arrays, phrases)
