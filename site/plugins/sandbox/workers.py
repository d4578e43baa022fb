"""The workers, and whose turn it is: fair between addresses, with bounds on waiting.

Nothing of a reader is kept longer than the request, and nothing is written down.
"""

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, OrderedDict, deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sandbox.worker import GRACE

WORKERS = 2
WAITING = 64  # requests that may wait for a worker
WAITING_OF_ONE = 16  # of them those of one address
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
    """One process."""

    source = Path(__file__).with_name("worker.py").read_text("utf-8")  # once, as the file may be replaced

    def __init__(self, content: bytes) -> None:
        self.late = False
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", self.source],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
        self.send(content)

    def send(self, content: bytes) -> None:
        """Write to its pipe, with the length before."""
        if self.process.stdin:
            self.process.stdin.write(len(content).to_bytes(8, "big") + content)
            self.process.stdin.flush()

    def receive(self) -> bytes:
        """Read from its pipe; less than it was to be where the process has ended."""
        pipe = self.process.stdout
        return pipe.read(int.from_bytes(pipe.read(8), "big")) if pipe else b""

    def kill(self) -> None:
        """End the process because its time is over."""
        self.late = True
        self.process.kill()

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer of the process, or what it died of; it is killed where it is late."""
        timer = threading.Timer(question["seconds"] + GRACE, self.kill)
        timer.start()
        try:
            self.send(json.dumps(question).encode())
            answer = dict(json.loads(self.receive()))
        except (OSError, ValueError):
            answer = {"kind": "memory", "error": "ended"}
        finally:
            timer.cancel()
            timer.join()
        if self.late or self.process.poll() == -signal.SIGALRM:
            answer = {"kind": "time", "error": "killed"}
        if self.late or self.ended or answer.get("kind") == "memory":
            self.end()
        return answer

    def end(self) -> None:
        """Kill the process."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()

    @property
    def ended(self) -> bool:
        """Whether another one is needed."""
        return self.process.poll() is not None


class Workers:
    """The workers of a server, and the requests that wait for one.

    A request has its worker to itself. No address has all of them at once, and those that wait take turns.
    """

    def __init__(self, content: bytes, size: int = WORKERS) -> None:
        self.content = content
        self.free: list[Worker | None] = [None] * size  # None: to be started when needed
        self.of_one = max(size - 1, 1)
        self.held: Counter[str] = Counter()
        self.waiting: OrderedDict[str, deque[asyncio.Future[Worker | None]]] = OrderedDict()
        self.threads = ThreadPoolExecutor(size, "worker")

    async def take(self, address: str) -> Worker | None:
        """A worker for a request from an address; raises StoppedError when it is not its turn soon."""
        queue = self.waiting.setdefault(address, deque())
        if len(queue) >= WAITING_OF_ONE or sum(map(len, self.waiting.values())) >= WAITING:
            raise StoppedError("busy", BUSY)
        turn: asyncio.Future[Worker | None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        self.next()
        try:
            return await asyncio.wait_for(turn, PATIENCE)
        except (TimeoutError, asyncio.CancelledError) as error:
            if turn in queue:
                queue.remove(turn)
                self.next()
            elif turn.done() and not turn.cancelled():
                self.give_back(address, turn.result())
            if isinstance(error, asyncio.CancelledError):
                raise
            raise StoppedError("busy", BUSY) from None

    def give_back(self, address: str, worker: Worker | None) -> None:
        """The request is done with its worker."""
        self.held[address] -= 1
        self.free.append(worker)
        self.next()

    def next(self) -> None:
        """Give free workers to those who wait, one address after the other."""
        for address in list(self.waiting):
            queue = self.waiting[address]
            while queue and queue[0].done():
                queue.popleft()
            if not queue:
                del self.waiting[address]
            elif self.free and self.held[address] < self.of_one:
                self.held[address] += 1
                queue.popleft().set_result(self.free.pop())
                self.waiting.move_to_end(address)
        self.held += Counter()  # forget who holds nothing

    def end(self) -> None:
        """Kill the workers that are free; those that answer end with their pipes."""
        for worker in filter(None, self.free):
            worker.end()
        self.threads.shutdown(wait=False)


class Turn:
    """The queries of one request: they share a worker and a bound of time."""

    def __init__(self, workers: Workers, address: str) -> None:
        self.workers, self.address = workers, address
        self.left = TURN
        self.taken = False
        self.worker: Worker | None = None

    async def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer of a worker to a question of worker.py; raises StoppedError, also where SQLite does."""
        if not self.taken:
            self.worker = await self.workers.take(self.address)
            self.taken = True
        question["seconds"] = min(question["seconds"], self.left)
        if question["seconds"] <= 0:
            raise StoppedError("time", TOO_SLOW)
        start = time.monotonic()
        try:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self.workers.threads, self.asked, question)
        except asyncio.CancelledError:
            if self.worker:
                self.worker.kill()  # what it still answers is for nobody else
            self.worker = None
            raise
        finally:
            self.left -= time.monotonic() - start
        if "error" in answer:
            raise StoppedError(answer["kind"], SENTENCES.get(answer["kind"], answer["error"]))
        return answer

    def asked(self, question: dict[str, Any]) -> dict[str, Any]:
        """In a thread: start a worker if need be, and ask it."""
        if self.worker is None or self.worker.ended:
            self.worker = Worker(self.workers.content)
        return self.worker.ask(question)

    def end(self) -> None:
        """The request needs its worker no more."""
        if self.taken:
            self.taken = False
            self.workers.give_back(self.address, self.worker)
            self.worker = None
