"""Documents of docs/ as parts of the site's pages."""

import re

from markdown_it import MarkdownIt

DOCUMENTS = ("data-policy", "methodology", "coverage", "omissions")
LINK = re.compile(r'<a href="(?:\./)?(?!https?:|#)([^"#]*)(#[^"]*)?">(.*?)</a>', re.S)
HEADING = re.compile(r"<(h[2-6])>(.*?)</h", re.S)
PAGE = """{% endraw %}{{ urls.path('/-/') }}{% raw %}"""


def document_page(text: str) -> str:
    """A document as HTML for a template, which may hold no template of its own: braces stay braces."""
    html = MarkdownIt("commonmark").enable("table").render(text)
    html = LINK.sub(linked, html)
    html = HEADING.sub(lambda found: f'<{found[1]} id="{anchor(found[2])}">{found[2]}</h', html)
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table class="data">')
    return "{% raw %}" + html.replace("</table>", "</table></div>") + "{% endraw %}"


def linked(link: re.Match[str]) -> str:
    """A link to another document as one to its page; the site does not have other files."""
    name = link[1].removesuffix(".md")
    return f'<a href="{PAGE}{name}{link[2] or ""}">{link[3]}</a>' if name in DOCUMENTS else link[3]


def anchor(heading: str) -> str:
    """The name of a heading in an address."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub("<[^>]*>", "", heading).lower()).strip("-")
