"""Facets that also count the rows whose cell is empty, and lead to them; Datasette's leave them out."""

from contextlib import suppress
from typing import Any

from datasette.database import QueryInterrupted
from datasette.facets import ColumnFacet
from datasette.utils import escape_sqlite, path_with_added_args, path_with_removed_args

Results = list[dict[str, Any]]


class FacetWithEmpty(ColumnFacet):  # type: ignore[misc]
    """The values of a column with their counts, the most frequent first, and the empty cells last."""

    async def facet_results(self) -> tuple[Results, list[str]]:
        """The facets, and the columns for which there was no time."""
        facets, timed_out = await super().facet_results()
        counts = [f"sum(coalesce({escape_sqlite(facet['name'])}, '') = '')" for facet in facets]
        if not counts:
            return facets, timed_out
        sql = f"select {', '.join(counts)} from ({self.sql})"
        with suppress(QueryInterrupted):
            (row,) = await self.ds.execute(self.database, sql, self.params)
            for facet, count in zip(facets, row, strict=True):
                facet["results"][:] = [one for one in facet["results"] if one["value"] != ""]
                if count:
                    facet["results"].append(self.empty(facet["name"], count))
        return facets, timed_out

    def empty(self, column: str, count: int) -> dict[str, Any]:
        """The empty cells of a column as one more value."""
        filtered = {f"{column}__isblank": "1"}
        selected = set(filtered.items()) <= set(self.get_querystring_pairs())
        path = (path_with_removed_args if selected else path_with_added_args)(self.request, filtered)
        address = self.ds.absolute_url(self.request, self.ds.urls.path(path))
        return {"value": None, "label": "", "count": count, "toggle_url": address, "selected": selected}
