"""The contract as SQLite: tables with types, keys and checks, indexes, and full-text search."""

from collections.abc import Callable, Iterator, Mapping

from schemas.contract import Column, Table

TYPES = {"string": "TEXT", "date": "TEXT", "number": "REAL"}
TYPES |= dict.fromkeys(("integer", "year", "boolean"), "INTEGER")
LIMITS = {  # the limits of a column's values and of the length of its text
    "minimum": "{} >= {}",
    "maximum": "{} <= {}",
    "exclusiveMinimum": "{} > {}",
    "exclusiveMaximum": "{} < {}",
    "minLength": "length({}) >= {}",
    "maxLength": "length({}) <= {}",
}
Checks = Callable[[Column], Iterator[str]]  # the conditions that each cell of a column satisfies
# What is looked up besides keys: the citations of a row, and a place by its name in any case of letters.
LOOKUPS = dict.fromkeys(("citations", "evidence", "disagreements"), "table_name, row_id")
LOOKUPS |= {"places": "name COLLATE NOCASE"}


def quoted(value: object) -> str:
    """A value as an SQL literal."""
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"


def column_checks(column: Column) -> Iterator[str]:
    """What SQLite can check of a column; patterns it cannot."""
    if column.type == "boolean":
        yield f"{column.name} IN (0, 1)"
    if column.type == "date":
        yield f"{column.name} IS date({column.name}, '+0 days')"
    allowed = list(column.categories) or column.constraints.get("enum")
    if allowed:
        # IN with a list builds an index of its values for every row that is inserted.
        yield " OR ".join(f"{column.name} = {quoted(value)}" for value in allowed)
    yield from limit_checks(column)


def limit_checks(column: Column) -> Iterator[str]:
    """The bounds of a column's values and of the length of its text."""
    for limit, condition in LIMITS.items():
        if limit in column.constraints:
            yield condition.format(column.name, quoted(column.constraints[limit]))


def column_ddl(column: Column, types: Mapping[str, str], checks: Checks) -> str:
    """A column of CREATE TABLE."""
    parts = [column.name, types[column.type]]
    if column.required:
        parts.append("NOT NULL")
    if column.constraints.get("unique"):
        parts.append("UNIQUE")
    parts += [f"CHECK ({check})" for check in checks(column)]
    return " ".join(parts)


def listed(names: tuple[str, ...]) -> str:
    """Names of columns in parentheses."""
    return f"({', '.join(names)})"


def table_ddl(table: Table, types: Mapping[str, str] = TYPES, checks: Checks = column_checks) -> str:
    """CREATE TABLE with every key of the contract, in the types and with the checks of an engine."""
    lines = [column_ddl(column, types, checks) for column in table.columns]
    lines.append(f"PRIMARY KEY {listed(table.primary_key)}")
    lines += [f"UNIQUE {listed(key)}" for key in table.unique_keys]
    lines += [
        f"FOREIGN KEY {listed(key.columns)} REFERENCES {key.table} {listed(key.references)}"
        for key in table.foreign_keys
    ]
    return f"CREATE TABLE {table.name} (\n  " + ",\n  ".join(lines) + "\n) STRICT"


def index_ddl(table: Table) -> Iterator[str]:
    """An index for each foreign key that no other key of the table begins with, and for its lookup."""
    if table.name in LOOKUPS:
        yield f"CREATE INDEX idx_{table.name}_lookup ON {table.name} ({LOOKUPS[table.name]})"
    led = {key[0] for key in (table.primary_key, *table.unique_keys) if key}
    for columns in dict.fromkeys(key.columns for key in table.foreign_keys):
        if columns[0] not in led:
            name = "_".join((table.name, *columns))
            yield f"CREATE INDEX idx_{name} ON {table.name} {listed(columns)}"
