"""README.md of the released zip: what someone who opens it reads first."""

import json
from typing import Any

from scripts.documents.citing import bibtex, cite_as


def readme(descriptor: dict[str, Any]) -> str:
    """The document; its head is what the Hugging Face Hub asks of a dataset card."""
    licence = descriptor["licenses"][0]
    return f"""{dataset_card(descriptor)}
# {descriptor["title"]} {descriptor["version"]}

{descriptor["description"]}

| you look for | it is in |
| --- | --- |
| the tables, as CSV in UTF-8 | `data/` |
| tables that follow from them, such as the status of each tie at each time | `derived/` |
| what each table and column means | [docs/codebook.md](docs/codebook.md); for programs `datapackage.json` |
| how the data was made, what it covers, what is missing | [methodology](docs/methodology.md), \
[coverage](docs/coverage.md), [omissions](docs/omissions.md), [data policy](docs/data-policy.md) |
| examples in SQL, Python and R | [docs/examples.md](docs/examples.md) |
| what changed since when | [CHANGELOG.md](CHANGELOG.md) |

`datapackage.json` is a [Data Package](https://datapackage.org/) with hash, size and rows of each file;
`croissant.json` describes the same for [Croissant](https://docs.mlcommons.org/croissant/).

**In Excel** a double click on a CSV file garbles names and turns votes such as 9-1 into dates. Open the
workbook (.xlsx) of the release instead, or use *Data > From Text/CSV*, choose *65001: Unicode (UTF-8)* and
*Do not detect data types*.

## Cite

{cite_as(descriptor)}

```bibtex
{bibtex(descriptor)}```

`CITATION.cff` says it to programs. Name the version: values change between versions.

Licence: [{licence["title"]}]({licence["path"]}).
"""


def dataset_card(descriptor: dict[str, Any]) -> str:
    """The head of a dataset card, a configuration a table: https://huggingface.co/docs/hub/datasets-cards."""
    rows = sum(resource["rows"] for resource in descriptor["resources"])
    card = {
        "pretty_name": descriptor["title"],
        "license": descriptor["licenses"][0]["name"].lower(),
        "language": ["en"],
        "tags": [word.lower().replace(" ", "-") for word in descriptor["keywords"]],
        "size_categories": ["1K<n<10K" if rows < 10_000 else "10K<n<100K"],
        "configs": [
            {"config_name": one["name"], "data_files": one["path"]} for one in descriptor["resources"]
        ],
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in card.items()]
    return "\n".join(["---", *lines, "---"]).replace("}, {", "},\n  {")
