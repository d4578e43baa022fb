"""The Data Package v2 profile narrowed for this package (schemas/profile.json), and what departs from it."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from scripts.checking.positions import Path as JsonPath

# jsonschema knows date-time only beside a package that reads it, and is silent without.
FORMATS = FormatChecker(formats=())

MOST = 1000  # departures that are reported; a descriptor with more of them is not one of this package


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value: object) -> bool:
    """Whether a text is a moment of the calendar; what is no text is another rule's business."""
    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


def unique_items(validator: Any, wanted: bool, items: Any, schema: Any) -> Iterator[ValidationError]:
    """The keyword uniqueItems in linear time; jsonschema compares each object with each."""
    if (
        wanted
        and isinstance(items, list)
        and len({json.dumps(i, sort_keys=True) for i in items}) < len(items)
    ):
        yield ValidationError("an item stands in the list twice")


@cache
def profile() -> Validator:
    """The validator of schemas/profile.json."""
    path = Path(__file__).parents[2] / "schemas" / "profile.json"
    linear: type[Validator] = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"uniqueItems": unique_items}
    )
    return linear(json.loads(path.read_text(encoding="utf-8")), format_checker=FORMATS)


def departures(descriptor: Any) -> Iterator[tuple[JsonPath, str, str | None, str]]:
    """Where a descriptor departs from the profile: path, keyword, value if it is plain, and what is wrong.

    No more than MOST are looked for.
    """
    for error in islice(profile().iter_errors(descriptor), MOST):
        value = str(error.instance) if isinstance(error.instance, str | int | float) else None
        around = dotted(tuple(error.absolute_path)) or "the descriptor"
        for where in places(error):
            yield where, str(error.validator), value, f"{around}: {sentence(error)}"


def places(error: ValidationError) -> list[JsonPath]:
    """Where a descriptor departs: of entries that are missing or not known, their own places."""
    where = tuple(error.absolute_path)
    names: list[str] = []
    if error.validator == "required":
        names = re.findall("'(.*)' is a required", error.message)
    if error.validator == "additionalProperties":
        failed: Any = error
        names = sorted(set(failed.instance) - set(failed.schema["properties"]))
    return [(*where, name) for name in names] or [where]


def dotted(where: JsonPath) -> str | None:
    """A path as a person writes it: resources.2.schema."""
    return ".".join(map(str, where)) or None


def sentence(error: ValidationError) -> str:
    """The validator's sentence, cut where it would print a whole resource; a form in words if it has some."""
    wanted = error.schema.get("description") if isinstance(error.schema, dict) else None
    if wanted and error.validator in ("pattern", "format"):
        return f"{error.instance!r} is not {wanted}"
    return error.message if len(error.message) < 300 else f"breaks the rule {error.validator!r}"
