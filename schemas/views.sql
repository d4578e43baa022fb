-- The views of the database: what follows from the tables and therefore stands in none of them.
-- `evidence` and `disagreements` name every table and column; they are written by scripts/database/derived.py.

-- One row per interval in which a tie had one status. `valid_from` is the first day (empty: not
-- known), `valid_to` the first day of the next status (empty: none known), `is_current` marks the last.
-- Kept to SQL that DuckDB and Spark read too, so that they can answer from the Parquet files.
create view pair_status_history as
with foundings as (
  select pair_id, occurred_on, occurred_on_precision, event_id,
         row_number() over (
           partition by pair_id order by occurred_on is null, occurred_on, event_id
         ) as place
  from pair_events
  where event in ('announced', 'established')
),
changes as (
  select pairs.pair_id, 'listed' as status, occurred_on as valid_from,
         occurred_on_precision as valid_from_precision, event_id, 0 as step
  from pairs left join foundings on foundings.pair_id = pairs.pair_id and place = 1
  union all
  select pair_id, event, occurred_on, occurred_on_precision, event_id, 1
  from pair_events
  where event in ('kept', 'limited', 'suspended', 'ended', 'reinstated')
)
select pair_id,
       row_number() over (
         partition by pair_id order by step, valid_from is not null, valid_from, event_id
       ) as interval_number,
       status, valid_from, valid_from_precision, valid_to, is_last as is_current, event_id
from (
  select *, lead(valid_from) over in_time as valid_to, lead(step) over in_time is null as is_last
  from changes
  window in_time as (
    partition by pair_id order by step, valid_from is not null, valid_from, event_id
  )
) as intervals
-- What an undated decision followed cannot be placed in time; the decision takes its whole place.
where is_last or valid_to is not null;

-- One row per tie: both places, founding, status now, and how much is known of it.
create view pairs_overview as
select pairs.pair_id,
       us.name as us_place, us.admin1_name as us_division,
       partner.name as partner_place, partner.admin1_name as partner_division,
       partner.country as partner_country,
       pairs.tie_kind,
       history.status, history.valid_from as status_since,
       history.valid_from_precision as status_since_precision,
       decision.decided_by_kind, decision.decided_by,
       founding.occurred_on as established_on,
       founding.occurred_on_precision as established_on_precision,
       distances.distance_km,
       us.latitude as us_latitude, us.longitude as us_longitude,
       partner.latitude as partner_latitude, partner.longitude as partner_longitude,
       (select count(*) from pair_events where pair_events.pair_id = pairs.pair_id) as events,
       (select count(distinct source_id) from (
          select pairs.source_id as source_id
          union all select source_id from pair_events where pair_events.pair_id = pairs.pair_id
          union all select citations.source_id from citations
            where citations.table_name = 'pairs' and citations.row_id = pairs.pair_id
          union all select citations.source_id from pair_events join citations
            on citations.table_name = 'pair_events' and citations.row_id = pair_events.event_id
            where pair_events.pair_id = pairs.pair_id
       )) as sources,
       pairs.certainty,
       pairs.us_place_id, pairs.partner_place_id
from pairs
join places as us on us.place_id = pairs.us_place_id
join places as partner on partner.place_id = pairs.partner_place_id
join pair_status_history as history on history.pair_id = pairs.pair_id and history.is_current
left join pair_events as decision on decision.event_id = history.event_id and history.status <> 'listed'
left join pair_events as founding
  on founding.pair_id = pairs.pair_id and founding.event = 'established'
left join distances on distances.pair_id = pairs.pair_id;

-- One row per date and reporter of cumulative civilian casualties in Ukraine, all demographics.
create view casualties_timeline as
select period_end, reported_by,
       max(case outcome when 'killed' then value end) as killed,
       max(case outcome when 'injured' then value end) as injured,
       max(case outcome when 'killed_or_injured' then value end) as killed_or_injured,
       min(published_on) as published_on,
       group_concat(distinct source_id) as source_ids
from casualty_statistics
where population = 'civilians' and party = 'UA' and demographic = 'all' and place_id = 'ua-ukraine'
  and unit = 'persons' and cumulative and value_high is null and period_end is not null
