-- What follows from the tables, in the order in which it is worked out: each statement may read those before it.
-- A view that schemas/derived.json gives a primary key is worked out once, at the build, and stored as a table.
-- What a view and its columns mean is said there. `cell_values` and `own_sources`, which name every table, are
-- written by scripts/database/load.py.

create view tie_places as
select pair_id, us.name as us_place, us.admin1_name as us_division,
       partner.name as partner_place, partner.admin1_name as partner_division,
       partner.country as partner_country, us_place_id, partner_place_id
from pairs
join places as us on us.place_id = us_place_id
join places as partner on partner.place_id = partner_place_id;

-- "What counts when" (docs/methodology.md): `latest` is the least of the last day of the event's period, the
-- last day of its source's date, the day of the data and, of a decision, the eve of the tie's next one. The eve
-- of the eve of a day is that day less two: hence `step` days off before the least is taken, and on again after.
create view tie_events as
with dated as (
  select pair_events.*, occurred_on is not null as is_dated,
         event in ('announced', 'established') as founds,
         event in ('announced', 'established', 'kept', 'limited', 'suspended', 'ended', 'reinstated') as decides,
         min(coalesce(last_day(occurred_on, occurred_on_precision), as_of),
             coalesce(last_day(published_on, published_on_precision), as_of), as_of) as known_by
  from pair_events
  join (select source_id, published_on, published_on_precision from sources) using (source_id)
  join package
),
ordered as (
  select *, row_number() over in_time as step
  from dated
  window in_time as (partition by pair_id, decides order by founds desc, is_dated, occurred_on, event_id)
),
bounded as (
  select *, case when decides
              then date(min(julianday(known_by) - step) over (
                partition by pair_id, decides order by step rows between current row and unbounded following
              ) + step)
              else known_by end as bound
  from ordered
)
select event_id, pair_id, us_place, us_division, partner_place, partner_country,
       event, occurred_on, occurred_on_precision, occurred_on as earliest,
       max(coalesce(occurred_on, ''), bound) as latest,
       case when occurred_on_precision <> 'year' then substr(occurred_on, 1, 7) end as month,
       decided_by_kind, decided_by, vote, summary, source_id, certainty
from bounded join tie_places using (pair_id);

create view decisions as
select * from tie_events
where event in ('announced', 'established', 'kept', 'limited', 'suspended', 'ended', 'reinstated');

create view votes as
select event_id, pair_id, us_place, us_division, partner_place, partner_country, event, occurred_on,
       occurred_on_precision, decided_by, vote,
       case when counted then cast(vote as integer) end as votes_for,
       case when counted then cast(after_first as integer) end as votes_against,
       case when counted then abs(cast(vote as integer) - cast(after_first as integer)) end as margin,
       summary, source_id
from (
  select *, vote <> 'unanimous' as counted, substr(vote, instr(vote, '-') + 1) as after_first
  from tie_events where vote is not null
);

-- A tie without a dated founding is taken to be there all along: its first interval has no first day.
create view pair_status_history as
with foundings as (
  select *, row_number() over (
           partition by pair_id order by occurred_on is null, occurred_on, event_id
         ) as place
  from decisions
  where event in ('announced', 'established')
),
changes as (
  select pairs.pair_id, 'listed' as status, 0 as step, event_id, occurred_on, occurred_on_precision,
         case when occurred_on is not null then latest end as latest, foundings.certainty
  from pairs left join foundings on foundings.pair_id = pairs.pair_id and place = 1
  union all
  select pair_id, event, 1, event_id, occurred_on, occurred_on_precision, latest, certainty
  from decisions
  where event in ('kept', 'limited', 'suspended', 'ended', 'reinstated')
)
select pair_id, row_number() over in_time as interval_number, status,
       occurred_on as earliest, latest as valid_from,
       case when latest is not null then 'day' end as valid_from_precision, lead(latest) over in_time as valid_to,
       lead(step) over in_time is null as is_current,
       occurred_on, occurred_on_precision, event_id, certainty
from changes
window in_time as (partition by pair_id order by step, occurred_on is not null, occurred_on, event_id);

