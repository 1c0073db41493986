"""``python -m cleaner`` is the command line."""

from cleaner.cli import main

main(prog_name="cleaner")
