"""What the canned queries must show: tables for test_queries.py.

COUNTED was counted by hand in the pages that the data were entered from, not in the database.
"""

from independent.tables import DATA, VERSION

COMPARED = [
    # Query and parameters of each comparison with the independent computation, besides none at all.
    ("status_on_a_date", {"date": "2022-03-15", "tie": "Us-fl"}),
    ("status_on_a_date", {"date": "1990-01-01"}),
    ("timeline_of_decisions", {"country": "UA", "event": "established"}),
    ("timeline_of_decisions", {"state": "Texas"}),
    ("share_suspended_or_ended", {"date": "2022-06-04"}),
    ("share_suspended_or_ended", {"date": "2010-01-01"}),
    ("everything_about_one_tie", {"tie": "us-ca-san-jose--ru-sve-yekaterinburg"}),
    ("everything_about_one_tie", {"tie": "us-nowhere--ru-nowhere"}),
    ("record_of_a_place", {"place": "moscow"}),
    ("record_of_a_place", {"place": "ua-ukraine"}),
    ("who_said_what", {"stance": "cut_ties"}),
    ("who_said_what", {"speaker": "ZELENSKY"}),
    ("statements_about_a_tie", {"tie": "us-tx-dallas--ru-sar-saratov"}),
    ("speakers_heard_most", {"country": "UA"}),
    ("statements_by_month", {"country": "US"}),
    ("who_decided", {"country": "UA"}),
    ("closest_votes", {"event": "suspended"}),
    ("decisions_and_casualties_by_month", {"country": "RU"}),
    ("casualties_by_a_date", {"date": "2022-06-03"}),
    ("casualties_by_group", {"date": "2022-06-01"}),
    ("military_losses_claimed", {"party": "UA", "claimant": "zelensky"}),
    ("figures_reported", {"measure": "sister"}),
    ("where_sources_disagree", {"table": "pair_events"}),
    ("evidence_for_a_row", {"table": "pairs", "row": "us-il-chicago--ru-mow-moscow"}),
    (
        "what_did_a_version_say",
        {"version": VERSION, "table": "places", "row": "us-il-dixon", "column": "name"},
    ),
    ("what_did_a_version_say", {"version": "1.0.0"}),
    ("rows_with_one_source", {"table": "statements"}),
    ("partners_with_most_ties", {"country": "RU"}),
    ("ties_by_distance", {"country": "UA"}),
    ("new_ties_with_ukraine", {"state": "Washington"}),
    ("find_a_tie", {"q": "Bryan-College kazan"}),
    ("find_a_tie", {"q": "saint"}),
    ("ties_without_news", {"country": "RU"}),
    ("doubtful_rows", {"table": "places"}),
]

