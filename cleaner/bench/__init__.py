"""Measure speed and memory, ours and that of other systems, on pages of one's own.

pages.py      a zip or a folder -> pages
systems.py    our system in its settings, the parser alone, and the systems of the evaluation
run.py        every system on every page, in turn, for several rounds
stages.py     where our time goes, stage by stage
fresh.py      what only a new process can tell: start-up and peak of memory
peak.py       the process whose memory is measured
figures.py    times -> medians, ratios with their intervals, growth with page size
goals.py      what the figures should be
doubts.py     what could not be measured cleanly
plot.py       time against page size, as SVG
report.py     figures -> tables; JSON
command.py    the command line
"""
