"""Makers: wordings of many catalogs, the hand-checked sample, and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.normalize.names import read_maker
from assets.catalog.record import Maker, TimeSpan
from tests.assets.catalog.normalize.checked import checked_rows, counted


def _span(span: TimeSpan | None) -> str:
    if span is None:
        return ""
    later = f"/{span.latest}" if span.latest != span.earliest else ""
    return f"{'c' if span.circa else ''}{span.earliest}{later}{'?' if span.uncertain else ''}"


def _told(maker: Maker) -> str:
    actor = maker.actor
    name = f"#{actor.name}" if actor.kind == "group" else actor.name
    told = f"{maker.role}: " if maker.role else ""
    told += f"[{maker.qualifier}] {name}" if maker.qualifier else name
    if actor.nationality:
        told += f" <{actor.nationality}>"
    if actor.born or actor.died:
        told += f" {{{_span(actor.born)}-{_span(actor.died)}}}"
    return told


def told(text: str) -> str:
    """In short: "role: [qualifier] #Group <nationality> {born-died} | next maker"."""
    return " | ".join(_told(maker) for maker in read_maker(text).values)


WORDINGS = {
    "Abbott, Jackson Miles": "Jackson Miles Abbott",
    "Gogh, Vincent van": "Vincent van Gogh",
    "Saint Phalle, Niki de": "Niki de Saint Phalle",
    "Reynolds, Sir Joshua": "Sir Joshua Reynolds",
    "Wharncliffe, Lady": "Lady Wharncliffe",
    "Frederic, Lord Leighton": "Frederic, Lord Leighton",
    "William Strickland, 6th Baronet": "William Strickland, 6th Baronet",
    "King, Martin Luther, Jr.": "Martin Luther King, Jr.",
    "Bruegel, Pieter, the Elder": "Pieter Bruegel the Elder",
    "Sadeler, Jan I": "Jan Sadeler I",
    "Vanderbilt, Joseph V.": "Joseph V. Vanderbilt",
    "attributed to Rembrandt van Rijn": "[attributed to] Rembrandt van Rijn",
    "Attributed to the workshop of Giotto": "[attributed to workshop of] Giotto",
    "Workshop of Peter Paul Rubens": "[workshop of] Peter Paul Rubens",
    "Rembrandt, school of": "[school of] Rembrandt",
    "Follower of Hieronymus Bosch": "[follower of] Hieronymus Bosch",
    "after Raphael": "[after] Raphael",
    "After: Raphael": "[after] Raphael",
    "nach Albrecht Dürer": "[after] Albrecht Dürer",
    "d'après Nicolas Poussin": "[after] Nicolas Poussin",
    "toegeschreven aan Jan Steen": "[attributed to] Jan Steen",
    "?William Blake": "[possibly] William Blake",
    "Unknown": "Unknown",
    "Unidentified artist": "Unknown",
    "Unknown, Chinese": "Unknown <Chinese>",
    "unknown English, London": "Unknown <English>",
    "American, 19th century": "Unknown <American>",
    "Chinese": "Unknown <Chinese>",
    "Artist: Robert Blake (American, 1762–1787)": "artist: Robert Blake <American> {1762-1787}",
    "Charles Meryon\nFrench, 1821-1868": "Charles Meryon <French> {1821-1868}",
    "Adam Grimm, United States, b. 1980": "Adam Grimm <United States> {1980-}",
    "Pieter Bruegel the Elder (Netherlandish, ca. 1525–1569)": (
        "Pieter Bruegel the Elder <Netherlandish> {c1525-1569}"
    ),
    "Jean Dubuffet (French, 1901-85)": "Jean Dubuffet <French> {1901-1985}",
    "Vincent van Gogh (Dutch, Zundert 1853–1890 Auvers-sur-Oise)": "Vincent van Gogh <Dutch> {1853-1890}",
    "Euphronios (Greek, active ca. 520–470 BC)": "Euphronios <Greek>",
    "Menander (Greek, ca. 342–290 BCE)": "Menander <Greek> {c-341--289}",
    "John Smith; Mary Jones": "John Smith | Mary Jones",
    "Peter Fischli, David Weiss": "Peter Fischli | David Weiss",
    "John Langlands and John Robertson": "John Langlands | John Robertson",
    "Lyon, Reuben and Twinam, Charles": "Reuben Lyon | Charles Twinam",
    "Designed by Charles Eames (American, 1907–1978) and Ray Eames (American, 1912–1988)": (
        "designer: Charles Eames <American> {1907-1978} | designer: Ray Eames <American> {1912-1988}"
    ),
    "Lucas Vorsterman (Flemish, 1595-1675)\nafter Jan Lievens (Dutch, 1607-1674)": (
        "Lucas Vorsterman <Flemish> {1595-1675} | [after] Jan Lievens <Dutch> {1607-1674}"
    ),
    "Currier and Ives": "#Currier and Ives",
    "Skidmore, Owings and Merrill": "#Skidmore, Owings and Merrill",
    "Gorham Company, The": "#The Gorham Company",
    "Adams, William and Sons": "#William Adams and Sons",
    "Morin, Paul, et Cie": "#Paul Morin et Cie",
    "Burnham, D. H. & Company": "#D. H. Burnham & Company",
    "Ishimaru Co., Ltd.": "#Ishimaru Co., Ltd.",
    "George Duncan and Sons (Manufacturer)": "manufacturer: #George Duncan and Sons",
    "Print made by: Rembrandt": "maker: Rembrandt",
    "Kunisada II (Toyokuni IV)": "Kunisada II (Toyokuni IV)",
    "Vincent van Gogh (Dutch, 1853–1890), artist": "artist: Vincent van Gogh <Dutch> {1853-1890}",
    "Meissener Porzellan Manufaktur (attributed to), Meissen": (
        "[attributed to] #Meissener Porzellan Manufaktur, Meissen"
    ),
    "Marcel Duchamp (American, born France. 1887–1968)": "Marcel Duchamp <American> {1887-1968}",
    "Dürer, Albrecht (1471 Nürnberg - 1528 Nürnberg)": "Albrecht Dürer {1471-1528}",
    "Turner, J. M. W., 1775-1851": "J. M. W. Turner {1775-1851}",
    "Warhol, Andy, 1928-1987": "Andy Warhol {1928-1987}",
    "Katsushika Hokusai (Japanese, Tokyo (Edo) 1760–1849 Tokyo (Edo))": (
        "Katsushika Hokusai <Japanese> {1760-1849}"
    ),
    "Unknown artist, Italian, 16th century": "Unknown <Italian>",
    "Japan, Edo period": "Unknown <Japan>",
    "Greek, Attic": "Unknown <Greek>",
    "workshop of the Berlin Painter": "[workshop of] Berlin Painter",
    "": "",
    "n/a": "",
    "after ,": "after",
}


@pytest.mark.parametrize(("text", "expected"), WORDINGS.items())
def test_wording_of_a_catalog_is_read(text: str, expected: str) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Abbott, Jackson", "person"), ("Meissen Manufactory", "group"), ("White Swan", "unknown"),
     ("Jane Doe (1900-1980)", "person"), ("Unknown", "unknown")],
)  # fmt: skip
def test_person_or_group_is_said_only_where_the_text_shows_it(text: str, kind: str) -> None:
    assert [maker.actor.kind for maker in read_maker(text).values] == [kind]


def test_role_of_the_column_is_used_where_the_text_states_none() -> None:
    assert [maker.role for maker in read_maker("Doe, Jane", role="artist").values] == ["artist"]
    assert [maker.role for maker in read_maker("Potter: Jane Doe", role="artist").values] == ["potter"]


def test_years_of_activity_are_not_life_dates_but_stay_unread() -> None:
    read = read_maker("Euphronios (Greek, active ca. 520–470 BC)")
    assert (read.values[0].actor.born, read.unread) == (None, "active ca. 520–470 BC")


def test_alternative_birth_years_become_bounds() -> None:
    (maker,) = read_maker("Pietro Piranesi (Italian, born 1758/9)").values
    assert maker.actor.born == TimeSpan(earliest=1758, latest=1759)


def test_hand_checked_sample_of_215_names_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Whole makers right (name in display order, group, role, qualifier, nationality, years), seed 20260102.

    At the first reading: 210 of 215 (97.7 %); cmoa 72/75, nmwa 33/35, all others right. That is the figure
    to quote; the five slips were then mended, so the count asserted here only guards against loss. Most
    of these names are plain or inverted: the sample shows little about qualifiers and several makers.
    """
    judged = ((row["institution"], told(row["text"]) == row["expected"]) for row in checked_rows("names"))
    assert counted(judged, capsys) == (215, 215)


