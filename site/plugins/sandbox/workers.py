"""The workers, and whose turn it is: fair between addresses, with bounds on waiting.

Nothing of a reader is kept longer than the request, and nothing is written down.
"""

import asyncio
import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any
from weakref import WeakValueDictionary

from sandbox.worker import GRACE

WORKERS = 2
WAITING = 16  # requests of one address that may wait for a worker
# Both in times of what one query may take, which is a setting.
PATIENCE = 1.3  # for which a request waits for a worker
TURN = 1.2  # which all queries of one request may take together

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
    """One process that answers queries; another takes its place when one of them was not answered."""

    source = Path(__file__).with_name("worker.py").read_text("utf-8")  # once, as the file may be replaced

    def __init__(self, content: bytes) -> None:
        self.content = content
        command = [sys.executable, "-I", "-S", "-c", self.source]
        pipe, null = subprocess.PIPE, subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=null, env={})
        self.loading = Thread(target=self.load, daemon=True)
        self.loading.start()

    def load(self) -> None:
        """Give the process the database, before it is asked anything: a query has its time for itself."""
        questions = self.process.stdin
        assert questions
        with suppress(OSError, ValueError):  # the process was killed meanwhile
            questions.writelines([b"%d\n" % len(self.content), self.content])
            questions.flush()

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer of the process, or that it has ended."""
        questions, answers = self.process.stdin, self.process.stdout
        assert questions and answers
        self.loading.join()
        with suppress(OSError, ValueError):
            questions.write(json.dumps(question).encode() + b"\n")
            questions.flush()
            return dict(json.loads(answers.readline()))
        return {"kind": "memory", "error": "ended"}

    def successor(self) -> "Worker":
        """Another worker, or this one where no process can be started; the process of this one is killed."""
        self.process.kill()
        asyncio.get_running_loop().run_in_executor(None, self.end)  # which waits for it
        with suppress(OSError):
            return Worker(self.content)
        return self

    def end(self) -> None:
        """Kill the process."""
        with suppress(OSError), self.process:
            self.process.kill()


class Line(asyncio.Lock):
    """The requests of one address: one has a worker or is the next to have one, and so many wait for it."""

    waiting = 0


class Workers:
    """The workers of a server.

    A request has its worker to itself, and an address has one at a time, so that those who wait for a worker
    are of different addresses and have it in the order in which they came.
    """

    def __init__(self, content: bytes) -> None:
        self.free: asyncio.Queue[Worker] = asyncio.Queue()
        for _ in range(WORKERS):
            self.free.put_nowait(Worker(content))
        self.lines: WeakValueDictionary[str, Line] = WeakValueDictionary()

    async def take(self) -> Worker:
        """A worker, as soon as one is free and has the database."""
        worker = await self.free.get()
        try:
            worker = worker if worker.process.poll() is None else worker.successor()
            if worker.loading.is_alive():
                await asyncio.to_thread(worker.loading.join)
        except BaseException:
            self.free.put_nowait(worker)
            raise
        return worker

    def end(self) -> None:
        """Kill the workers that are free; those that answer end with their pipes."""
        while not self.free.empty():
            self.free.get_nowait().end()


class Turn:
    """What one request asks of the workers: its queries share a worker and a bound of time."""

    def __init__(
        self, workers: Workers, address: str, form: str = "", own_sql: bool = True, seconds: float = 1.0
    ) -> None:
        self.workers = workers
        self.line = workers.lines.setdefault(address, Line())
        self.form = form  # of the answer: "" for a page, or "csv", "json"
        self.own_sql = own_sql  # a query or question, and not a table that is filtered
        self.patience, self.left = PATIENCE * seconds, TURN * seconds  # where one query may take `seconds`
        self.worker: Worker | None = None
        self.stopped: StoppedError | None = None

    async def take(self) -> Worker:
        """A worker; raises StoppedError when it is not the turn of this request soon."""
        if self.line.waiting >= WAITING:
            raise StoppedError("busy", BUSY)
        self.line.waiting += 1
        try:
            async with asyncio.timeout(self.patience):
                await self.line.acquire()
                try:
                    return await self.workers.take()
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
        answer: dict[str, Any] = {"kind": "memory"}  # the worker is lost, unless it answers
        try:
            async with asyncio.timeout(question["seconds"] + GRACE):
                answer = await asyncio.to_thread(self.worker.ask, question)
        except TimeoutError:
            raise StoppedError("time", TOO_SLOW) from None
        finally:
            self.left -= time.monotonic() - start
            if answer.get("kind") == "memory":
                self.worker = self.worker.successor()
        if "error" in answer:
            raise StoppedError(answer["kind"], SENTENCES.get(answer["kind"], answer["error"]))
        return answer

    def end(self) -> None:
        """The request needs its worker no more."""
        if self.worker:
            self.workers.free.put_nowait(self.worker)
            self.worker = None
            self.line.release()
