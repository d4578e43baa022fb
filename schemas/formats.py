"""How each type of the contract is spelled in a cell, and the typed column that results."""

import unicodedata
from decimal import Decimal, InvalidOperation

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]

# One spelling for each value, so that a diff shows changed values and nothing else. The bounds on
# digits are those within which every integer fits 64 bits and every decimal survives a double.
FORMS: dict[str, str] = {
    "integer": r"\A(?:0|-?[1-9][0-9]{0,17})\z",
    "number": r"\A(?:0|-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]|-?[1-9][0-9]*)\z",
    "boolean": r"\A(?:true|false)\z",
    "date": r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z",
    "year": r"\A[1-9][0-9]{3}\z",
}
SIGNIFICANT_DIGITS = 15


FRAME_TYPES: dict[str, tuple[pa.DataType, pd.api.extensions.ExtensionDtype]] = {
    "integer": (pa.int64(), pd.Int64Dtype()),
    "year": (pa.int64(), pd.Int64Dtype()),
    "number": (pa.float64(), pd.Float64Dtype()),
    "boolean": (pa.bool_(), pd.BooleanDtype()),
    "date": (pa.string(), pd.StringDtype("pyarrow")),
    "string": (pa.string(), pd.StringDtype("pyarrow")),
}


def mask(values: pa.ChunkedArray | pa.Array) -> Mask:
    """An Arrow boolean column as a mask, null as False."""
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), dtype=bool)


def misspelled(values: pa.ChunkedArray, type_name: str) -> Mask:
    """True for each cell that is not empty and not a spelling of the type."""
    if type_name not in FORMS:
        return np.zeros(len(values), dtype=bool)
    fits = pc.match_substring_regex(values, FORMS[type_name])
    if type_name == "date":
        days = pc.unique(values.filter(fits)).to_pandas()
        none = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce").isna() | (days < "0001")
        fits = pc.and_not(fits, pc.is_in(values, pa.array(days[none], pa.string())))
    if type_name == "number":
        digits = pc.replace_substring_regex(values, r"[-.]", "")
        fits = pc.and_(fits, pc.less_equal(pc.binary_length(digits), SIGNIFICANT_DIGITS))
    return mask(pc.invert(fits))


def spelled(type_name: str, text: str) -> bool:
    """Whether a text is a spelling of the type."""
    return not misspelled(pa.chunked_array([[text]]), type_name)[0]


def typed(values: pa.ChunkedArray, type_name: str, bad: Mask) -> pd.Series:
    """The column in its type; empty and misspelled cells are missing. Dates stay ISO text."""
    arrow_type, frame_type = FRAME_TYPES[type_name]
    if bad.any():
        values = pc.if_else(pa.array(bad), pa.scalar(None, values.type), values)
    if arrow_type != pa.string():
        values = pc.cast(values, arrow_type)
    series: pd.Series = values.to_pandas(types_mapper=lambda _: frame_type)
    return series


def respelled(type_name: str, text: str) -> str | None:
    """The right spelling of what a misspelled value probably means, or None where that is not plain.

    >>> respelled("integer", "1_000"), respelled("number", "28.0"), respelled("date", "2020-1-5")
    ('1000', '28', '2020-01-05')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if type_name in ("integer", "number", "year"):
        right = plain_number(plain.replace("_", "").replace(",", ""))
    elif type_name == "date":
        right = "-".join(part.zfill(2) for part in plain.split("-"))
    else:
        right = plain.lower()
    return right if right and spelled(type_name, right) else None


def plain_number(text: str) -> str | None:
    """A finite number in plain decimal digits, or None."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > SIGNIFICANT_DIGITS:
        return None
    digits = f"{number:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def as_spelled(value: object) -> str:
    """A value spelled as in the CSV file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)
