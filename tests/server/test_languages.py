"""Which language serves a person best."""

import pytest

from server.languages import looked_up, ranked

SAMPLE = ("en", "zh-Hans")


@pytest.mark.parametrize(
    ("wish", "available", "found"),
    [
        ("zh-Hant-CN-x-private1-private2", ("zh-Hant",), "zh-Hant"),  # RFC 4647 section 3.4
        ("zh-Hant-CN-x-private1-private2", ("zh-Hant-CN",), "zh-Hant-CN"),
        ("de-CH-1996", ("de", "de-DE"), "de"),
        ("EN-us", ("en-GB", "en-US"), "en-US"),
        ("fr", ("en", "de"), None),
        ("en", ("en-GB",), None),  # lookup never lengthens
    ],
)
def test_lookup_shortens_the_wish_until_it_is_there(
    wish: str, available: tuple[str, ...], found: str | None
) -> None:
    assert looked_up(wish, available) == found


@pytest.mark.parametrize(
    ("wished", "best"),
    [
        (("zh-CN",), "zh-Hans"),
        (("zh-SG", "en"), "zh-Hans"),
        (("zh-TW", "en"), "zh-Hans"),  # another script of one's language before another language
        (("fr-CA", "zh"), "zh-Hans"),
        (("en-GB",), "en"),
        (("fr",), "en"),
        ((), "en"),
        (("*",), "en"),
        (("not a language", "12345", "zh"), "zh-Hans"),
    ],
)
def test_a_wish_is_served_by_the_nearest_language_there_is(wished: tuple[str, ...], best: str) -> None:
    assert ranked(wished, SAMPLE)[0] == best


def test_every_available_language_is_ranked_once_and_unknown_ones_come_last() -> None:
    assert ranked(("de-AT",), ("und", "fr", "de", "en")) == ("de", "fr", "en", "und")
