"""What museum date wordings mean to the catalog. Expected years are historical: -490 is 490 BCE."""

import pytest

from assets.catalog.normalize.dates import (
    LONGEST_TEXT,
    historical_to_astronomical,
    read_date,
    read_phases,
    span_of_years,
)
from assets.catalog.record import TimeSpan


def _years(text: str, *, day_first: bool | None = None) -> tuple[int | None, int | None]:
    """Earliest and latest in historical years."""
    span = _span(text, day_first=day_first)
    return _historical(span.earliest), _historical(span.latest)


def _historical(year: int | None) -> int | None:
    return year if year is None or year > 0 else year - 1


def _span(text: str, *, day_first: bool | None = None) -> TimeSpan:
    (span,) = read_date(text, day_first=day_first).values
    return span


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1642", 1642, 1642),
        ("1889–90", 1889, 1890),
        ("1788–9", 1788, 1789),
        ("c.1830-41", 1830, 1841),
        ("c.1928–31–1947", 1928, 1947),
        ("dated 1642", 1642, 1642),
        ("1884 or 1885", 1884, 1885),
        ("1794/1796", 1794, 1796),
        ("1963 and 1966", 1963, 1966),
        ("1976,1997", 1976, 1997),
        ("1920s", 1920, 1929),
        ("1960's", 1960, 1969),
        ("1950s-60s", 1950, 1969),
        ("late 1960s", 1967, 1969),
        ("mid- to late 1800s", 1834, 1899),
        ("early to mid-1600s", 1600, 1666),
        ("19th–20th c.", 1800, 1999),
        ("c. second half of the 19th century-early 20th century", 1850, 1933),
        ("first quarter of the 19th century", 1800, 1824),
        ("last third of the 19th century", 1867, 1899),
        ("third quarter of the nineteenth century", 1850, 1874),
        ("1st-2nd quarter of the 18th century", 1700, 1749),
        ("17th century (second half)", 1650, 1699),
        ("turn of the 20th century", 1890, 1909),
        ("later first or second century CE", 50, 199),
        ("2nd — first half of 3rd century CE", 100, 249),
        ("late 5th century B.C.", -433, -401),
        ("ca. 1350–1300 BCE", -1350, -1300),
        ("c. 1122 BCE-256 BCE", -1122, -256),
        ("1-199 CE", 1, 199),
        ("27 BC–AD 14", -27, 14),
        ("AD 100–200", 100, 200),
        ("1st century BCE–1st century CE", -100, 99),
        ("3rd millennium B.C.", -3000, -2001),
        ("ca. 10,500–300 BCE", -10500, -300),
        ("-490 to -480", -490, -480),
        ("480-450 BCE (so Arena on letters)", -480, -450),
        ("Late C3 AD - C4 AD", 267, 399),
        ("Late C2 AD - mid-C3 AD", 167, 266),
        ("Second half C5 AD - first half C6 AD (staurogram)", 450, 549),
        ("before 1920", None, 1920),
        ("by 1913", None, 1913),
        ("no later than 1850", None, 1850),
        ("cannot be later than the end of the 5th century", None, 499),
        ("1922 or earlier", None, 1922),
        ("after 1650", 1650, None),
        ("not before 1700", 1700, None),
        ("1912–present", 1912, None),
        ("1920–", 1920, None),
        ("after 1853 and before 1860", 1853, 1860),
        ("between 1920 and 1930", 1920, 1930),
        ("1953 (designed) c. 1977 (manufactured)", 1953, 1977),
        ("Project: 1902-1907; Drawn December 10, 1904", 1902, 1907),
    ],
)
def test_wordings_of_the_shared_collections_are_read(
    text: str, earliest: int | None, latest: int | None
) -> None:
    assert _years(text) == (earliest, latest)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        # The Metropolitan Museum of Art
        ("ca. 1390–1352 B.C.", -1390, -1352),
        ("ca. 530–520 BCE", -530, -520),
        ("late 4th–early 3rd millennium BCE", -3333, -2667),
        ("mid-2nd century A.D.", 134, 166),
        ("200 B.C.–A.D. 500", -200, 500),
        ("Edo period (1615–1868), 18th–19th century", 1700, 1868),
        ("Ming dynasty (1368–1644), Xuande mark and period (1426–35)", 1426, 1435),
        ("Qing dynasty (1644–1911), Qianlong period (1736–95), dated 1766", 1766, 1766),
        ("dated A.H. 957/1550 CE", 1550, 1550),
        ("dated A.H. 1010 (A.D. 1601–2)", 1601, 1602),
        ("A.H. 1257", 1841, 1842),
        ("1799 (Kansei 11)", 1799, 1799),
        ("1720-30, with later additions", 1720, 1730),
        ("probably 18th century", 1700, 1799),
        ("Attic, ca. 510 B.C.", -510, -510),
        # The Museum of Modern Art
        ("Saint Rémy, June 1889", 1889, 1889),
        ("1962–63, published 1964", 1962, 1964),
        ("1913 (printed 1970s)", 1913, 1979),
        ("(1914-1918)", 1914, 1918),
        ("Conceived 1912, cast 1931", 1912, 1931),
        ("c. 1931, printed c. 1950", 1931, 1950),
        ("1951 (assemblage destroyed, reconstructed 1964)", 1951, 1951),
        # Cleveland Museum of Art
        ("c. 1540-1296 BC", -1540, -1296),
        ("1296-1186 BC", -1296, -1186),
        ("late 500s BC", -533, -501),
        ("1400s BC", -1500, -1401),
        ("1600s", 1600, 1699),
        ("1700s–1800s", 1700, 1899),
        ("second half 1800s", 1850, 1899),
        ("c. late 1700s–early 1800s", 1767, 1833),
        # Rijksmuseum
        ("1640 - 1645", 1640, 1645),
        ("ca. 1660 - ca. 1665", 1660, 1665),
        ("in or before 1642", None, 1642),
        ("1525 - in or after 1550", 1525, None),
        ("ca. 1750–before 1779", 1750, 1779),
        ("eerste helft 17e eeuw", 1600, 1649),
        ("18de eeuw", 1700, 1799),
        ("voor 1650", None, 1650),
        # The British Museum
        ("19thC(late)", 1867, 1899),
        ("18thC", 1700, 1799),
        ("3rdC BC-1stC BC", -300, -1),
        ("1stC-2ndC", 1, 199),
        ("1780-1800 (circa)", 1780, 1800),
        ("664BC-525BC", -664, -525),
        ("26th Dynasty", -664, -525),
        # Cooper Hewitt, Victoria and Albert Museum, Harvard, Smithsonian
        ("1793/94", 1793, 1794),
        ("1720–30", 1720, 1730),
        ("designed 1956, made 1960", 1956, 1960),
        ("early 19th century or later", 1800, None),
        ("15th/16th century", 1400, 1599),
        ("circa 1500 B.C. - 1200 B.C.", -1500, -1200),
        ("XIX-XX c.", 1800, 1999),
        ("MDCXLII", 1642, 1642),
        ("c1830", 1830, 1830),
        ("[ca. 1889]", 1889, 1889),
        # German, French, Italian and Spanish records as Europeana and LIDO carry them
        ("2. Hälfte 15. Jh.", 1450, 1499),
        ("1. Hälfte 16. Jahrhundert", 1500, 1549),
        ("3. Viertel 17. Jh.", 1650, 1674),
        ("18./19. Jh.", 1700, 1899),
        ("1. Jh. v. Chr.", -100, -1),
        ("um 1500", 1500, 1500),
        ("Ende 18. Jh.", 1775, 1799),
        ("vor 1945", None, 1945),
        ("1920er Jahre", 1920, 1929),
        ("XIXe siècle", 1800, 1899),
        ("première moitié du XVIe siècle", 1500, 1549),
        ("2e quart du XVIIe siècle", 1625, 1649),
        ("Ier siècle av. J.-C.", -100, -1),
        ("vers 1850", 1850, 1850),
        ("années 1950", 1950, 1959),
        ("XVI secolo", 1500, 1599),
        ("prima metà del sec. XVII", 1600, 1649),
        ("III sec. a.C.", -300, -201),
        ("1500-1510 ca.", 1500, 1510),
        ("segunda mitad del siglo XVIII", 1750, 1799),
        ("siglos XVI-XVII", 1500, 1699),
        ("del siglo XVI al XVII", 1500, 1699),
        ("sec. XVI-XVII", 1500, 1699),
        # library catalogs and EDTF
        ("184X", 1840, 1849),
        ("18XX", 1800, 1899),
        ("[184-?]", 1840, 1849),
        ("18--", 1800, 1899),
        ("../1920", None, 1920),
        ("1650/..", 1650, None),
        ("1984~", 1984, 1984),
        ("1850-01-01/1850-12-31", 1850, 1850),
        ("1800 or before", None, 1800),
        ("um 1720/30", 1720, 1730),
        ("s. XVI", 1500, 1599),
        ("hacia 1650", 1650, 1650),
    ],
)
def test_wordings_of_other_catalogs_are_read(text: str, earliest: int | None, latest: int | None) -> None:
    assert _years(text) == (earliest, latest)


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "circa"),
    [
        ("Dynasty 18", -1550, -1295, True),
        ("Dynasty XVIII", -1550, -1295, True),
        ("Dynasties 19–20", -1295, -1069, True),
        ("New Kingdom, Dynasty 18, reign of Amenhotep III", -1390, -1352, True),
        ("Late Period–Ptolemaic Period", -664, -30, True),
        ("Third Intermediate Period, Dynasty 21", -1069, -945, True),
        ("Tang dynasty", 618, 907, False),
        ("Edo period", 1615, 1868, False),
        ("Muromachi or Momoyama period", 1392, 1615, False),
        ("Imperial", -27, 476, True),
        ("Hellenistic (?)", -323, -31, True),
        ("Victorian", 1837, 1901, False),
        ("Quattrocento", 1400, 1499, False),
    ],
)
def test_periods_stand_for_their_published_years(text: str, earliest: int, latest: int, circa: bool) -> None:
    assert _years(text) == (earliest, latest)
    assert _span(text).circa is circa
    assert read_date(text).by == "dates.period"