create view standing_ties as
select pair_id, partner_country
from pair_status_history join tie_places using (pair_id)
where (valid_from is null or valid_from <= '2022-02-23') and (valid_to is null or valid_to > '2022-02-23')
  and status not in ('suspended', 'ended');

create view evidence as
select evidence_id, table_name, row_id, column_name,
       case table_name
         when 'pairs' then row_id
         when 'pair_events' then (select pair_id from pair_events where event_id = row_id)
         when 'statements' then (
           select min(pair_id) from statement_pairs where statement_id = row_id having count(*) = 1)
       end as pair_id,
       verdict, value_reported, note, source_id, publisher, reach, kind, provenance,
       title, published_on, published_on_precision, url
from (
  select table_name || '.' || row_id as evidence_id, table_name, row_id, null as column_name,
         'own source' as verdict, source_id, null as value_reported, null as note
  from own_sources
  where table_name not in ('sources', 'publishers', 'place_names')
  union all
  select table_name || '.' || citation_id, table_name, row_id, column_name, verdict, source_id,
         value_reported, note
  from citations
)
join (
  select source_id, publisher, kind, provenance, title, published_on, published_on_precision, url from sources
) using (source_id)
left join (select publisher, reach from publishers) using (publisher);

create view disagreements as
select citation_id, cited.table_name, cited.row_id, cited.column_name, evidence.pair_id,
       (select value from cell_values
        where cell_values.table_name = cited.table_name and cell_values.row_id = cited.row_id
          and cell_values.column_name = cited.column_name) as value,
       cited.value_reported as other_value, cited.note,
       own.source_id as own_source_id, own.publisher as own_publisher,
       own_publishers.reach as own_reach, own.kind as own_kind, own.provenance as own_provenance,
       own.published_on as own_published_on, own.published_on_precision as own_published_on_precision,
       evidence.source_id as other_source_id, evidence.publisher as other_publisher,
       evidence.reach as other_reach, evidence.kind as other_kind,
       evidence.provenance as other_provenance, evidence.published_on as other_published_on,
       evidence.published_on_precision as other_published_on_precision
from citations as cited
join evidence on evidence_id = cited.table_name || '.' || citation_id
left join own_sources on own_sources.table_name = cited.table_name and own_sources.row_id = cited.row_id
left join sources as own on own.source_id = own_sources.source_id
left join publishers as own_publishers on own_publishers.publisher = own.publisher
where cited.verdict = 'contradicts';

create view pairs_overview as
with decided as (
  select pair_id, min(occurred_on || ' ' || occurred_on_precision) as first,
         max(occurred_on >= '2022-02-24') as since,
         max(latest >= '2022-02-24') as perhaps_since
  from decisions where event not in ('announced', 'established') group by pair_id
)
select pairs.pair_id,
       us.name as us_place, us.admin1_name as us_division, us.admin1_code as us_division_code,
       us.population as us_population,
       partner.name as partner_place, partner.admin1_name as partner_division,
       partner.country as partner_country, partner.population as partner_population,
       pairs.tie_kind,
       history.status, history.occurred_on as status_since,
       history.occurred_on_precision as status_since_precision,
       before.status as status_before_invasion,
       decision.decided_by_kind, decision.decided_by,
       substr(decided.first, 1, 10) as first_decision_on,
       substr(decided.first, 12) as first_decision_on_precision,
       case when since then 1 when perhaps_since then null else 0 end as decided_since_invasion,
       founding.occurred_on as established_on,
       founding.occurred_on_precision as established_on_precision,
       distances.distance_km,
       us.latitude as us_latitude, us.longitude as us_longitude,
       partner.latitude as partner_latitude, partner.longitude as partner_longitude,
       (select count(*) from pair_events where pair_events.pair_id = pairs.pair_id) as events,
       (select count(distinct source_id) from evidence
        where evidence.pair_id = pairs.pair_id and table_name in ('pairs', 'pair_events')) as sources,
       (select count(*) from disagreements where disagreements.pair_id = pairs.pair_id) as disputes,
       pairs.certainty,
       pairs.us_place_id, pairs.partner_place_id
