"""What people write into the parameters of questions, asked of the record, and what is understood."""

import pytest

pytestmark = pytest.mark.data
CHICAGO = "us-il-chicago--ru-mow-moscow"
SAID, SPOKE, DECIDED = "statements_about_a_tie", "speakers_heard_most", "timeline_of_decisions"
UNDERSTOOD = [
    ("share_suspended_or_ended", "date", " 2022-06-04 ", "2022-06-04"),
    ("status_on_a_date", "date", "", ""),
    ("status_on_a_date", "tie", "  Los   Angeles ", "us-ca-los-angeles"),
    ("status_on_a_date", "tie", "Kiev", "ua-30-kyiv"),
    ("status_on_a_date", "tie", "saint louis", "us-mo-st-louis--ru-sam-samara"),
    ("status_on_a_date", "tie", "Chicago Moscow", CHICAGO),
    (DECIDED, "state", "Illinois", "Illinois"),
    (DECIDED, "state", "illinois", "Illinois"),
    (DECIDED, "state", " TEXAS ", "Texas"),
    (DECIDED, "state", "IL", "Illinois"),
    (DECIDED, "state", "tx", "Texas"),
    (DECIDED, "state", "US-NY", "New York"),
    (DECIDED, "state", "N.Y.", "New York"),
    (DECIDED, "state", "new  york", "New York"),
    (DECIDED, "country", "ua", "UA"),
    (DECIDED, "country", "Ukraine", "UA"),
    (DECIDED, "country", "RUSSIA", "RU"),
    (SPOKE, "country", "united states", "US"),
    (SPOKE, "country", "us", "US"),
    (DECIDED, "event", "Suspended", "suspended"),
    (DECIDED, "event", "ENDED ", "ended"),
    (DECIDED, "event", "under review", "under_review"),
    ("rows_with_one_source", "table", "Pair_Events", "pair_events"),
    ("who_said_what", "stance", "keep ties", "keep_ties"),
    ("who_said_what", "speaker", " zelensky ", "zelensky"),
    ("who_said_what", "speaker", "Zelénsky", "Zelensky"),
    ("figures_reported", "measure", "Sister cities of Chicago", "sister_cities_of_chicago"),
    ("what_did_a_version_say", "version", " 1.0.0", "1.0.0"),
    ("military_losses_claimed", "claimant", "rudskoy", "rudskoy"),
    (SAID, "tie", CHICAGO, CHICAGO),
    (SAID, "tie", "Chicago – Moscow", CHICAGO),
    (SAID, "tie", "chicago moscow", CHICAGO),
    (SAID, "tie", "Chicago-Moscow", CHICAGO),
    (SAID, "tie", "IL Москва", CHICAGO),
    (SAID, "tie", "San Jose", "us-ca-san-jose--ru-sve-yekaterinburg"),
    (SAID, "tie", "Sverdlovsk San José", "us-ca-san-jose--ru-sve-yekaterinburg"),
    (SAID, "tie", "St Louis", "us-mo-st-louis--ru-sam-samara"),
    ("everything_about_one_tie", "tie", "Louisville", "us-ky-louisville--ru-per-perm"),
    ("record_of_a_place", "place", "Kharkiv", "Kharkiv"),
    ("record_of_a_place", "place", "KHARKIV ", "Kharkiv"),
    ("record_of_a_place", "place", "Kiev", "ua-30-kyiv"),
    ("record_of_a_place", "place", "Москва", "ru-mow-moscow"),
    ("record_of_a_place", "place", "ua-63-kharkiv", "ua-63-kharkiv"),
    ("find_a_tie", "q", "Kiev", "Kiev"),
]
A_DAY = "Write the day as 2022-06-04"
REFUSED = [
    *(
        ("share_suspended_or_ended", "date", day, A_DAY)
        for day in (
            "2022-13-40", "2022-6-4", "2022-02-30", "2022-06", "2022", "1 March 2022", "3/1/2022",
            "06/04/2022",
            "1.6.2022", "20220604", "2022-06-04T00:00", "yesterday", "now", "last year", "２０２２-06-04",
        )
    ),
    ("casualties_by_a_date", "date", "June 4", A_DAY),
    ("status_on_a_date", "date", "tomorrow", A_DAY),
    (DECIDED, "state", "Ilinois", "Did you mean Illinois?"),
    (DECIDED, "state", "Bavaria", "there is no “Bavaria”"),
    (DECIDED, "country", "Ukrane", "Did you mean Ukraine?"),
    (DECIDED, "country", "France", "Choose Russia, Ukraine."),
    (DECIDED, "event", "suspend", "Did you mean "),
    ("who_said_what", "speaker", "zelenskyy", "Did you mean Zelensky?"),
    ("who_said_what", "speaker", "Napoleon", "there is no “Napoleon”."),
    ("what_did_a_version_say", "version", "0.1", "Version: there is no “0.1”. "),
    ("status_on_a_date", "tie", "Illinois", "may be "),
    ("status_on_a_date", "tie", "Chigago", "Did you mean Chicago – "),
    (SAID, "tie", "Chicago", "may be Chicago – "),
    (SAID, "tie", "Moskow", "Did you mean Chicago – Moscow?"),
    (SAID, "tie", "中国", "there is no “中国”."),
    ("record_of_a_place", "place", "Kharkyiv", "Did you mean Kharkiv?"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "name", "written", "value"), UNDERSTOOD)
async def test_value_is_understood(record_site, question, name, written, value):
    response = await record_site.client.get(f"/sister_cities/{question}.json", params={name: written})
    assert response.json()["query"]["params"][name] == value


@pytest.mark.parametrize(("question", "name", "written", "sentence"), REFUSED)
async def test_value_is_refused_with_how_to_write_it(record_site, question, name, written, sentence):
    response = await record_site.client.get(f"/sister_cities/{question}.json", params={name: written})
    assert response.status_code == 400 and sentence in response.json()["error"]


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
async def test_sentence_comes_in_the_form_asked_for(record_site, form):
    response = await record_site.client.get(f"/sister_cities/share_suspended_or_ended{form}?date=6/1/2022")
    kind = {"": "text/html", ".json": "application/json", ".csv": "text/plain"}[form]
    assert response.status_code == 400 and A_DAY in response.text
    assert response.headers["content-type"].startswith(kind)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("share_suspended_or_ended?date=2022-06-04", "As of <strong>4 June 2022</strong>"),
        (f"{DECIDED}?state=il", "State: <strong>Illinois</strong>"),
        (f"{SAID}?tie=moscow+chicago", "Tie: <strong>Chicago – Moscow</strong>"),
        ("record_of_a_place?place=kiev", "Place: <strong>Kyiv</strong>"),
        ("record_of_a_place?place=kiev", 'name="place" value="Kyiv"'),
        ("status_on_a_date?tie=kiev", "Tie or place: <strong>Kyiv</strong>"),
    ],
)
async def test_page_repeats_what_was_understood(record_site, asked, said):
    response = await record_site.client.get(f"/sister_cities/{asked}")
    assert response.status_code == 200 and said in response.text


@pytest.mark.parametrize(
    "address", ["/-/health", "/-/versions.json", "/static/site.css", "/sister_cities/pairs"]
)
async def test_other_addresses_are_answered_as_before(record_site, address):
    assert (await record_site.client.get(address)).status_code == 200