@pytest.mark.parametrize(
    ("text", "year"),
    [("Meiji 12", 1879), ("Tenpō 3", 1832), ("Shōwa 5", 1930), ("12th year of the Kangxi reign", 1673)],
)
def test_years_of_an_era_are_counted_from_its_first(text: str, year: int) -> None:
    assert _years(text) == (year, year)
    assert read_date(text).by == "dates.era-year"


def test_stated_years_win_over_the_table() -> None:
    assert _years("Qing dynasty, Kangxi period (1662–1722)") == (1662, 1722)
    assert _years("New Kingdom, 18th Dynasty, c. 1570-1320 BCE") == (-1570, -1320)


def test_a_period_before_the_common_era_lends_its_side_to_a_bare_century() -> None:
    assert _years("Hellenistic, 3rd century") == (-300, -201)


def test_a_style_is_no_date() -> None:
    assert read_date("Louis XV style").values == ()


@pytest.mark.parametrize(
    ("text", "circa", "uncertain"),
    [
        ("1785", False, False),
        ("c.1785", True, False),
        ("?1785", False, True),
        ("?c.1785", True, True),
        ("1950s?", False, True),
        ("2nd century CE (?)", False, True),
        ("possibly Western Han Dynasty, 202 BCE-8 CE", False, True),
        ("1948, ?later cast", False, False),
    ],
)
def test_circa_and_uncertain_are_kept_apart(text: str, circa: bool, uncertain: bool) -> None:
    span = _span(text)
    assert (span.circa, span.uncertain) == (circa, uncertain)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("1642", "1642"),
        ("c. 1642", "1642~"),
        ("?c.1785", "1785%"),
        ("1920s", "192X"),
        ("19th century?", "18XX?"),
        ("ca. 1350–1300 BCE", "-1349~/-1299~"),
        ("1879-c. 1890", "1879/1890~"),
        ("1907?–1910", "1907?/1910"),
        ("before 1920", "../1920"),
        ("1912–present", "1912/.."),
        ("spring 1920", "1920-21"),
        ("May 1935", "1935-05"),
        ("10th December 198—30th June 199 CE", "0198-12-10/0199-06-30"),
        ("10,500 BCE", "Y-10499"),
        ("1st century CE", "0001/0099"),
    ],
)
def test_edtf_says_the_same(text: str, edtf: str) -> None:
    assert _span(text).edtf == edtf


