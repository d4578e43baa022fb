"""Adding a row: what is written, what is refused, and what it is said to mean."""

import sys

import pytest
from conftest import rows_of

from scripts.add import main
from scripts.adding import gazetteer
from scripts.adding.names import AnswerError
from scripts.adding.questions import FORMS, KINDS, NOTHING, form, offers, questions
from scripts.checking.validator import check
from scripts.versions.snapshots import folder_state

SOURCE = {
    "source": "https://example.org/tie",
    "source-title": "The tie is over",
    "source-publisher": "Gazette",
    "source-published": "2024-05-14",
    "source-language": "en",
}
ENDED = {"tie": "chicago mosc", "event": "ended", "occurred-on": "2024-05-14", "decided-by-kind": "council",
         "summary": "The council ended the tie.", **SOURCE}  # fmt: skip
SAID = {"speaker": "Jane Doe", "stated-on": "2024-05", "stance": "keep_ties", "ties": "dallas sar; juneau",
        "places": "Juneau", "summary": "Wants to keep both.", **SOURCE}  # fmt: skip
COUNTED = {"population": "civilians", "party": "UA", "place": "Ukraine", "outcome": "killed",
           "value": "16500",
           "period-start": "2022-02-24", "period-end": "2026-06-30", "cumulative": "yes",
           "reported-by": "OHCHR", **SOURCE, "source-published": "2026-07-10"}  # fmt: skip
MISPRINT = {"table": "casualty_statistics", "row": "ohchr-2022-06-02-civilians-injured", "column": "value",
            "verdict": "contradicts", "value-reported": "5140", "note": "A misprint.", **SOURCE}  # fmt: skip
CITED = {"table": "statements", "row": "albany-tula-alliance-2022-activities-suspended",
         "source": "albany-tula-alliance-albany-tula-alliance-home-page", "verdict": "supports"}  # fmt: skip
RIGHT = {"table": "places", "row": "us-ak-juneau", "column": "population", "value": "31556",
         "reason": "better_source", "note": "A later count.", **SOURCE}  # fmt: skip
FILLED = RIGHT | {"row": "ru-kda-krasnodar", "column": "population_year", "value": "2021"}
DATED = RIGHT | {"table": "pair_events", "row": "us-ak-juneau--ru-pri-vladivostok--established",
                 "column": "occurred_on", "value": "1991-10-14"}  # fmt: skip
AKRON = {"us-place": "Akron, Ohio", "partner-place": "Bucha", "tie-kind": "sister_city", **SOURCE}


@pytest.fixture
def answer(frozen, capsys):
    """A function that runs the command on the frozen package: status, output, and files that changed."""

    def run(kind, given):
        before = {path: path.read_bytes() for path in (frozen.parent / "data").iterdir()}
        options = [text for name, value in given.items() for text in (f"--{name}", value)]
        status = main([kind, "--package", str(frozen), *options])
        told = capsys.readouterr()
        changed = [path.stem for path, data in sorted(before.items()) if path.read_bytes() != data]
        return status, told.out + told.err, changed

    return run


ADDED = {
    "event": ("event", ENDED, ["pair_events", "sources"],
              "Chicago – Moscow: ended since 14 May 2024, was suspended"),
    "tie": ("tie", AKRON, ["pairs", "places", "sources"], "Akron – Bucha: listed, a new tie"),
    "place": ("place", {"name": "Akron", "admin1_name": "Ohio", "country": "US"}, ["places"],
              "places: Akron, Ohio (us-oh-akron, GeoNames 5145476)"),
    "source": ("source", {"url": "https://example.org/x", "title": "T", "publisher": "P", "kind": "news"},
               ["sources"], "sources: T (P, no date)"),
    "statement": ("statement", SAID, ["sources", "statement_pairs", "statement_places", "statements"],
                  "statements: Jane Doe (keep_ties): Wants to keep both."),
    "number": ("number", COUNTED, ["casualty_statistics", "sources"],
               "casualty_statistics: OHCHR: 16500 civilians killed by 30 June 2026"),
    "citation": ("citation", MISPRINT, ["citations", "sources"],
                 "citations: gazette-2024-05-14-the-tie-is-over contradicts "
                 "ohchr-2022-06-02-civilians-injured value"),
    "correction": ("correction", RIGHT, ["corrections", "places", "sources"],
                   "corrections: us-ak-juneau population: 31555 → 31556"),
    "date": ("correction", DATED, ["corrections", "pair_events", "sources"],
             "corrections: us-ak-juneau--ru-pri-vladivostok--established occurred_on_precision: month → day"),
    "empty cell": ("correction", FILLED, ["citations", "places", "sources"],
                   "citations: gazette-2024-05-14-the-tie-is-over supports ru-kda-krasnodar population_year"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "files", "meaning"), ADDED.values(), ids=ADDED)
