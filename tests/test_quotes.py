"""Quotes stand word for word in the texts of their sources, where those are at hand."""

import pytest
from conftest import ROOT

from scripts.quotes import main, sha256, text_of

TEXTS = ROOT.parent / "shared" / "seeds"


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the four source texts are not on this machine")
def test_every_quote_of_the_four_texts_stands_in_its_text(capsys):
    status = main(["--texts", str(TEXTS)])
    assert (status, " in 4 texts" in capsys.readouterr().out) == (0, True)


@pytest.fixture
def text(tiny, tmp_path):
    """A folder with the text of a source of the tiny package, whose quote is from it."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear all,\n\n“We suspend\nthe tie”, for now.\n", "utf-8")
    digest = sha256(text_of(folder / "letter.txt"))
    path = tiny.parent / "data" / "sources.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines[1] = lines[1].replace(",en,,,stated,", f",en,,{digest},stated,")
    path.write_text("".join(lines), "utf-8")
    return folder


def test_quote_is_found_across_line_breaks(tiny, text, capsys):
    status = main([str(tiny), "--texts", str(text)])
    assert (status, capsys.readouterr().out) == (0, "1 quotes checked in 1 texts, 0 have no text here\n")


def test_changed_quote_is_named(tiny, text, capsys):
    path = tiny.parent / "data" / "statements.csv"
    path.write_text(path.read_text("utf-8").replace("We suspend the tie", "We […] end the tie"), "utf-8")
    status = main([str(tiny), "--texts", str(text)])
    assert (status, capsys.readouterr().out.splitlines()[0]) == (
        1,
        "ann-mayor-2022-03-01-suspension: not in its text: end the tie",
    )


def test_text_of_no_source_is_named(tiny, text, capsys):
    (text / "letter.txt").write_text("Another letter.", "utf-8")
    status = main([str(tiny), "--texts", str(text)])
    assert (status, capsys.readouterr().out.startswith("letter.txt: no source has")) == (1, True)


def test_no_folder_exits_2(tmp_path):
    assert main(["--texts", str(tmp_path / "nowhere")]) == 2