def test_intervals_that_edtf_cannot_write_have_none() -> None:
    assert _span("ca. 10,500–300 BCE").edtf is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1935 May 4", "1935-05-04", "1935-05-04"),
        ("May 4, 1935", "1935-05-04", "1935-05-04"),
        ("4. Mai 1935", "1935-05-04", "1935-05-04"),
        ("1935-05-04", "1935-05-04", "1935-05-04"),
        ("17.6.1971", "1971-06-17", "1971-06-17"),
        ("6/17/71", "1971-06-17", "1971-06-17"),
        ("3/1959", "1959-03-01", "1959-03-31"),
        ("February 1900", "1900-02-01", "1900-02-28"),
        ("April - May 1938", "1938-04-01", "1938-05-31"),
        ("May 4-6, 1935", "1935-05-04", "1935-05-06"),
        ("4–6 May 1935", "1935-05-04", "1935-05-06"),
    ],
)
def test_days_are_kept_where_the_source_has_them(text: str, first: str, last: str) -> None:
    span = _span(text)
    assert (span.earliest_day, span.latest_day) == (first, last)


def test_a_day_whose_order_is_open_gives_its_year_and_stays_unread() -> None:
    reading = read_date("06/10/1935")
    assert (reading.values[0].edtf, reading.by) == ("1935", "dates.day-order-unknown")
    assert reading.unread == "06/10/1935"


