"""``cleaner sites`` as a user meets it, and templates in the other commands."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from archive_files import gz, http, record, wacz
from click.testing import CliRunner, Result
from site_pages import FIXTURES, HOST, NOTE, address, site_base, story

from cleaner.cli import main

pytest.importorskip("pyarrow")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "mirror"
    (place / "story").mkdir(parents=True)
    for number in range(8):
        (place / "story" / f"{number}.html").write_text(story(number), encoding="utf-8")
    (place / "notes.csv").write_text("no,page\n")
    return place


@pytest.fixture
def sites(folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "sites.parquet"
    result = run("sites", "learn", folder, "--base", f"https://{HOST}/", "-o", path)
    assert (result.exit_code, result.output) == (0, f"{path}: 1 sites from 8 pages\n")
    return path


def test_a_template_is_learned_and_shown(sites: Path) -> None:
    result = run("sites", "show", HOST, "--sites", sites)
    lines = result.output.split("\n")
    assert result.exit_code == 0
    assert lines[0].startswith(f"{HOST}: 8 pages, template ")
    row = next(line for line in lines if "What the keeper says" in line)
    assert row.split() == ["8", "of", "8", "What", "the", "keeper", "says", "body/main/h2"]
    assert any("8 of 8   Readers pay for this paper" in line for line in lines)
    assert "number 3" not in result.output
    assert run("sites", "show", f"https://www.{HOST}/x", "--sites", sites).output == result.output


def test_some_blocks_alone_are_shown(sites: Path) -> None:
    result = run("sites", "show", HOST, "--sites", sites, "--most", "1")
    assert result.output.count("8 of 8") == 1
    assert result.output.endswith("2 more\n")


def test_sites_are_listed(sites: Path) -> None:
    rows = [line.split() for line in run("sites", "list", "--sites", sites).output.split("\n")]
    assert [HOST, "8", "3"] in rows


def test_the_file_does_not_depend_on_the_order_of_inputs(folder: Path, tmp_path: Path) -> None:
    files = sorted((folder / "story").iterdir())
    for name, given in (("a", files), ("b", files[::-1])):
        run("sites", "learn", *given, "--site", HOST, "-o", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_pages_are_cleaned_with_the_template(sites: Path, folder: Path) -> None:
    page = folder / "story" / "3.html"
    url = ("--url", f"https://{HOST}/story/3.html")
    assert NOTE in run(page, *url).output
    result = run(page, *url, "--sites", sites)
    assert NOTE not in result.output
    assert "What the keeper says" in result.output
    why = run("why", page, NOTE[:20], *url, "--sites", sites).output
    assert "stands on 7 of 7 other pages of this site" in why
    assert run(page, "--url", "https://tern.example/", "--sites", sites).output == run(page).output


def test_the_template_of_a_page_is_known_by_its_address(sites: Path, folder: Path) -> None:
    result = run(folder / "story" / "3.html", "--sites", sites)
    assert result.exit_code == 2
    assert "--sites needs the address of the page: --url" in result.output


def test_pages_without_an_address_are_counted(folder: Path, tmp_path: Path) -> None:
    result = run("sites", "learn", folder, "-o", tmp_path / "sites.parquet")
    assert result.exit_code == 0
    assert "0 sites from 8 pages" in result.output
    assert "8 pages have no address: name their site with --site, or --base" in result.output


def test_pages_that_are_none_are_told(folder: Path, tmp_path: Path) -> None:
    (folder / "empty.html").write_bytes(b"")
    (folder / "image.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    result = run("sites", "learn", folder, "--site", HOST, "-o", tmp_path / "sites.parquet")
    assert result.exit_code == 0
    assert "1 sites from 9 pages" in result.output
    assert "image.html: " in result.output
    assert "1 pages cannot be read" in result.output


def test_labelled_pages_are_learned_from(tmp_path: Path) -> None:
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w") as archive:
        lines = "".join(
            f'{{"id": "p{n}", "url": "{address(n)}", "text": "Any."}}\n' for n in range(4)
        )
        archive.writestr("truth.jsonl", lines)
        for number in range(4):
            archive.writestr(f"html/p{number}.html", story(number))
    result = run("sites", "learn", path, "-o", tmp_path / "sites.parquet")
    assert "1 sites from 4 pages" in result.output
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no pages")
    result = run("sites", "learn", path, "-o", tmp_path / "sites.parquet")
    assert "0 sites from 1 pages" in result.output
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("truth.jsonl", "no JSON")
    result = run("sites", "learn", path, "-o", tmp_path / "sites.parquet")
    assert result.exit_code == 1
    assert "truth.jsonl" in result.output


def pack_tar(path: Path, pages: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, body in pages.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))


def pack_zip(path: Path, pages: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in pages.items():
            archive.writestr(name, body)


def pack_warc(path: Path, pages: dict[str, bytes]) -> None:
    parts = [
        record(number, http(body), url=f"https://{HOST}/{name}")
        for number, (name, body) in enumerate(pages.items())
    ]
    path.write_bytes(b"".join(gz(parts)))


def pack_wacz(path: Path, pages: dict[str, bytes]) -> None:
    pack_warc(path, pages)
    path.write_bytes(wacz({"data.warc.gz": path.read_bytes()}))


def pack_jsonl(path: Path, pages: dict[str, bytes]) -> None:
    rows = ({"html": body.decode(), "url": f"https://{HOST}/{n}"} for n, body in pages.items())
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def pack_parquet(path: Path, pages: dict[str, bytes]) -> None:
    from pyarrow import Table, parquet

    urls = [f"https://{HOST}/{name}" for name in pages]
    parquet.write_table(Table.from_pydict({"html": list(pages.values()), "url": urls}), path)


PACKERS = {
    "a.tar.gz": pack_tar,
    "a.zip": pack_zip,
    "a.warc.gz": pack_warc,
    "a.wacz": pack_wacz,
    "a.jsonl": pack_jsonl,
    "a.parquet": pack_parquet,
}


@pytest.mark.parametrize("name", PACKERS)
def test_every_input_of_archives_is_learned_from(
    name: str, folder: Path, sites: Path, tmp_path: Path
) -> None:
    """The same pages give the same file, whatever holds them."""
    pages = {f"story/{n}.html": story(n).encode() for n in range(8)}
    PACKERS[name](tmp_path / name, pages)
    output = tmp_path / "packed.parquet"
    result = run("sites", "learn", tmp_path / name, "--base", f"https://{HOST}/", "-o", output)
    assert result.output == f"{output}: 1 sites from 8 pages\n"
    assert output.read_bytes() == sites.read_bytes()


def test_what_is_damaged_costs_itself_alone(sites: Path, tmp_path: Path) -> None:
    pages = {f"story/{n}.html": story(n).encode() for n in range(8)}
    path = tmp_path / "a.warc.gz"
    pack_warc(path, pages)
    path.write_bytes(path.read_bytes() + b"no gzip at all" * 9)
    result = run("sites", "learn", path, "-o", tmp_path / "other.parquet")
    assert result.exit_code == 0
    assert "1 pages cannot be read" in result.output
    assert (tmp_path / "other.parquet").read_bytes() == sites.read_bytes()


def test_an_unreadable_page_is_told(folder: Path, tmp_path: Path) -> None:
    (folder / "absent.html").symlink_to(tmp_path / "nowhere.html")
    result = run("sites", "learn", folder, "--site", HOST, "-o", tmp_path / "sites.parquet")
    assert result.exit_code == 0
    assert "absent.html: No such file" in result.output
    assert "1 sites from 8 pages" in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("show", "tern.example"), 1, "no template of tern.example"),
        (("show", "a b"), 2, "'a b' is no host"),
        (("show",), 2, "Missing argument 'HOST'"),
        (("learn",), 2, "Missing argument 'INPUT...'"),
        (("learn", "/no/such/place"), 2, "there is no file or folder"),
    ],
)
def test_what_cannot_be_done_is_told(
    sites: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    options = ("--sites", sites) if arguments[0] == "show" else ()
    result = run("sites", *arguments, *options)
    assert result.exit_code == code
    assert message in result.output


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "sites.parquet"
    path.write_text("not Parquet")
    for arguments in (("show", HOST), ("list",)):
        result = run("sites", *arguments, "--sites", path)
        assert result.exit_code == 1
        assert f"{path}: " in result.output
    page = FIXTURES / "news" / "pages" / "bell-tower.html"
    assert run(page, "--url", site_base("news"), "--sites", path).exit_code == 2


def test_a_page_does_not_steer_the_terminal(tmp_path: Path) -> None:
    place = tmp_path / "mirror"
    place.mkdir()
    for number in range(4):
        note = "<p>Ring the bell \u202etwice\x07 [bold]now[/bold].</p>"
        (place / f"{number}.html").write_text(story(number) + note, encoding="utf-8")
    path = tmp_path / "sites.parquet"
    run("sites", "learn", place, "--site", HOST, "-o", path)
    shown = run("sites", "show", HOST, "--sites", path).output
    assert "[bold]now[/bold]" in shown
    assert not {"\u202e", "\x07"} & set(shown)
