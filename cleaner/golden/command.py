"""The commands ``cleaner golden ...``, put together."""

from __future__ import annotations

import click

from cleaner.golden.command_check import (
    compare_command,
    diff_command,
    report_command,
    test_command,
)
from cleaner.golden.command_make import (
    add_command,
    blocks_command,
    export_command,
    import_command,
)
from cleaner.golden.command_settle import (
    accept_command,
    label_command,
    pending_command,
    reject_command,
)
from cleaner.golden.review.command import review_command


@click.group(
    name="golden",
    epilog="`add` a page, `test` it after each change, `review` what changed in the browser or "
    "settle it here with `diff`, `accept` and `reject`. `cleaner train --fixtures DIR` makes a "
    "model that has learnt from the cases. "
    "A case is a folder with a page and what should come out of it. CASE is such a "
    "folder, a folder of them, or a case's name (* stands for anything); without one it is "
    "all cases of the project: golden_paths of its pytest settings, or the folder golden. "
    "Exit codes: 0 all the same, 1 something changed or failed, 2 bad usage.",
)
def golden_group() -> None:
    """Keep pages with the text they should give; see what changes.

    Accept, reject or correct it.
    """


for _command in (
    accept_command,
    add_command,
    blocks_command,
    compare_command,
    diff_command,
    export_command,
    import_command,
    label_command,
    pending_command,
    reject_command,
    report_command,
    review_command,
    test_command,
):
    golden_group.add_command(_command)