# Query, parameters, the rows meant (all where empty), a column, and its values in order.
COUNTED = [
    ("status_on_a_date", {"date": "2022-02-28", "tie": "chicago--ru"}, {}, "status", ["listed"]),
    ("status_on_a_date", {"date": "2022-03-01", "tie": "chicago--ru"}, {}, "status", ["suspended"]),
    ("status_on_a_date", {"date": "2022-06-04", "tie": "san-jose"}, {}, "status", ["kept"]),
    ("status_on_a_date", {"date": "2022-06-30", "tie": "dubuque"}, {}, "status", ["kept"]),
    ("status_on_a_date", {"date": "2022-07-31", "tie": "dubuque"}, {}, "status", ["suspended"]),
    ("status_on_a_date", {"date": "2022-08-01", "tie": "dubuque"}, {}, "status", ["ended"]),
    ("timeline_of_decisions", {"state": "Alaska"}, {}, "event", ["kept", "suspended"]),
    ("timeline_of_decisions", {"state": "Alaska"}, {}, "occurred_on", ["2022-04-04", "2023-04-07"]),
    ("timeline_of_decisions", {"event": "ended"}, {}, "us_place",
     ["Maryland", "Iowa", "Londonderry", "Vermont", "Tallahassee", "Santa Clara County", "Montclair",
      "Louisville", "Dubuque", "St. Louis", "Dixon"]),
    ("timeline_of_decisions", {"event": "suspended"}, {"us_place": "Albany"},
     "occurred_on_precision", ["year"]),
    ("share_suspended_or_ended", {"date": "2021-12-31"}, {}, "percent_suspended_or_ended", [0.0, 0.0]),
    ("share_suspended_or_ended", {"date": "2022-05-31"}, {}, "suspended", [10, 0]),
    ("share_suspended_or_ended", {"date": "2022-05-31"}, {}, "ended", [7, 0]),
    ("share_suspended_or_ended", {"date": "2025-12-31"}, {}, "suspended", [19, 0]),
    ("share_suspended_or_ended", {"date": "2025-12-31"}, {}, "ended", [11, 0]),
    ("everything_about_one_tie", {"tie": "us-ia-osage--ru-sta-lermontov"}, {"kind": "event"}, "what",
     ["established", "reported_active"]),
    ("record_of_a_place", {"place": "corvallis"}, {}, "text", ["Corvallis and Uzhhorod"]),
    ("who_said_what", {"stance": "keep_ties", "speaker": "liccardo"}, {}, "stated_on",
     ["2022-03-01", "2022-03-01", "2022-06-01", "2022-06-06", "2022-06-10"]),
    ("statements_about_a_tie", {"tie": "us-fl-tallahassee--ru-kda-krasnodar"}, {}, "speaker",
     ["John Dailey", "Jack Porter", "Jeremy Matlow", "John Dailey"]),
    ("speakers_heard_most", {}, {"speaker": "John Dailey"}, "statements", [2]),
    ("speakers_heard_most", {"country": "RU"}, {"speaker": "Aisen Nikolaev"}, "keep_ties", [1]),
    ("statements_by_month", {"country": "RU"}, {}, "month", ["2020-10", "2022-08", "2023-07", "2025-08"]),
    ("who_decided", {"country": "RU"}, {"decided_by_kind": "council"}, "suspended", [12]),
    ("who_decided", {"country": "RU"}, {"decided_by_kind": "mayor"}, "kept", [9]),
    ("who_decided", {"country": "RU"}, {"decided_by_kind": "governor"}, "ended", [3]),
    ("closest_votes", {"event": "ended"}, {}, "margin", [2, 5, 5, 7, None]),
    ("closest_votes", {"event": "kept"}, {"us_place": "Juneau"}, "vote", ["4-5"]),
    ("ties_that_changed_course", {}, {}, "us_place",
     ["Oakland", "Sarasota", "Louisville", "Dubuque", "Durham", "Roanoke", "Houston"]),
    ("reviewed_without_decision", {}, {}, "us_place",
     ["Bellingham", "Shaker Heights", "La Conner", "Livermore", "Rochester", "Philadelphia"]),
    ("decisions_and_casualties_by_month", {"country": "RU"}, {"month": "2022-03"}, "suspended", [8]),
    ("decisions_and_casualties_by_month", {"country": "RU"}, {"month": "2022-03"}, "ended", [5]),
    ("decisions_and_casualties_by_month", {}, {"month": "2022-03"}, "killed", [1232]),
    ("decisions_and_casualties_by_month", {}, {"month": "2022-03"}, "injured", [1935]),
    ("casualties_by_a_date", {"date": "2022-06-03"},
     {"reported_by": "OHCHR", "demographic": "all", "place_id": "ua-ukraine"}, "value", [5014, 4183, 9197]),
    ("casualties_by_month", {}, {"month": "2022-07", "whole_month": 1}, "killed", [355]),
    ("casualties_by_month", {}, {"month": "2024-05"}, "injured", [690]),
    ("casualties_by_group", {"date": "2022-05-31"}, {"demographic": "children"}, "killed", [229]),
    ("military_losses_claimed", {"claimant": "rudskoy"}, {}, "value", [3825, 1351, 16000, 14000, 30000]),
    ("figures_reported", {"measure": "sister_cities_of"}, {}, "value", [28, 28, 28]),
    ("where_sources_disagree", {},
     {"row_id": "ohchr-2022-06-02-civilians-injured", "other_publisher": "Audacy (KRLD)"},
     "other_value", ["5104"]),
    ("disputed_most", {}, {"column_name": "vote"}, "contradictions", [1]),
    ("ties_told_differently", {}, {"pair_id": "us-ok-oklahoma-city--ru-uly-ulyanovsk"},
     "other_value", ["2008"]),
    ("evidence_for_a_row", {}, {"verdict": "own source"}, "publisher", ["Interfax-Ukraine"]),
    ("evidence_for_a_row", {}, {"verdict": "contradicts", "publisher": "Audacy (KRLD)"},
     "value_reported", ["5104"]),
    ("what_did_a_version_say", {}, {"column_name": "partner_name_reported"}, "value", ["Moscow"]),
    ("rows_with_one_source", {}, {"row_id": "us-ca-oakland--ru-pri-nakhodka--established"},
     "contradicting", [0]),
    ("sources_used_most", {}, {"publisher": "Prime"}, "rows_own", [5]),
    ("ties_to_both_countries", {}, {}, "us_place",
     ["Los Angeles", "Chicago", "Iowa", "Muscatine", "Albany", "Buffalo", "Portland", "Chattanooga", "Dallas",
      "Salt Lake City"]),
    ("partners_with_most_ties", {}, {"partner_place": "Vladivostok"},
     "us_places", ["Juneau, San Diego, Tacoma"]),
    ("ties_by_state", {}, {"us_division": "Florida"}, "suspended_or_ended", [2]),
    ("ties_by_state", {}, {"us_division": "Florida"}, "kept", [3]),
    ("ties_by_distance", {}, {"pair_id": "us-il-chicago--ru-mow-moscow"}, "distance_km", [8003]),
    ("founding_decades", {}, {"decade": "1970s"}, "with_russia", [2]),
    ("founding_decades", {}, {"decade": "1970s"}, "with_ukraine", [1]),
    ("new_ties_with_ukraine", {"state": "Connecticut"}, {}, "us_place",
     ["Westport", "Greenwich", "Easton", "Ridgefield", "Stamford", "Fairfield", "Connecticut"]),
    ("find_a_tie", {}, {}, "us_place",
     ["Los Angeles", "St. Petersburg", "Framingham", "Maryland", "Kalamazoo", "Lansing", "Anacortes"]),
    ("find_a_tie", {"q": "Bryan-College"}, {}, "partner_place", ["Kazan"]),
    ("find_a_tie", {"q": 'a "b* -c'}, {}, "us_place", []),
    ("ties_without_news", {"country": "UA"}, {"us_division": "Ohio"}, "partner_place",
     ["Dubno", "Ternopil", "Chuhuiv", "Merefa", "Solonytsivka"]),
    ("names_as_printed", {}, {"us_place": "Grinnell"}, "partner_name_reported", ["Zaheleznovodsk"]),
    ("doubtful_rows", {"table": "pairs"}, {"row_id": "us-wi-menomonie--ru-tve-konakovo"},
     "table_name", ["pairs"]),
]  # fmt: skip

