"""Labelled sets, the systems, the run over them, and the command that prints it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import html

from cleaner.errors import WorkerError
from cleaner.evaluate import peers, run
from cleaner.evaluate.captures import CONVERTERS, capture_text
from cleaner.evaluate.command import evaluate_command
from cleaner.evaluate.meta import FIELDS, Outcome
from cleaner.evaluate.peers import (
    METADATA_PEERS,
    TEXT_PEERS,
    Extraction,
    MissingLibraryError,
    PageInput,
    System,
    html_text,
)
from cleaner.evaluate.results import SetResult
from cleaner.evaluate.run import Plan, evaluate_sets
from cleaner.evaluate.sets import LabelledSetError, ScoreKind, read_set
from cleaner.types import MediaType

SHARED = Path(__file__).parents[2] / "shared" / "data"

ARTICLE = (
    "The night ferry to the northern islands left an hour late on Friday, after its crew had "
    "refused to sail with a broken radio. Passengers waited in the rain on the pier of the "
    "harbour without being told why, and some of them went home before it was over."
)
SECOND = (
    "A spokesman of the harbour said that the radio had been repaired twice in the spring, and "
    "that a new one had been ordered. It will be built in before the season begins in May."
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Night ferry left late | Harbour Herald</title>
<meta name="author" content="Ada Poe">
<meta property="article:published_time" content="2024-03-08T21:15:00+01:00">
</head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/sea">Sea</a></li></ul></nav>
<article><h1>Night ferry left late</h1><p>{ARTICLE}</p><p>{SECOND}</p></article>
<footer><a href="/imprint">Imprint of the Harbour Herald</a></footer></body></html>"""


def truth_record(identifier: str, **fields: object) -> dict[str, object]:
    return {"id": identifier, "url": f"https://herald.example/{identifier}", **fields}


@pytest.fixture
def make_zip(tmp_path: Path) -> Callable[..., Path]:
    """Return what writes a labelled set: records, and a page for each of them."""

    def make(
        records: Sequence[Mapping[str, object]],
        name: str = "ferries",
        pages: Mapping[str, str] | None = None,
    ) -> Path:
        path = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("truth.jsonl", "".join(json.dumps(r) + "\n" for r in records))
            for identifier in [str(r.get("id")) for r in records] if pages is None else pages:
                body = PAGE if pages is None else pages[identifier]
                archive.writestr(f"html/{identifier}.html", body.encode())
        return path

    return make


@pytest.fixture
def words_zip(make_zip: Callable[..., Path]) -> Path:
    return make_zip(
        [
            truth_record(
                f"page-{n}",
                text=f"{ARTICLE}\n{SECOND}",
                page_type="article" if n % 3 else "listing",
                title="Night ferry left late",
                author="Ada Poe",
                date="2024-03-08",
            )
            for n in range(10)
        ]
    )


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[PageInput], Extraction]], None]:
    """Return what puts a function in the place of our system, in this process."""

    def replace(extract: Callable[[PageInput], Extraction]) -> None:
        monkeypatch.setattr(run, "OUR_SYSTEM", System("cleaner", extract, fields=FIELDS))

    return replace


def first_paragraph(page: PageInput) -> Extraction:
    return Extraction(
        f"Home Sea {ARTICLE}",
        {"title": ("Night ferry left late",), "authors": (), "date": ("2024-03-09",)},
    )


def fail(page: PageInput) -> Extraction:
    raise ValueError("no such ferry")


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(evaluate_command, [str(argument) for argument in arguments])


def test_a_set_with_texts_is_scored_by_words(words_zip: Path) -> None:
    labelled = read_set(words_zip)
    assert (labelled.name, labelled.kind) == ("ferries", ScoreKind.WORDS)
    assert labelled.fields == ("title", "authors", "date")
    record = labelled.records[1]
    assert record.url == "https://herald.example/page-1"
    assert record.page_type == "article"
    assert record.metadata == {
        "title": ("Night ferry left late",),
        "authors": ("Ada Poe",),
        "date": ("2024-03-08",),
    }


