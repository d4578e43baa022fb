"""Run the whole recipe as ordinary processes in a directory of its own, on 127.0.0.1, until Ctrl-C.

It fills in the same nginx configuration as an installation does; only systemd's part is played here.

Exit status: 1 the site does not answer, 2 cannot run.
"""

from __future__ import annotations

import argparse
import getpass
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.layout import Layout, filled, site_conf
from deploy.switch import NoAnswerError, switch

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


class Alone:
    """The machine for deploy.switch that needs none: processes of this one."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.layout = Layout(
            versions=folder / "versions",
            sockets=folder,
            cache=folder / "cache",
            version_conf=folder / "version.conf",
            datasette=Path(sys.executable).with_name("datasette"),
            listen=f"127.0.0.1:{port}",
            host="127.0.0.1 localhost",
        )
        self.nginx: subprocess.Popen[bytes] | None = None
        self.processes: dict[tuple[str, int], subprocess.Popen[bytes]] = {}
        (folder / "also").mkdir()
        (folder / "site.conf").write_text(site_conf(self.layout), "utf-8")
        conf = filled("alone.conf", folder=folder, user=getpass.getuser())
        (folder / "nginx.conf").write_text(conf, "utf-8")

    def start(self, version: str) -> None:
        """Start the processes of a version, or those of them that have died."""
        for number in self.layout.numbers():
            running = self.processes.get((version, number))
            if running and running.poll() is None:
                continue
            command = [str(self.layout.datasette), "serve", str(self.layout.versions / version)]
            command += ["--uds", str(self.layout.socket(version, number))]
            with (self.folder / "datasette.log").open("ab") as log:
                self.processes[version, number] = subprocess.Popen(
                    command, stdout=log, stderr=log, start_new_session=True
                )

    def stop(self, version: str) -> None:
        """End the processes of a version."""
        for key in [key for key in self.processes if key[0] == version]:
            end(self.processes.pop(key))

    def reload(self) -> None:
        """Let nginx read its configuration, starting it the first time."""
        command = [str(NGINX), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        command += ["-e", str(self.folder / "error.log")]
        subprocess.run([*command, "-t", "-q"], check=True)
        if self.nginx:
            self.nginx.send_signal(signal.SIGHUP)
        else:
            self.nginx = subprocess.Popen(command, start_new_session=True)
            wait_until_it_listens(self.port)

    def end(self) -> None:
        """End everything."""
        for process in [*self.processes.values(), self.nginx]:
            if process:
                end(process)


def wait_until_it_listens(port: int) -> None:
    """Return when something listens; raises NoAnswerError after ten seconds."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise NoAnswerError(f"nginx does not listen on port {port}")


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and make it."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def alone(build: Path, port: int) -> Iterator[Alone]:
    """The recipe over a build, serving on a port of 127.0.0.1.

    Raises FileNotFoundError without nginx or build, NoAnswerError when the site does not come up.
    """
    if not NGINX:
        raise FileNotFoundError("nginx is not installed (on Debian: apt-get install nginx)")
    with tempfile.TemporaryDirectory(prefix="sister-cities-") as name:
        machine = Alone(Path(name), port)
        try:
            switch(machine.layout, machine, build, last_requests=0)
            yield machine
        finally:
            machine.end()


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m deploy.alone", description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument(
        "build", type=Path, nargs="?", default=Path("build"), help="a directory from `make build`"
    )
    made.add_argument("--port", type=int, default=8080, help="the port on 127.0.0.1 (default: 8080)")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = parser().parse_args(arguments)
    try:
        with alone(options.build, options.port) as machine:
            print(f"serving http://127.0.0.1:{options.port}/ until Ctrl-C", flush=True)
            while True:
                time.sleep(1)
                for version in {version for version, _ in machine.processes}:
                    machine.start(version)
    except KeyboardInterrupt:
        return 0
    except NoAnswerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
