"""The portal's files: small, kept for long, and nobody else's."""

import gzip
import hashlib
import re
from pathlib import Path

import httpx

from portal.assets import FOLDER

FIRST_LOAD = 100_000  # bytes, compressed: page, styles, scripts and two letters; the budget is 150 kB


async def test_a_first_visit_is_light(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/calendar")
    wanted = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))

    files = [await visitor.get(address) for address in wanted]

    weight = sum(len(gzip.compress(file.content)) for file in [page, *files])
    assert all(file.status_code == 200 for file in files)
    assert weight < FIRST_LOAD


async def test_files_keep_for_a_year_under_a_name_of_their_content(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/")
    address = re.findall(r'href="(/static/rotunda\.[^"]+\.css)"', page.text)[0]

    file = await visitor.get(address)

    assert "immutable" in file.headers["cache-control"]
    assert hashlib.sha256(file.content).hexdigest()[:12] in address
    assert file.headers["content-encoding"] == "gzip"


async def test_an_unknown_file_is_not_found(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/static/rotunda.0000.css")).status_code == 404


async def test_no_style_and_no_page_names_another_host(visitor: httpx.AsyncClient) -> None:
    for path in ("/", "/calendar", "/events/evt_annual", "/sign-in"):
        page = (await visitor.get(path)).text
        for address in re.findall(r'(?:href|src|action)="([^"]*)"', page):
            assert address.startswith(("/", "#", "?")), address
    css = "".join(file.read_text() for file in FOLDER.glob("*.css"))
    assert "http" not in css
    assert "@import" not in css


def test_what_is_not_ours_is_listed_with_its_sum() -> None:
    vendor = FOLDER / "vendor"
    listed = dict(
        re.findall(
            r"^\| ([\w.-]+) \|.*`([0-9a-f]{64})` \|$", (vendor / "VENDOR.md").read_text(), re.MULTILINE
        )
    )

    ours = {"", ".md", ".py", ".scss"}
    kept = [file for file in vendor.iterdir() if file.is_file() and file.suffix not in ours]

    assert {file.name for file in kept} == set(listed)
    assert all(_sum(file) == listed[file.name] for file in kept)


def test_colour_is_written_in_one_place() -> None:
    elsewhere = [FOLDER / name for name in ("programme.css", "rotunda.css", "vendor/uswds.css")]
    allowed = {
        "#12203a",
        "#f0c880",
        "#ffffff",
    }  # on navy, and behind letters: as by day, so by night

    for file in elsewhere:
        assert set(re.findall(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b", file.read_text())) <= allowed, file.name


def _sum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
