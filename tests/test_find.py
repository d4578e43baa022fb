"""What people type to find a tie of the record, and what is found."""

import sqlite3
from contextlib import closing

import pytest
import yaml
from conftest import ROOT
from sister_pages.question_page import results_of

from scripts.database.search import folded_letter

METADATA = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
FIND = METADATA["databases"]["sister_cities"]["queries"]["find_a_tie"]["sql"]
CHICAGO = "us-il-chicago--ru-mow-moscow"
CHICAGO_KYIV = "us-il-chicago--ua-30-kyiv"
ST_PETERSBURG = "us-fl-st-petersburg--ru-spe-saint-petersburg"
ST_LOUIS = "us-mo-st-louis--ru-sam-samara"
LA = "us-ca-los-angeles--ru-spe-saint-petersburg"
SAN_JOSE = "us-ca-san-jose--ru-sve-yekaterinburg"
MOBILE = "us-al-mobile--ru-ros-rostov-on-don"
CINCINNATI = "us-oh-cincinnati--ua-63-kharkiv"
BALTIMORE = "us-md-baltimore--ua-51-odesa"
LVIV = "us-ny-corning--ua-46-lviv"
NYC = "us-ny-new-york-city--ua-12-dnipro"
WASHINGTON = "us-dc-district-of-columbia"
JUNEAU = "us-ak-juneau--ru-pri-vladivostok"
FOUND = [
    ("Kiev", CHICAGO_KYIV),
    ("kiev", CHICAGO_KYIV),
    ("Kyiv", CHICAGO_KYIV),
    ("KYIV ", CHICAGO_KYIV),
    ("Київ", CHICAGO_KYIV),
    ("київ", CHICAGO_KYIV),
    ("Kiev Ukraine", CHICAGO_KYIV),
    ("Chicago Kiev", CHICAGO_KYIV),
    ("Kiev, Chicago", CHICAGO_KYIV),
    ("Москва", CHICAGO),
    ("МОСКВА", CHICAGO),
    ("chicago moscow", CHICAGO),
    ("chicago-moscow", CHICAGO),
    ("Chicago – Moscow", CHICAGO),
    ("Chicago and Moscow", CHICAGO),
    ("Chicago, IL / Moscow, Russia", CHICAGO),
    ("moscow chicago illinois", CHICAGO),
    ("Chicago\tMoscow\n", CHICAGO),
    ("sister cities of Chicago", CHICAGO),
    ("Mosc Chic", CHICAGO),
    ("IL", CHICAGO),
    ("il Russia", CHICAGO),
    ("Illinois", CHICAGO),
    ("ＣＨＩＣＡＧＯ", CHICAGO),
    ("St Petersburg Florida", ST_PETERSBURG),
    ("St. Petersburg, FL", ST_PETERSBURG),
    ("Saint Petersburg", ST_PETERSBURG),
    ("Sankt-Peterburg FL", ST_PETERSBURG),
    ("st petersburg", ST_PETERSBURG),
    ("Санкт-Петербург", ST_PETERSBURG),
    ("Los Angeles St. Petersburg", LA),
    ("Leningrad Los Angeles", LA),
    ("los angeles california russia", LA),
    ("Saint Louis", ST_LOUIS),
    ("St Louis", ST_LOUIS),
    ("St. Louis", ST_LOUIS),
    ("MO Samara", ST_LOUIS),
    ("Sverdlovsk", SAN_JOSE),
    ("San José", SAN_JOSE),
    ("Екатеринбург", SAN_JOSE),
    ("Ekaterinburg", SAN_JOSE),
    ("Rostov", MOBILE),
    ("Rostov on Don", MOBILE),
    ("Rostov-on-Don, Mobile AL", MOBILE),
    ("Kharkov", CINCINNATI),
    ("Khar'kov", CINCINNATI),
    ("Khar’kiv", CINCINNATI),
    ("Харків", CINCINNATI),
    ("Odessa Maryland", BALTIMORE),
    ("Одеса", BALTIMORE),
    ("Lvov", LVIV),
    ("L'viv", LVIV),
    ("Lemberg", LVIV),
    ("львів", LVIV),
    ("Vladivostok", JUNEAU),
    ('"vladivostok" -(', JUNEAU),
    ("Vladivostok AK", JUNEAU),
    ("Texas Ukraine", "us-tx-dallas--ua-63-kharkiv"),
    ("Leningrad Oblast", "us-md-maryland--ru-len-leningrad-oblast"),
    ("NYC", NYC),
    ("n.y.c. ukraine", NYC),
    ("new york city dnepropetrovsk", NYC),
    ("SLC", "us-ut-salt-lake-city"),
    ("Kyiv, Ukraine", CHICAGO_KYIV),
    ("What about Chicago?", CHICAGO),
    ("twin cities of Kharkiv", CINCINNATI),
    ("Ukrainian cities twinned with Chicago", CHICAGO_KYIV),
    ("Moscow, Russia sister city", CHICAGO),
    ("Moscow", "ru-mow-moscow"),
    ("Chicago", "us-il-chicago"),
    ("LA", LA),
    ("L.A. Leningrad", LA),
    ("L.A. to St. Pete", LA),
    ("DC", WASHINGTON),
    ("D.C.", WASHINGTON),
    ("Washington, DC", WASHINGTON),
]
NEAREST = [
    ("Moskow", CHICAGO),
    ("Mosco Chigago", CHICAGO),
    ("Chicagoo", CHICAGO),
    ("Los Angles", LA),
    ("Sant Petersburg", LA),
    ("Petersburgh", ST_PETERSBURG),
    ("Rostov na Donu", MOBILE),
    ("Vladivostock", JUNEAU),
    ("Valdivostok", JUNEAU),
    ("Charkiw", CINCINNATI),
    ("Харьков", CINCINNATI),
    ("Illinios", CHICAGO),
    ("Chicago Lviv", CHICAGO),
    ("Chicago's sister cities", CHICAGO),
    ("L.A. to St. Peet", LA),
    ("Louis Samarra", ST_LOUIS),
]
NOTHING_TYPED = ["", " ", '"', "'", "-", "%", "*", "()", "…", "\x00", "the", "sister cities", "\t\n"]
NOTHING_LIKE_IT = ["中国", "😀", "ا"]


