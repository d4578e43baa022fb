"""The Data Package v2 profile narrowed for this package (schemas/profile.json), and what departs from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from scripts.checking.positions import Path as JsonPath

# jsonschema knows date-time only beside a package that reads it, and is silent without.
FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value: object) -> bool:
    """Whether a text is a moment of the calendar; what is no text is another rule's business."""
    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


@cache
def profile() -> Draft202012Validator:
    """The validator of schemas/profile.json."""
    path = Path(__file__).parents[2] / "schemas" / "profile.json"
    text = path.read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text), format_checker=FORMATS)


def departures(descriptor: Any) -> Iterator[tuple[JsonPath, str | None, str]]:
    """Where a descriptor departs from the profile: path, value if it is a plain one, and what is wrong."""
    for error in profile().iter_errors(descriptor):
        where = tuple(error.absolute_path)
        value = str(error.instance) if isinstance(error.instance, str | int | float) else None
        yield where, value, f"{dotted(where) or 'the descriptor'}: {sentence(error)}"


def dotted(where: JsonPath) -> str | None:
    """A path as a person writes it: resources.2.schema."""
    return ".".join(map(str, where)) or None


def sentence(error: ValidationError) -> str:
    """The validator's sentence, cut where it would print a whole resource; a form in words if it has some."""
    wanted = error.schema.get("description") if isinstance(error.schema, dict) else None
    if wanted and error.validator in ("pattern", "format"):
        return f"{error.instance!r} is not {wanted}"
    return error.message if len(error.message) < 300 else f"breaks the rule {error.validator!r}"