from pairs
join places as us on us.place_id = pairs.us_place_id
join places as partner on partner.place_id = pairs.partner_place_id
join pair_status_history as history on history.pair_id = pairs.pair_id and history.is_current
left join pair_status_history as before on before.pair_id = pairs.pair_id
  and coalesce(before.valid_from, '') <= '2022-02-23' and coalesce(before.valid_to, '9') > '2022-02-23'
left join pair_events as decision on decision.event_id = history.event_id and history.status <> 'listed'
left join decided on decided.pair_id = pairs.pair_id
left join pair_events as founding
  on founding.pair_id = pairs.pair_id and founding.event = 'established'
left join distances on distances.pair_id = pairs.pair_id;

-- The first day printed is the least of `day precision`, so that a day comes before its month.
create view casualties_timeline as
select reported_by, period_end, period_end_precision,
       last_day(period_end, period_end_precision) as latest,
       max(case outcome when 'killed' then value end) as killed,
       max(case outcome when 'injured' then value end) as injured,
       max(case outcome when 'killed_or_injured' then value end) as killed_or_injured,
       substr(min(published_on || ' ' || published_on_precision), 1, 10) as published_on,
       substr(min(published_on || ' ' || published_on_precision), 12) as published_on_precision,
       case max(case certainty when 'doubtful' then 2 when 'inferred' then 1 else 0 end)
         when 2 then 'doubtful' when 1 then 'inferred' else 'stated' end as certainty,
       group_concat(distinct source_id) as source_ids
from (
  select *, min(period_end_precision) over (partition by reported_by, period_end) as finest  -- day < month < year
  from casualty_statistics
  where population = 'civilians' and party = 'UA' and demographic = 'all' and place_id = 'ua-ukraine'
    and unit = 'persons' and cumulative and value_high is null and period_end is not null
)
where period_end_precision = finest
group by reported_by, period_end;

create view monthly_casualties as
with counts as (
  select *, row_number() over (counted order by published_on, statistic_id) as first,
         row_number() over (counted order by published_on desc, statistic_id desc) as newest
  from casualty_statistics
  where population = 'civilians' and party = 'UA' and demographic = 'all' and place_id = 'ua-ukraine'
    and unit = 'persons' and not cumulative and value is not null and value_high is null
    and period_end_precision = 'day' and substr(period_start, 1, 7) = substr(period_end, 1, 7)
  window counted as (partition by reported_by, period_start, period_end, outcome)
)
select reported_by, substr(period_start, 1, 7) as month, period_start as first_day, period_end as last_day,
       period_start = date(period_end, 'start of month')
         and period_end = last_day(period_end, 'month') as whole_month,
       max(case when outcome = 'killed' and first = 1 then value end) as killed_first,
       max(case when outcome = 'killed' and newest = 1 then value end) as killed_newest,
       max(case when outcome = 'injured' and first = 1 then value end) as injured_first,
       max(case when outcome = 'injured' and newest = 1 then value end) as injured_newest,
       max(case when outcome = 'killed_or_injured' and first = 1 then value end) as killed_or_injured_first,
       max(case when outcome = 'killed_or_injured' and newest = 1 then value end) as killed_or_injured_newest,
       case max(case certainty when 'doubtful' then 2 when 'inferred' then 1 else 0 end)
         when 2 then 'doubtful' when 1 then 'inferred' else 'stated' end as certainty,
       group_concat(distinct source_id) as source_ids
from counts
group by reported_by, period_start, period_end;

-- What merely goes further, from suspended to ended, is not counted.
create view turns as
select pair_id, case when cut then 'kept, then cut' else 'cut, then restored' end as turn,
       earlier_status, earlier_on, earlier_on_precision, earlier_event_id,
       status as later_status, occurred_on as later_on, occurred_on_precision as later_on_precision,
       event_id as later_event_id
from (
  select *, status in ('limited', 'suspended', 'ended') as cut,
         lag(status) over tie as earlier_status, lag(occurred_on) over tie as earlier_on,
         lag(occurred_on_precision) over tie as earlier_on_precision,
         lag(event_id) over tie as earlier_event_id
  from pair_status_history
  window tie as (partition by pair_id order by interval_number)
)
where earlier_status <> 'listed' and cut <> (earlier_status in ('limited', 'suspended', 'ended'));