group by period_end, reported_by;

-- One row per run of versions in which a cell had one value; `last_position` is empty for the present
-- one. `reason` and `note` are those of the correction that ended the run.
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

-- One row per key that was removed or renamed, with the key that its row has now (empty: it was removed).
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

-- One row per tie: the names of its places and nothing that needs counting. What other views and
-- queries join to say which tie is meant.
create view tie_places as
select pair_id, us.name as us_place, us.admin1_name as us_division,
       partner.name as partner_place, partner.admin1_name as partner_division,
       partner.country as partner_country, us_place_id, partner_place_id
from pairs
join places as us on us.place_id = us_place_id
join places as partner on partner.place_id = partner_place_id;

-- One row per event of a tie, with the names of its places. `latest_on` is the last day on which it
-- may have happened: a date known only to its year or month is stored as that period's first day, and
-- a decision of "2022" would otherwise seem to come before the invasion. `month` is empty where only the
-- year is known.
create view tie_events as
select event_id, pair_id, us_place, us_division, partner_place, partner_country,
       event, occurred_on, occurred_on_precision,
       case occurred_on_precision
         when 'year' then date(occurred_on, '+1 year', '-1 day')
         when 'month' then date(occurred_on, '+1 month', '-1 day')
         else occurred_on
       end as latest_on,
       case when occurred_on_precision <> 'year' then substr(occurred_on, 1, 7) end as month,
       decided_by_kind, decided_by, vote, summary, source_id, certainty
from pair_events join tie_places using (pair_id);

-- One row per event that changed a tie or decided that it should not change.
create view decisions as
select * from tie_events
where event in ('announced', 'established', 'kept', 'limited', 'suspended', 'ended', 'reinstated');

-- One row per event with a reported vote. The counts are empty where a vote is only said to have been
-- unanimous.
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

-- One row per decision that turned an earlier one round: a tie that was kept is cut, or one that was
-- cut is kept or reinstated. What merely goes further, from suspended to ended, is no turn.
create view turns as
select pair_id, case when cut then 'kept, then cut' else 'cut, then restored' end as turn,
       earlier_status, earlier_on, earlier_on_precision, earlier_event_id,
       status as later_status, valid_from as later_on, valid_from_precision as later_on_precision,
       event_id as later_event_id
from (
  select *, status in ('limited', 'suspended', 'ended') as cut,
         lag(status) over tie as earlier_status, lag(valid_from) over tie as earlier_on,
         lag(valid_from_precision) over tie as earlier_on_precision,
         lag(event_id) over tie as earlier_event_id
  from pair_status_history
  window tie as (partition by pair_id order by interval_number)
)
where earlier_status <> 'listed' and cut <> (earlier_status in ('limited', 'suspended', 'ended'));

-- One row per tie that a statement is about. `latest_on` as in tie_events.
create view tie_statements as
select pair_id, us_place, us_division, partner_place, partner_country, statement_id, speaker,
       speaker_role, speaker_country, stated_on, stated_on_precision,
       case stated_on_precision
         when 'year' then date(stated_on, '+1 year', '-1 day')
         when 'month' then date(stated_on, '+1 month', '-1 day')
         else stated_on
       end as latest_on,
       stance, quote, summary, source_id, certainty
from statement_pairs join statements using (statement_id) join tie_places using (pair_id);

-- One row per reporter, period and group of people of the civilian casualties in Ukraine as a whole.
create view civilian_casualties as
select reported_by, period_start, period_end, period_end_precision, cumulative, demographic,
       max(case outcome when 'killed' then value end) as killed,
       max(case outcome when 'injured' then value end) as injured,
       max(case outcome when 'killed_or_injured' then value end) as killed_or_injured,
       min(source_id) as source_id, count(distinct source_id) as sources
from casualty_statistics
where population = 'civilians' and party = 'UA' and place_id = 'ua-ukraine' and unit = 'persons'
group by reported_by, period_start, period_end, period_end_precision, cumulative, demographic;

-- One row per month from the invasion to the last event or casualty number.
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

-- One row per row of any table that is marked doubtful.
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
