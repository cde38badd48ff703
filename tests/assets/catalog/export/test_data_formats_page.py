import re
from pathlib import Path

import pytest


def test_the_examples_of_the_page_run(repository: Path) -> None:
    page = (repository / "docs" / "data-formats.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)

    assert examples
    for example in examples:
        exec(compile(example, "docs/data-formats.md", "exec"), {})


@pytest.mark.parametrize("standard", ["lido", "linked_art", "iiif", "crm_graph"])
def test_every_reader_is_on_the_page(repository: Path, standard: str) -> None:
    page = (repository / "docs" / "data-formats.md").read_text(encoding="utf-8")

    assert f"read_{standard}(" in page
