"""Rules on statements."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.rules import among, begins_with, published, rule, slugs
from schemas.vocabulary import BREAK

QUOTE_WORDS = 20


@rule("statement_id", fix="Begin it with the speaker's name as a slug.")
def statement_id_names_speaker(statements: pd.DataFrame) -> pd.Series:
    """A statement_id begins with the speaker."""
    speaker = slugs(statements["speaker"])
    broken = ~begins_with(statements["statement_id"], speaker)
    return "expected " + speaker[broken] + "-..."


@rule("quote", fix=f"Cut it to a passage of at most {QUOTE_WORDS} words and let the summary say the rest.")
def quote_is_short(statements: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """A quote from a text of which we keep no copy has at most 20 words."""
    with_text = sources.loc[sources["text_sha256"].notna(), "source_id"]
    said = pa.array(statements["quote"])
    blanks = pc.subtract(pc.count_substring(said, " "), pc.multiply(2, pc.count_substring(said, BREAK)))
    words = pd.Series(blanks, index=statements.index, dtype="Int64") + 1
    return (words > QUOTE_WORDS) & ~among(statements["source_id"], with_text)


@rule("quote", fix="Take the outer quotation marks away.")
def quote_has_no_outer_marks(statements: pd.DataFrame) -> pd.Series:
    """A quote stands without quotation marks around it."""
    quote = statements["quote"]
    return quote.str.contains('^["“”„«]') & quote.str.contains('["“”»]$')


@rule("quote", fix="Begin and end with the speaker's words.")
def quote_breaks_are_inside(statements: pd.DataFrame) -> pd.Series:
    """A break in a quote stands between words of the speaker."""
    quote = statements["quote"]
    return quote.str.startswith(BREAK) | quote.str.endswith(BREAK)


@rule("stated_on", fix="Check both dates.")
def statement_before_its_report(statements: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """A statement does not lie after the publication of its source."""
    return statements["stated_on"] > published(statements["source_id"], sources)


@rule("speaker_role", fix="Empty it, or name the person as the speaker.")
def body_has_no_role(statements: pd.DataFrame) -> pd.Series:
    """A body that speaks for itself has no role."""
    return (statements["speaker"] == statements["speaker_organisation"]) & statements["speaker_role"].notna()
