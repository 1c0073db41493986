from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from archive_pages import make_folder, make_job, run
from lxml import etree, html

from cleaner.archive.ledger import Ledger
from cleaner.archive.plots import bars, columns, curve
from cleaner.archive.progress import Progressing, clock, place, weights
from cleaner.archive.records import Shard, Source
from cleaner.archive.report import write_report
from cleaner.archive.stats import HOSTS, SAMPLES, Stats
from cleaner.errors import ArchiveError


def stat_row(number: int, **given: object) -> dict[str, object]:
    return {
        "id": f"{number:04}",
        "url": f"https://h{number}.example/",
        "host": f"h{number}.example",
        "language": "en",
        "media_type": "text/html",
        "charset": "utf-8",
        "status": "ok",
        "warnings": [],
        "text": "x" * number,
        "bytes_in": 10 * number,
        "confidence": 0.95,
        "title": f"Page {number}",
        "template_id": "",
        "source": {"file": "a.warc", "member": "", "offset": number},
        **given,
    }


def test_counts_of_parts_add_up_whatever_the_parts() -> None:
    rows = [stat_row(number, status="ok" if number % 3 else "partial") for number in range(40)]
    whole = Stats()
    parts = [Stats() for _ in range(3)]
    for number, row in enumerate(rows):
        whole.add_row(row, 4.0)
        parts[number * 7 % 3].add_row(row, 4.0)
    merged = Stats.merged(part.to_dict() for part in parts)
    assert merged.to_dict() == whole.to_dict()
    assert merged.counts["text"]["8"] == 8
    assert merged.counts["confidence"] == {"0.9": 40}
    assert [sample["id"] for sample in merged.samples["ok"]] == ["0001", "0002", "0004", "0005"]
    assert len(merged.samples["partial"]) == SAMPLES


def test_what_is_kept_of_a_shard_is_bounded() -> None:
    stats = Stats()
    for number in range(3 * HOSTS):
        stats.add_row(stat_row(number % (2 * HOSTS), text="x" * 100_000), 1.0)
    kept = stats.to_dict()
    assert len(kept["counts"]["hosts"]) == HOSTS
    assert set(kept["counts"]["hosts"].values()) == {2}
    assert sum(len(s["text"]) for samples in kept["samples"].values() for s in samples) < 5_000


def test_ledgers_balance_or_say_so() -> None:
    ledger = Ledger(5, 1, 1, 1, Counter(revisit=1), Counter(timeout=1))
    ledger.check()
    assert (ledger.rows, ledger.pages) == (3, 4)
    assert Ledger.from_dict(ledger.to_dict()) == ledger
    assert Ledger.total([ledger, ledger]).skipped == {"revisit": 2}
    ledger.read += 1
    with pytest.raises(ArchiveError, match="6 records were read, 5 are accounted for"):
        ledger.check()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = make_folder(
        tmp_path_factory.mktemp("in"),
        12,
        p0001_1__html="REFUSE",
        p0002_1__fault="<script>alert(1)</script>",
        p0003_1__html="<script>document.title = '</pre>'</script> & more",
    )
    output = tmp_path_factory.mktemp("out") / "o"
    run(make_job(pages, output))
    return write_report(output)


def test_the_report_asks_nothing_of_the_network(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    tree = html.fromstring(text)
    assert not tree.xpath("//script | //link | //img | //iframe | //object | //base | //form")
    assert not tree.xpath("//@src | //@onclick | //@onload | //@style | //@background")
    assert not re.findall(r"url\(|@import", text)
    assert all(link.startswith("https://www.p00") for link in tree.xpath("//a/@href"))
    assert "default-src 'none'" in text


def test_the_report_shows_figures_plots_and_samples(report: Path) -> None:
    tree = html.fromstring(report.read_text(encoding="utf-8"))
    figures = {div.text_content() for div in tree.xpath("//div[@class='numbers']/div")}
    assert {"15records read", "13with main text", "2quarantined"} <= figures
    titles = tree.xpath("//div[@class='card']/h3/text()")
    assert {"Pages a second", "Languages", "Reasons for quarantine", "Largest hosts"} <= set(titles)
    quarantine = tree.xpath("//svg[@aria-label='Reasons for quarantine']//title/text()")
    assert quarantine == ["bad-member: 1", "media-type: 1"]
    assert "an image is no page" in tree.text_content()


def test_addresses_that_are_no_web_pages_are_not_linked(tmp_path: Path) -> None:
    from cleaner.archive.report import _sample

    row = stat_row(1, url="javascript:alert(1)", title="<b>")
    stats = Stats()
    stats.add_row(row, 1.0)
    shown = _sample(stats.samples["ok"][0])
    assert "href" not in shown
    assert "&lt;b&gt;" in shown


def test_plots_are_sound_svg() -> None:
    for plot in (
        bars("Hosts", [("a<b", 3), ("b" * 99, 1)]),
        columns("Sizes", [(str(2**n), float(n)) for n in range(20)], "bytes"),
        curve("Speed", [(0, 1), (10, 4), (20, 2)], "s"),
        bars("None", []),
        columns("None", [], ""),
        curve("One", [(1, 1)], "s"),
    ):
        root = etree.fromstring(plot)
        for shape in root.iter("rect"):
            assert float(shape.get("width", "")) >= 0
            assert float(shape.get("height", "")) >= 0


def test_progress_is_by_bytes_and_begins_where_the_last_run_stopped(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"x" * 1000)
    plan = [Shard(i, "warc", (str(path),), i * 250, (i + 1) * 250) for i in range(4)]
    assert weights(plan) == dict.fromkeys(range(4), 250.0)
    progress = Progressing()
    progress.begin(plan, plan[1:], Ledger(10, ok=10))
    assert progress.share == 0.25
    progress.record(plan[1], Source(str(path), 375, 5), "kept")
    assert progress.share == 0.375
    progress.record(plan[1], Source(str(path), 380, 5), "quarantined")
    progress.record(plan[1], Source(str(path), 385, 5), "skipped")
    assert progress.counted().startswith("11 pages kept, 1 quarantined")
    progress.shard(plan[1], Ledger(3, ok=1))
    assert progress.share == 0.5
    assert progress.counted().startswith("11 pages kept, 1 quarantined")
    progress.shard(plan[2], Ledger(9, ok=8, quarantined=Counter(timeout=1)))
    assert progress.counted().startswith("19 pages kept, 2 quarantined")


def test_the_place_in_a_shard_of_each_kind(tmp_path: Path) -> None:
    files = tuple(str(tmp_path / str(number)) for number in range(4))
    assert place(Shard(0, "folder", files), Source(files[2])) == 0.5
    assert place(Shard(0, "parquet", (files[0],), 100, 300), Source(files[0], row=150)) == 0.25
    assert place(Shard(0, "zip", (files[0],)), Source(files[0], 5)) == 0.0


@pytest.mark.parametrize(("seconds", "shown"), [(5, "0:05"), (65, "1:05"), (3_723.9, "1:02:03")])
def test_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
