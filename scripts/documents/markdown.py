"""Markdown: tables written in it, and documents as templates that Datasette serves at their address."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it import MarkdownIt


def markdown(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown; an empty cell for None."""
    lines = [head, ["---"] * len(head), *rows]
    cells = [["" if cell is None else str(cell).replace("|", "\\|") for cell in line] for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


NAMES = ("methodology", "coverage", "omissions", "codebook", "rules", "examples")
DOCUMENTS = {name: f"docs/{name}.md" for name in NAMES}
DOCUMENTS |= {"policy": "docs/data-policy.md", "changes": "CHANGELOG.md"}
PAGES = {Path(file).name: name for name, file in DOCUMENTS.items()}
LINK = re.compile(r'<a href="(?!https?:|#)([^"#]*)(#[^"]*)?">(.*?)</a>', re.S)
HEADING = re.compile(r"<(h[2-6])>(.*?)</h", re.S)
COMMENT = re.compile(r"<!--.*?-->", re.S)
PAGE = """{% endraw %}{{ urls.path('/-/') }}{% raw %}"""
# https://docs.datasette.io/en/stable/custom_templates.html#custom-pages
TEMPLATE = """{% extends "document.html" %}
{% block document_title %}{% raw %}TITLE{% endraw %}{% endblock %}
{% block text %}{% raw %}TEXT{% endraw %}{% endblock %}"""


def document_pages(root: Path) -> Iterator[tuple[str, str]]:
    """The name of each document's template and its text, which may hold no template: braces stay braces."""
    for name, file in DOCUMENTS.items():
        html = LINK.sub(linked, rendered((root / file).read_text("utf-8")))
        title = re.sub("<[^>]*>", "", html.partition("</h1>")[0])
        yield f"pages/-/{name}.html", TEMPLATE.replace("TITLE", title).replace("TEXT", html)


def rendered(text: str) -> str:
    """A document in Markdown as HTML: headings with addresses, wide parts that scroll alone."""
    html = COMMENT.sub("", MarkdownIt("commonmark").enable("table").render(text))
    html = HEADING.sub(lambda tag: f'<{tag[1]} id="{anchor(tag[2])}">{tag[2]}</h', html)
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table class="data">')
    html = html.replace("<pre>", '<div class="scroll" tabindex="0"><pre>').replace("</pre>", "</pre></div>")
    return html.replace("</table>", "</table></div>")


def linked(link: re.Match[str]) -> str:
    """A link to another document as one to its page; the site does not have other files."""
    name = PAGES.get(link[1].rpartition("/")[2])
    return f'<a href="{PAGE}{name}{link[2] or ""}">{link[3]}</a>' if name else link[3]


def anchor(heading: str) -> str:
    """The name of a heading in an address."""
    return re.sub(r"[^a-z0-9_]+", "-", re.sub("<[^>]*>", "", heading).lower()).strip("-")