def test_a_profile_can_settle_the_order_of_day_and_month() -> None:
    assert _span("06/10/1935", day_first=False).earliest_day == "1935-06-10"
    assert _span("06/10/1935", day_first=True).earliest_day == "1935-10-06"


def test_a_day_that_no_calendar_has_is_unread_and_its_month_is_kept() -> None:
    reading = read_date("February 30, 1920")
    assert reading.values[0].edtf == "1920-02"
    assert "1920" in reading.unread


@pytest.mark.parametrize(
    "text", ["n.d.", "undated", "no date", "Date not known", "N/A", "[n.d.]", "o. J.", "", " "]
)
def test_undated_is_an_answer(text: str) -> None:
    reading = read_date(text)
    assert (reading.values, reading.by, reading.unread) == ((), "dates.undated", "")


@pytest.mark.parametrize("text", ["Oil on canvas", "posthumous reprint", "11 x 14", "155,354", "12345"])
def test_what_is_no_date_is_handed_back_whole(text: str) -> None:
    reading = read_date(text)
    assert (reading.values, reading.by, reading.unread) == ((), "dates.unread", text)


def test_remarks_are_handed_back_and_years_in_them_are_no_dates() -> None:
    reading = read_date("525—450 BCE (Biondi 1997)")
    assert _years("525—450 BCE (Biondi 1997)") == (-525, -450)
    assert reading.unread == "(Biondi 1997)"


def test_in_prose_the_first_statement_counts_and_the_rest_is_unread() -> None:
    text = "Probably an early 19th century fake (on an original louterion), rather than 3rd/2nd century BCE."
    assert _years(text) == (1800, 1833)
    assert "3rd/2nd century BCE" in read_date(text).unread


