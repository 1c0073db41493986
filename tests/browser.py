"""A real browser for tests: Chromium without a window, asked by its driver."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

SCREENSHOTS = Path(__file__).parent.parent / "build" / "screenshots"
SIZES = {"narrow": (400, 800), "wide": (1600, 1000)}
PROGRAMS = ("chromium", "chromedriver")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--disable-dev-shm-usage --force-color-profile=srgb"
)


@contextmanager
def open_browser(profile: Path) -> Iterator[Any]:
    """Yield a driver of a browser with an empty profile; skip the test where there is none.

    Under continuous integration a missing browser is a failure.
    """
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    missing += [name for name in ("selenium",) if find_spec(name) is None]
    if missing:
        reason = f"no browser to test in: {' and '.join(missing)} missing"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*FLAGS.split(), f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    try:
        driver.set_page_load_timeout(90)
        yield driver
    finally:
        driver.quit()


def look(driver: Any, size: str, scheme: str = "light") -> None:
    """Give the browser a window's size and a colour scheme."""
    width, height = SIZES[size]
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def keep_picture(driver: Any, name: str) -> None:
    """Save what the browser shows, for a person to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    driver.save_screenshot(str(SCREENSHOTS / f"{name}.png"))


def faults_of_access(driver: Any) -> list[str]:
    """Return the serious faults of accessibility that axe-core finds in the page shown."""
    spec = find_spec("axe_playwright_python")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("axe-core is not installed")
    source = Path(spec.submodule_search_locations[0]) / "axe.min.js"
    driver.execute_script(source.read_text(encoding="utf-8"))
    found = driver.execute_async_script(
        "const done = arguments[0];"
        "axe.run(document, {iframes: false, resultTypes: ['violations']})"
        ".then(result => done(JSON.stringify(result.violations)), error => done(String(error)))"
    )
    return [
        f"{fault['impact']} {fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in json.loads(found)
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"][:3]
    ]


def complaints_of(driver: Any) -> list[str]:
    """Return what the browser complained of since it was asked last."""
    return [entry["message"] for entry in driver.get_log("browser")]
