"""Take the screenshots of the README: the home page and the dossier of Chicago and Moscow.

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

from scripts.browsing import ARGUMENTS, chromium, served
from scripts.build import main as build
from scripts.cli import DESCRIPTOR, ROOT

PAGES = {"home": "/", "dossier": "/sister_cities/pairs/us-il-chicago--ru-mow-moscow"}
SIZE = ViewportSize(width=1280, height=1230)
SCALE = 0.8  # a README is read at some thousand pixels, and a picture of it should stay small


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m scripts.screenshots", description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument(
        "--out",
        type=Path,
        default=ROOT / "docs" / "images",
        help="the folder to write (default: docs/images)",
    )
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = parser().parse_args(arguments)
    browser = chromium()
    if browser is None:
        print("error: no Chromium was found on this machine", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "build"
        status = build([str(DESCRIPTOR), "--out", str(built)])
        if status == 0:
            with served(built) as address:
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
