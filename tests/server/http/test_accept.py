"""Content negotiation as RFC 9110 section 12.5.1 has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.http.accept import _PART, preferred

JSON = "application/json"
LINKED_ART = 'application/ld+json;profile="https://linked.art/ns/v1/linked-art.json"'
IIIF = 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
OFFERED = (JSON, LINKED_ART, IIIF)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/ld+json", LINKED_ART),
        (IIIF, IIIF),
        (LINKED_ART.upper().replace("HTTPS://LINKED.ART/NS/V1/LINKED-ART.JSON", "x"), None),
        ("text/html, application/ld+json;q=0.8, */*;q=0.1", LINKED_ART),
        (f"application/json;q=0.2, {IIIF};q=0.9", IIIF),
        ("*/*, application/json;q=0", LINKED_ART),
        ("text/html", None),
        ("application/json;q=0", None),
        ("application/json;q=nonsense", None),
        ('text/x;a="b,application/json"', None),
    ],
)
def test_the_offer_that_the_client_likes_most_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert preferred(accept, OFFERED) == chosen


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_no_header_breaks_the_choice(accept: str) -> None:
    assert preferred(accept, OFFERED) in (*OFFERED, None)


def test_a_quote_that_is_never_closed_takes_the_rest_and_is_read_once() -> None:
    header = 'text/x;a="' + '\\"' * 100 + "," + "\\"
    assert _PART.findall(header) == [header]
    assert preferred(f"{header}, {JSON}", OFFERED) is None
