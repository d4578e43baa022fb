"""README.md of the released zip: what someone who opens it reads first."""

import json
from pathlib import Path
from typing import Any

from scripts.documents.citing import bibtex, cite_as

TEXT = Path(__file__).with_name("readme.md")


def readme(descriptor: dict[str, Any]) -> str:
    """The document; its head is what the Hugging Face Hub asks of a dataset card."""
    made = {"card": dataset_card(descriptor), "citation": cite_as(descriptor), "bibtex": bibtex(descriptor)}
    return TEXT.read_text("utf-8").format_map(descriptor | made)


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