@pytest.fixture(scope="module")
def find(record):
    """A function that answers what was typed with the rows that are found."""
    with closing(sqlite3.connect(f"file:{record / 'sister_cities.db'}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        yield lambda typed: db.execute(FIND, {"q": typed}).fetchall()


def first_keys(rows, match):
    """The keys of the first dozen ties and the first dozen places that match so."""
    found = [row for row in rows if row["match"] == match]
    return {row[key] for key in ("pair_id", "place_id") for row in [row for row in found if row[key]][:12]}


@pytest.mark.data
@pytest.mark.parametrize(("typed", "key"), FOUND)
def test_name_finds(find, typed, key):
    assert key in first_keys(find(typed), "all words")


@pytest.mark.data
@pytest.mark.parametrize(("typed", "key"), NEAREST)
def test_what_is_misspelt_finds_the_nearest(find, typed, key):
    assert key in first_keys(find(typed), "nearest")


@pytest.mark.data
@pytest.mark.parametrize("typed", NOTHING_TYPED)
def test_nothing_typed_finds_every_tie_and_no_place(find, typed):
    assert {row["found"] for row in find(typed)} == {"tie"} and len(find(typed)) > 150


@pytest.mark.data
@pytest.mark.parametrize("typed", NOTHING_LIKE_IT)
def test_what_resembles_nothing_finds_nothing(find, typed):
    assert find(typed) == []


@pytest.mark.data
@pytest.mark.parametrize("typed", ["a" * 100_000, "moscow " * 1000, "a OR b", "' or 1=1 --", "ß" * 99])
def test_no_input_finds_more_than_all(find, typed):
    assert len(find(typed)) < 300


@pytest.mark.data
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Moscow", CHICAGO),
        ("St Louis", ST_LOUIS),
        ("Kiev", CHICAGO_KYIV),
        ("LA", "us-ca-los-angeles--ua-30-kyiv"),
    ],
)
def test_best_is_first_and_says_status_and_places(find, typed, first):
    row = find(typed)[0]
    assert row["pair_id"] == first and all(
        row[c] for c in ("us_place", "us_division", "partner_place", "status")
    )


