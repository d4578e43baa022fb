"""Queries of readers who mean ill: each takes as much time or memory as it can get, in its own way."""

from urllib.parse import urlencode

ENDLESS = "with recursive c(i) as (select 1 union all select i + 1 from c) "
LONG = (
    "with a as materialized (select replace(hex(zeroblob(88000)), '0', 'a') as x,"
    " replace(hex(zeroblob(7000)), '0', 'b') || 'a' as y) select "
)
JOINED = ", ".join(f"c{i}(x) as (select a.x from c{i - 1} a, c{i - 1} b)" for i in range(1, 30))
CROSSED = "cell_values a, cell_values b, cell_values c"

SQL = [
    # One step of SQLite's machine that takes seconds.
    LONG + " + ".join(f"length(trim(x || '{n}', y))" for n in range(12)) + " from a",
    LONG + " + ".join(f"length(ltrim(x || '{n}', y))" for n in range(12)) + " from a",
    LONG + " + ".join(f"length(rtrim(x || '{n}', y))" for n in range(12)) + " from a",
    LONG + " + ".join(f"(x || '{n}' glob '*[{'bcd' * 100}]*[{'efg' * 100}]')" for n in range(8)) + " from a",
    "select '" + "a" * 6000 + "' like '%" + "a%" * 400 + "b'",
    LONG + "length(replace(x || x || x, 'a', x)) from a",
    LONG + "instr(x || x || x || x, y || y || 'c') from a",
    "select printf('%.*c', 400000000, 'x')",
    "select length(format('%.90000000c', 'x'))",
    LONG + "json_valid('[' || replace(x, 'a', '[') || ']') from a",
    # Time in preparing.
    f"with c0(x) as (select 1), {JOINED} select count(*) from c29",
    "select " + " || ".join(["(select hex(randomblob(90000)))"] * 150),
    "select json(" + "replace(" * 150 + "'x'" + ", 'x', 'xxxxxxxx')" * 150 + ")",
    # Steps without end.
    ENDLESS + "select count(*) from c",
    ENDLESS + "select max(random()) from c",
    ENDLESS + "select count(*) from c a, c b",
    f"select count(*) from {CROSSED}",
    f"select count(distinct a.value || b.value || c.value) from {CROSSED}",
    f"select a.value from {CROSSED} order by a.value || b.value, random() limit 5",
    "select avg(length(a.value) * length(b.value)) from cell_values a, cell_values b where a.value glob '*'",
    "select sum(a.rowid) from cell_values_fts a, cell_values_fts b",
    "select count(*) from pairs a, pairs b, pairs c, pairs d where a.pair_id like '%' || d.pair_id || '%'",
    # Memory.
    ENDLESS + "select i from c order by -i",
    ENDLESS + "select group_concat(i) from c",
    ENDLESS + "select json_group_array(i) from c",
    ENDLESS + "select i, hex(zeroblob(90000)) as v from c order by v, -i",
    "select hex(zeroblob(40000000))",
    "select zeroblob(1000000000)",
    "select replace(hex(zeroblob(90000)), '0', hex(zeroblob(900)))",
    "select x, count(*) over (order by x rows between unbounded preceding and 1 following) from"
    " (select a.value as x from cell_values a, (select 1 from pairs limit 50))",
    # Large answers.
    "select * from cell_values",
    "select a.*, b.* from cell_values a, pairs b limit 5000",
    "select " + ", ".join(["i"] * 180) + f" from ({ENDLESS} select i from c) limit 5000",
    ENDLESS + "select zeroblob(90000) from c",
    # What tells of the process and of others.
    "select sql from sqlite_stmt",
    "select * from dbstat",
]
DOWNLOAD = "/sister_cities/cell_values.csv?_stream=on&_size=max"  # a whole table, which is no query
TABLES = [
    "/sister_cities/cell_values?_size=max",
    "/sister_cities/cell_values.json?_size=max&_labels=on",
    "/sister_cities/cell_values?_where="
    + "length(value)%3D1+or+" * 150
    + "0&_facet=value&_facet=column_name",
    "/sister_cities/cell_values?" + "&".join(f"value__notlike=%25q%25{n}%25z" for n in range(90)),
    "/sister_cities/pairs_overview?_where=exists(select+1+from+cell_values+a,cell_values+b)&_size=500",
    "/sister_cities/find_a_tie?q=" + "a+OR+" * 500,
    "/sister_cities/cell_values?_facet_array=value&_facet_date=value&_facet=row_id&value__contains=a",
]


def addresses() -> list[str]:
    """The paths, each query in one of the three forms."""
    forms = ("", ".json", ".csv")
    queries = [f"/sister_cities{forms[i % 3]}?{urlencode({'sql': sql})}" for i, sql in enumerate(SQL)]
    return [*queries, *TABLES, DOWNLOAD]
