"""Load on a server, by `wrk`, and what it found."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

CLIENTS = 8

# Asks for the given requests in turn; `@` in a path becomes a number that no request had before.
SCRIPT = """
local requests = {%s}
local turn, fresh = 0, %d
request = function()
  turn = turn + 1
  local this = requests[turn %% #requests + 1]
  if this.path:find("@") then
    fresh = fresh + 1
    return wrk.format(this.method, (this.path:gsub("@", fresh)), wrk.headers, this.body)
  end
  return wrk.format(this.method, this.path, wrk.headers, this.body)
end
done = function(summary, latency, requests)
  local errors = summary.errors
  local told = '{"requests": %%d, "micros": %%d, "p50": %%d, "p99": %%d, "bytes": %%d, "failed": %%d}'
  io.write("\\n", string.format(told,
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass(frozen=True)
class Request:
    """What is asked for."""

    path: str
    method: str = "GET"
    body: str = ""

    def lua(self) -> str:
        """As an entry of a Lua table; JSON's strings are Lua's for the signs that occur here."""
        body = f", body = {json.dumps(self.body)}" if self.body else ""
        return f"{{method = {json.dumps(self.method)}, path = {json.dumps(self.path)}{body}}}"


@dataclass(frozen=True)
class Found:
    """One measurement."""

    per_second: float
    p50_ms: float
    p99_ms: float
    bytes_per_answer: float
    answered: int
    failed: int


def load(port: int, requests: list[Request], seconds: int, clients: int = CLIENTS, fresh: int = 0) -> Found:
    """Ask a server on 127.0.0.1 for the requests in turn, without pause.

    Raises FileNotFoundError where wrk is not installed.
    """
    wrk = shutil.which("wrk")
    if not wrk:
        raise FileNotFoundError("wrk is not installed (on Debian: apt-get install wrk)")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % (", ".join(request.lua() for request in requests), fresh))
        script.flush()
        command = [wrk, "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s", "-s", script.name]
        ran = subprocess.run(
            [*command, f"http://127.0.0.1:{port}/"], check=True, capture_output=True, text=True
        )
    told = json.loads(ran.stdout.rpartition("\n")[2])
    return Found(
        per_second=told["requests"] / (told["micros"] / 1e6),
        p50_ms=told["p50"] / 1000,
        p99_ms=told["p99"] / 1000,
        bytes_per_answer=told["bytes"] / max(told["requests"], 1),
        answered=told["requests"],
        failed=told["failed"],
    )
