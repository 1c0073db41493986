"""The package's own names: there, the right ones, and loaded when they are asked for alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from archive_files import gz, numbers, plain, record, write

import cleaner.archive
from cleaner.archive import InputOptions, Source, read_again, read_items
from cleaner.errors import InputError


def test_every_public_name_is_there() -> None:
    for name in cleaner.archive.__all__:
        assert getattr(cleaner.archive, name)
    with pytest.raises(AttributeError, match="no attribute 'reed_again'"):
        _ = cleaner.archive.reed_again


def test_names_are_loaded_when_they_are_asked_for() -> None:
    code = (
        "import sys, cleaner.archive; before = set(sys.modules);"
        "assert not [n for n in before if n.startswith('cleaner.archive.')], before;"
        "from cleaner.archive import Record; assert 'cleaner.archive.runner' not in sys.modules;"
        "from cleaner.archive import Job, run_archive;"
        "assert not {'numpy', 'rich', 'pyarrow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_inputs_are_read_one_after_the_other(tmp_path: Path) -> None:
    first = write(tmp_path, "a.warc.gz", gz(record(n) for n in range(3)))
    second = write(tmp_path, "b.warc", plain(record(n) for n in range(3, 5)))
    items = list(read_items([first, second], InputOptions(shard_bytes=100)))
    assert numbers(items) == [0, 1, 2, 3, 4]
    assert read_again(Source(str(second), offset=0)) == items[3]
    with pytest.raises(InputError, match="there is no file"):
        list(read_items([tmp_path / "c.warc"]))
