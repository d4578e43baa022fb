"""The workers, and whose turn it is: fair between addresses, with bounds on waiting.

Nothing of a reader is kept longer than the request, and nothing is written down.
"""

import asyncio
import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from sandbox.worker import GRACE

WORKERS = 2
WAITING = 16  # requests of one address that may wait for a worker
PATIENCE = 1.3  # seconds that a request waits for a worker
TURN = 1.2  # seconds that all queries of one request may take together

BUSY = "Too many queries are being asked at the moment, and this one was not started. Try again in a minute."
TOO_SLOW = "The query took too long and was stopped. Narrow it down, or download the database."
TOO_MUCH = "The query needed more memory than a query may use and was stopped. Narrow it down."
TOO_LARGE = "The result is larger than 4 MB. Ask for less, or download the database."
SENTENCES = {"time": TOO_SLOW, "memory": TOO_MUCH, "size": TOO_LARGE}


class StoppedError(Exception):
    """A query was refused, failed or was stopped: why, as a sentence, and of what `kind`."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class Worker:
    """One process, which is started when it is asked first, and anew when it has ended."""

    source = Path(__file__).with_name("worker.py").read_text("utf-8")  # once, as the file may be replaced

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.process: subprocess.Popen[bytes] | None = None

    def started(self) -> subprocess.Popen[bytes]:
        """The process, which has the database."""
        if self.process and self.process.poll() is None:
            return self.process
        self.end()
        command = [sys.executable, "-I", "-S", "-c", self.source]
        pipe, null = subprocess.PIPE, subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=null, env={})
        send(self.process, self.content)
        return self.process

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer of the process, or what it died of; it is killed where it is late."""
        process = self.started()
        late = time.monotonic() + question["seconds"] + GRACE
        alarm = threading.Timer(question["seconds"] + GRACE, process.kill)
        alarm.start()
        try:
            send(process, json.dumps(question).encode())
            answer = dict(json.loads(receive(process)))
        except (OSError, ValueError):
            answer = {"kind": "time" if time.monotonic() >= late else "memory", "error": "ended"}
        finally:
            alarm.cancel()
            alarm.join()
        if time.monotonic() >= late or answer.get("kind") == "memory":
            self.end()
        return answer

    def end(self) -> None:
        """Kill the process."""
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


def send(process: subprocess.Popen[bytes], content: bytes) -> None:
    """Write to its pipe, with the length before."""
    if process.stdin:
        process.stdin.write(len(content).to_bytes(8, "big") + content)
        process.stdin.flush()


def receive(process: subprocess.Popen[bytes]) -> bytes:
    """Read from its pipe; less than it was to be where the process has ended."""
    pipe = process.stdout
    return pipe.read(int.from_bytes(pipe.read(8), "big")) if pipe else b""


class Line(asyncio.Lock):
    """The requests of one address: one has a worker or is the next to have one, and so many wait for it."""

    waiting = 0


class Workers:
    """The workers of a server.

    A request has its worker to itself, and an address has one at a time, so that those who wait for a worker
    are of different addresses and have it in the order in which they came.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.free: asyncio.Queue[Worker] = asyncio.Queue()
        for _ in range(WORKERS):
            self.free.put_nowait(Worker(content))
        self.lines: WeakValueDictionary[str, Line] = WeakValueDictionary()
        self.threads = ThreadPoolExecutor(WORKERS, "worker")

    def start(self) -> None:
        """Start the processes before anybody waits for them."""
        for _ in range(self.free.qsize()):
            worker = self.free.get_nowait()
            worker.started()
            self.free.put_nowait(worker)

    def end(self) -> None:
        """Kill the workers that are free; those that answer end with their pipes."""
        while not self.free.empty():
            self.free.get_nowait().end()
        self.threads.shutdown(wait=False)


class Turn:
    """What one request asks of the workers: its queries share a worker and a bound of time."""

    def __init__(self, workers: Workers, address: str, form: str = "", own_sql: bool = True) -> None:
        self.workers = workers
        self.line = workers.lines.setdefault(address, Line())
        self.form = form  # of the answer: "" for a page, or "csv", "json"
        self.own_sql = own_sql  # a query or question, and not a table that is filtered
        self.left = TURN
        self.worker: Worker | None = None
        self.stopped: StoppedError | None = None

    async def take(self) -> Worker:
        """A worker; raises StoppedError when it is not the turn of this request soon."""
        if self.line.waiting >= WAITING:
            raise StoppedError("busy", BUSY)
        self.line.waiting += 1
        try:
            async with asyncio.timeout(PATIENCE):
                await self.line.acquire()
                try:
                    return await self.workers.free.get()
                except BaseException:
                    self.line.release()
                    raise
        except TimeoutError:
            raise StoppedError("busy", BUSY) from None
        finally:
            self.line.waiting -= 1

    async def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer of a worker to a question of worker.py; raises StoppedError, also where SQLite does."""
        self.worker = self.worker or await self.take()
        question["seconds"] = min(question["seconds"], self.left)
        if question["seconds"] <= 0:
            raise StoppedError("time", TOO_SLOW)
        start = time.monotonic()
        try:
            run = asyncio.get_running_loop().run_in_executor
            answer = await run(self.workers.threads, self.worker.ask, question)
        except asyncio.CancelledError:
            if self.worker.process:
                self.worker.process.kill()
            self.worker = Worker(self.workers.content)  # what the other still answers is for nobody else
            raise
        finally:
            self.left -= time.monotonic() - start
        if "error" in answer:
            raise StoppedError(answer["kind"], SENTENCES.get(answer["kind"], answer["error"]))
        return answer

    def end(self) -> None:
        """The request needs its worker no more."""
        if self.worker:
            self.workers.free.put_nowait(self.worker)
            self.worker = None
            self.line.release()
