"""The command: what it prints, in which form, and how it exits."""

import json
import os
import re

import frictionless
import pytest
from conftest import ROOT

from schemas.problems import KINDS
from scripts.checking.validator import check
from scripts.validate import escaped, main


def spoil(descriptor, file, old, new):
    path = descriptor.parent / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def spoilt(tiny):
    """The tiny package with a key that leads nowhere and a name with signs that GitHub would read."""
    spoil(tiny, "data/pairs.csv", "Moskow,,weekly-2022-06-06-essay", "Mos%kow ,,weekly-2022-06-06-esay")
    return tiny


def test_clean_package_exits_0(tiny):
    assert main([str(tiny)]) == 0


def test_problems_exit_1(spoilt):
    assert main([str(spoilt)]) == 1


SLIPS = {
    "a word with a blank at its end": ('"title": "Ties"', '"title": "Ties "'),
    "no title": ('"title": "Ties",', ""),
    "an entry that is not known": ('"title": "Ties"', '"colour": "red", "title": "Ties"'),
    "a constraint that does not apply": (
        '"name": "notes",',
        '"name": "notes", "constraints": {"minimum": 1},',
    ),
    "a pattern that is none": ('"name": "notes",', '"name": "notes", "constraints": {"pattern": "("},'),
    "a constraint that is not known": ('"name": "notes",', '"name": "notes", "constraints": {"minmum": 1},'),
    "categories that are none": ('"name": "notes",', '"name": "notes", "categories": 5,'),
    "an example that is none": ('"example": ', '"example": 5, "exmple": '),
    "a foreign key to nowhere": ('"resource": "places"', '"resource": "plces"'),
    "a reference that is none": ('"resource": "places"', '"resource": 5'),
}


@pytest.mark.parametrize(("right", "wrong"), SLIPS.values(), ids=SLIPS)
def test_slip_in_an_entry_of_the_descriptor_hides_no_problem_of_its_table(spoilt, capsys, right, wrong):
    before, entry = spoilt.read_text("utf-8").split('"name": "pairs"')
    spoilt.write_text(before + '"name": "pairs"' + entry.replace(right, wrong, 1), "utf-8")
    main([str(spoilt), "--format", "json"])
    found = {(one["file"], one["line"]) for one in json.loads(capsys.readouterr().out)["problems"]}
    assert ({file for file, _ in found}, ("data/pairs.csv", 3) in found) == (
        {"datapackage.json", "data/pairs.csv"},
        True,
    )


@pytest.mark.parametrize("kind", ["boolean", "integer", "date"])
def test_slip_in_the_contract_is_no_bug_of_a_rule(tiny, kind):
    before, events = tiny.read_text("utf-8").split('"name": "pair_events"')
    wrong = events.replace('"type": "string"', f'"type": "{kind}"')
    tiny.write_text(f'{before}"name": "pair_events"{wrong}', "utf-8")
    found = {problem.rule for problem in check(tiny).problems}
    assert (found != set(), "rule-not-run" in found) == (True, False)


