"""Validate, build and serve the package on this machine, read-only, until Ctrl-C.

What is served is a copy, so that the next build does not end it.

Exit status: 1 the data has problems, 2 cannot run, for example because the port is taken.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.cli import ROOT

HOST = "127.0.0.1"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m scripts.serve", description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument("--port", type=int, default=8001, help="the port on 127.0.0.1 (default: 8001)")
    made.add_argument(
        "--out", type=Path, default=ROOT / "build", help="the directory to build and serve (default: build)"
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
    """Run the command; returns the exit status."""
    options = parser().parse_args(arguments)
    taken = why_not(options.port)
    if taken:
        print(f"error: {taken}", file=sys.stderr)
        return 2
    # In a process of its own, so that what building takes of memory is given back before serving.
    built = subprocess.run([sys.executable, "-m", "scripts.build", "--out", str(options.out)], cwd=ROOT)
    if built.returncode:
        return built.returncode
    with tempfile.TemporaryDirectory(prefix="sister-cities-") as name:
        copy = shutil.copytree(options.out, Path(name) / "build")
        print(f"serving http://{HOST}:{options.port}/ until Ctrl-C", flush=True)
        return serve(copy, options.port)


def serve(build: Path, port: int) -> int:
    """Run the server until it ends or this process is told to."""
    command = [sys.executable, "-m", "datasette", "serve", str(build), "--cors", "--host", HOST]
    told = []

    def end(number: int, _frame: object) -> None:
        told.append(number)
        server.terminate()

    with subprocess.Popen([*command, "--port", str(port)], stdin=subprocess.DEVNULL) as server:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        status = server.wait()
    return 0 if told else status


if __name__ == "__main__":
    sys.exit(main())