def test_a_set_with_snippets_alone_is_scored_by_them(make_zip: Callable[..., Path]) -> None:
    labelled = read_set(make_zip([truth_record("a", present=["ferry"], absent=["Imprint"])]))
    assert (labelled.kind, labelled.fields) == (ScoreKind.SNIPPETS, ())
    assert labelled.records[0].present == ("ferry",)


def test_a_set_with_dates_alone_is_scored_by_them(make_zip: Callable[..., Path]) -> None:
    records = [truth_record("a", date="2024-03-08"), truth_record("b", date=float("nan"))]
    labelled = read_set(make_zip(records))
    assert (labelled.kind, labelled.fields) == (ScoreKind.METADATA, ("date",))
    assert labelled.records[1].metadata == {"date": ()}


def test_other_line_separators_do_not_end_a_record(tmp_path: Path) -> None:
    path = tmp_path / "separators.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("truth.jsonl", '{"id": "a", "text": "one\u2028two\x85three"}\n\n'.encode())
        archive.writestr("html/a.html", PAGE)
    assert read_set(path).records[0].text == "one\u2028two\x85three"


def test_limit_spreads_over_the_set(words_zip: Path) -> None:
    ids = [record.id for record in read_set(words_zip, limit=3).records]
    assert ids == ["page-0", "page-3", "page-6"]
    assert len(read_set(words_zip, limit=99).records) == 10


@pytest.mark.parametrize(
    ("records", "pages", "message"),
    [
        ([], {}, "holds no record"),
        ([{"url": "x", "text": "y"}], {}, "has no id"),
        ([{"id": "a"}], {"a": PAGE}, "no record has a text"),
        ([{"id": "a", "text": "y"}], {"b": PAGE}, "no html/a.html"),
        ([{"id": "a", "text": "y"}, {"id": "a", "text": "z"}], {"a": PAGE}, "two records"),
        ([{"id": "a", "text": "y"}, {"id": "b"}], {"a": PAGE, "b": PAGE}, "'b' has no text"),
        ([{"id": "a", "text": 7}], {"a": PAGE}, "'text' is neither"),
        ([{"id": "a", "present": ["x", 7]}], {"a": PAGE}, "'present' is neither"),
    ],
)
def test_malformed_sets_are_named(
    make_zip: Callable[..., Path],
    records: list[dict[str, object]],
    pages: dict[str, str],
    message: str,
) -> None:
    with pytest.raises(LabelledSetError, match=message):
        read_set(make_zip(records, pages=pages))


def test_files_that_are_no_sets_are_named(tmp_path: Path) -> None:
    text = tmp_path / "text.zip"
    text.write_text("no zip")
    empty = tmp_path / "empty.zip"
    zipfile.ZipFile(empty, "w").close()
    lines = tmp_path / "lines.zip"
    with zipfile.ZipFile(lines, "w") as archive:
        archive.writestr("truth.jsonl", '{"id": "a"}\n{"id":\n')
    listed = tmp_path / "listed.zip"
    with zipfile.ZipFile(listed, "w") as archive:
        archive.writestr("truth.jsonl", "[1]\n")
    for path, message in (
        (text, "cannot be read"),
        (tmp_path / "absent.zip", "cannot be read"),
        (empty, r"no truth\.jsonl"),
        (lines, "line 2"),
        (listed, "not an object"),
    ):
        with pytest.raises(LabelledSetError, match=message):
            read_set(path)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the labelled pages, which are not shipped")
def test_the_labelled_sets_are_recognized() -> None:
    sets = {path.stem: read_set(path) for path in sorted(SHARED.glob("*.zip"))}
    kinds = {name: labelled.kind for name, labelled in sets.items()}
    assert kinds == {
        **dict.fromkeys(("cleaneval", "dragnet", "fundus", "portal", "wcxb"), ScoreKind.WORDS),
        "traf": ScoreKind.SNIPPETS,
        "htmldate": ScoreKind.METADATA,
    }
    assert len(sets["wcxb"].records) == 1358
    assert sets["fundus"].fields == ("title", "authors", "date")


