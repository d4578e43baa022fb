"""Rules on reported figures."""

import pandas as pd

from schemas.rules import begins_with, empty, rule


@rule("value", fix="Give the number, or the wording in value_reported.")
def figure_has_value(reported_figures: pd.DataFrame) -> pd.Series:
    """A figure has a number, or the wording that stands for one."""
    return empty(reported_figures, "value") & reported_figures["value_reported"].isna()


@rule("figure_id", fix="Begin it with the measure, with hyphens.")
def figure_id_names_measure(reported_figures: pd.DataFrame) -> pd.Series:
    """A figure_id begins with the measure."""
    measure = reported_figures["measure"].str.replace("_", "-")
    return ~begins_with(reported_figures["figure_id"], measure)
