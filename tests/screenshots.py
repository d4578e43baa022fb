"""Take the screenshots of the README: the home page and the page of Chicago and Moscow.

Builds the package, serves it on this machine for as long as it takes, and writes docs/images/. Needs the
development dependencies and a Chromium, for example Debian's (apt-get install chromium).

Exit status: 0 taken, 1 the data has problems, 2 there is no Chromium.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from schemas.problems import CannotRunError
from scripts.build import main as build
from scripts.cli import DESCRIPTOR, command, out_option
from tests.serving import ARGUMENTS, chromium, serving

PAGES = {"home": "/", "dossier": "/sister_cities/pairs/us-il-chicago--ru-mow-moscow"}
SIZE = ViewportSize(width=1280, height=1230)
SCALE = 0.8  # a README is read at some thousand pixels, and a picture of it should stay small


@command(out_option("docs/images", "the folder to write"))
def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    browser = chromium()
    if browser is None:
        raise CannotRunError("no Chromium was found on this machine")
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "build"
        status = build([str(DESCRIPTOR), "--out", str(built)])
        if status == 0:
            with serving(built) as (address, _):
                take(browser, address, options.out)
    return status


def take(browser: Path, address: str, out: Path) -> None:
    """Write one picture for each page, of its top as a reader with a wide window sees it."""
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser, args=ARGUMENTS)
        page = window.new_page(viewport=SIZE, device_scale_factor=SCALE, color_scheme="light")
        for name, path in PAGES.items():
            page.goto(address + path)
            page.screenshot(path=out / f"{name}.png")
            print(f"wrote {out / f'{name}.png'}")
        window.close()


if __name__ == "__main__":
    sys.exit(main())