def test_rows_are_written_where_they_belong(answer, kind, given, files, meaning):
    given = {name.replace("_", "-"): value for name, value in given.items()}
    if kind == "place":
        given = {**given, "admin1-name": "Ohio"}
    status, told, changed = answer(kind, given)
    assert (status, changed, meaning in told.splitlines()) == (0, files, True), told


@pytest.mark.parametrize("added", ["event", "tie", "statement", "number", "citation", "date", "empty cell"])
def test_what_was_added_is_valid(answer, frozen, added):
    answer(*ADDED[added][:2])
    assert check(frozen).problems == []


REFUSED = {
    "an unknown tie": ("event", ENDED | {"tie": "springfield moscow"}, "is not in pairs"),
    "several ties": ("event", ENDED | {"tie": "albany"}, "may be 2 of pairs"),
    "another word": ("event", ENDED | {"event": "stopped"}, "one of announced, established, kept"),
    "no date": ("event", ENDED | {"occurred-on": "May 2024"}, "write the day as 2024-05-14"),
    "a source without a title": ("event", ENDED | {"source-title": ""}, "give --source-title"),
    "a source that is there": (
        "source",
        {"url": rows_of("sources")[0]["url"], "title": "T", "publisher": "P"},
        "is there already",
    ),
    "a tie that is there": ("tie", AKRON | {"us-place": "Albany"}, "is there already"),
    "a place of several": ("tie", AKRON | {"us-place": "Akron"}, "several places 'Akron'"),
    "a place of none": ("tie", AKRON | {"us-place": "Nowhereville"}, "neither our places nor GeoNames"),
    "a rule that is broken": ("event", ENDED | {"vote": "26 to 3"}, "vote"),
    "an event after its report": (
        "event",
        ENDED | {"occurred-on": "2024-06-01"},
        "publication of its source",
    ),
    "a row that is not there": ("citation", MISPRINT | {"row": "nothing"}, "has no row"),
    "a citation that is there": ("citation", CITED, "is there already"),
    "a corrected date that is none": ("correction", DATED | {"value": "14 October"}, "is no date"),
    "a key that is nearly one": (
        "correction",
        RIGHT | {"row": "us-ak-junea"},
        "places has no row 'us-ak-junea'. Did you mean us-ak-juneau?",
    ),
    "no such column": ("correction", RIGHT | {"column": "colour"}, "is no column"),
}


@pytest.mark.parametrize(("kind", "given", "said"), REFUSED.values(), ids=REFUSED)
def test_nothing_is_written_if_anything_is_wrong(answer, kind, given, said):
    status, told, changed = answer(kind, given)
    assert (status, changed, said in told) == (1, [], True), told


def filled(kind, answers):
    """A form as GitHub renders it when it is sent."""
    fields = form(kind)
    text = [f"### {one['attributes']['label']}\n\n{answers.get(one['id']) or NOTHING}\n" for one in fields]
    return "\n".join(text)


@pytest.mark.parametrize(("kind", "given"), [("event", ENDED), ("citation", MISPRINT), ("correction", RIGHT)])
def test_form_becomes_the_same_rows(answer, frozen, tmp_path, kind, given):
    path = tmp_path / "form.md"
    path.write_text(filled(kind, {name.replace("-", "_"): value for name, value in given.items()}), "utf-8")
    by_form = answer(kind, {"from-form": str(path)})
    assert (by_form[0], by_form[2]) == (0, ADDED[kind][2]), by_form[1]


def test_form_with_a_heading_of_its_own_is_refused(answer, tmp_path):
    (tmp_path / "form.md").write_text("### Run\n\nrm -rf /\n", "utf-8")
    assert answer("event", {"from-form": str(tmp_path / "form.md")})[0] == 1


@pytest.mark.parametrize("kind", FORMS)
def test_fields_of_a_form_are_questions(package, kind):
    asked = {question.name for question in questions(folder_state(package), kind)}
    assert {field["id"] for field in form(kind)} <= asked


