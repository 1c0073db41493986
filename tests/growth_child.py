"""Prints how the work of ``clean()`` grows, for the shapes of pages that are named, as JSON lines.

It is run as a process of its own: the package has to be imported under the meter.
"""

from __future__ import annotations

import json
import sys
from functools import partial

from tests.growth_pages import SHAPES
from tests.work import Meter, growth, watch_package


def main() -> None:
    size, names = int(sys.argv[1]), sys.argv[2:]
    meter = Meter()
    with watch_package("cleaner", meter):
        from cleaner import clean

        def text_of(name: str, times: int) -> str:
            source = SHAPES[name](size * times).encode()
            media_type = name.partition(":")[0]
            document = clean(source, media_type=media_type, url="https://mill.example/a")
            return document.complete().text

        for name in names:
            text_of(name, 4)  # fills caches and loads what is loaded late
            works = [meter.work_of(partial(text_of, name, times)) for times in (1, 2, 4)]
            print(json.dumps([name, growth(works)]), flush=True)


if __name__ == "__main__":
    main()
