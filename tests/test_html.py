"""The pages by the Nu Html Checker, https://validator.github.io/validator/, where it is at hand.

It needs Java: `npm install vnu-jar`, then `VNU=node_modules/vnu-jar/build/dist/vnu.jar`.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from test_pages import KINDS

CHECKER = Path(os.environ.get("VNU", "vnu.jar"))
MORE = [
    *("/sister_cities/casualties_timeline", "/sister_cities/statements", "/sister_cities/places/ua-ukraine"),
    *(
        "/sister_cities/find_a_tie?q=zzzz",
        "/sister_cities?sql=select+nonsense",
        "/sister_cities/what_changed",
    ),
    *("/sister_cities/share_suspended_or_ended?date=6/31/2022", "/sister_cities/pairs?_search=Chicago"),
    *("/-/codebook", "/-/examples", "/-/changes", "/sister_cities/who_said_what?speaker=Lori+Lightfoot"),
]
PAGES = [page for page in KINDS if not page.endswith((".xml", ".txt", ".atom"))] + MORE


@pytest.mark.skipif(
    not (CHECKER.is_file() and shutil.which("java")), reason="the Nu Html Checker is not on this machine"
)
async def test_no_kind_of_page_has_an_error(site, tmp_path):
    for number, page in enumerate(PAGES):
        (tmp_path / f"{number}.html").write_text((await site.client.get(page)).text, "utf-8")
    command = ["java", "-jar", str(CHECKER), "--format", "json", "--stdout", str(tmp_path)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)["messages"]
    errors = [one for one in found if one["type"] != "info"]
    assert [(PAGES[int(Path(one["url"]).stem)], one["message"], one["extract"]) for one in errors] == []
