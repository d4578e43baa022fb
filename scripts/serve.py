"""Validate, build and serve the package on this machine, read-only, until Ctrl-C.

What is served is a copy, so that the next build does not end it.

Exit status: 1 the data has problems, 2 cannot run, for example because the port is taken.
"""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from schemas.problems import CannotRunError
from scripts.build import AS_OF
from scripts.cli import ROOT, Options, command, option, out_option

HOST = "127.0.0.1"


def probe(port: int) -> None:
    """Raise CannotRunError where nothing can listen on the port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except (OSError, OverflowError) as error:
            message = f"port {port} cannot be used ({error}); choose another: make serve PORT=8002"
            raise CannotRunError(message) from None


@command(
    out_option("build", "the directory to build and serve"),
    AS_OF,
    option("--port", type=int, default=8001, help="the port on 127.0.0.1 (default: 8001)"),
)
def main(options: Options) -> int:
    """Run the command; returns the exit status."""
    probe(options.port)
    # In a process of its own, so that what building takes of memory is given back before serving.
    build = [sys.executable, "-m", "scripts.build", "--out", str(options.out.absolute())]
    build += ["--as-of", options.as_of] if options.as_of else []
    built = subprocess.run(build, cwd=ROOT, check=False)
    if built.returncode:
        return built.returncode
    with tempfile.TemporaryDirectory(prefix="sister-cities-") as name:
        copy = shutil.copytree(options.out, Path(name) / "build")
        print(f"serving http://{HOST}:{options.port}/ until Ctrl-C", flush=True)
        return serve(copy, options.port)


def serve(build: Path, port: int) -> int:
    """Run the server until it ends or this process is told to; returns the exit status."""
    datasette = [sys.executable, "-m", "datasette", "serve", str(build), "--cors", "--host", HOST]
    signals = []

    def end(number: int, _frame: object) -> None:
        signals.append(number)
        server.terminate()

    with subprocess.Popen([*datasette, "--port", str(port)], stdin=subprocess.DEVNULL) as server:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        status = server.wait()
    return 0 if signals else status


if __name__ == "__main__":
    sys.exit(main())
