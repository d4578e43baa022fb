"""SVG as text in which every attribute and every word is escaped."""

from collections.abc import Iterable

from markupsafe import Markup, escape

NOTHING = Markup("")


def element(tag: str, inside: str | Markup | Iterable[Markup] = "", /, **attributes: object) -> Markup:
    """One element; `_` in a keyword is `-`, one at its end is dropped (`class_`), None leaves it out."""
    words = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(number(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    content = escape(inside) if isinstance(inside, str) else NOTHING.join(inside)
    return Markup(f"<{tag}{words}>{content}</{tag}>" if content else f"<{tag}{words}/>")


def number(value: object) -> str:
    """A number with one decimal at most; anything else as it is."""
    return f"{round(value, 1):g}" if isinstance(value, float) else str(value)


def path(points: Iterable[tuple[float, float]]) -> str:
    """The points as path data."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
