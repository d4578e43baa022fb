"""Each permission is decided once: nobody logs in here, and neither metadata nor tables change.

Datasette decides anew at every request, and copies its whole metadata for each table that a page names
(app.py, `_table_permission_allows`), which took four fifths of the time of the home page.
"""

from typing import Any

from datasette import hookimpl

DECISIONS = 10_000  # names that do not exist are asked for too


@hookimpl
def startup(datasette: Any) -> None:
    """Remember what Datasette decides for readers without a name."""
    decide = datasette.permission_allowed
    decided: dict[tuple[str, Any, Any], Any] = {}

    async def permission_allowed(actor: Any, action: str, resource: Any = None, default: Any = False) -> Any:
        if actor is not None:
            return await decide(actor, action, resource=resource, default=default)
        asked = (action, tuple(resource) if isinstance(resource, list) else resource, default)
        if asked not in decided:
            decision = await decide(actor, action, resource=resource, default=default)
            if len(decided) < DECISIONS:
                decided[asked] = decision
            return decision
        return decided[asked]

    datasette.permission_allowed = permission_allowed