COLUMNS = {
    "status_on_a_date": (
        "pair_id us_place partner_place partner_country status valid_from valid_from_precision "
        "valid_to event_id"
    ),
    "timeline_of_decisions": (
        "occurred_on occurred_on_precision event us_place us_division partner_place "
        "partner_country decided_by vote summary event_id pair_id source_id"
    ),
    "share_suspended_or_ended": (
        "partner_country ties listed kept limited suspended ended reinstated percent_suspended_or_ended"
    ),
    "everything_about_one_tie": "kind what date text source_id row_id",
    "record_of_a_place": "place_id kind date text row_id",
    "who_said_what": "stance stated_on speaker speaker_role quote summary statement_id source_id",
    "statements_about_a_tie": (
        "stated_on stated_on_precision speaker speaker_role stance quote summary statement_id source_id"
    ),
    "speakers_heard_most": (
        "speaker speaker_country statements cut_or_suspend_ties keep_ties aid condemn_invasion "
        "other first_on last_on"
    ),
    "statements_by_month": (
        "month statements cut_ties suspend_ties keep_ties offer_aid appeal_for_aid condemn_invasion other"
    ),
    "who_decided": "decided_by_kind decisions suspended ended limited kept reinstated new_ties",
    "closest_votes": (
        "votes_for votes_against margin vote event occurred_on occurred_on_precision us_place "
        "us_division partner_place decided_by summary event_id pair_id source_id"
    ),
    "ties_that_changed_course": (
        "turn us_place us_division partner_place partner_country earlier_status earlier_on "
        "earlier_on_precision earlier_by later_status later_on later_on_precision later_by "
        "pair_id earlier_event_id later_event_id"
    ),
    "reviewed_without_decision": (
        "occurred_on occurred_on_precision us_place us_division partner_place decided_by summary "
        "event_id pair_id source_id"
    ),
    "decisions_and_casualties_by_month": (
        "month decisions suspended ended limited kept reinstated new_ties killed injured casualties_to"
    ),
    "casualties_by_a_date": (
        "reported_by population party demographic place_id outcome unit value value_high "
        "value_reported qualifier period_end statistic_id source_id"
    ),
    "casualties_by_month": (
        "month period_start period_end whole_month reported_by killed injured killed_or_injured source_id"
    ),
    "casualties_by_group": ("reported_by period_end demographic killed injured killed_or_injured source_id"),
    "military_losses_claimed": (
        "party reported_by period_end population outcome value value_high value_reported "
        "qualifier unit place_id statistic_id source_id"
    ),
    "figures_reported": "measure value qualifier unit place_id as_of reported_by figure_id source_id",
    "where_sources_disagree": (
        "table_name row_id column_name value own_publisher other_value other_publisher note"
    ),
    "disputed_most": "table_name column_name contradictions rows_disputed",
    "ties_told_differently": (
        "pair_id table_name column_name value own_language own_publisher other_value "
        "other_language other_publisher note"
    ),
    "evidence_for_a_row": (
        "verdict column_name value_reported note publisher title published_on url source_id"
    ),
    "what_did_a_version_say": (
        "version table_name row_id column_name value first_version last_version changed_in reason note"
    ),
    "rows_with_one_source": "table_name row_id contradicting source_id",
    "sources_used_most": "publisher title published_on rows_own citations url source_id",
    "ties_to_both_countries": "us_place us_division russian_partners ukrainian_partners",
    "partners_with_most_ties": (
        "partner_place partner_division partner_country ties suspended_or_ended kept us_places "
        "partner_place_id"
    ),
    "ties_by_state": "us_division ties with_russia with_ukraine suspended_or_ended kept",
    "ties_by_distance": "distance_km us_place us_division partner_place partner_country status pair_id",
    "founding_decades": "decade ties with_russia with_ukraine",
    "new_ties_with_ukraine": (
        "first_step first_step_on first_step_on_precision us_place us_division partner_place "
        "decided_by summary pair_id source_id"
    ),
    "find_a_tie": "pair_id us_place us_division partner_place partner_country status status_since",
    "ties_without_news": "pair_id us_place us_division partner_place partner_country certainty",
    "names_as_printed": ("us_name_reported us_place partner_name_reported partner_place source_id pair_id"),
    "doubtful_rows": "table_name row_id notes source_id",
}

