"""Take the screenshots of the README, and the picture that is shown where somebody shares a page.

Builds the package, serves it on this machine for as long as it takes, and writes docs/images/; card.png
belongs into site/static/, with its colours reduced to 256. Needs the development dependencies and a Chromium,
for example Debian's (apt-get install chromium).

Exit status: 0 taken, 1 the data has problems, 2 there is no Chromium.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize

from schemas.problems import CannotRunError
from scripts.build import main as build
from scripts.cli import DESCRIPTOR, command, out_option
from tests.serving import HANGS, browsing, chromium, serving

PAGES = {"home": "/", "dossier": "/sister_cities/pairs/us-il-chicago--ru-mow-moscow"}
SIZE = ViewportSize(width=1280, height=1230)
# The home page with its heading, its first sentence and its map alone; its size is the usual one of og:image.
CARD = ViewportSize(width=1200, height=630)
CARD_STYLE = """
body { font-size: 22px; background: var(--sea); overflow: hidden; }
.top, .bottom, main > :not(.hero, #map), .hero > :not(h1), #map > :not(.map-and-key), .key-panel,
figcaption { display: none; }
main, .inner { max-width: none; padding: 0; }
.hero { display: block; position: absolute; z-index: 1; inset: 80px auto 0 60px; width: 370px; }
.hero h1 { font-size: 62px; margin: 0 0 40px; }
.hero::after {
  font-size: 29px; content: "What became of U.S. ties to Russian and Ukrainian places after 24 February 2022";
}
#map { margin: 0; }
.map { position: absolute; left: 420px; top: 22px; width: 780px; }
.map svg { border: 0; }
"""
SCALE = 0.8  # a README is read at some thousand pixels, and a picture of it should stay small


@command(out_option("docs/images", "the folder to write"))
def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    if chromium() is None:
        raise CannotRunError("no Chromium was found on this machine")
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "build"
        status = build([str(DESCRIPTOR), "--out", str(built)])
        if status == 0:
            with serving(built) as (address, _):
                take(address, options.out)
    return status


def take(address: str, out: Path) -> None:
    """Write one picture for each page, of its top as a reader with a wide window sees it."""
    out.mkdir(parents=True, exist_ok=True)
    with browsing() as window:
        page = window.new_page(viewport=SIZE, device_scale_factor=SCALE, color_scheme="light")
        page.set_default_timeout(HANGS * 1000)
        for name, path in PAGES.items():
            page.goto(address + path)
            page.screenshot(path=out / f"{name}.png")
            print(f"wrote {out / f'{name}.png'}")
        page = window.new_page(viewport=CARD, color_scheme="light")
        page.set_default_timeout(HANGS * 1000)
        page.goto(address)
        page.add_style_tag(content=CARD_STYLE)
        page.screenshot(path=out / "card.png")
        print(f"wrote {out / 'card.png'}")


if __name__ == "__main__":
    sys.exit(main())