def test_html_text_separates_blocks_and_skips_comments() -> None:
    root = html.fragment_fromstring(
        "<div>One <b>two</b><!-- no --> three<p>four<br>five</p>six</div>"
    )
    assert html_text(root).split("\n") == ["One two three", "four", "", "five", "six"]


@pytest.mark.parametrize("name", TEXT_PEERS)
def test_every_text_peer_finds_the_article(name: str) -> None:
    text = TEXT_PEERS[name].extract(PageInput(PAGE.encode())).text
    assert ARTICLE in text
    assert SECOND in text
    assert ("Imprint" in text) is (name == "all-text")


def test_all_text_takes_a_page_that_declares_its_encoding_as_xml_does() -> None:
    body = f'<?xml version="1.0" encoding="utf-8"?>{PAGE}'.encode()
    assert ARTICLE in TEXT_PEERS["all-text"].extract(PageInput(body)).text


@pytest.mark.parametrize("name", METADATA_PEERS)
def test_every_metadata_peer_finds_the_date(name: str) -> None:
    system = METADATA_PEERS[name]
    found = system.extract(PageInput(PAGE.encode(), "https://herald.example/a")).metadata
    assert found is not None
    assert tuple(found) == system.fields
    assert found["date"] == ("2024-03-08",)


def test_justext_takes_the_words_of_the_page_s_language() -> None:
    german = (
        "Die Fähre zu den Inseln ist am Freitag erst nach einer Stunde aus dem Hafen gefahren, "
        "weil sich die Mannschaft nicht ohne ein Funkgerät auf den Weg machen wollte und die "
        "Gäste nicht gewusst haben, warum sie im Regen auf das Schiff warten."
    )
    justext = TEXT_PEERS["justext"]
    for opening in ("<html lang='de-AT'>", "<html>"):
        body = f"{opening}<body><p>{german}</p></body></html>".encode()
        assert (german in justext.extract(PageInput(body)).text) is ("lang" in opening)
        assert german in justext.extract(PageInput(body, language="de")).text


@pytest.mark.parametrize("name", CONVERTERS)
def test_every_converter_makes_a_text_capture(name: str) -> None:
    words = capture_text(name, PAGE.encode()).split()
    assert words[words.index("refused") :][:4] == ["refused", "to", "sail", "with"]
    assert "<p>" not in words


def test_results_come_in_the_order_of_pages_and_systems(
    words_zip: Path, ours: Callable[..., None]
) -> None:
    ours(first_paragraph)
    plan = Plan(("resiliparse", "all-text"), ("htmldate",), metadata=True)
    (result,) = evaluate_sets([read_set(words_zip)], plan)
    assert [page.record.id for page in result.pages] == [f"page-{n}" for n in range(10)]
    for page in result.pages:
        assert [text.system for text in page.texts] == ["cleaner", "resiliparse", "all-text"]
        assert [item.system for item in page.metadata] == ["cleaner", "htmldate"]
        assert page.texts[0].score.recall == pytest.approx(0.5, abs=0.1)
        assert page.extra == ("[2 words] Home Sea",)
        assert page.missed[0].startswith("[35 words] A spokesman of the harbour")
        assert page.metadata[0].outcomes == {
            "title": Outcome.RIGHT,
            "authors": Outcome.MISSING,
            "date": Outcome.WRONG,
        }
        assert page.metadata[1].outcomes == {"date": Outcome.RIGHT}


def test_the_first_turn_goes_round(words_zip: Path, ours: Callable[..., None]) -> None:
    turns: list[str] = []

    def note(name: str) -> Callable[[PageInput], Extraction]:
        def extract(page: PageInput) -> Extraction:
            if page.url:  # not the page that loads the libraries
                turns.append(name)
            return Extraction()

        return extract

    ours(note("cleaner"))
    with pytest.MonkeyPatch.context() as patch:
        systems = {name: System(name, note(name)) for name in ("a", "b")}
        patch.setattr(run, "TEXT_PEERS", systems)
        evaluate_sets([read_set(words_zip, limit=4)], Plan(("a", "b")))
    assert turns[:9] == ["cleaner", "a", "b", "a", "b", "cleaner", "b", "cleaner", "a"]
    assert turns[9:] == ["cleaner", "a", "b"]


