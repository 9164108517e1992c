"""`make screenshots`: photograph every page of the walk that has a caption, on a phone and at a desk.

A house of its own starts in a temporary folder with the seeds and is gone afterwards. The pictures lie beside this
file, and README.md shows them.
"""

import asyncio
import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Page, async_playwright

from rotunda import postgres
from tests.living import serving
from tests.walk.rooms import ROOMS, Room
from tests.walk.stage import Stage, set_the_stage

FOLDER = Path(__file__).parent
SIZES = {390: 844, 1280: 900}
TALLEST = {390: 2.0, 1280: 1.3}  # heights of a screen; below that a list only goes on
HEAD = """# What people see

On a phone (390 pixels wide) and at a desk (1280), with the seeds, a few acts of the day, and what they lead to.
`make screenshots` takes all of them anew and writes this page, from `tests/walk/rooms.py`: the table that
axe walks too. Tall pages are cut off. In a path, `{words}` are ids.

"""
SETTLED = 200  # milliseconds; letters and GraphiQL take a moment
COLOURS = 48  # a page has few, and what it saves is four fifths
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


async def photograph(folder: Path) -> list[Room]:
    """Take every picture anew, and say of which rooms."""
    var = Path(tempfile.mkdtemp(prefix="rotunda-screenshots-"))
    rooms = [room for room in ROOMS if room.caption]
    try:
        async with serving(None, var) as place, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            stage = Stage(place.url, await set_the_stage(place), browser)
            for room in rooms:
                await _portrait(stage, room, folder)
    finally:
        await asyncio.to_thread(postgres.stop, var)
        shutil.rmtree(var)
    return rooms


async def _portrait(stage: Stage, room: Room, folder: Path) -> None:
    for width, height in SIZES.items():
        async with stage.visit(
            room.who, viewport={"width": width, "height": height}, reduced_motion="reduce"
        ) as page:
            await room.enter(page, stage.words)
            if room.lively:
                await page.locator(room.lively).wait_for()
            # A window as high as the picture: what is fixed to its lower edge lies there, and not across the text.
            whole = await page.evaluate("document.documentElement.scrollHeight")
            await page.set_viewport_size(
                {"width": width, "height": max(height, min(whole, int(height * TALLEST[width])))}
            )
            await _take(page, folder / f"{room.name}-{width}.png")
            if room.dark and width == min(SIZES):
                await page.emulate_media(color_scheme="dark")
                await _take(page, folder / f"{room.name}-{width}-dark.png")


async def _take(page: Page, file: Path) -> None:
    await page.evaluate("scrollTo(0, 0)")
    await page.wait_for_timeout(SETTLED)
    shot = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
    _plain(shot).save(file, optimize=True)


def _plain(shot: Image.Image) -> Image.Image:
    """The picture in its own most frequent colours, exactly as they are; all others go to the nearest of those."""
    found: list[tuple[int, Any]] = (
        shot.getcolors(shot.width * shot.height) or []
    )  # how often, and red, green, blue
    frequent = sorted(found, key=lambda colour: -colour[0])[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in frequent for part in colour])
    return shot.quantize(palette=palette, dither=Image.Dither.NONE)


def shown(rooms: list[Room]) -> str:
    """README.md: every room with its address and its pictures."""
    rows = [
        f"## {room.caption}\n\n`{room.path}`\n\n"
        + "\n".join(
            f'<img src="{file}" alt="{room.caption}, {words}" width="{width}" valign="top">'
            for file, words, width in _pictures(room)
        )
        for room in rooms
    ]
    return HEAD + "\n\n".join(rows) + "\n"


def _pictures(room: Room) -> list[tuple[str, str, int]]:
    found = [(f"{room.name}-390.png", "on a phone", 195), (f"{room.name}-1280.png", "at a desk", 560)]
    return [*found, (f"{room.name}-390-dark.png", "on a phone by night", 195)] if room.dark else found


def main() -> None:
    """Photograph, and say what it weighs."""
    if CHROMIUM is None:
        sys.exit("No Chromium is installed. On Debian: sudo apt-get install chromium")
    for old in FOLDER.glob("*.png"):
        old.unlink()
    rooms = asyncio.run(photograph(FOLDER))
    (FOLDER / "README.md").write_text(shown(rooms))
    weight = sum(file.stat().st_size for file in FOLDER.glob("*.png"))
    print(f"{len(rooms)} rooms, {len(list(FOLDER.glob('*.png')))} pictures, {weight / 1e6:.1f} MB")


main()
