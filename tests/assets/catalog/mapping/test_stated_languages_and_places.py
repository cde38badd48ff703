"""Languages that a column states, and places that no rule can read."""

import pytest

from tests.assets.catalog.mapping.rows import field, mapped, rules


@pytest.mark.parametrize(("stated", "tag"), [("French", "fr"), ("fre", "fr"), ("Deutsch", "de"), ("", "en")])
def test_a_column_may_state_the_language_of_a_text(stated: str, tag: str) -> None:
    rule = field('to = "texts"\nfrom = "Note"\nlanguage_from = "Lang"')
    record, findings = mapped(rule, Note="Vase de Sevres", Lang=stated)
    assert record.texts[0].language == tag
    assert findings == ()


def test_a_language_that_is_none_is_said_and_the_profiles_is_taken() -> None:
    rule = field('to = "texts"\nfrom = "Note"\nlanguage_from = "Lang"')
    record, findings = mapped(rule, Note="Vase de Sevres", Lang="see file")
    assert record.texts[0].language == "en"
    assert rules(findings) == [("languages.unread", "warning")]


@pytest.mark.parametrize(
    ("text", "told"),
    [("Found in 1911 by a farmer", [("places.unread", "warning")]), ("unknown", []), ("Gela, Sicily", [])],
)
def test_a_place_that_cannot_be_read_leaves_a_finding(text: str, told: list[tuple[str, str]]) -> None:
    _, findings = mapped(field('to = "places"\nfrom = "Place"\nrole = "found"'), Place=text)
    assert rules(findings) == told