def test_table_called_like_another_is_told(tiny):
    spoil(tiny, "datapackage.json", '"name": "places"', '"name": "pairs"')
    assert "descriptor-name-twice" in {problem.rule for problem in check(tiny).problems}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{\x00}\x00", b"[" * 100_000, b"not json"])
def test_what_is_not_json_exits_2_with_one_line(tmp_path, capsys, content):
    (tmp_path / "datapackage.json").write_bytes(content)
    status = main([str(tmp_path / "datapackage.json")])
    assert (status, capsys.readouterr().err.count("\n")) == (2, 1)


@pytest.mark.parametrize("name", ["nowhere.json", ".", "pipe"])
def test_what_is_no_file_exits_2(tmp_path, name):
    os.mkfifo(tmp_path / "pipe")
    assert main([str(tmp_path / name)]) == 2


def test_json_report_has_the_agreed_keys(spoilt, capsys):
    main([str(spoilt), "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert (list(report), list(report["problems"][0])) == (
        ["package", "version", "tables", "problems"],
        ["file", "line", "column", "value", "rule", "message", "fix"],
    )


def test_json_report_counts_rows_and_names_the_place(spoilt, capsys):
    main([str(spoilt), "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    found = {(p["file"], p["line"], p["column"], p["rule"]) for p in report["problems"]}
    assert report["tables"]["pairs"] == 3 and found == {
        ("data/pairs.csv", 3, "partner_name_reported", "blank-at-end"),
        ("data/pairs.csv", 3, "source_id", "foreign-key"),
    }


def test_missed_key_names_the_nearest(spoilt, capsys):
    main([str(spoilt), "--format", "json"])
    fixes = [p["fix"] for p in json.loads(capsys.readouterr().out)["problems"] if p["rule"] == "foreign-key"]
    assert fixes == ["Did you mean weekly-2022-06-06-essay? If not, add it to sources."]


def test_github_annotations_lead_from_the_working_directory(spoilt, capsys, monkeypatch):
    monkeypatch.chdir(spoilt.parent.parent)
    main([str(spoilt), "--format", "github"])
    assert capsys.readouterr().out.splitlines()[1] == (
        "::error file=tiny/data/pairs.csv,line=3,title=foreign-key::"
        "'weekly-2022-06-06-esay' is not in sources. Did you mean weekly-2022-06-06-essay? "
        "If not, add it to sources."
    )


def test_sentences_of_an_annotation_end_once(spoilt, capsys):
    main([str(spoilt), "--format", "github"])
    assert ".. " not in capsys.readouterr().out


@pytest.mark.parametrize(("text", "also", "right"), [
    ("50%, a:b\r\n", "", "50%25, a:b%0D%0A"),
    ("data/a,b:c.csv", ":,", "data/a%2Cb%3Ac.csv"),
])  # fmt: skip
def test_workflow_commands_are_escaped(text, also, right):
    assert escaped(text, also) == right


def test_works_from_any_directory(tiny, monkeypatch, tmp_path):
    monkeypatch.chdir("/")
    assert main([os.path.relpath(tiny, "/")]) == 0


def test_text_report_shows_place_sentence_and_fix(spoilt, capsys):
    main([str(spoilt)])
    out = capsys.readouterr().out
    assert (
        "data/pairs.csv\n"
        "  3:partner_name_reported  blank-at-end  A cell has no blanks at its ends.\n"
        "      Run `make format`, which writes it so without changing a value.\n"
        "  3:source_id  foreign-key  'weekly-2022-06-06-esay' is not in sources\n"
        "      Did you mean weekly-2022-06-06-essay? If not, add it to sources.\n"
    ) in out


def test_rules_are_listed_without_a_package(capsys):
    status, out = main(["--rules"]), capsys.readouterr().out
    assert (status, set(re.findall(r"^[a-z0-9-]+$", out, re.M))) == (0, set(KINDS))


@pytest.mark.data
def test_default_is_the_record(capsys):
    main(["--format", "json"])
    rows = json.loads(capsys.readouterr().out)["tables"]["pairs"]
    assert rows == (ROOT / "data" / "pairs.csv").read_text("utf-8").count("\n") - 1


@pytest.fixture
def foreign(tiny):
    """Another package than this one: two capitals, in our dialect."""
    told = json.loads(tiny.read_text("utf-8"))
    fields = [
        {"name": n, "type": "string", "title": n, "description": n, "example": "Kyiv"} for n in ("id", "name")
    ]
    own = {"name": "capitals", "path": "data/capitals.csv"}
    schema = {"$schema": told["resources"][0]["schema"]["$schema"], "fields": fields}
    schema |= {"missingValues": [""], "primaryKey": ["id"]}
    told |= {"name": "others", "resources": [told["resources"][0] | own | {"schema": schema}]}
    tiny.write_text(json.dumps(told), "utf-8")
    for path in (tiny.parent / "data").iterdir():
        path.unlink()
    (tiny.parent / "data" / "capitals.csv").write_text("id,name\na,Kyiv\nb,Riga\n", "utf-8")
    return tiny


def test_other_package_is_told_once_how_it_is_checked(foreign, capsys):
    status, out = main([str(foreign)]), capsys.readouterr().out
    assert (status, out.count("rule-not-run"), "--general" in out) == (1, 1, True)


def test_other_package_is_checked_in_general(foreign):
    assert main([str(foreign), "--general"]) == 0


@pytest.mark.parametrize("row", ["a,Wien", ",Wien", "c,Wien,Wien", " c,Wien"])
def test_general_checks_find_what_is_wrong_with_another_package(foreign, row):
    with (foreign.parent / "data" / "capitals.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")
    assert main([str(foreign), "--general"]) == 1


OTHER_WORDS = {
    "no words": lambda r: [
        r.pop(name) for name in ("title", "description", "$schema", "mediatype", "format")
    ],
    "no dialect": lambda r: r.pop("dialect"),
    "no key": lambda r: r["schema"].pop("primaryKey"),
    "entries of its own": lambda r: r.update({"homepage": "https://a.example", "colour": "red"}),
    "a name with capitals": lambda r: r.update({"name": "Capitals of Europe"}),
    "another name of the encoding": lambda r: r.update({"encoding": "UTF-8"}),
    "bare values as categories": lambda r: r["schema"]["fields"][1].update({"categories": ["Kyiv", "Riga"]}),
}


@pytest.mark.parametrize("change", OTHER_WORDS.values(), ids=OTHER_WORDS)
def test_what_we_alone_ask_is_asked_of_no_other_package(foreign, change):
    told = json.loads(foreign.read_text("utf-8"))
    change(told["resources"][0])
    foreign.write_text(json.dumps(told), "utf-8")
    assert main([str(foreign), "--general"]) == 0


SLIPS = {
    "a type of the package": lambda told: told.update({"version": 1}),
    "a day that is none": lambda told: told.update({"created": "yesterday"}),
    "missing values outside the schema": lambda told: told.update({"missingValues": ["-"]}),
    "a constraint outside the constraints": lambda told: told["resources"][0]["schema"]["fields"][1].update(
        {"required": True}
    ),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_slip_that_frictionless_refuses_is_found_in_another_package(foreign, slip):
    told = json.loads(foreign.read_text("utf-8"))
    slip(told)
    foreign.write_text(json.dumps(told), "utf-8")
    assert (main([str(foreign), "--general"]), frictionless.validate(str(foreign)).valid) == (1, False)


UNREAD = {
    "delimiter": {"dialect": {"delimiter": ";"}},
    "compression": {"compression": "gz"},
    "data": {"data": []},
}


@pytest.mark.parametrize("entry", UNREAD.values(), ids=UNREAD)
def test_what_we_cannot_read_is_told(foreign, entry):
    told = json.loads(foreign.read_text("utf-8"))
    told["resources"][0] |= entry
    foreign.write_text(json.dumps(told), "utf-8")
    assert main([str(foreign), "--general"]) == 1


def test_package_of_another_kind_is_sent_to_frictionless(foreign, capsys):
    spoil(foreign, "datapackage.json", '"type": "table"', '"type": "map"')
    assert (main([str(foreign), "--general"]), "frictionless validate" in capsys.readouterr().err) == (
        1,
        True,
    )