@pytest.mark.parametrize(
    ("letter", "folded"),
    [
        ("A", "a"),
        ("é", "e"),
        ("Й", "и"),
        ("Ї", "і"),
        ("ß", "ss"),
        ("’", ""),
        ("–", " "),
        ("Ł", "l"),
        ("\u0301", ""),
    ],
)
def test_letter_is_folded(letter, folded):
    assert folded_letter(letter) == folded


@pytest.mark.data
@pytest.mark.parametrize("form", ["", ".json", ".csv"])
@pytest.mark.parametrize("typed", ["St Petersburg", '"', "Мóсква", "zzzz", "%00"])
async def test_question_answers_in_every_form(record_site, form, typed):
    response = await record_site.client.get(f"/sister_cities/find_a_tie{form}", params={"q": typed})
    assert response.status_code == 200


@pytest.mark.data
async def test_search_box_leads_to_the_question(record_site):
    page = (await record_site.client.get("/")).text
    assert 'action="/sister_cities/find_a_tie"' in page and 'type="search" name="q"' in page


@pytest.mark.data
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "All "),
        ("“…”", "All "),
        ("Chicago", "“Chicago”: 2 ties and 1 place."),
        ("Moskow", "Nothing is called “Moskow”. Nearest:"),
        ("中国", "Nothing here resembles “中国”. Choose a state or a place:"),
        ("12345", "Nothing here resembles “12345”. Choose a state or a place:"),
        ("<b>", "Nothing is called “&lt;b&gt;”"),
    ],
)
async def test_page_says_what_was_found(record_site, typed, said):
    response = await record_site.client.get("/sister_cities/find_a_tie", params={"q": typed})
    assert (response.status_code, said in response.text) == (200, True)


@pytest.mark.data
@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("find_a_tie?q=juneau", f"/sister_cities/pairs/{JUNEAU}"),
        ("find_a_tie?q=Chicago+Moscow", f"/sister_cities/pairs/{CHICAGO}"),
        ("find_a_tie?q=D.C.", f"/sister_cities/places/{WASHINGTON}"),
        ("find_a_tie?q=Crimea", None),
        ("find_a_tie?q=Chicago+Moskow", None),
        ("find_a_tie?q=中国", None),
        ("find_a_tie", None),
        ("find_a_tie.json?q=juneau", None),
        ("find_a_tie.csv?q=juneau", None),
    ],
)
async def test_page_leads_on_where_one_is_meant(record_site, asked, page):
    response = await record_site.client.get(f"/sister_cities/{asked}", follow_redirects=False)
    assert response.headers.get("location") == page


HIT = {"match": "all words", "pair_id": "us-a--ru-b", "place_id": None}
END = {"match": "all words", "pair_id": None, "place_id": "us-a"}
OTHER = END | {"place_id": "us-c"}


@pytest.mark.parametrize(
    ("hits", "only"),
    [
        ([HIT], ("pairs", "us-a--ru-b")),
        ([HIT, END], ("pairs", "us-a--ru-b")),
        ([HIT, OTHER], None),
        ([HIT, HIT], None),
        ([END], ("places", "us-a")),
        ([END, OTHER], None),
        ([HIT | {"match": "nearest"}], None),
        ([], None),
    ],
)
def test_one_is_meant_where_no_other_has_all_the_words(hits, only):
    assert results_of("a", hits)["only"] == only


def test_six_questions_are_on_the_home_page():
    queries = METADATA["databases"]["sister_cities"]["queries"].values()
    assert sum("on_home" in query for query in queries) == 6 and all(query["group"] for query in queries)
