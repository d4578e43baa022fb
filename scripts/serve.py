"""Validate, build and serve the package on this machine, read-only, until Ctrl-C.

Exit status: 1 the data has problems, 2 cannot run, for example because the port is taken.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path

from scripts.build import main as build
from scripts.cli import DESCRIPTOR, ROOT

HOST = "127.0.0.1"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m scripts.serve", description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument("--port", type=int, default=8001, help="the port on 127.0.0.1 (default: 8001)")
    made.add_argument(
        "--out", type=Path, default=ROOT / "build", help="the directory to build and serve (default: build)"
    )
    made.add_argument(
        "--as-of", metavar="DAY", help="the day of the data, as for scripts.build (default: the descriptor's)"
    )
    return made


def why_not(port: int) -> str | None:
    """Why nothing can listen on the port, or None if something can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            return f"port {port} cannot be used ({error}); choose another: make serve PORT=8002"
    return None


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status, or becomes the server and does not return."""
    options = parser().parse_args(arguments)
    taken = why_not(options.port)
    if taken:
        print(f"error: {taken}", file=sys.stderr)
        return 2
    day = ["--as-of", options.as_of] if options.as_of else []
    status = build([str(DESCRIPTOR), "--out", str(options.out), *day])
    if status:
        return status
    print(f"serving http://{HOST}:{options.port}/ until Ctrl-C", flush=True)
    command = [sys.executable, "-m", "datasette", "serve", str(options.out), "--cors"]
    return os.execv(sys.executable, [*command, "--host", HOST, "--port", str(options.port)])


if __name__ == "__main__":
    sys.exit(main())
