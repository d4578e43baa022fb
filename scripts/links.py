"""Check every address of the sources, and write those that do not answer, with an archived copy, as CSV.

What refuses, fails or leads to a home page is unclear: look at the page. An interrupted run goes on where it
stopped; until it is done, its results stand in .links.jsonl beside the descriptor.

Exit status: 0 every address answers, 1 some do not, 2 cannot run, for example without a network.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

import pandas as pd

from schemas.contract import Table
from schemas.problems import CannotRunError
from scripts.checking.addresses import ANSWERS, check_addresses
from scripts.checking.descriptor import read_descriptor
from scripts.checking.formatting import formatted
from scripts.checking.reading import read_table
from scripts.cli import command, package_argument, progress
from scripts.format import replace

WAYBACK = "https://archive.org/wayback/available"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--out", type=Path, help="the file to write (default: standard output)")
    parser.add_argument("--write", action="store_true", help="put copies into empty cells of archived_url")
    parser.add_argument("--wayback", default=WAYBACK, help=f"the availability service (default: {WAYBACK})")
    parser.add_argument("--pause", type=float, default=2, help="seconds a host rests (default: 2)")


@command(package_argument, arguments)
def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    package, problems = read_descriptor(options.descriptor)
    if problems:
        raise CannotRunError(f"{options.descriptor} has problems: see what scripts.validate says")
    table, path = package.table("sources"), package.folder / package.table("sources").path
    results = checked(read(table, path), package.folder / ".links.jsonl", options)
    silent = results[results["result"] != ANSWERS]
    sources = read(table, path)  # again, as someone may have edited it since
    copies = [silent["copy"].get(url, "") for url in sources["url"]]
    sources["archived_url"] = sources["archived_url"].where(sources["archived_url"] != "", copies)
    report = sources.join(silent, on="url", how="inner")
    columns = ["source_id", "url", "result", "why", "archived_url"]
    report.to_csv(options.out or sys.stdout, columns=columns, index=False)
    if options.write:
        replace(path, formatted(table, sources.to_csv(index=False).encode()))
    return 1 if len(report) else 0


def read(table: Table, path: Path) -> pd.DataFrame:
    """The cells of a table as text; CannotRunError where its file is not in order."""
    text = read_table(table, path.read_bytes())
    if text.problems:
        raise CannotRunError(f"{path} has problems: see what scripts.validate says")
    cells: pd.DataFrame = text.text.to_pandas().fillna("")
    return cells


def checked(sources: pd.DataFrame, state: Path, options: argparse.Namespace) -> pd.DataFrame:
    """The result, why, and copy of each address; `state` keeps them until all are there."""
    days = sources["accessed_on"].mask(sources["accessed_on"] == "", sources["published_on"])
    left = dict(zip(sources["url"], days, strict=True))
    left.pop("", None)
    lines = state.read_text("utf-8").splitlines() if state.exists() else []
    results = [json.loads(line) for line in lines]
    for url, *_ in results:
        left.pop(url, None)
    total = len(results) + len(left)
    with state.open("a", encoding="utf-8") as file, progress("checking addresses") as show:

        def keep(*result: str) -> None:
            results.append(result)
            print(json.dumps(result), file=file, flush=True)
            show(f"{len(results)} of {total}")

        asyncio.run(check_addresses(left, keep, options.wayback, options.pause))
    state.unlink()
    if results and all(why.startswith("ConnectError") for _, _, why, _ in results):
        raise CannotRunError("nothing can be reached: is there a network?")
    return pd.DataFrame(results, columns=["url", "result", "why", "copy"]).set_index("url")


if __name__ == "__main__":
    sys.exit(main())
