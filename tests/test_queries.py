"""Each canned query through Datasette's own client, against values counted by hand from the texts."""

import csv
import io

import pytest
import yaml
from conftest import ROOT

METADATA = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
QUERIES = METADATA["databases"]["sister_cities"]["queries"]

# Counted in the four texts: query, parameters, a column, and its values in order.
COUNTED = [
    ("status_on_a_date", {"date": "2022-02-28", "tie": "chicago--ru"}, "status", ["listed"]),
    ("status_on_a_date", {"date": "2022-03-01", "tie": "chicago--ru"}, "status", ["suspended"]),
    ("status_on_a_date", {"date": "2022-06-04", "tie": "san-jose"}, "status", ["kept"]),
    ("timeline_of_decisions", {}, "us_place", ["Chicago", "San Jose"]),
    ("timeline_of_decisions", {"event": "kept"}, "occurred_on", ["2022-03-08"]),
    ("share_suspended_or_ended", {"date": "2022-06-04"}, "ties", [69, 1]),
    ("share_suspended_or_ended", {"date": "2022-06-04"}, "suspended", [1, 0]),
    ("share_suspended_or_ended", {"date": "2022-06-04"}, "percent_suspended_or_ended", [1.4, 0.0]),
    ("share_suspended_or_ended", {"date": "2022-02-24"}, "percent_suspended_or_ended", [0.0, 0.0]),
    ("who_said_what", {"stance": "keep_ties"}, "speaker", ["Sam Liccardo", "Sister Cities International"]),
    ("casualties_by_a_date", {"date": "2022-06-03"}, "value", [5014, 4183, 9197, 100]),
    ("evidence_for_a_row", {}, "verdict", ["contradicts", "credited", "own source"]),
    ("ties_to_both_countries", {}, "us_place", ["Chicago"]),
    ("find_a_tie", {}, "us_place", ["Los Angeles", "St. Petersburg", "Maryland", "Anacortes"]),
    ("find_a_tie", {"q": "Bryan-College"}, "partner_place", ["Kazan"]),
    ("find_a_tie", {"q": 'a "b* -c'}, "us_place", []),
    ("figures_reported", {"measure": "sister_cities_of"}, "value", [28]),
]


async def rows(site, name, **parameters):
    response = await site.client.get(f"/sister_cities/{name}.json", params={"_shape": "array", **parameters})
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(("name", "parameters", "column", "values"), COUNTED)
async def test_answer_is_what_was_counted(site, name, parameters, column, values):
    assert [row[column] for row in await rows(site, name, **parameters)] == values


@pytest.mark.parametrize("name", QUERIES)
async def test_query_answers_without_parameters(site, name):
    assert await rows(site, name)


@pytest.mark.parametrize("name", QUERIES)
async def test_query_is_whole_as_json_and_csv(site, name):
    as_json = (await site.client.get(f"/sister_cities/{name}.json")).json()
    as_csv = (await site.client.get(f"/sister_cities/{name}.csv")).text
    lines = list(csv.reader(io.StringIO(as_csv)))
    assert (as_json["truncated"], len(lines)) == (False, len(as_json["rows"]) + 1)


@pytest.mark.parametrize("name", QUERIES)
async def test_query_has_a_question_as_title_and_a_page(site, name):
    page = await site.client.get(f"/sister_cities/{name}")
    assert page.status_code == 200 and QUERIES[name]["title"].endswith("?")


@pytest.mark.parametrize("name", QUERIES)
async def test_query_cannot_write(site, name):
    response = await site.client.post(f"/sister_cities/{name}", data={})
    assert response.status_code == 405 or "write" not in QUERIES[name]


async def test_disagreements_show_5104_against_5014(site):
    found = [(row["value"], row["other_value"]) for row in await rows(site, "where_sources_disagree")]
    assert ("5014", "5104") in found


async def test_search_survives_punctuation(site):
    response = await site.client.get("/sister_cities/pairs.json", params={"_search": 'a-b "c* (d'})
    assert response.status_code == 200
