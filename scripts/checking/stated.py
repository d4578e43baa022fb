"""What a descriptor states of a file beside its columns: its size, its hash, its number of rows."""

import hashlib
from collections.abc import Iterator

from schemas.contract import Table
from schemas.problems import Problem, kind

STATED = kind(
    "file-as-stated",
    "A file has the bytes, the hash and the rows that the descriptor states.",
    "Take the file of the release as it was, or make the release anew.",
)


def stated_problems(table: Table, data: bytes, rows: int) -> Iterator[Problem]:
    """Where a file, given as its bytes and number of rows, is not what the descriptor states."""
    actual = {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "rows": rows}
    for entry, value in actual.items():
        if entry in table.stated and table.stated[entry] != value:
            message = f"the descriptor states {entry} {table.stated[entry]}; the file has {value}"
            yield STATED.at(table.path, None, None, str(value), message)
