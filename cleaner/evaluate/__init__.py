"""Score the cleaner, and other systems beside it, on zips of labelled pages.

sets.py       a zip -> records with their truth
peers.py      our system and the others behind one interface
captures.py   HTML -> the text captures that people make of it
score.py      the scores of a page, and their intervals
faults.py     what was missed and what was let in, as short excerpts
meta.py       title, authors and date against their truth
run.py        every system on every page, timed
summary.py    pages -> figures of a set, a page type, a system
report.py     figures -> tables and worst pages; JSON
command.py    the command line
"""
