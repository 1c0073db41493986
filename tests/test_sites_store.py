"""Templates and sketches as files: what is written is read, and the bytes are always the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from site_pages import address, read_page, sketch_of, stories, story, template_of

from cleaner.errors import SiteError
from cleaner.sites import SiteSketch, SiteTemplate, merge, store
from cleaner.sites.store import (
    GROUP_SITES,
    SiteBook,
    read_sketches,
    write_sites,
    write_sketches,
)

pa = pytest.importorskip("pyarrow")


def small(site: str) -> SiteTemplate:
    return template_of(stories(3), site)


def test_a_template_is_read_as_it_was_written(tmp_path: Path) -> None:
    template = template_of(stories(12))
    path = tmp_path / "sites.parquet"
    assert write_sites(path, [template]) == 1
    found = SiteBook(path).find(template.site)
    assert found is not None
    assert (found.site, found.pages, found.members) == (
        template.site,
        template.pages,
        template.members,
    )
    assert found.blocks == template.blocks
    assert found.id == template.id


def test_the_same_templates_give_the_same_bytes(tmp_path: Path) -> None:
    for name, pages in (("a", stories(12)), ("b", stories(12)[::-1])):
        write_sites(tmp_path / name, [template_of(pages)])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_one_of_many_sites_is_found(tmp_path: Path) -> None:
    names = [f"site-{n:05}.example" for n in range(2 * GROUP_SITES + 7)]
    path = tmp_path / "sites.parquet"
    template = small("any.example")
    parts = (template.site, template.pages, template.blocks, template.members)
    assert write_sites(path, (SiteTemplate(name, *parts[1:]) for name in names)) == len(names)
    book = SiteBook(path)
    assert book._file.num_row_groups == 3
    for name in (names[0], names[GROUP_SITES - 1], names[GROUP_SITES], names[-1]):
        found = book.find_for(f"https://www.{name}/page")
        assert found is not None
        assert found.site == name
        assert book.find(name) is found
    for name in ("", "a.example", "site-00003.example.org", "zzz.example"):
        assert book.find(name) is None
    assert book.find_for(None) is None
    assert [row[0] for row in book.names()] == names
    assert next(book.names())[1:] == (3, len(template.blocks))


def test_a_book_holds_no_more_than_some_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more blocks than that are held, whatever sites they are of, and the last one always."""
    path = tmp_path / "sites.parquet"
    template = small("tern.example")
    names = [f"tern-{n}.example" for n in range(6)]
    write_sites(path, [small(name) for name in names])
    monkeypatch.setattr(store, "CACHED", 2 * (len(template.blocks) + 1))
    book = SiteBook(path)
    for number in range(50):
        assert book.find(f"other-{number}.example") is None
    assert len(book._known) == store.CACHED
    for name in names * 2:
        assert book.find(name) == small(name)
    assert list(book._known) == names[-2:]
    monkeypatch.setattr(store, "CACHED", 1)
    assert book.find(names[0]) is not None
    assert list(book._known) == names[:1]


def test_no_templates_are_a_file_too(tmp_path: Path) -> None:
    path = tmp_path / "sites.parquet"
    assert write_sites(path, []) == 0
    assert SiteBook(path).find("tern.example") is None
    assert list(SiteBook(path).names()) == []


def test_sites_come_in_order(tmp_path: Path) -> None:
    path = tmp_path / "sites.parquet"
    with pytest.raises(SiteError, match=r"site 'a\.example' comes after 'b\.example'"):
        write_sites(path, [small("b.example"), small("a.example")])
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "sites.parquet"
    write_sites(path, [small("a.example")])
    before = path.read_bytes()
    with pytest.raises(SiteError):
        write_sites(path, [small("b.example"), small("b.example")])
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["sites.parquet"]


def test_sketches_of_many_files_are_merged_by_site(tmp_path: Path) -> None:
    pages = stories(80)
    other = [read_page(story(n), address(n, "tern.example")) for n in range(5)]
    parts = [pages[:30], pages[20:60], pages[55:]]
    for number, part in enumerate(parts):
        rest = [sketch_of(other[number:], "tern.example")]
        write_sketches(tmp_path / str(number), [sketch_of(part), *rest])
    write_sketches(tmp_path / "3", [SiteSketch("empty.example"), sketch_of(other, "a.example")])
    found = list(read_sketches(sorted(tmp_path.iterdir())))
    assert [sketch.site for sketch in found] == ["a.example", "lighthouse.example", "tern.example"]
    assert found[1] == sketch_of(pages)
    assert found[2] == sketch_of(other, "tern.example")
    assert found[1] == merge(merge(sketch_of(parts[2]), sketch_of(parts[0])), sketch_of(parts[1]))


@pytest.mark.parametrize("source", [b"", b"PAR1 but not really", b"<html>"])
def test_a_file_that_is_no_parquet_is_named(tmp_path: Path, source: bytes) -> None:
    path = tmp_path / "sites.parquet"
    path.write_bytes(source)
    with pytest.raises(SiteError, match=r"sites\.parquet: "):
        SiteBook(path)


def test_a_parquet_file_of_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pages.parquet"
    pa.parquet.write_table(pa.table({"site": ["tern.example"]}), path)
    with pytest.raises(SiteError, match=r"not a file of cleaner\.sites in version 2"):
        SiteBook(path)
    write_sketches(path, [sketch_of(stories(3))])
    with pytest.raises(SiteError, match=r"not a file of cleaner\.sites in version 2"):
        SiteBook(path)


def test_an_absent_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="No such file"):
        write_sites(tmp_path / "none" / "sites.parquet", [])
    with pytest.raises(SiteError, match="No such file"):
        SiteBook(tmp_path / "none.parquet")


def test_an_absent_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SiteError, match=r"cleaner\[archive\]"):
        write_sites(tmp_path / "sites.parquet", [])


def test_templates_need_no_heavy_library() -> None:
    import subprocess

    code = "import sys, cleaner.sites; print(' '.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pyarrow", "numpy", "rich", "click"} & set(run.stdout.split())