def scores(results: Sequence[SetResult]) -> Iterator[object]:
    """Yield all that does not depend on the clock."""
    for result in results:
        for page in result.pages:
            yield page.record, page.missed, page.extra
            yield [(text.system, text.score, text.error) for text in page.texts]
            yield [(item.system, item.found, item.error) for item in page.metadata]


def test_scores_do_not_depend_on_the_number_of_processes(
    words_zip: Path, make_zip: Callable[..., Path]
) -> None:
    dates = make_zip([truth_record("a", date="2024-03-08")], name="dates")
    sets = [read_set(words_zip), read_set(dates)]
    plan = Plan(("resiliparse",), ("htmldate",))
    done: list[int] = []
    alone = evaluate_sets(sets, plan)
    shared = evaluate_sets(sets, plan, jobs=2, advance=done.append)
    assert list(scores(alone)) == list(scores(shared))
    assert sum(done) == 11


def test_a_process_that_dies_is_a_named_error(
    words_zip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class DyingPool:
        def __init__(self, jobs: int, **options: object) -> None: ...

        def __enter__(self) -> DyingPool:
            return self

        def __exit__(self, *error: object) -> None: ...

        def map(self, *arguments: object) -> Iterator[object]:
            raise BrokenProcessPool

        def shutdown(self, **options: object) -> None: ...

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", DyingPool)
    with pytest.raises(WorkerError, match="died"):
        evaluate_sets([read_set(words_zip)], Plan(), jobs=2)


def test_text_captures_come_to_us_with_their_media_type(
    words_zip: Path, ours: Callable[..., None]
) -> None:
    seen: list[PageInput] = []

    def note(page: PageInput) -> Extraction:
        seen.append(page)
        return Extraction()

    ours(note)
    for name, media_type in (("html2text", MediaType.MARKDOWN), ("inscriptis", MediaType.TEXT)):
        seen.clear()
        evaluate_sets([read_set(words_zip, limit=1)], Plan(capture=name))
        assert seen[-1].media_type is media_type
        assert isinstance(seen[-1].body, str)
        assert "broken radio" in " ".join(seen[-1].body.split())


def test_a_page_without_a_text_capture_is_left_out_and_counted(
    make_zip: Callable[..., Path], ours: Callable[..., None]
) -> None:
    ours(first_paragraph)
    deep = "<div>" * 3000 + "ferry"
    path = make_zip(
        [truth_record("a", text=ARTICLE), truth_record("b", text="ferry")],
        pages={"a": PAGE, "b": deep},
    )
    result = invoke(path, "--capture", "markdownify")
    assert result.exit_code == 0, result.output
    assert "ferries: 1 pages, word F1" in result.output
    assert "left out, no capture could be made: 1 (RecursionError 1)" in result.output


def test_missing_libraries_are_named(words_zip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(peers, "import_module", refuse)
    with pytest.raises(MissingLibraryError, match="extra 'evaluate'"):
        evaluate_sets([read_set(words_zip)], Plan(("justext",)))
    result = invoke(words_zip, "--against", "justext")
    assert result.exit_code == 2
    assert "is not installed" in result.output


def test_command_prints_tables_and_the_worst_pages(
    words_zip: Path, ours: Callable[..., None]
) -> None:
    ours(first_paragraph)
    result = invoke(words_zip, "--against", "resiliparse,trafilatura", "--meta", "--worst", "1")
    assert result.exit_code == 0, result.output
    for expected in (
        "ferries: 10 pages, word F1, mean over pages",
        "| resiliparse | ",
        "| article   |     6 | ",
        "| listing   |     4 | ",
        "| date    |    htmldate |       1.000 |    10 | ",
        "missed: [35 words] A spokesman of the harbour",
        "let in: [2 words] Home Sea",
        "    truth: Ada Poe",
        "    given: none",
        "slowest pages of cleaner",
    ):
        assert expected in result.output
    assert result.output.count("missed: ") == 1


def test_command_scores_snippets(make_zip: Callable[..., Path], ours: Callable[..., None]) -> None:
    ours(first_paragraph)
    record = truth_record("a", present=["broken radio", "in May"], absent=["Home Sea", "Imprint"])
    result = invoke(make_zip([record]))
    assert result.exit_code == 0, result.output
    assert "| cleaner | 0.500 | 0.500-0.500 |     0.500 |  0.500 | " in result.output
    assert "    missed: in May" in result.output
    assert "    let in: Home Sea" in result.output


def test_command_scores_dates_without_being_asked(
    make_zip: Callable[..., Path], ours: Callable[..., None]
) -> None:
    ours(first_paragraph)
    path = make_zip([truth_record("a", date="2024-03-09"), truth_record("b", date=None)])
    result = invoke(path, "--against", "htmldate,resiliparse")
    assert result.exit_code == 0, result.output
    assert (
        "| date  |  cleaner |       1.000 |     1 |     0 |       0 |        1 |      0 |"
        "            1.000 |" in result.output
    )
    assert (
        "| date  | htmldate |       0.000 |     0 |     1 |       0 |        1 |" in result.output
    )
    assert "resiliparse" not in result.output


def test_command_writes_all_figures_as_json(
    words_zip: Path, tmp_path: Path, ours: Callable[..., None]
) -> None:
    ours(first_paragraph)
    target = tmp_path / "figures.json"
    result = invoke(words_zip, "--against", "all-text", "--meta", "--json", target)
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(target.read_text("utf-8"))
    assert (document["version"], document["capture"]) == (1, "html")
    (only,) = document["sets"]
    assert [row["system"] for row in only["systems"]] == ["cleaner", "all-text"]
    assert [group["name"] for group in only["page_types"]] == ["article", "listing"]
    page = only["results"][0]
    assert page["texts"]["all-text"]["recall"] == 1
    assert page["metadata"]["cleaner"]["outcomes"]["title"] == "right"
    mean = sum(p["texts"]["cleaner"]["f1"] for p in only["results"]) / 10
    assert only["systems"][0]["f1"] == pytest.approx(mean)


def test_command_counts_failures_and_exits_with_one(
    words_zip: Path, ours: Callable[..., None]
) -> None:
    ours(fail)
    result = invoke(words_zip, "--worst", "0")
    assert result.exit_code == 1
    assert "| 10 (ValueError 10) |" in result.output
    assert "ValueError: no such ferry" in result.output


def test_a_failing_peer_is_counted_and_is_no_failure_of_ours(
    words_zip: Path, ours: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours(first_paragraph)
    monkeypatch.setattr(run, "TEXT_PEERS", {"justext": System("justext", fail)})
    result = invoke(words_zip, "--against", "justext")
    assert result.exit_code == 0, result.output
    assert "| justext | 0.000 |" in result.output
    assert "10 (ValueError 10)" in result.output


def test_text_captures_run_ours_alone(words_zip: Path, ours: Callable[..., None]) -> None:
    ours(first_paragraph)
    result = invoke(words_zip, "--capture", "inscriptis", "--against", "justext")
    assert result.exit_code == 0, result.output
    assert "ours runs alone" in result.stderr
    assert "| justext" not in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("absent.zip",),
        ("SET", "--against", "netscape"),
        ("SET", "--capture", "lynx"),
        ("SET", "--limit", "0"),
        ("SET", "--json", "no/such/folder/figures.json"),
    ],
)
def test_bad_usage_exits_with_two(words_zip: Path, arguments: tuple[str, ...]) -> None:
    result = invoke(*(words_zip if argument == "SET" else argument for argument in arguments))
    assert result.exit_code == 2
    assert "Error: " in result.output


def test_a_zip_that_is_no_set_exits_with_two(tmp_path: Path) -> None:
    path = tmp_path / "odd.zip"
    zipfile.ZipFile(path, "w").close()
    result = invoke(path)
    assert result.exit_code == 2
    assert "no truth.jsonl" in result.output
