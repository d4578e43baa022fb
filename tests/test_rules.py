"""Every rule has a bad package that breaks it alone, found in the right file on the right line."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT, TINY, composed

from schemas.problems import KINDS, Kind
from scripts.checking.cells import LONGEST
from scripts.checking.validator import check
from tests.bad_packages import CASES, PAIRS, Case, Replace

OF_THE_FORMATTER = {"format-merges-keys"}  # broken in tests/test_format.py
CHECKS = "".join(path.read_text("utf-8") for path in sorted((ROOT / "scripts" / "checking").glob("*.py")))
NAMED = set(re.findall(r'(?:Problem\.of|\.problem)\(\s*"([^"]+)"', CHECKS))


def numbered(cases: list[Case]) -> list[str]:
    """The rule of each case, numbered where it is not the only or first one of its rule."""
    seen: Counter[str] = Counter()
    names = []
    for case in cases:
        seen[case.rule] += 1
        names.append(case.rule if seen[case.rule] == 1 else f"{case.rule}-{seen[case.rule]}")
    return names


@pytest.mark.parametrize("case", CASES, ids=numbered(CASES))
def test_bad_package_breaks_its_rule_alone(case: Case, tmp_path: Path) -> None:
    folder = composed(TINY, tmp_path / "package").parent
    expected = case.made_in(folder)
    found = check(folder / "datapackage.json").problems
    assert {(problem.rule, problem.file, problem.line) for problem in found} == {expected}


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ('Mos"kow', "bare-quote"),
        ('"Moskow"', "needless-quotes"),
        ('"Mos\nkow"', "line-break-in-cell"),
        ("Mos\0kow", "control-character"),
    ],
)
def test_problem_of_the_form_of_a_cell_names_its_column(cell: str, rule: str, tmp_path: Path) -> None:
    folder = composed(TINY, tmp_path / "package").parent
    Replace(PAIRS, "Moskow", cell)(folder)
    found = check(folder / "datapackage.json").problems
    assert [(problem.rule, problem.column) for problem in found] == [(rule, "partner_name_reported")]


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert {case.rule for case in CASES} | OF_THE_FORMATTER == set(KINDS)


@pytest.mark.parametrize("rule", sorted(NAMED))
def test_rule_that_a_check_names_is_described(rule: str) -> None:
    assert rule in KINDS


def test_length_that_is_said_is_the_one_that_is_checked() -> None:
    assert f"longer than {LONGEST:,} characters" in KINDS["too-long"].sentence


def test_tiny_package_has_no_problems(tiny: Path) -> None:
    assert check(tiny).problems == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.rule)
def test_rule_has_a_sentence_and_a_fix(kind: Kind) -> None:
    assert kind.sentence.endswith(".") and kind.fix.endswith((".", "?", "!"))