# Which tables a query may read from end to end, and why. All others are reached by key.
TIES, EVENTS = {"pairs"}, {"pairs", "pair_events"}
MAY_READ_WHOLE = [
    ("follows every tie through its events", EVENTS, [
        "status_on_a_date", "share_suspended_or_ended", "ties_that_changed_course", "ties_to_both_countries",
        "partners_with_most_ties", "ties_by_state", "ties_by_distance", "founding_decades", "find_a_tie",
    ]),
    ("goes through every event", EVENTS, [
        "timeline_of_decisions", "who_decided", "closest_votes", "reviewed_without_decision",
        "new_ties_with_ukraine",
    ]),
    ("goes through every event and every casualty number of a series", {*EVENTS, "casualty_statistics"}, [
        "decisions_and_casualties_by_month",
    ]),
    ("goes through every tie, event and statement", {*EVENTS, "statement_pairs", "statements"}, [
        "ties_without_news",
    ]),
    ("goes through every tie", TIES, ["names_as_printed"]),
    ("goes through every statement", {"statements"}, [
        "who_said_what", "speakers_heard_most", "statements_by_month",
    ]),
    ("goes through every casualty number", {"casualty_statistics"}, [
        "casualties_by_a_date", "casualties_by_month", "casualties_by_group", "military_losses_claimed",
    ]),
    ("goes through every figure", {"reported_figures"}, ["figures_reported"]),
    ("goes through every contradiction", {"citations"}, [
        "where_sources_disagree", "disputed_most", "ties_told_differently",
    ]),
    ("goes through the evidence of every row", {
        *EVENTS, "statements", "casualty_statistics", "reported_figures", "corrections", "citations",
    }, ["rows_with_one_source", "sources_used_most"]),
    ("goes through one table, whose rows may have had other keys; its program names them all", {
        *(path.stem for path in DATA.glob("*.csv")), "past_values", "later_rows", "later_columns",
        "releases", "package",
    }, ["what_did_a_version_say"]),
    ("goes through every row with a certainty", {
        *EVENTS, "places", "statements", "casualty_statistics", "reported_figures", "sources",
    }, ["doubtful_rows"]),
]  # fmt: skip
