"""The page on which a tie, place or state is found by its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Hit = Mapping[str, Any]  # a row of the question find_a_tie


@dataclass(frozen=True)
class Found:
    """What was found of what a reader typed; `sure` where it has all the words, not only near ones."""

    typed: str
    ties: Sequence[Hit]
    places: Sequence[Hit]
    sure: bool

    @property
    def only(self) -> tuple[str, str] | None:
        """Table and key of the one row that was meant: a tie, alone or with its own places, or a place."""
        if not (self.typed and self.sure) or len(self.ties) > 1:
            return None
        if self.ties:
            key = self.ties[0]["pair_id"]
            ends = key.split("--")
            return ("pairs", key) if all(place["place_id"] in ends for place in self.places) else None
        return ("places", self.places[0]["place_id"]) if len(self.places) == 1 else None


def found_of(typed: str, hits: Sequence[Hit]) -> Found:
    """The hits that have all the words; the nearest where none has."""
    sure = [hit for hit in hits if hit["match"] == "all words"]
    ties = [hit for hit in sure or hits if hit["pair_id"]]
    places = [hit for hit in sure or hits if hit["place_id"]]
    words = " ".join(typed.split()) if any(map(str.isalnum, typed)) else ""
    return Found(words, ties, places, bool(sure))
