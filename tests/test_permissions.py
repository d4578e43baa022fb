"""Permissions decided once are those that Datasette decides."""

import pytest
from datasette.app import Datasette

ASKED = [
    ("view-instance", None, None),
    ("view-database", "sister_cities", None),
    ("view-database", "_internal", True),
    ("view-database-download", "sister_cities", None),
    ("view-table", ("sister_cities", "pairs"), True),
    ("view-query", ("sister_cities", "who_said_what"), None),
    ("execute-sql", "sister_cities", True),
    ("permissions-debug", None, False),
    ("debug-menu", None, False),
]


@pytest.mark.parametrize("actor", [None, {"id": "root"}, {"id": "someone"}])
@pytest.mark.parametrize(("action", "resource", "default"), ASKED)
async def test_decision_is_that_of_datasette(site, actor, action, resource, default):
    decided = [
        await site.permission_allowed(actor, action, resource=resource, default=default) for _ in range(2)
    ]
    own = await Datasette.permission_allowed(site, actor, action, resource=resource, default=default)
    assert decided == [own, own]
