"""Charts, and the forms and charts of questions."""

import re
from datetime import date
from itertools import combinations
from math import dist
from xml.etree import ElementTree

import pytest
from conftest import ROOT, VERSION, site_contract
from sister_pages.charts import Series, charts_of, line_parts, strip
from sister_pages.dates import day_of
from sister_pages.parameters import fields_of
from sister_pages.svg import Span, round_steps

CONTRACT = site_contract()
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("highest", "steps"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (7, [0, 2, 4, 6, 8]),
        (41_000, [0, 20_000, 40_000, 60_000]),
        (0.3, [0, 0.1, 0.2, 0.3]),
    ],
)
def test_axis_has_round_steps_up_to_the_highest(highest, steps):
    assert round_steps(highest) == pytest.approx(steps)


def test_line_ends_with_its_name_and_last_number():
    points = [(date(2022, 3, 1), 406.0), (date(2026, 5, 1), 16126.0)]
    parts = line_parts([Series("killed", points, "killed")], Span(date(2022, 2, 1), TODAY, 860.0), 0.0, 100.0)
    assert "killed 16,126" in str(parts[-1])


def test_bars_by_month_count_every_event_once():
    days = [("kept", "2022-03-08"), ("kept", "2022-03-31"), ("ended", "2022-04-01")]
    events = [{"day": day, "e": event} for event, day in days]
    chart = str(charts_of({"months": {"date": "day", "kind": "e"}}, events)[0])
    assert re.findall(r'aria-label="([^"]*: [^"]*)"', chart) == ["March 2022: 2 kept", "April 2022: 1 ended"]


def test_month_of_the_last_event_has_a_bar_as_wide_as_any():
    events = [{"day": "2022-03-08", "e": "kept"}, {"day": "2025-05-03", "e": "kept"}]
    chart = str(charts_of({"months": {"date": "day", "kind": "e"}}, events)[0])
    first, last = (
        float(width) for width in re.findall(r'width="([\d.]+)" height="[\d.]+" class="bar', chart)
    )
    assert last == pytest.approx(first, abs=0.5)


def test_event_known_only_to_its_year_is_in_no_month():
    events = [
        {"day": "2022-01-01", "day_precision": "year", "e": "kept"},
        {"day": "2022-03-08", "day_precision": "day", "e": "kept"},
    ]
    chart = str(charts_of({"months": {"date": "day", "kind": "e"}}, events)[0])
    assert re.findall(r'aria-label="([^"]*: [^"]*)"', chart) == ["March 2022: 1 kept"]


def test_bars_of_an_answer_that_counts_statuses_have_their_colours():
    row = {"who": "county_board", "ended": 1, "kept": 0, "new_ties": 2}
    chart = str(charts_of({"bars": {"label": "who", "y": ["ended", "kept", "new_ties"]}}, [row])[0])
    assert re.findall(r">([^<]+)<|class=\"bar ([\w-]+)", chart) == [
        ("county board", ""), ("", "status-ended"), ("1 ended", ""), ("", "status-new"), ("2 new ties", ""),
    ]  # fmt: skip


