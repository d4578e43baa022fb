"""The bad packages: for every rule at least one edit of tests/tiny that breaks that rule and no other.

A case says which rule is broken, in which file and on which line, and how the tiny package is edited
to break it. Where one defect would break a second rule too, further edits keep that one whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONTRACT = "datapackage.json"
SOURCES = "data/sources.csv"
PLACES = "data/places.csv"
PAIRS = "data/pairs.csv"
PUBLISHERS = "data/publishers.csv"
PLACE_NAMES = "data/place_names.csv"
LAWS = "data/laws.csv"
LAW = "us-il-chicago-foreign-ties-2022"
EVENTS = "data/pair_events.csv"
STATEMENTS = "data/statements.csv"
STATEMENT_PAIRS = "data/statement_pairs.csv"
STATISTICS = "data/casualty_statistics.csv"
FIGURES = "data/reported_figures.csv"
CITATIONS = "data/citations.csv"
CORRECTIONS = "data/corrections.csv"
OF_SOURCE = "resources/sources/schema/fields"
PUBLISHED = f"{OF_SOURCE}/published_on/constraints"
POPULATION = "resources/places/schema/fields/population/constraints"
US_NAME = "resources/pairs/schema/fields/us_name_reported/constraints"
CUMULATIVE = "resources/casualty_statistics/schema/fields/cumulative/constraints"

Edit = Callable[[Path], Any]  # changes the package in a folder


@dataclass(frozen=True)
class Replace:
    """Put `new` in place of the text `old`, which stands in the file exactly once."""

    file: str
    old: str
    new: str

    def __call__(self, folder: Path) -> None:
        data = (folder / self.file).read_bytes()
        assert data.count(self.old.encode()) == 1, f"{self.old!r} does not stand once in {self.file}"
        (folder / self.file).write_bytes(data.replace(self.old.encode(), self.new.encode()))


@dataclass(frozen=True)
class Insert:
    """Add a line, which then has the number `line`."""

    file: str
    line: int
    text: str

    def __call__(self, folder: Path) -> None:
        lines = (folder / self.file).read_bytes().splitlines(keepends=True)
        lines.insert(self.line - 1, self.text.encode() + b"\n")
        (folder / self.file).write_bytes(b"".join(lines))


@dataclass(frozen=True)
class Bytes:
    """Change the bytes of a file."""

    file: str
    change: Callable[[bytes], bytes]

    def __call__(self, folder: Path) -> None:
        (folder / self.file).write_bytes(self.change((folder / self.file).read_bytes()))


@dataclass(frozen=True)
class Describe:
    """Set a value in the descriptor; `where` names its place, entries of lists by their name or index."""

    where: str
    value: Any

    def __call__(self, folder: Path) -> None:
        descriptor = json.loads((folder / CONTRACT).read_text(encoding="utf-8"))
        here, *way = descriptor, *self.where.split("/")
        for step in way[:-1]:
            if not isinstance(here, list):
                here = here.setdefault(step, {})
            elif step.isdigit():
                here = here[int(step)]
            else:
                here = next(entry for entry in here if entry["name"] == step)
        here[way[-1]] = self.value
        text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
        (folder / CONTRACT).write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Remove:
    """Remove a file."""

    file: str

    def __call__(self, folder: Path) -> None:
        (folder / self.file).unlink()


@dataclass(frozen=True)
class Case:
    """One bad package; a `line` given as text is the line where that stands, once, in the edited file."""

    rule: str
    file: str
    line: int | str | None
    edits: list[Edit]

    def made_in(self, folder: Path) -> tuple[str, str, int | None]:
        """Edit the tiny package in a folder; the rule, file and line of what is wrong with it then."""
        for edit in self.edits:
            edit(folder)
        if not isinstance(self.line, str):
            return self.rule, self.file, self.line
        before, _ = (folder / self.file).read_text(encoding="utf-8").split(self.line)
        return self.rule, self.file, before.count("\n") + 1


def american(data: bytes) -> bytes:
    """The days of March 2022 as a spreadsheet writes them."""
    return data.replace(b",2022-03-0", b",3/2/202")


def twice(line: int) -> Callable[[bytes], bytes]:
    """A change of bytes: the line of this number stands there again."""
    return lambda data: b"\n".join((lines := data.split(b"\n"))[:line] + lines[line - 1 :])


LISTED = '"path": "data/corrections.csv"'  # where the descriptor lists a file that is not in place

FILES = [
    Case("file-missing", CONTRACT, LISTED, [Remove(CORRECTIONS)]),
    Case("file-missing", CONTRACT, '"path": "data/pairs.csv"', [Remove(PAIRS)]),
    Case("file-unlisted", "data/extra.csv", None, [lambda folder: (folder / "data/extra.csv").touch()]),
    Case(
        "file-not-regular",
        CONTRACT,
        LISTED,
        [Remove(CORRECTIONS), lambda folder: (folder / CORRECTIONS).mkdir()],
    ),
    Case(
        "file-not-regular",
        CONTRACT,
        LISTED,
        [Remove(CORRECTIONS), lambda folder: os.mkfifo(folder / CORRECTIONS)],
    ),
    Case(
        "file-not-regular",
        CONTRACT,
        LISTED,
        [Remove(CORRECTIONS), lambda folder: (folder / CORRECTIONS).symlink_to("nowhere.csv")],
    ),
    Case(
        "file-not-regular",
        CONTRACT,
        LISTED,
        [
            lambda folder: (folder / CORRECTIONS).rename(folder.parent / "outside.csv"),
            lambda folder: (folder / CORRECTIONS).symlink_to(folder.parent / "outside.csv"),
        ],
    ),
    Case("empty-file", CORRECTIONS, 1, [Bytes(CORRECTIONS, lambda _: b"")]),
    Case("encoding", PLACES, 1, [Bytes(PLACES, lambda data: data.decode().encode("utf-16"))]),
    Case("encoding", PAIRS, 1, [Bytes(PAIRS, lambda data: data.decode().encode("utf-16-le"))]),
    Case("encoding", SOURCES, 3, [Bytes(SOURCES, lambda data: data.replace(b"Ann", b"Ang\xe8le"))]),
    Case("encoding", SOURCES, 3, [Bytes(SOURCES, lambda data: data.replace(b"Ann", b"Ann O\x92Hara"))]),
    Case("encoding", PAIRS, 2, [Bytes(PAIRS, lambda data: data.replace(b",Mos", b",M\xf3s"))]),
    Case("encoding", PLACES, 2, [Bytes(PLACES, lambda data: data.replace(b"GeoNames", b"G\xe9oNames", 1))]),
    Case("binary", CORRECTIONS, 1, [Bytes(CORRECTIONS, lambda data: b"PK\x03\x04\x14\0" + data)]),
    Case(
        "binary", PAIRS, 1, [Bytes(PAIRS, lambda data: b"SQLite format 3\0" + data[:9].replace(b"p", b"\n"))]
    ),
    Case("control-character", PAIRS, 3, [Replace(PAIRS, "Moskow", "Mos\0kow")]),
    Case("byte-order-mark", PAIRS, 1, [Bytes(PAIRS, lambda data: b"\xef\xbb\xbf" + data)]),
    Case("line-ends", PAIRS, 1, [Bytes(PAIRS, lambda data: data.replace(b"\n", b"\r\n"))]),
    Case("line-ends", PAIRS, 1, [Bytes(PAIRS, lambda data: data.replace(b"\n", b"\r"))]),
    Case("line-ends", PAIRS, 2, [Replace(PAIRS, "only.\n", "only.\r\n")]),
    Case("last-line", PAIRS, 4, [Bytes(PAIRS, lambda data: data.removesuffix(b"\n"))]),
]

LINES = [
    Case("blank-row", PAIRS, 1, [Insert(PAIRS, 1, "")]),
    Case("blank-row", PAIRS, 3, [Insert(PAIRS, 3, "")]),
    Case("blank-row", PAIRS, 5, [Insert(PAIRS, 5, "  ")]),
    Case("ragged-row", PAIRS, 3, [Replace(PAIRS, "Moskow,", "Mos,kow,")]),
    Case("ragged-row", PAIRS, 2, [Replace(PAIRS, ",One source only.", "")]),
    Case("merge-conflict", PAIRS, 3, [Insert(PAIRS, 3, "<<<<<<< HEAD")]),
    Case("merge-conflict", PAIRS, 4, [Insert(PAIRS, 4, "=======")]),
    Case("bare-quote", PAIRS, 3, [Replace(PAIRS, "Moskow", 'Mos"kow')]),
    Case("bare-quote", PAIRS, 3, [Replace(PAIRS, "Moskow", '"Moskow')]),
    Case("bare-quote", PAIRS, 3, [Replace(PAIRS, "Moskow", '"Mos"kow')]),
    Case("separator", PAIRS, 1, [Bytes(PAIRS, lambda data: data.replace(b",", b";"))]),
    Case("separator", PAIRS, 1, [Bytes(PAIRS, lambda data: data.replace(b",", b"\t"))]),
    Case("dates-respelled", SOURCES, 1, [Bytes(SOURCES, american)]),
    Case("dates-respelled", EVENTS, 1, [Replace(EVENTS, ",5-0,", ",Sep-01,")]),
    Case("dates-respelled", EVENTS, 1, [Replace(EVENTS, ",5-0,", ",2026-09-01,")]),
    Case("needless-quotes", PAIRS, 3, [Replace(PAIRS, "Moskow", '"Moskow"')]),
    Case("needless-quotes", PAIRS, 1, [Replace(PAIRS, "tie_kind", '"tie_kind"')]),
    Case("needless-quotes", CORRECTIONS, 2, [Replace(CORRECTIONS, "tion,,", 'tion,"",')]),
    Case("line-break-in-cell", PAIRS, 3, [Replace(PAIRS, "Moskow", '"Mos\nkow"')]),
    Case(
        "row-order",
        FIGURES,
        3,
        [
            Replace(
                FIGURES, "tanks-around-kharkiv-weekly,tanks_around", "cars-around-kharkiv-weekly,cars_around"
            )
        ],
    ),
    Case(
        "row-order",
        STATEMENT_PAIRS,
        3,
        [Insert(STATEMENT_PAIRS, 2, "the-chamber-keep-ties,us-il-dixon--ua-63-kharkiv")],
    ),
    Case("row-twice", STATEMENT_PAIRS, 3, [Bytes(STATEMENT_PAIRS, twice(2))]),
    Case("row-twice", PAIRS, 5, [Bytes(PAIRS, twice(4))]),
    Case("row-twice", PLACES, 3, [Bytes(PLACES, twice(2))]),
    Case("row-twice", EVENTS, 4, [Bytes(EVENTS, twice(3))]),
]

HEADER = [
    Case(
        "column-missing",
        CORRECTIONS,
        1,
        [Replace(CORRECTIONS, ",note", ""), Replace(CORRECTIONS, ",Digit mistyped.", "")],
    ),
    Case(
        "column-unknown",
        CORRECTIONS,
        1,
        [Replace(CORRECTIONS, "note", "note,page"), Replace(CORRECTIONS, "mistyped.", "mistyped.,7")],
    ),
    Case(
        "column-unknown",
        STATEMENT_PAIRS,
        1,
        [Replace(STATEMENT_PAIRS, "pair_id", "pair_id,"), Replace(STATEMENT_PAIRS, "moscow", "moscow,")],
    ),
    Case(
        "column-twice",
        CORRECTIONS,
        1,
        [Replace(CORRECTIONS, "note", "note,note"), Replace(CORRECTIONS, "mistyped.", "mistyped.,Again.")],
    ),
    Case(
        "column-order",
        CORRECTIONS,
        1,
        [
            Replace(CORRECTIONS, "source_id,note", "note,source_id"),
            Replace(CORRECTIONS, ",Digit mistyped.", "Digit mistyped.,"),
        ],
    ),
]

CELLS = [
    *(
        Case("control-character", PAIRS, 3, [Replace(PAIRS, "Moskow", text)])
        for text in ("Mos\0kow", "Mos\tkow", "Mos\rkow", '"Mos\rkow"')
    ),
    *(Case("blank-at-end", PAIRS, 3, [Replace(PAIRS, "Moskow", text)]) for text in (" Moskow", "Moskow ")),
    *(
        Case("invisible-character", PAIRS, 3, [Replace(PAIRS, "Moskow", text)])
        for text in ("Mos\u00a0kow", "Mos\u200bkow", "Mos\u202ekow")
    ),
    *(
        Case("mixed-script", PAIRS, 3, [Replace(PAIRS, "Moskow", text)])
        for text in ("\u041coskow", "Mosk\u03bfw", "\u041c\u043e\u0441\u043a\u0432a")
    ),
    *(
        Case("formula", PAIRS, 3, [Replace(PAIRS, "Moskow", text)])
        for text in ("=Moskow", "+Moskow", "-Moskow", "@Moskow", '"=SUM(""A1"")"')
    ),
    Case("not-nfc", PAIRS, 3, [Replace(PAIRS, "Moskow", "Mosko\u0301w")]),
]

TYPES = [
    *(
        Case("type-integer", PLACES, 6, [Replace(PLACES, "2664452", text)])
        for text in ("1_000", "+7", "007", "１２", "NaN", "9" * 19)
    ),
    *(
        Case("type-number", FIGURES, 3, [Replace(FIGURES, ",,hundreds", f",{text},hundreds")])
        for text in ("NaN", "1e9", "7.0", '"0,5"')
    ),
    *(
        Case("type-date", SOURCES, 3, [Replace(SOURCES, "a=1,,,en,2026-11-21", f"a=1,,,en,{text}")])
        for text in ("2020-1-5", "2020-05", "2021-02-29", "２020-01-05")
    ),
    Case("type-boolean", STATISTICS, 6, [Replace(STATISTICS, "2022-06-02,day,true", "2022-06-02,day,TRUE")]),
    Case("type-year", PLACES, 5, [Replace(PLACES, "1936259,2020", "1936259,20")]),
    Case("type-date", EVENTS, 4, [Replace(EVENTS, "2014-03-25", "2014-3-25")]),
    Case("type-date", STATISTICS, 6, [Replace(STATISTICS, "2022-02-24,2022-06-02", "2022-2-24,2022-06-02")]),
    Case("type-number", PLACES, 6, [Replace(PLACES, "-87.65", "-87.650")]),
    Case("type-number", FIGURES, 2, [Replace(FIGURES, ",28,", ",28.0,")]),
    Case("type-integer", STATISTICS, 7, [Replace(STATISTICS, ",60,100,", ",060,100,")]),
    Case("type-integer", PLACES, 5, [Replace(PLACES, "1936259", "1_936_259")]),
]

COLUMNS = [
    Case("required", PLACES, 6, [Replace(PLACES, "2664452,,GeoNames", "2664452,,")]),
    Case("category", PAIRS, 4, [Replace(PAIRS, "friendship", "freindship")]),
    Case("pattern", SOURCES, 2, [Replace(SOURCES, "letter,,,en", "letter,,,eng")]),
    Case("pattern", EVENTS, 2, [Replace(EVENTS, "5-0", "5-0JUNK")]),
    Case("uri", SOURCES, 2, [Replace(SOURCES, "example.org/letter", "?letter")]),
    Case("minimum", PLACES, 6, [Replace(PLACES, "4887398", "0")]),
    Case("minimum", PLACES, 5, [Describe(f"{POPULATION}/exclusiveMinimum", 1936259)]),
    Case("minimum", SOURCES, 4, [Describe(f"{PUBLISHED}/minimum", "2022-01-01")]),
    Case("maximum", PLACES, 2, [Describe(f"{POPULATION}/maximum", 10381221)]),
    Case("maximum", PLACES, 2, [Describe(f"{POPULATION}/exclusiveMaximum", 10381222)]),
    Case("length", PAIRS, 4, [Describe(f"{US_NAME}/minLength", 6)]),
    Case("length", PAIRS, 2, [Describe(f"{US_NAME}/maxLength", 17)]),
    Case("enum", PAIRS, 2, [Describe(f"{US_NAME}/enum", ["Chicago", "Dixon", "Grinnel"])]),
    Case("enum", PLACES, 5, [Describe(f"{POPULATION}/enum", [10381222, 2664452])]),
    Case("enum", STATISTICS, 7, [Describe(f"{CUMULATIVE}/enum", [True])]),
    Case("unique", PLACES, 6, [Replace(PLACES, "Q1297", "Q649")]),
    Case("unique", PLACES, 7, [Replace(PLACES, "4889959", "4887398")]),
]

KEYS = [
    Case(
        "primary-key",
        FIGURES,
        4,
        [
            Insert(
                FIGURES,
                4,
                "tanks-around-kharkiv-weekly,tanks_around_kharkiv,9,,about,tanks,,,,,weekly-2022-06-06-essay,stated,",
            )
        ],
    ),
    Case(
        "unique-key",
        STATISTICS,
        6,
        [Replace(STATISTICS, "2022-06-02,day,true,OHCHR,2022-06-03", "2022-05-31,day,true,OHCHR,2022-06-01")],
    ),
    Case("foreign-key", PAIRS, 3, [Replace(PAIRS, "Moskow,,weekly", "Moskow,,weekley")]),
    Case(
        "foreign-key",
        STATISTICS,
        6,
        [Replace(STATISTICS, "2022-06-03,day,", "2022-06-03,day,ohchr-2022-05-31")],
    ),
    Case(
        "foreign-key",
        STATEMENT_PAIRS,
        3,
        [Insert(STATEMENT_PAIRS, 3, "the-chamber-keep-ties,us-il-dixon--ua-63-kyiv")],
    ),
]

EVERY_TABLE = [
    Case("precision-with-date", STATISTICS, 6, [Replace(STATISTICS, "2022-06-03,day", "2022-06-03,")]),
    Case("precision-with-date", FIGURES, 3, [Replace(FIGURES, "ua-63-kharkiv,,", "ua-63-kharkiv,,month")]),
    Case("precision-fits-date", EVENTS, 4, [Replace(EVENTS, "2014-03-25,day", "2014-03-25,month")]),
    Case("precision-fits-date", EVENTS, 3, [Replace(EVENTS, "1994-01-01", "1994-02-01")]),
    Case("date-not-after-day", SOURCES, 3, [Replace(SOURCES, "a=1,,,en,2026", "a=1,,,en,9999")]),
    Case("uncertain-has-notes", PAIRS, 2, [Replace(PAIRS, "One source only.", "")]),
    Case("summary-is-sentence", STATEMENTS, 3, [Replace(STATEMENTS, "keep ties.", "keep ties")]),
]

OF_SOURCES = [
    Case("supplied-title-in-brackets", SOURCES, 4, [Replace(SOURCES, "[List of ties]", "[List] of ties")]),
    Case("read-source-has-address", SOURCES, 5, [Replace(SOURCES, "https://example.org/essay", "")]),
    Case(
        "read-after-published", SOURCES, 3, [Replace(SOURCES, "a=1,,,en,2026-11-21", "a=1,,,en,2022-03-01")]
    ),
    Case(
        "source-is-used",
        SOURCES,
        4,
        [Bytes(CITATIONS, lambda data: b"".join(data.splitlines(keepends=True)[i] for i in (0, 1, 3)))],
    ),
]

OF_PLACES = [
    Case("place-id-is-composed", PLACES, 7, [Replace(PLACES, "Dixon", "Dickson")]),
    Case("division-in-country", PLACES, 3, [Replace(PLACES, "UA,UA-63", "RU,UA-63")]),
    Case("division-has-name", PLACES, 3, [Replace(PLACES, "Kharkiv Oblast", "")]),
    Case("division-has-one-name", PLACES, 7, [Replace(PLACES, "Illinois,41.8389", "Ill.,41.8389")]),
    Case("country-has-no-division", PLACES, 3, [Replace(PLACES, "city,UA", "area,UA")]),
    Case("kind-fits-country", PLACES, 3, [Replace(PLACES, "city,UA", "county,UA")]),
    Case("coordinates-together", PLACES, 6, [Replace(PLACES, "-87.65", "")]),
    Case("coordinates-in-country", PLACES, 3, [Replace(PLACES, "49.9818,36.2548", "36.2548,49.9818")]),
    Case("population-year-has-population", PLACES, 3, [Replace(PLACES, "706483,,,", "706483,,,2020")]),
    Case("place-is-used", PLACES, 4, [Insert(PLACES, 4, "ua-kyiv,Kyiv,,city,UA,,,,,,,,,ISO 3166-1,stated,")]),
]

OF_PAIRS = [
    Case(
        "pair-id-is-composed",
        PAIRS,
        4,
        [
            Replace(PAIRS, "us-il-dixon--ua-63-kharkiv", "us-il-dixon--ua-kharkiv"),
            Replace(EVENTS, ",us-il-dixon--ua-63-kharkiv", ",us-il-dixon--ua-kharkiv"),
            Replace(EVENTS, "us-il-dixon--ua-63-kharkiv--", "us-il-dixon--ua-kharkiv--"),
        ],
    ),
    Case(
        "us-place-in-us",
        PAIRS,
        2,
        [
            Insert(
                PAIRS,
                2,
                "ua-ukraine--ru-mow-moscow,ua-ukraine,ru-mow-moscow,informal,Ukraine,Moscow,,list-2021-ties,stated,",
            )
        ],
    ),
    Case(
        "partner-in-russia-or-ukraine",
        PAIRS,
        5,
        [
            Insert(
                PAIRS,
                5,
                "us-il-dixon--us-il-chicago,us-il-dixon,us-il-chicago,informal,Dixon,Chicago,,list-2021-ties,stated,",
            )
        ],
    ),
    Case("tie-kind-fits-place", PAIRS, 4, [Replace(PAIRS, "friendship", "sister_state")]),
    Case("tie-kind-fits-place", PAIRS, 3, [Replace(PAIRS, "sister_city", "sister_county")]),
]

OF_EVENTS = [
    Case("event-id-is-composed", EVENTS, 4, [Replace(EVENTS, "moscow,kept", "moscow,limited")]),
    Case("decision-has-decider", EVENTS, 5, [Replace(EVENTS, "mayor,The mayor,", ",,")]),
    Case("decider-has-kind", EVENTS, 3, [Replace(EVENTS, "year,,,", "year,,The mayors,")]),
    Case("vote-has-body", EVENTS, 2, [Replace(EVENTS, "county_board", "staff")]),
    Case(
        "tie-is-founded-once",
        EVENTS,
        3,
        [
            Replace(EVENTS, "--established,", "--established-2,"),
            Replace(EVENTS, "--ended,", "--established,"),
            Replace(EVENTS, "moscow,ended,", "moscow,established,"),
        ],
    ),
    Case("decision-after-founding", EVENTS, 2, [Replace(EVENTS, "2022-03-01,month", "1993-12-01,month")]),
    Case(
        "reinstated-after-stop",
        EVENTS,
        4,
        [Replace(EVENTS, "--kept", "--reinstated"), Replace(EVENTS, "moscow,kept", "moscow,reinstated")],
    ),
    Case(
        "ended-tie-stays-ended",
        EVENTS,
        5,
        [Replace(EVENTS, "--kept", "--ended"), Replace(EVENTS, "moscow,kept", "moscow,ended")],
    ),
    Case("decisions-have-an-order", EVENTS, 5, [Replace(EVENTS, "2014-03-25", "2022-03-01")]),
    Case("event-before-its-report", EVENTS, 5, [Replace(EVENTS, "2022-03-01,day", "2022-03-02,day")]),
]

OF_STATEMENTS = [
    Case("statement-id-names-speaker", STATEMENTS, 2, [Replace(STATEMENTS, "Ann Mayor", "Anna Mayor")]),
    Case(
        "quote-is-short",
        STATEMENTS,
        2,
        [Replace(STATEMENTS, "We suspend the tie", "We suspend the tie" + " now" * 17)],
    ),
    Case(
        "quote-has-no-outer-marks",
        STATEMENTS,
        2,
        [Replace(STATEMENTS, "We suspend the tie", "“We suspend the tie”")],
    ),
    Case(
        "quote-has-no-outer-marks",
        STATEMENTS,
        2,
        [Replace(STATEMENTS, "We suspend the tie", '"""We suspend the tie"""')],
    ),
    Case(
        "quote-breaks-are-inside",
        STATEMENTS,
        2,
        [Replace(STATEMENTS, "We suspend the tie", "We suspend […]")],
    ),
    Case(
        "statement-before-its-report",
        STATEMENTS,
        2,
        [Replace(STATEMENTS, "2022-03-01,day", "2022-03-02,day")],
    ),
    Case("body-has-no-role", STATEMENTS, 3, [Replace(STATEMENTS, "The Chamber,,", "The Chamber,Chair,")]),
]

OF_STATISTICS = [
    Case("statistic-has-value", STATISTICS, 7, [Replace(STATISTICS, ",60,100,", ",,,")]),
    Case("range-in-order", STATISTICS, 7, [Replace(STATISTICS, ",60,100,", ",100,60,")]),
    Case("range-in-order", STATISTICS, 7, [Replace(STATISTICS, ",60,100,", ",60,60,")]),
    Case("range-in-order", STATISTICS, 7, [Replace(STATISTICS, ",60,100,", ",,100,about a hundred")]),
    Case("range-is-not-exact", STATISTICS, 7, [Replace(STATISTICS, "up_to", "exact")]),
    Case(
        "period-in-order",
        STATISTICS,
        7,
        [Replace(STATISTICS, "per_day,,2022-05-31", "per_day,2022-06-01,2022-05-31")],
    ),
    Case(
        "cumulative-since-invasion",
        STATISTICS,
        6,
        [Replace(STATISTICS, "02-24,2022-06-02", "02-25,2022-06-02")],
    ),
    Case(
        "daily-is-not-cumulative",
        STATISTICS,
        7,
        [Replace(STATISTICS, "per_day,,2022-05-31,day,false", "per_day,2022-02-24,2022-05-31,day,true")],
    ),
    Case("counted-before-published", STATISTICS, 6, [Replace(STATISTICS, "2022-06-03", "2022-06-01")]),
    Case("statistic-before-its-report", STATISTICS, 6, [Replace(STATISTICS, "2022-06-03", "2022-07-01")]),
    Case(
        "killed-and-injured-add-up",
        STATISTICS,
        5,
        [Replace(STATISTICS, "killed_or_injured,100", "killed_or_injured,101")],
    ),
    Case("parts-within-whole", STATISTICS, 3, [Replace(STATISTICS, "killed,15", "killed,41")]),
    Case("cumulative-never-falls", STATISTICS, 6, [Replace(STATISTICS, "killed,42", "killed,39")]),
    Case(
        "revision-is-lower",
        STATISTICS,
        6,
        [Replace(STATISTICS, "2022-06-03,day,", "2022-06-03,day,ohchr-2022-05-31-civilians-injured")],
    ),
    Case(
        "revision-is-lower",
        STATISTICS,
        6,
        [
            Replace(STATISTICS, "2022-06-03,day,", "2022-06-03,day,ohchr-2022-05-31-civilians-killed"),
            Replace(STATISTICS, "killed,42", "killed,40"),
        ],
    ),
]

OF_FIGURES = [
    Case("figure-has-value", FIGURES, 3, [Replace(FIGURES, "hundreds", "")]),
    Case(
        "figure-id-names-measure",
        FIGURES,
        3,
        [Replace(FIGURES, "tanks_around_kharkiv", "tanks_near_kharkiv")],
    ),
]

OF_CITATIONS = [
    Case("citation-id-is-composed", CITATIONS, 2, [Replace(CITATIONS, "weekly--value", "weekly--values")]),
    Case(
        "cited-row-exists",
        CITATIONS,
        4,
        [
            Replace(CITATIONS, "moscow--suspended--daily", "moscow--suspended-2--daily"),
            Replace(CITATIONS, "moscow--suspended,", "moscow--suspended-2,"),
        ],
    ),
    Case("cited-row-exists", CITATIONS, 3, [Replace(CITATIONS, ",pairs,", ",places,")]),
    Case(
        "cited-column-exists",
        CITATIONS,
        2,
        [
            Replace(CITATIONS, "weekly--value", "weekly--number"),
            Replace(CITATIONS, "weekly,value,", "weekly,number,"),
        ],
    ),
    Case("contradiction-is-told", CITATIONS, 2, [Replace(CITATIONS, "Counts a city twice.", "")]),
    Case("contradiction-is-told", CITATIONS, 4, [Replace(CITATIONS, "supports", "contradicts")]),
    Case("contradiction-differs", CITATIONS, 2, [Replace(CITATIONS, ",29,", ",28,")]),
    Case(
        "citation-adds-source",
        CITATIONS,
        4,
        [
            Bytes(
                CITATIONS,
                lambda data: data.replace(
                    b"daily-2022-03-02-report,supports", b"city-2022-03-01-letter,supports"
                ).replace(b"suspended--daily-2022-03-02-report", b"suspended--city-2022-03-01-letter"),
            )
        ],
    ),
    Case(
        "citation-adds-source",
        CITATIONS,
        2,
        [
            Insert(
                CITATIONS,
                2,
                "list-2021-ties--list-2021-ties,sources,list-2021-ties,,list-2021-ties,supports,,",
            )
        ],
    ),
]

RETIRED = "0-1-0--{0},0.1.0,places,{0},,,{1},identity,,Another place."

OF_CORRECTIONS = [
    Case("correction-id-is-composed", CORRECTIONS, 2, [Replace(CORRECTIONS, "0-1-0", "0-1")]),
    Case("corrected-column-exists", CORRECTIONS, 2, [Replace(CORRECTIONS, ",places,", ",place,")]),
    Case(
        "corrected-column-exists",
        CORRECTIONS,
        2,
        [Replace(CORRECTIONS, "--population", "--people"), Replace(CORRECTIONS, ",population,", ",people,")],
    ),
    Case("correction-changes-value", CORRECTIONS, 2, [Replace(CORRECTIONS, "2664453", "2664452")]),
    Case(
        "withdrawn-value-is-not-repeated",
        CORRECTIONS,
        2,
        [Replace(CORRECTIONS, "transcription", "withdrawn")],
    ),
    Case("newest-correction-holds", CORRECTIONS, 2, [Replace(CORRECTIONS, "2664452", "2664454")]),
    Case(
        "corrected-row-is-known",
        CORRECTIONS,
        2,
        [
            Replace(CORRECTIONS, "0--us-il-chicago", "0--us-il-cairo"),
            Replace(CORRECTIONS, "places,us-il-chicago", "places,us-il-cairo"),
        ],
    ),
    Case(
        "retired-key-stays-retired",
        CORRECTIONS,
        3,
        [Insert(CORRECTIONS, 3, RETIRED.format("us-il-dixon", "us-il-chicago"))],
    ),
    Case(
        "successor-exists",
        CORRECTIONS,
        2,
        [Insert(CORRECTIONS, 2, RETIRED.format("us-il-cairo", "us-il-rome"))],
    ),
    Case(
        "correction-not-after-version",
        CORRECTIONS,
        2,
        [Replace(CORRECTIONS, "0-1-0", "999-1-0"), Replace(CORRECTIONS, "0.1.0", "999.1.0")],
    ),
]

KINDS_OF_FAULT = [
    Case(
        "unique-key",
        STATISTICS,
        8,
        [
            Insert(
                STATISTICS,
                8,
                "president-2022-05-31-soldiers-killed-per-day-b,soldiers,UA,all,ua-ukraine,killed,6,10,,up_to,"
                "persons_per_day,,2022-05-31,day,false,The President,,,,weekly-2022-06-06-essay,stated,",
            )
        ],
    ),
    Case(
        "row-alike",
        FIGURES,
        3,
        [
            Insert(
                FIGURES,
                3,
                "sister-cities-of-chicago-weekly-2,sister_cities_of_chicago,28,,exact,sister cities,"
                "us-il-chicago,2022-06-01,month,,weekly-2022-06-06-essay,stated,",
            )
        ],
    ),
    Case("unique", SOURCES, 5, [Replace(SOURCES, "example.org/essay", "example.org/letter")]),
    *(
        Case("pattern", EVENTS, 2, [Replace(EVENTS, "5-0", vote)])
        for vote in ("2022-9-1", "05-04", "007-000", "0-0", "1000-1")
    ),
    Case(
        "cumulative-never-falls",
        STATISTICS,
        6,
        [
            Replace(STATISTICS, "killed,42", "killed,39"),
            Replace(STATISTICS, "06-02,day,true", "06-01,month,true"),
        ],
    ),
    Case(
        "cumulative-does-not-jump",
        STATISTICS,
        6,
        [
            Replace(STATISTICS, "all,ua-ukraine,killed,40,", "all,ua-ukraine,killed,1040,"),
            Replace(STATISTICS, "killed_or_injured,100", "killed_or_injured,1100"),
            Replace(STATISTICS, "killed,42", "killed,10042"),
        ],
    ),
    Case("maximum", STATISTICS, 6, [Replace(STATISTICS, "killed,42", "killed,10000001")]),
    *(
        Case("garbled", EVENTS, 5, [Replace(EVENTS, "The mayor suspended", text)])
        for text in (
            "#REF!",
            "Up #DIV/0! down",
            "#NAME?",
            "Donâ€™t",
            "JosÃ©",
            "Ð¥Ð°Ñ€",
            "This &amp; that",
            "It&#8217;s",
            "A <b>bold</b> mayor",
            "A_x000D_line",
            "????????",
        )
    ),
    Case("too-long", PAIRS, 2, [Replace(PAIRS, "One source only.", "x" * 5001)]),
    *(
        Case("uri", SOURCES, 2, [Replace(SOURCES, "example.org/letter", address)])
        for address in (
            "example.org./letter",
            "example.org/%zz",
            "[::1",
            "example.org/стара-загора",
            "user@example.org/",
            "example.org/{a}",
        )
    ),
    Case("publisher-has-one-spelling", SOURCES, 5, [Replace(SOURCES, ",The Weekly,", ",daily,")]),
    Case(
        "publisher-has-one-spelling",
        SOURCES,
        5,
        [
            Replace(PUBLISHERS, "The Daily", "The Daily Chronicle"),
            Replace(SOURCES, ",The Daily,", ",The Daily Chronicle,"),
            Replace(SOURCES, ",The Weekly,", ",The Daily Chronikle,"),
        ],
    ),
    Case("publisher-has-one-spelling", SOURCES, 4, [Replace(SOURCES, ",The Weekly,", ",the chamber,")]),
]

NEW_TABLES = [
    Case("publisher-has-a-source", PUBLISHERS, 2, [Replace(PUBLISHERS, "The Daily", "The Dayly")]),
    Case(
        "archived-copy-lies-elsewhere",
        SOURCES,
        2,
        [Replace(SOURCES, "/letter,,", "/letter,https://example.org/letter,")],
    ),
    Case("place-name-is-another", PLACE_NAMES, 2, [Replace(PLACE_NAMES, "Kharkov", "Kharkiv")]),
    Case("transliteration-in-latin", PLACE_NAMES, 2, [Replace(PLACE_NAMES, "Kharkov", "Харьков")]),
    Case(
        "law-id-begins-with-state",
        LAWS,
        2,
        [Replace(file, LAW, LAW.replace("chicago", "dixon")) for file in (LAWS, EVENTS)],
    ),
    Case(
        "law-is-of-a-state",
        LAWS,
        2,
        [
            Replace(LAWS, f"{LAW},us-il-chicago", "ua-63-kharkiv-foreign-ties-2022,ua-63-kharkiv"),
            Replace(EVENTS, LAW, ""),
        ],
    ),
    Case("only-law-has-days", LAWS, 2, [Replace(LAWS, ",enacted,", ",pending,"), Replace(EVENTS, LAW, "")]),
    Case("law-days-in-order", LAWS, 2, [Replace(LAWS, "2022-02-15", "2022-01-15")]),
    Case("law-days-in-order", LAWS, 2, [Replace(LAWS, "2022-06-01", "2022-02-14")]),
    Case("covered-countries-are-sorted", LAWS, 2, [Replace(LAWS, "BY RU", "RU BY")]),
    Case("law-fits-decision", EVENTS, 4, [Replace(EVENTS, "City Council,,,", f"City Council,,{LAW},")]),
    Case(
        "law-fits-decision",
        EVENTS,
        5,
        [Replace(LAWS, "2022-02-01,2022-02-15", "2022-03-02,2022-03-02")],
    ),
    Case("law-covers-tie", EVENTS, 5, [Replace(LAWS, "BY RU", "BY CN")]),
    Case(
        "law-covers-tie",
        EVENTS,
        5,
        [
            Replace(LAWS, f"{LAW},us-il-chicago", "us-ca-santa-clara-county-ties,us-ca-santa-clara-county"),
            Replace(EVENTS, LAW, "us-ca-santa-clara-county-ties"),
        ],
    ),
]

DESCRIPTOR = [
    *(
        Case(
            "descriptor-profile",
            CONTRACT,
            f'"path": "{path}"',
            [Describe("resources/corrections/path", path), Remove(CORRECTIONS)],
        )
        for path in (
            "../corrections.csv",
            "data/../../x.csv",
            "https://example.org/x.csv",
        )
    ),
    Case("descriptor-profile", CONTRACT, '"name": "Sister', [Describe("name", "Sister Cities")]),
    Case("descriptor-profile", CONTRACT, '"title": 7', [Describe("title", 7)]),
    *(
        Case("descriptor-profile", CONTRACT, '"version": ', [Describe("version", v)])
        for v in ("1.0", "one", None)
    ),
    *(
        Case("descriptor-profile", CONTRACT, '"created": ', [Describe("created", v)])
        for v in ("2026-11-21", "2026-02-30T00:00:00Z", "", None)
    ),
    Case("descriptor-profile", CONTRACT, 1, [Replace(CONTRACT, '"version": "1.0.0",', "")]),
    Case("descriptor-profile", CONTRACT, 1, [Replace(CONTRACT, '"created": "2026-11-22T00:00:00Z",', "")]),
    Case(
        "descriptor-profile",
        CONTRACT,
        '"encoding": "x"',
        [Describe("resources/reported_figures/encoding", "x")],
    ),
    Case(
        "descriptor-profile",
        CONTRACT,
        '"type": "geopoint"',
        [Describe(f"{OF_SOURCE}/title/type", "geopoint")],
    ),
    Case(
        "descriptor-profile",
        CONTRACT,
        '"delimiter": ";"',
        [Describe("resources/sources/dialect/delimiter", ";")],
    ),
    *(
        Case("descriptor-profile", CONTRACT, line, [Describe(where, value)])
        for line, where, value in (
            ('"fieldsMatch": "exact"', "resources/sources/schema/fieldsMatch", "exact"),
            ('"example": 4', "resources/places/schema/fields/geonames_id/example", 4),
            ('"image": "map.png"', "image", "map.png"),
            ('"compression": "zip"', "resources/sources/compression", "zip"),
            ('"data": [', "resources/sources/data", ["a"]),
        )
    ),
    Case(
        "descriptor-name-twice",
        CONTRACT,
        '"title": "Again"',
        [Replace(CONTRACT, '"version": "', '"title": "Again", "version": "')],
    ),
    Case(
        "descriptor-name-twice",
        CONTRACT,
        '"name": "citations",\n      "type": "table",\n      "title": "Corrections"',
        [Describe("resources/corrections/name", "citations")],
    ),
    Case(
        "descriptor-name-twice",
        CONTRACT,
        '"name": "reason",\n            "type": "string",\n            "title": "Note"',
        [Describe("resources/corrections/schema/fields/note/name", "reason")],
    ),
    Case(
        "descriptor-key",
        CONTRACT,
        '"primaryKey": [\n          "nothing"',
        [Describe("resources/corrections/schema/primaryKey", ["nothing"])],
    ),
    Case(
        "descriptor-key",
        CONTRACT,
        '[\n            "nothing"',
        [Describe("resources/corrections/schema/uniqueKeys", [["note"], ["nothing"]])],
    ),
    Case(
        "descriptor-key",
        CONTRACT,
        '"fields": [\n              "nothing"',
        [Describe("resources/corrections/schema/foreignKeys/0/fields", ["nothing"])],
    ),
    Case(
        "descriptor-key",
        CONTRACT,
        '"resource": "nowhere"',
        [Describe("resources/corrections/schema/foreignKeys/0/reference/resource", "nowhere")],
    ),
    Case(
        "descriptor-key",
        CONTRACT,
        '"fields": [\n                "title"',
        [Describe("resources/corrections/schema/foreignKeys/0/reference/fields", ["title"])],
    ),
    Case(
        "descriptor-key",
        CONTRACT,
        '"resource": "casualty_statistics"',
        [
            Describe(
                "resources/casualty_statistics/schema/foreignKeys/1/reference/resource", "casualty_statistics"
            )
        ],
    ),
    *(
        Case("file-as-stated", PLACES, None, [Describe(f"resources/places/{entry}", value)])
        for entry, value in (("bytes", 1), ("rows", 7), ("hash", f"sha256:{'0' * 64}"))
    ),
    *(
        Case(
            "descriptor-constraint",
            CONTRACT,
            f'"pattern": "{text}"',
            [Describe(f"{OF_SOURCE}/title/constraints/pattern", text)],
        )
        for text in ("a)|(b", "(?=ahead)")
    ),
    Case(
        "descriptor-constraint",
        CONTRACT,
        '"minimum": "2020-1-1"',
        [Describe(f"{OF_SOURCE}/published_on/constraints/minimum", "2020-1-1")],
    ),
    Case(
        "descriptor-constraint",
        CONTRACT,
        '"2020-1-1"\n',
        [Describe(f"{OF_SOURCE}/published_on/constraints/enum", ["2020-01-01", "2020-1-1"])],
    ),
    Case(
        "descriptor-constraint",
        CONTRACT,
        '"categories": [\n              {\n                "value": "2020',
        [Describe(f"{OF_SOURCE}/published_on/categories", [{"value": "2020-01-01", "label": "Then"}])],
    ),
    Case(
        "descriptor-constraint",
        CONTRACT,
        '"value": "few"',
        [
            Describe(
                "resources/places/schema/fields/geonames_id/categories", [{"value": "few", "label": "Few"}]
            )
        ],
    ),
    *(
        Case(
            "descriptor-constraint",
            CONTRACT,
            '"format": "uri"\n',
            [Describe(where, "uri")],
        )
        for where in ["resources/places/schema/fields/geonames_id/format"]
    ),
    *(
        Case(
            "descriptor-constraint",
            CONTRACT,
            f'"example": "{text}"',
            [Describe(f"resources/{column}/example", text)],
        )
        for column, text in (
            ("places/schema/fields/population", "many"),
            ("places/schema/fields/latitude", "91"),
            ("sources/schema/fields/kind", "rumour"),
            ("sources/schema/fields/language", "English"),
            ("sources/schema/fields/url", "http://"),
        )
    ),
    Case("descriptor-constraint", CONTRACT, '"minimum": "few"', [Describe(f"{POPULATION}/minimum", "few")]),
    Case(
        "descriptor-constraint",
        CONTRACT,
        '"pattern": "[0-9]+"',
        [Describe(f"{POPULATION}/pattern", "[0-9]+")],
    ),
    Case(
        "descriptor-constraint", CONTRACT, r'"pattern": "\\Qabc"', [Describe(f"{US_NAME}/pattern", r"\Qabc")]
    ),
    Case("descriptor-constraint", CONTRACT, "271828", [Describe(f"{US_NAME}/enum", [271828])]),
    Case("descriptor-constraint", CONTRACT, '"minLength": 3', [Describe(f"{POPULATION}/minLength", 3)]),
    Case("descriptor-constraint", CONTRACT, '"minimum": "true"', [Describe(f"{CUMULATIVE}/minimum", "true")]),
    Case(
        "rule-not-run",
        CONTRACT,
        1,
        [
            Replace(CONTRACT, '"value_before"', '"value_once"'),
            Replace(CORRECTIONS, "value_before", "value_once"),
        ],
    ),
]

CASES = [
    *FILES,
    *LINES,
    *HEADER,
    *CELLS,
    *TYPES,
    *COLUMNS,
    *KEYS,
    *EVERY_TABLE,
    *OF_SOURCES,
    *OF_PLACES,
    *OF_PAIRS,
    *OF_EVENTS,
    *OF_STATEMENTS,
    *OF_STATISTICS,
    *OF_FIGURES,
    *OF_CITATIONS,
    *OF_CORRECTIONS,
    *KINDS_OF_FAULT,
    *NEW_TABLES,
    *DESCRIPTOR,
]