create view tie_statements as
select pair_id, us_place, us_division, partner_place, partner_country, statement_id, speaker,
       speaker_role, speaker_country, stated_on, stated_on_precision,
       case stated_on_precision
         when 'year' then date(stated_on, '+1 year', '-1 day')
         when 'month' then date(stated_on, '+1 month', '-1 day')
         else stated_on
       end as latest,
       stance, quote, summary, source_id, certainty
from statement_pairs join statements using (statement_id) join tie_places using (pair_id);

create view civilian_casualties as
select reported_by, period_start, period_end, period_end_precision,
       case period_end_precision
         when 'year' then date(period_end, '+1 year', '-1 day')
         when 'month' then date(period_end, '+1 month', '-1 day')
         else period_end
       end as latest,
       cumulative, demographic,
       max(case outcome when 'killed' then value end) as killed,
       max(case outcome when 'injured' then value end) as injured,
       max(case outcome when 'killed_or_injured' then value end) as killed_or_injured,
       min(source_id) as source_id, count(distinct source_id) as sources
from casualty_statistics
where population = 'civilians' and party = 'UA' and place_id = 'ua-ukraine' and unit = 'persons'
group by reported_by, period_start, period_end, period_end_precision, cumulative, demographic;

create view months as
with recursive month (first_day) as (
  select '2022-02-01'
  union all
  select date(first_day, '+1 month') from month
  where date(first_day, '+1 month') <= (
    select max(last) from (
      select max(occurred_on) as last from pair_events
      union all select max(period_end) from casualty_statistics
    )
  )
)
select substr(first_day, 1, 7) as month, first_day, date(first_day, '+1 month', '-1 day') as last_day
from month;

create view doubtful as
select 'pairs' as table_name, pair_id as row_id, source_id, notes from pairs where certainty = 'doubtful'
union all
select 'places', place_id, null, notes from places where certainty = 'doubtful'
union all
select 'pair_events', event_id, source_id, notes from pair_events where certainty = 'doubtful'
union all
select 'statements', statement_id, source_id, notes from statements where certainty = 'doubtful'
union all
select 'casualty_statistics', statistic_id, source_id, notes
from casualty_statistics where certainty = 'doubtful'
union all
select 'reported_figures', figure_id, source_id, notes from reported_figures where certainty = 'doubtful'
union all
select 'sources', source_id, source_id, notes from sources where certainty = 'doubtful';

create view cell_history as
select history.table_name, history.row_id, history.column_name, value,
       began.version as first_version, ended.version as last_version,
       reason, note, first_position, last_position
from (
  select table_name, row_id, column_name, value, first_position, last_position
  from past_values
  union all
  select table_name, row_id, column_name, value,
         max(
           coalesce((
             select max(last_position) + 1 from past_values
             where past_values.table_name = cell_values.table_name
               and past_values.row_id = cell_values.row_id
               and past_values.column_name = cell_values.column_name
           ), 1),
           coalesce((
             select first_position from later_rows
             where later_rows.table_name = cell_values.table_name
               and later_rows.row_id = cell_values.row_id
           ), 1),
           coalesce((
             select first_position from later_columns
             where later_columns.table_name = cell_values.table_name
               and later_columns.column_name = cell_values.column_name
           ), 1)
         ), null
  from cell_values
) as history
join releases as began on began.position = first_position
left join releases as ended on ended.position = last_position
left join releases as following on following.position = last_position + 1
left join corrections on corrections.table_name = history.table_name
  and corrections.row_id = history.row_id
  and coalesce(corrections.column_name, history.column_name) = history.column_name
  and corrections.version = following.version;

create view retired_keys as
with recursive led (table_name, row_id, successor, version, reason, note) as (
  select table_name, row_id, value_after, version, reason, note
  from corrections
  where column_name is null
  union
  select led.table_name, led.row_id, corrections.value_after, led.version, led.reason, led.note
  from led join corrections on corrections.table_name = led.table_name
    and corrections.row_id = led.successor and corrections.column_name is null
)
select * from led
where successor is null
   or not exists (
     select 1 from corrections
     where corrections.table_name = led.table_name
       and corrections.row_id = led.successor and corrections.column_name is null
   );
