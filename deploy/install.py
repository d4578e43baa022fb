"""Write the configuration of nginx and systemd for this machine. Run it once, as root.

Existing files are left as they are, so that what was edited stays; remove a file to have it written anew.

Exit status: 0 written, 2 cannot run.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from deploy.layout import Layout, service, site_conf


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python3 -m deploy.install", description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument("host", help="the name under which the site is read, such as data.example.org")
    made.add_argument("--listen", default="80", help="nginx's address and port (default: 80)")
    made.add_argument(
        "--root", type=Path, default=Path("/srv/sister-cities"), help="where the site is installed"
    )
    made.add_argument("--etc", type=Path, default=Path("/etc"), help="where configuration lies")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = parser().parse_args(arguments)
    layout = replace(layout_for(options.root), listen=options.listen, host=options.host)
    try:
        for path, text in files(layout, options.etc).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                print(f"left {path}")
            else:
                path.write_text(text, "utf-8")
                print(f"wrote {path}")
        for folder in (layout.versions, layout.version_conf.parent):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def layout_for(root: Path) -> Layout:
    """The installation under `root`; address and host stand in nginx's configuration only."""
    return Layout(
        versions=root / "versions",
        sockets=Path("/run/sister-cities"),
        cache=Path("/var/cache/nginx-sister-cities"),
        version_conf=root / "version.conf",
        datasette=root / "venv/bin/datasette",
        listen="80",
        host="localhost",
    )


def files(layout: Layout, etc: Path) -> dict[Path, str]:
    """The files by their paths."""
    units = {
        etc / f"systemd/system/sister-cities-{number}@.service": service(layout, number)
        for number in layout.numbers()
    }
    return {etc / "nginx/conf.d/sister-cities.conf": site_conf(layout), **units}


if __name__ == "__main__":
    sys.exit(main())
