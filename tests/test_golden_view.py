"""The file that shows a cleaned page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import html

from cleaner import clean
from cleaner.cli import main
from cleaner.golden.view import render_report

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAGES = sorted(path for path in FIXTURES.glob("*/page.*") if path.suffix != ".json")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_the_clean_text_carries_the_index_of_each_block(path: Path) -> None:
    document = clean(path.read_bytes())
    tree = html.document_fromstring(render_report(document, path.name))
    articles = tree.xpath("//div[@class='paper']/article")
    found = {
        int(element.get("data-b")): "".join(element.text_content().split())
        for article in articles
        for element in article.iter()
        if element.get("data-b")
    }
    kept = [block for block in document.content if block.text.strip()]
    assert list(found) == [block.index for block in kept]
    for block in kept:
        assert found[block.index].startswith("".join(block.text.split()))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_every_block_is_listed_with_label_probability_and_reason(path: Path) -> None:
    document = clean(path.read_bytes())
    tree = html.document_fromstring(render_report(document, path.name))
    rows = tree.xpath("//div[@id='blocks']/div")
    assert len(rows) == len(document.blocks)
    for row, block in zip(rows, document.blocks, strict=True):
        assert row.get("class") == block.label.name.value
        assert row.xpath(".//span[@class='number']")[0].text == f"{block.label.probability:.2f}"
        assert row.xpath(".//span[@class='reasons']")[0].text == block.label.reason
    counts = {
        chip.get("data-label"): int(chip.find("b").text) for chip in tree.xpath("//li/button")
    }
    assert sum(counts.values()) == len(document.blocks)


def test_a_text_capture_is_shown_as_its_lines() -> None:
    source = (FIXTURES / "news-promo-markdown" / "page.md").read_text(encoding="utf-8")
    document = clean(source, media_type="markdown")
    tree = html.document_fromstring(render_report(document, "page.md"))
    lines = tree.xpath("//ol[@class='source']/li")
    assert len(lines) == len(source.split("\n"))
    for block in document.page.blocks:
        assert block.lines is not None
        line = lines[block.lines[0] - 1]
        assert line.get("data-b") == str(block.index)
        assert document.labels[block.index].name.value in line.get("class").split()


def test_a_report_is_the_same_each_time_and_loads_nothing() -> None:
    document = clean((FIXTURES / "news-promo-html" / "page.html").read_bytes())
    report = render_report(document, "page.html")
    assert report == render_report(document, "page.html")
    outside = html.document_fromstring(report)
    asking = (
        "link[not(starts-with(@href, 'data:'))]",
        "img",
        "form",
        "script[@src]",
        "iframe[@src]",
    )
    for element in asking:
        assert outside.xpath(f"//{element}") == [], element
    policy = outside.xpath("//meta[@http-equiv='Content-Security-Policy']")[0].get("content")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "allow-scripts" not in report


def test_links_in_the_clean_text_lead_nowhere() -> None:
    page = (FIXTURES / "wiki-infobox" / "page.html").read_bytes()
    report = render_report(clean(page, url="https://wiki.example/"), "page")
    links = html.document_fromstring(report).xpath("//div[@class='paper']//a")
    assert links
    assert [link.get("href") for link in links] == [None] * len(links)
    assert all(link.get("title") for link in links)


def test_the_name_of_a_page_cannot_be_markup() -> None:
    report = render_report(
        clean("<p>Nothing much happened at the lighthouse."), "<script>x</script>"
    )
    assert "<script>x" not in report


def test_a_page_without_main_text_says_so() -> None:
    report = render_report(
        clean("<html><body><nav><a href=/>Home</a></nav></body></html>"), "empty"
    )
    assert "No block of this page was kept." in report


def test_the_command_writes_a_report(tmp_path: Path) -> None:
    page = str(FIXTURES / "news-promo-html" / "page.html")
    path = tmp_path / "out.html"
    result = CliRunner().invoke(main, [page, "--report", str(path)])
    assert (result.exit_code, result.output) == (0, "")
    assert re.search(r"<b>\d+</b> of \d+ blocks kept", path.read_text(encoding="utf-8"))


def test_a_report_takes_one_page_and_a_place_to_write() -> None:
    runner = CliRunner()
    assert runner.invoke(main, ["a.html", "b.html", "--report", "out.html"]).exit_code == 2
    page = str(FIXTURES / "news-promo-html" / "page.html")
    result = runner.invoke(main, [page, "--report", "/nowhere/at/all/out.html"])
    assert (result.exit_code, "No such file" in result.output) == (1, True)