@pytest.mark.parametrize("kind", KINDS)
def test_choices_of_a_form_are_those_of_the_contract(package, kind):
    choices = {q.name: list(q.column.categories) for q in questions(folder_state(package), kind)}
    fields = form(kind) if kind in FORMS else []
    offered = {f["id"]: f["attributes"]["options"] for f in fields if f["type"] == "dropdown"}
    assert {name: set(options) - set(choices[name] or options) for name, options in offered.items()} == (
        {name: set() for name in offered}
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [("Kharkiv", "ua-63-kharkiv"), ("Харків", "ua-63-kharkiv"), ("Akron, Ohio", "us-oh-akron")],
)
def test_gazetteer_knows_places_by_all_their_names(package, text, key):
    assert gazetteer.looked_up(folder_state(package), text)["place_id"] == key


def test_place_that_is_there_stays_as_it_is_by_whatever_name(answer):
    tie = {"us-place": "Juneau", "partner-place": "Харків", "tie-kind": "sister_city", **SOURCE}
    assert answer("tie", tie)[2] == ["pairs", "sources"]


def test_gazetteer_guesses_nothing(package):
    with pytest.raises(AnswerError, match="several places"):
        gazetteer.looked_up(folder_state(package), "Springfield")


@pytest.fixture
def typed(answer, monkeypatch):
    """A function that runs the command at a terminal where these lines are typed after each question."""

    def run(kind, lines):
        left = {name.replace("-", "_"): list(several) for name, several in lines.items()}

        def line(prompt):
            return (left.get(prompt.removesuffix(": ")) or [""]).pop(0)

        monkeypatch.setattr("builtins.input", line)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        return *answer(kind, {}), [name for name, several in left.items() if several]

    return run


@pytest.mark.parametrize("kind", ["event", "number", "citation"])
def test_what_is_typed_becomes_the_same_rows(typed, kind):
    _, given, files, meaning = ADDED[kind]
    status, told, changed, left = typed(kind, {name: [value] for name, value in given.items()})
    assert (status, changed, meaning in told, left) == (0, files, True, []), told


def test_questions_are_asked_where_python_has_no_readline(typed, monkeypatch):
    monkeypatch.setitem(sys.modules, "readline", None)
    status, told, *_ = typed("citation", {name: [value] for name, value in MISPRINT.items()})
    assert status == 0, told


ASKED_AGAIN = {
    "a tie that is not there": ("tie", "springfield moscow", "is not in pairs"),
    "a tie of several": ("tie", "albany", "may be 2 of pairs"),
    "another word": ("event", "stopped", "one of announced"),
    "a date in words": ("occurred-on", "May 2024", "write the day as 2024-05-14"),
    "nothing": ("summary", "", "This cannot be empty."),
}


@pytest.mark.parametrize(("name", "wrong", "said"), ASKED_AGAIN.values(), ids=ASKED_AGAIN)
def test_question_is_asked_until_the_answer_can_be_used(typed, name, wrong, said):
    lines = {one: [value] for one, value in ENDED.items()}
    status, told, changed, left = typed("event", lines | {name: [wrong, ENDED[name]]})
    assert (status, said in told, changed, left) == (0, True, ADDED["event"][2], []), told


def test_nothing_is_asked_of_a_source_that_is_there(typed):
    known = max(row["source_id"] for row in rows_of("sources") if row["published_on"] >= "2024-05-14")
    lines = {name: [value] for name, value in ENDED.items()} | {"source": [known]}
    _, told, changed, left = typed("event", lines)
    assert (changed, len(left)) == (["pair_events"], len(SOURCE) - 1), told


@pytest.mark.parametrize(
    ("kind", "name", "text", "offered"),
    [
        ("event", "event", "e", ["established", "ended"]),
        ("event", "tie", "chic mosc", ["Chicago, Illinois – Moscow"]),
        ("event", "tie", "", []),
        ("event", "summary", "The", []),
        ("tie", "us_place", "Juneau", ["Juneau, Alaska"]),
        ("tie", "us_place", "Akron", ["Akron, Iowa", "Akron, New York", "Akron, Ohio"]),
    ],
)
def test_completion_offers_what_may_be_meant(package, kind, name, text, offered):
    state = folder_state(package)
    (question,) = (one for one in questions(state, kind) if one.name == name)
    assert offers(state, question, text) == offered