@given(st.lists(st.from_regex(r"[A-Z][a-z]{1,8}\.?", fullmatch=True), min_size=1, max_size=4), st.booleans())
def test_shortcut_for_plain_names_reads_what_the_full_reading_reads(words: list[str], inverted: bool) -> None:
    text = f"{words[0]}, {' '.join(words[1:])}" if inverted and len(words) > 1 else " ".join(words)
    # the closing semicolon keeps the text off the shortcut
    assert read_maker(text) == read_maker(f"{text};")


_WORDS = st.sampled_from(
    ["Jane", "Doe", ",", "and", "&", "(", ")", "American", "1900", "-", "1980", "b.",
    "after", "Sons", "Co.", "?",
     "unknown", "the", "Lady", "Jr.", ";", "\n", "artist:", "by", "or", "19th century", "ca.", "BC", "/"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=16).map(" ".join)))
def test_any_text_is_read_without_an_error_and_every_maker_has_a_name(text: str) -> None:
    assert all(maker.actor.name.strip() for maker in read_maker(text).values)


_SURNAMES = st.from_regex(r"[A-Z][a-z]{3,8}", fullmatch=True).filter(lambda name: told(name) == name)


@given(_SURNAMES, _SURNAMES)
def test_inverted_name_is_turned_and_loses_no_word(surname: str, given_name: str) -> None:
    read = read_maker(f"{surname}, {given_name}")
    words = " ".join(maker.actor.name for maker in read.values) + " " + read.unread
    assert {surname, given_name} <= set(words.replace(",", " ").split()) or read.by == "names.anonymous"
