"""Learn the block labeler's weights from labelled pages.

recipe.toml     what is trained on, and how
align.py        the main text of a page -> a target for each of its blocks
snippets.py     the same from snippets of it
samples.py      labelled pages -> pages of blocks with their targets, as HTML and text captures
odds.py         what words and names speak for, domain by domain
rows.py         samples -> rows of features, targets and weights
fit.py          rows -> a forest
run.py          all of these in turn
export.py       forests and odds -> the files of a model
calibration.py  how far the probabilities can be trusted
card.py         figures -> the card of a model
command.py      the command ``cleaner train``
"""
