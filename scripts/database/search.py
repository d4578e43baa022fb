"""What the question find_a_tie searches: the words of every place's names, folded, and their trigrams.

A word is folded by the table search_foldings, which the question applies to what a reader types as well:
letters without case and marks, then whole words of one meaning. So nothing but SQL is needed to search.
"""

import re
import sqlite3
import unicodedata
from itertools import chain

# Letters that NFKD leaves whole, and signs that stand within a word; any other sign parts words.
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ґ": "г"}
LETTERS |= dict.fromkeys("'’‘ʼʹʺ`´′ʻ.", "")
# Latin, Greek and Cyrillic; the same with more marks, punctuation and symbols; wide forms.
SCRIPTS = (range(0x530), range(0x1E00, 0x2C00), range(0xFF00, 0xFFF0), (0x3000,))
UNSAID = (
    "about all and are between city cities for in is of sister the there tie ties to town towns twin twinned"
    " what which with"
)
WORDS = {"saint": "st", "sankt": "st", "санкт": "ст", "fort": "ft", "mount": "mt", "usa": "us"}
WORDS |= {"america": "us"} | dict.fromkeys(UNSAID.split(), "")
COUNTRIES = {"US": "US United States", "RU": "Russia Russian Federation", "UA": "Ukraine Ukrainian"}

# Place and name: first those of the place itself, whose words are `own` (2 where one is the whole name), then
# those of where it lies.
OWN_NAMES = """
SELECT place_id, name FROM places UNION SELECT place_id, native_name FROM places WHERE native_name IS NOT NULL
UNION SELECT place_id, name FROM place_names
UNION SELECT us_place_id, us_name_reported FROM pairs
UNION SELECT partner_place_id, partner_name_reported FROM pairs"""
WHERE_IT_LIES = """
SELECT place_id, admin1_name, CASE country WHEN 'US' THEN substr(admin1_code, 4) END, country FROM places"""


def write_search(db: sqlite3.Connection) -> None:
    """Fill the tables of the search in a database that has the places and the pairs."""
    foldings = {**letters(), **WORDS}
    db.executemany("INSERT INTO search_foldings VALUES (?, ?)", sorted(foldings.items()))
    owned: dict[tuple[str, str], int] = {}
    for place, *names, country in db.execute(WHERE_IT_LIES):
        for word in words(" ".join(filter(None, (*names, COUNTRIES.get(country, country)))), foldings):
            owned[word, place] = 0
    for place, name in db.execute(OWN_NAMES):
        whole = words(name, foldings)
        for word in whole + words(initials(name), foldings):
            owned[word, place] = max(owned.get((word, place), 0), 1 + (whole == [word]))
    rows = sorted((word, place, own) for (word, place), own in owned.items())
    db.executemany("INSERT INTO search_words VALUES (?, ?, ?)", rows)
    parts = sorted({(part, word) for word, _ in owned for part in trigrams(word)})
    db.executemany("INSERT INTO search_trigrams VALUES (?, ?)", parts)


def letters() -> dict[str, str]:
    """Every character that is not written as it is searched, with how it is."""
    every = map(chr, chain.from_iterable(SCRIPTS))
    folded = ((letter, folded_letter(letter)) for letter in every)
    return {letter: text for letter, text in folded if letter != text}


def folded_letter(letter: str) -> str:
    """A character without case and marks; a blank for what parts words."""
    if letter in LETTERS:
        return LETTERS[letter]
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    return "".join(
        LETTERS.get(part, part if part.isalnum() else " ")
        for part in decomposed
        if not unicodedata.category(part).startswith("M")
    )


def words(text: str, foldings: dict[str, str]) -> list[str]:
    """The words of a text as they are searched."""
    folded = "".join(foldings.get(letter, letter) for letter in text)
    return [known for word in folded.split() if (known := foldings.get(word, word))]


def initials(name: str) -> str:
    """The first letters of a name of three words or more; fewer letters would be taken for a state's code.

    >>> initials("New York City"), initials("Los Angeles")
    ('NYC', '')
    """
    letters = [word[0] for word in re.findall(r"\w+", name)]
    return "".join(letters) if len(letters) > 2 else ""


def trigrams(word: str) -> set[str]:
    """The runs of three letters of a word; its beginning counts twice.

    >>> sorted(trigrams("ufa"))
    ['  u', ' uf', 'fa ', 'ufa']
    """
    padded = f"  {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}