def test_an_essay_is_handed_back_unread() -> None:
    text = "1920 " * LONGEST_TEXT
    assert read_date(text).by == "dates.unread"
    assert read_phases(text).values == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1920", "dates.year"),
        ("1920-1925", "dates.range"),
        ("1884 or 1885", "dates.alternatives"),
        ("1969, 1994", "dates.list"),
        ("19th century", "dates.century"),
        ("3rd millennium BCE", "dates.millennium"),
        ("1920s", "dates.decade"),
        ("spring 1920", "dates.season"),
        ("May 1935", "dates.month"),
        ("May 4, 1935", "dates.day"),
        ("before 1920", "dates.open"),
        ("A.H. 1257", "dates.hijri"),
        ("1934, reworked 1964", "dates.phases"),
        ("6/17/71", "dates.short-year"),
        ("Saint Rémy, June 1889", "dates.prose"),
    ],
)
def test_the_rule_that_read_it_is_named(text: str, rule: str) -> None:
    assert read_date(text).by == rule


def test_the_wording_is_kept_for_display() -> None:
    assert _span("c. 1890 - inaccurate").text == "c. 1890 - inaccurate"


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("modeled 1844, carved ca. 1845-1873", [("modeled", 1844, 1844), ("carved", 1845, 1873)]),
        ("1934, reworked 1964", [("made", 1934, 1934), ("reworked", 1964, 1964)]),
        ("modeled 2001, cast 2012", [("modeled", 2001, 2001), ("cast", 2012, 2012)]),
        ("modeled 1923; cast 1924-1940", [("modeled", 1923, 1923), ("cast", 1924, 1940)]),
        ("1953 (designed) c. 1977 (manufactured)", [("designed", 1953, 1953), ("manufactured", 1977, 1977)]),
        ("1983 (manufactured c. 1995)", [("made", 1983, 1983), ("manufactured", 1995, 1995)]),
        ("1883-1886 cast 1899", [("made", 1883, 1886), ("cast", 1899, 1899)]),
        ("1861 (negative); 1890s (print)", [("negative", 1861, 1861), ("print", 1890, 1899)]),
        ("Published 1883", [("published", 1883, 1883)]),
        ("1914, later cast", []),
        ("1642", []),
        ("n.d.", []),
    ],
)
def test_steps_of_making_are_told_apart(text: str, phases: list[tuple[str, int, int]]) -> None:
    values = read_phases(text).values
    assert [(phase.name, phase.span.earliest, phase.span.latest) for phase in values] == phases


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "phases"),
    [
        ("1966 (printed later)", 1966, 1966, []),
        ("1857, printed later", 1857, 1857, []),
        ("1966 cast after 1944 original", 1966, 1966, [("cast", 1966, 1966)]),
        ("c. 1815 after 1767 original", 1815, 1815, []),
    ],
)
def test_a_later_step_without_a_date_and_the_date_of_a_model_are_not_the_artifacts(
    text: str, earliest: int, latest: int, phases: list[tuple[str, int, int]]
) -> None:
    (span,) = read_date(text).values
    assert (span.earliest, span.latest) == (earliest, latest)
    steps = read_phases(text).values
    assert [(step.name, step.span.earliest, step.span.latest) for step in steps] == phases


def test_the_date_covers_every_phase() -> None:
    assert _years("modeled 1844, carved ca. 1845-1873") == (1844, 1873)


def test_year_columns_are_historical_and_zero_is_not_known() -> None:
    span = span_of_years(-490, -480, circa=True, text="ca. 490-480 BCE")
    assert span == TimeSpan(
        earliest=-489, latest=-479, circa=True, edtf="-0489~/-0479~", text="ca. 490-480 BCE"
    )
    assert span_of_years(0, 0) is None
    assert span_of_years(None, None) is None


def test_one_year_column_alone_gives_an_open_span() -> None:
    after, before = span_of_years(1650, None), span_of_years(0, 1920, uncertain=True)
    assert after is not None and (after.earliest, after.latest, after.edtf) == (1650, None, "1650/..")
    assert before is not None and (before.earliest, before.latest, before.edtf) == (None, 1920, "../1920?")


def test_year_columns_in_the_wrong_order_are_put_in_order() -> None:
    span = span_of_years(1899, 1800)
    assert span is not None and (span.earliest, span.latest) == (1800, 1899)


def test_historical_years_lack_a_zero() -> None:
    assert [historical_to_astronomical(year) for year in (-490, -1, 1, 1642)] == [-489, 0, 1, 1642]
