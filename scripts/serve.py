"""Validate, build and serve the package on this machine, read-only, until Ctrl-C.

Exit status: 1 the data has problems, 2 cannot run, for example because the port is taken.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys

from schemas.problems import CannotRunError
from scripts.build import as_of_option
from scripts.build import main as build
from scripts.cli import DESCRIPTOR, command, out_option

HOST = "127.0.0.1"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--port", type=int, default=8001, help="the port on 127.0.0.1 (default: 8001)")


def probe(port: int) -> None:
    """Raise CannotRunError where nothing can listen on the port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except (OSError, OverflowError) as error:
            message = f"port {port} cannot be used ({error}); choose another: make serve PORT=8002"
            raise CannotRunError(message) from None


@command(out_option("build", "the directory to build and serve"), as_of_option, arguments)
def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status, or becomes the server and does not return."""
    probe(options.port)
    day = ["--as-of", options.as_of] if options.as_of else []
    status = build([str(DESCRIPTOR), "--out", str(options.out), *day])
    if status:
        return status
    print(f"serving http://{HOST}:{options.port}/ until Ctrl-C", flush=True)
    datasette = [sys.executable, "-m", "datasette", "serve", str(options.out), "--cors"]
    return os.execv(sys.executable, [*datasette, "--host", HOST, "--port", str(options.port)])


if __name__ == "__main__":
    sys.exit(main())
