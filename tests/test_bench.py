"""The bench: pages, rounds, figures, stages, and what it says of itself."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cleaner.bench import fresh
from cleaner.bench.doubts import Machine, find_doubts
from cleaner.bench.figures import growth, page_times, ratio, speeds
from cleaner.bench.fresh import BARE, FIRST_PAGE, IMPORT, IMPORT_CLEAN, Peak, Start
from cleaner.bench.goals import judge
from cleaner.bench.pages import BenchError, BenchPage, read_pages
from cleaner.bench.plot import size_plot
from cleaner.bench.run import Timings, time_systems, timed
from cleaner.bench.stages import SEAMS, STAGES, StageClock, page_stages, time_stages
from cleaner.bench.systems import PARSER, STRUCTURED, find_system, find_systems
from cleaner.cli import main
from cleaner.evaluate.peers import OURS, Extraction, PageInput, System
from tests.bench_pages import bench_pages, write_pages

QUIET = Machine(0.0, "performance")


def timings_of(wall: np.ndarray, cpu: np.ndarray | None = None) -> Timings:
    sizes = np.asarray([1000.0 * (n + 1) for n in range(wall.shape[2])])
    names = tuple("abcdef"[: wall.shape[0]])
    return Timings(names, sizes, wall, wall if cpu is None else cpu, {})


def test_pages_of_a_folder_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    write_pages(tmp_path / "deep", 3)
    (tmp_path / "notes.txt").write_text("no page")
    pages = read_pages(tmp_path)
    assert [page.name for page in pages] == ["deep/0.html", "deep/1.html", "deep/2.html"]
    assert pages[2].body == bench_pages(3)[2].body


def test_pages_of_a_zip_with_and_without_truth(tmp_path: Path) -> None:
    plain, labelled = tmp_path / "plain.zip", tmp_path / "set.zip"
    body = bench_pages(1)[0].body
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("b.HTM", body)
        archive.writestr("a.png", b"no page")
    truth = {"id": "x", "url": "https://pier.example/x", "text": "The ferry", "language": "en"}
    with zipfile.ZipFile(labelled, "w") as archive:
        archive.writestr("truth.jsonl", json.dumps(truth) + "\n")
        archive.writestr("html/x.html", body)
    assert read_pages(plain) == (BenchPage("b.HTM", body),)
    assert read_pages(labelled) == (BenchPage("x", body, "https://pier.example/x", "en"),)


def test_limit_spreads_over_the_pages(tmp_path: Path) -> None:
    write_pages(tmp_path, 6)
    assert [page.name for page in read_pages(tmp_path, limit=3)] == ["0.html", "2.html", "4.html"]


def test_nothing_to_measure_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="no pages"):
        read_pages(tmp_path)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK no zip")
    with pytest.raises(BenchError, match=r"broken\.zip"):
        read_pages(broken)


def test_every_system_runs_on_every_page_in_every_round_and_takes_turns() -> None:
    heard: list[str] = []

    def listening(name: str) -> System:
        def extract(page: PageInput) -> Extraction:
            heard.append(name)
            return Extraction()

        return System(name, extract)

    pages = bench_pages(3)
    timings = time_systems(pages, [listening("a"), listening("b")], 2)
    assert timings.wall.shape == timings.cpu.shape == (2, 2, 3)
    assert (timings.wall > 0).all()
    runs = heard[2:]  # after one of each to warm up
    assert [runs[n : n + 2] for n in range(0, 12, 2)] == [
        ["a", "b"], ["b", "a"], ["a", "b"],
        ["b", "a"], ["a", "b"], ["b", "a"],
    ]  # fmt: skip


def test_a_page_on_which_a_system_raises_is_left_out_for_all() -> None:
    def fail_on_second(page: PageInput) -> Extraction:
        if b"Ferry 1" in page.body if isinstance(page.body, bytes) else False:
            raise ValueError("no pears")
        return Extraction()

    systems = [System("steady", lambda page: Extraction()), System("frail", fail_on_second)]
    timings = time_systems(bench_pages(3), systems, 1)
    assert timings.left_out == 1
    assert timings.failures == {"steady": (), "frail": ("1.html: ValueError: no pears",)}
    assert timings.wall.shape == (2, 1, 2)
    assert timings.sizes.tolist() == [len(bench_pages(3)[n].body) for n in (0, 2)]


def test_no_page_left_is_an_error() -> None:
    def fail(page: PageInput) -> Extraction:
        raise ValueError("never")

    with pytest.raises(BenchError, match="never"):
        time_systems(bench_pages(2), [System("frail", fail)], 1)


def test_the_clock_of_the_wall_sees_waiting_and_that_of_work_does_not() -> None:
    import time

    def wait(page: PageInput) -> Extraction:
        time.sleep(0.03)
        return Extraction()

    wall, cpu, error = timed(System("waiting", wait), PageInput(b"x"))
    assert wall >= 30
    assert cpu < 20
    assert not error


def test_a_page_has_the_median_of_its_rounds() -> None:
    wall = np.asarray([[[1.0, 9.0], [2.0, 8.0], [90.0, 1.0]]])
    assert page_times(timings_of(wall), "wall").tolist() == [[2.0, 8.0]]


def test_figures_of_a_system() -> None:
    wall = np.asarray([[[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]])
    (found,) = speeds(timings_of(wall), "wall")
    assert (found.median, found.mean) == (3.0, 3.0)
    assert found.rate == pytest.approx(6000 / 1e3 / 9)
    assert found.spread == pytest.approx(1.0)
    assert found.growth == pytest.approx(1.0)


def test_growth_is_the_power_of_the_size() -> None:
    sizes = np.geomspace(1e3, 1e6, 20)
    assert growth(sizes, 3e-9 * sizes**2) == pytest.approx(2.0)
    assert np.isnan(growth(np.asarray([5.0, 5.0]), np.asarray([1.0, 2.0])))


def test_a_ratio_has_an_interval_and_is_the_same_each_time() -> None:
    generator = np.random.default_rng(3)
    base = generator.lognormal(1.0, 1.0, (1, 1, 300))
    noise = generator.uniform(0.9, 1.1, (1, 1, 300))
    timings = timings_of(np.concatenate([base * 2 * noise, base]))
    found = ratio(timings, "wall", "a", "b")
    assert found == ratio(timings, "wall", "a", "b")
    for estimate in (found.medians, found.means):
        assert estimate.low <= estimate.value <= estimate.high
        assert estimate.low < 2 < estimate.high
    assert found.means.high - found.means.low < 0.2


def test_stages_add_up_and_all_seams_are_used() -> None:
    spent = page_stages(bench_pages(3)[2])
    assert tuple(spent) == STAGES
    assert min(spent.values()) >= 0
    used = [stage for stage, took in spent.items() if took > 0]
    assert used == list(STAGES)
    seams = {seam.stage for seam in SEAMS}
    assert seams | {"parse", "rest"} == set(STAGES)


def test_stages_within_stages_are_not_counted_twice() -> None:
    import time

    clock = StageClock()
    inner = clock.around("model", lambda: time.sleep(0.02))

    def labelling() -> None:
        time.sleep(0.01)
        inner()
        inner()

    clock.around("labels", labelling)()
    assert clock.spent["model"] >= 40e6
    assert 10e6 <= clock.spent["labels"] < 35e6


def test_the_clock_leaves_no_trace() -> None:
    import cleaner.pipeline
    from cleaner.model import Forest

    before = (cleaner.pipeline.read_capture, Forest.log_odds)
    with StageClock().at_seams():
        assert cleaner.pipeline.read_capture is not before[0]
        assert Forest.log_odds is not before[1]
    assert (cleaner.pipeline.read_capture, Forest.log_odds) == before


def test_stages_leave_out_what_cannot_be_cleaned() -> None:
    pages = (*bench_pages(2), BenchPage("image.html", b"\x89PNG\r\n\x1a\n" + bytes(40)))
    times, size = time_stages(pages, 1, "wall")
    assert times.shape == (len(STAGES), 2)
    assert size == sum(len(page.body) for page in pages[:2])
    with pytest.raises(BenchError, match="no page"):
        time_stages(pages[2:], 1, "cpu")


def test_our_settings_give_the_same_text() -> None:
    page = PageInput(bench_pages(3)[2].body)
    found = {name: find_system(name).extract(page) for name in (OURS, STRUCTURED)}
    texts = {name: extraction.text for name, extraction in found.items()}
    assert texts[OURS] == texts[STRUCTURED]
    assert (found[STRUCTURED].metadata or {}).keys() == {"title", "authors", "date"}
    assert "harbour" in texts[OURS]
    assert find_system(PARSER).extract(page) == Extraction()


def test_ours_and_the_parser_always_run() -> None:
    names = [system.name for system in find_systems(["resiliparse", "resiliparse"])]
    assert names == [OURS, STRUCTURED, PARSER, "resiliparse"]


def test_memory_is_that_of_a_page_in_a_process_of_its_own() -> None:
    small = fresh.measure_peaks([BenchPage("s", bench_pages(1)[0].body)], [PARSER])
    body = b"<p>" + b"<b>x</b>" * 400_000
    (peak,) = fresh.measure_peaks([bench_pages(1)[0], BenchPage("large", body)], [PARSER])
    assert (peak.system, peak.page, peak.size, peak.error) == (PARSER, "large", len(body), "")
    assert peak.taken > 20_000_000 > small[0].taken
    assert peak.times == peak.taken / len(body)


def test_starts_are_told_from_python_alone() -> None:
    starts = fresh.time_starts(bench_pages(1), starts=2)
    assert [start.name for start in starts] == [BARE, IMPORT, IMPORT_CLEAN, FIRST_PAGE]
    assert all(len(start.wall) == len(start.cpu) == 2 for start in starts)
    least = {start.name: min(start.cpu) for start in starts}
    assert 0 < least[BARE] < least[FIRST_PAGE]


def test_a_process_that_fails_is_an_error_with_its_last_line() -> None:
    with pytest.raises(BenchError, match=r"page\.html: .*image"):
        fresh.time_starts([BenchPage("p", b"\x89PNG\r\n\x1a\n" + bytes(40))], starts=1)


def test_goals_are_judged_where_something_was_measured() -> None:
    wall = np.asarray([[[2.0, 2.0]], [[1.0, 1.0]]])
    timings = timings_of(wall)
    named = Timings((OURS, PARSER), timings.sizes, wall, wall, {})
    peaks = [Peak(OURS, "p", 10, 130, ""), Peak(PARSER, "p", 10, 500, "")]
    starts = [
        Start(BARE, (20.0, 10.0), (8.0,)),
        Start(IMPORT, (99.0, 115.0), (9.0,)),
        Start(FIRST_PAGE, (251.0,), (240.0,)),
    ]
    ratios = [ratio(named, "wall", OURS, PARSER)]
    wall_verdicts = judge(ratios, peaks, starts, "wall")
    assert [(each.found, each.met) for each in wall_verdicts] == [
        ("2", True), ("13", False), ("89 ms", True), ("251 ms", False),
    ]  # fmt: skip
    assert judge([], [], starts, "cpu")[-1].met
    assert judge([], [], [], "wall") == ()


def test_doubts_name_what_was_not_clean() -> None:
    steady = timings_of(np.ones((1, 3, 100)))
    assert find_doubts(QUIET, steady, speeds(steady, "wall"), (), "wall") == ()
    wall = np.ones((2, 2, 5))
    wall[1, 1] = 2
    shaky = timings_of(wall, wall / 2)
    peaks = (Peak("a", "p", 1, 1, "", error="ValueError"),)
    told = " ".join(find_doubts(Machine(3.0, None), shaky, speeds(shaky, "wall"), peaks, "wall"))
    for words in ("load 3.0", "did not run for 50%", "is unknown", "5 pages", "2 rounds",
                  "rounds of b differ by 100%", "a raised"):  # fmt: skip
        assert words in told
    by_cpu = find_doubts(Machine(None, "powersave"), shaky, (), (), "cpu")
    assert "powersave" in by_cpu[0]
    assert not any("did not run" in doubt for doubt in by_cpu)


def test_the_plot_shows_each_system_and_page() -> None:
    from lxml import etree

    sizes = np.geomspace(1e3, 1e6, 30)
    source = size_plot(["a & b", "c"], sizes, np.stack([sizes / 1e4, sizes / 1e5]))
    root = etree.fromstring(source.encode())
    dots = root.findall(".//{*}path")
    assert [path.get("d").count("M") for path in dots] == [30, 30]
    assert "a & b" in [text.text for text in root.findall(".//{*}text")]
    ys = [float(point.split(",")[1]) for point in root.find(".//{*}polyline").get("points").split()]
    assert ys == sorted(ys, reverse=True)  # larger pages take longer: further up


def test_a_plot_of_one_size_and_time() -> None:
    size_plot(["a"], np.asarray([1e4] * 3), np.asarray([[10.0] * 3]))


def test_the_command_measures_prints_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh, "STARTS", 1)
    write_pages(tmp_path / "pages", 3)
    out, plot = tmp_path / "figures.json", tmp_path / "plot.svg"
    arguments = ["bench", str(tmp_path / "pages"), "--rounds", "2", "--clock", "cpu"]
    result = CliRunner().invoke(main, [*arguments, "--json", str(out), "--plot", str(plot)])
    assert result.exit_code == 0, result.output
    assert "| cleaner / lxml " in result.stdout
    assert "3 pages are few" in result.stdout
    figures = json.loads(out.read_text())
    assert figures["version"] == 1
    assert [each["system"] for each in figures["speeds"]] == [OURS, STRUCTURED, PARSER]
    assert np.asarray(figures["timings"]["wall"]).shape == (3, 2, 3)
    assert [each["name"] for each in figures["stages"]] == list(STAGES)
    assert plot.read_text().startswith("<svg")


def test_bad_usage_is_told(tmp_path: Path) -> None:
    for arguments, words in (
        ([str(tmp_path)], "no pages"),
        ([str(tmp_path), "--against", "nobody"], "'nobody' is not one of"),
        ([str(tmp_path), "--json", str(tmp_path / "none" / "x.json")], "no directory"),
    ):
        result = CliRunner().invoke(main, ["bench", *arguments])
        assert result.exit_code == 2
        assert words in result.output
