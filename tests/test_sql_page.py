"""The SQL box, what stands beside it, and what it says of an error; the question that it starts from."""

import pytest
import yaml
from conftest import ROOT, site_contract

QUERIES = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"]["sister_cities"]["queries"]
CONTRACT = site_contract()


async def asked(site, sql, form=""):
    return await site.client.get(f"/sister_cities{form}", params={"sql": sql})


WRONG = [
    ("select staus from pairs_overview", "no such column: staus; did you mean status?"),
    ("select p.staus from pairs_overview p", "no such column: p.staus; did you mean status?"),
    ("select * from pair_overview", "no such table: pair_overview; did you mean pairs_overview?"),
    ("select * from PIARS", "no such table: PIARS; did you mean pairs?"),
    ("select xyzzy from pairs", "no such column: xyzzy"),
]


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
@pytest.mark.parametrize(("sql", "said"), WRONG)
async def test_misspelt_name_is_told_the_near_one(site, form, sql, said):
    response = await asked(site, sql, form)
    assert (response.status_code, said in response.text) == (400, True)


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("select 1,\n staus from pairs", "2:  <mark>staus</mark> from pairs"),
        ("selec 1 from pairs fro x where select", "1: selec 1 from pairs fro x where select"),
        ("select 1 from from", "1: select 1 <mark>from</mark> <mark>from</mark>"),
        ("select '<b>' from pairs, staus", "1: select &#39;&lt;b&gt;&#39; from pairs, <mark>staus</mark>"),
        (
            "select 1\nfrom pairs limit 'a' 1",
            "1: select <mark>1</mark>\n2: from pairs limit &#39;a&#39; <mark>1</mark>",
        ),
        ("select nofunction(1)", "1: select <mark>nofunction</mark>(1)"),
    ],
)
async def test_error_keeps_the_text_and_marks_the_word_that_it_names(site, sql, line):
    text = (await asked(site, sql)).text
    kept = text.partition("<textarea")[2].partition("</textarea>")[0]
    marked = text.partition('<pre class="lines">')[2].partition("</pre>")[0]
    assert len(kept) > len(sql) and marked == (line if "<mark>" in line else "")


@pytest.mark.parametrize(
    "sql", ["delete from pairs", "drop table pairs", "nonsense", "update pairs set name = 1"]
)
async def test_what_does_not_read_keeps_its_text_too(site, sql):
    response = await asked(site, sql)
    assert response.status_code == 400
    assert f">{sql}</textarea>" in response.text and "begin with SELECT or WITH" in response.text


@pytest.mark.parametrize("page", ["/sister_cities", "/sister_cities?sql=select+1"])
async def test_every_table_and_column_stands_beside_the_box(site, page):
    text = (await site.client.get(page)).text.partition('<section class="schema"')[2]
    missing = {
        name for pair in CONTRACT.fields for name in pair if f"<dt><code>{name}</code></dt>" not in text
    }
    assert missing == set()


@pytest.mark.parametrize(
    "name", ["codemirror-5.57.0.min.css", "codemirror-5.57.0.min.js", "codemirror-5.57.0-sql.min.js"]
)
async def test_editor_is_the_one_that_datasette_ships(site, name):
    page, file = await site.client.get("/sister_cities"), await site.client.get(f"/-/static/{name}")
    assert f"/-/static/{name}" in page.text and file.status_code == 200


@pytest.mark.parametrize("name", QUERIES)
async def test_every_question_leads_to_its_sql(site, name):
    text = (await site.client.get(f"/sister_cities/{name}")).text
    assert text.partition(">Edit SQL</a>")[0].rpartition('href="')[2].startswith("/sister_cities?sql=")