STYLES = (ROOT / "site" / "static" / "site.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#\w{6});", part))
    for part in STYLES.split("*, *::before")[0].split("@media")
)
COLOURED = ("ended", "suspended", "limited", "kept", "reinstated", "new")
# What is left of red, green and blue (linear) for eyes that lack one kind of cone: G. M. Machado,
# M. M. Oliveira and L. A. F. Fernandes, IEEE Trans. Visualization and Computer Graphics 15 (2009).
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}
XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.072175), (0.0193339, 0.119192, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def seen(colour, eyes):
    """A colour of the style sheet in CIELAB, as those eyes see it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    left = [min(max(c, 0), 1) for c in times(EYES[eyes], linear)]
    x, y, z = (
        (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116)
        for t in (value / white for value, white in zip(times(XYZ, left), WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_of_statuses_are_told_apart(scheme, eyes):
    near = [
        (a, b)
        for a, b in combinations(COLOURED, 2)
        if dist(seen(scheme[a], eyes), seen(scheme[b], eyes)) < 20
    ]
    assert near == []


def test_each_series_has_a_colour_of_its_own():
    rules = dict(
        re.findall(
            r"^(?:\.bar)?\.series-(\d) {{ color: var\(--(\w+)\); }}$".replace("{{", "{").replace("}}", "}"),
            STYLES,
            re.M,
        )
    )
    assert (sorted(rules), len(set(rules.values()))) == (list("012345"), 6)


def test_strip_leaves_out_what_was_over_before_it():
    history = [
        {"status": "listed", "valid_from": None, "valid_to": "2013-08-01"},
        {"status": "ended", "valid_from": "2013-08-01", "valid_to": None},
    ]
    assert re.findall(r"<title>(.*?)</title>", str(strip(history, TODAY, 860.0))) == ["ended"]


@pytest.mark.parametrize(
    ("wanted", "rows", "drawn"),
    [
        (
            {"lines": {"x": "day", "y": ["n"]}},
            [{"day": "2022-03-01", "n": 1}, {"day": "2022-04", "n": 2}],
            True,
        ),
        ({"lines": {"x": "day", "y": ["n"]}}, [{"day": "2022-03-01", "n": 1}], False),
        ({"lines": {"x": "day", "y": ["n"]}}, [{"day": None, "n": 1}, {"day": "never", "n": 2}], False),
        ({"months": {"date": "day", "kind": "e"}}, [{"day": "2022-03-01", "e": "kept"}], True),
        ({"months": {"date": "day", "kind": "e"}}, [{"day": None, "e": "kept"}], False),
        ({"months": {"date": "m", "y": ["kept"]}}, [{"m": "2022-03", "kept": 3}], True),
        ({"months": {"date": "m", "y": ["kept"]}}, [{"m": "2022-03", "kept": None}], False),
        ({"bars": {"label": "s", "y": ["n"]}}, [{"s": "Ohio", "n": 3}], True),
        ({"bars": {"label": "s", "y": ["n"]}}, [], False),
        (None, [{"s": "Ohio", "n": 3}], False),
    ],
)
def test_question_has_a_chart_where_its_answer_bears_one(wanted, rows, drawn):
    assert bool(charts_of(wanted, rows)) is drawn


@pytest.mark.parametrize(
    ("value", "day"),
    [("2022-03-01", date(2022, 3, 1)), ("2022-03", date(2022, 3, 1)), ("2022-13", None), (7, None)],
)
def test_days_and_months_of_an_answer(value, day):
    assert day_of(value) == day


@pytest.mark.parametrize(
    ("table", "column", "value", "word"),
    [
        ("places", "country", "RU", "Russia"),
        (None, "partner_country", "UA", "Ukraine"),
        ("pair_events", "event", "reported_active", "reported active"),
        ("casualty_statistics", "value", "5014", "5,014"),
        (None, "table_name", "pair_events", "Events"),
        (None, "whatever", "x_y", "x y"),
    ],
)
def test_codes_are_shown_as_words(table, column, value, word):
    assert CONTRACT.short(table, column, value) == word


@pytest.mark.parametrize(
    ("described", "words"),
    [
        ({"type": "choice", "choices": [["RU", "Russia"]]}, "all"),
        ({"type": "text", "choices": [["a--b", "A – B"]], "default": "a--b"}, "A – B"),
        ({"type": "text", "choices": [], "default": "Kharkiv"}, "Kharkiv"),
        ({"type": "date", "choices": []}, "26 November 2026"),
    ],
)
def test_empty_field_says_what_it_means(described, words):
    (field,) = fields_of([{"name": "x", "label": "X"} | described], {}, "2026-11-26", {})
    assert field["blank"] == words


@pytest.mark.parametrize(
    ("value", "wrong"),
    [("", False), ("2022-06-04", False), ("2022-6-4", True), ("2022-02-30", True), ("now", True)],
)
def test_day_that_is_none_is_called_wrong(value, wrong):
    described = {"name": "date", "label": "Day", "type": "date", "choices": []}
    (field,) = fields_of([described], {"date": value}, "2026-11-26", {})
    assert field["is_wrong"] is wrong


@pytest.mark.parametrize(
    ("table", "column", "heading"),
    [
        ("pairs", "us_place_id", "U.S. place"),
        ("pairs_overview", "us_place_id", "U.S. place key"),
        ("tie_events", "pair_id", "Tie"),
        (None, "us_division", "U.S. state"),
        (None, "with_russia", "With Russia"),
        (None, "suspended_or_ended", "Suspended or ended"),
    ],
)
def test_column_without_a_title_is_headed_by_its_name_as_words(table, column, heading):
    assert CONTRACT.heading(table, column) == heading


def test_doubtful_number_is_not_drawn():
    rows = [
        {"day": f"2022-0{month}-01", "killed": month, "certainty": certainty}
        for month, certainty in enumerate(("stated", "inferred", "doubtful"), 1)
    ]
    assert "killed 2<" in str(charts_of({"lines": {"x": "day", "y": ["killed"]}}, rows)[0])


@pytest.mark.parametrize(
    "name", ["timeline", "casualties_timeline", "who_decided", "ties_by_state?country=RU"]
)
async def test_chart_as_a_file_is_whole(site, name):
    path, _, asked = name.partition("?")
    answer = await site.client.get(f"/embed/{path}.svg?{asked}")
    drawn = ElementTree.fromstring(answer.content)
    words = " ".join(drawn.itertext())
    assert (answer.headers["content-type"][:13], "--paper" in words, VERSION in words) == (
        "image/svg+xml",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [("nothing", 404), ("find_a_tie", 404), ("map.svg", 404), ("timeline?date=6/1/2022", 400),
     ("timeline_of_decisions?event=nonsense", 400), ("timeline_of_decisions?event=ENDED", 200)],
)  # fmt: skip
async def test_chart_that_cannot_be_drawn_is_refused(site, path, status):
    assert (await site.client.get(f"/embed/{path}")).status_code == status


@pytest.mark.parametrize("path", ["/embed/map", "/embed/timeline.svg", "/", "/sister_cities/who_decided"])
async def test_only_charts_by_themselves_may_be_framed(site, path):
    headers = (await site.client.get(path)).headers
    open_to_all = "frame-ancestors *" in headers["content-security-policy"]
    assert (open_to_all, "x-frame-options" in headers) == (
        (True, False) if "embed" in path else (False, True)
    )


async def test_chart_by_itself_runs_no_script(site):
    assert "<script" not in (await site.client.get("/embed/timeline")).text
