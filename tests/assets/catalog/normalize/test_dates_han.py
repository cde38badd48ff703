"""Dates as museums write them in Chinese and Japanese. Expected years are historical: -500 is 500 BCE."""

import pytest

from assets.catalog.normalize.dates import read_date, read_phases
from assets.catalog.normalize.dates_han import chinese_number, has_han
from assets.catalog.record import TimeSpan


def _span(text: str) -> TimeSpan:
    (span,) = read_date(text).values
    return span


def _years(text: str) -> tuple[int | None, int | None]:
    span = _span(text)
    return _historical(span.earliest), _historical(span.latest)


def _historical(year: int | None) -> int | None:
    return year if year is None or year > 0 else year - 1


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("19世紀", 1800, 1899),
        ("19世纪", 1800, 1899),
        ("十九世紀", 1800, 1899),
        ("１９世紀", 1800, 1899),
        ("公元前5世纪", -500, -401),
        ("前5世紀", -500, -401),
        ("公元前5—3世纪", -500, -201),
        ("18～19世紀", 1700, 1899),
        ("19世紀末", 1875, 1899),
        ("18世紀後半", 1750, 1799),
        ("18世紀中期-19世紀初", 1734, 1833),
        ("19世紀第2四半期", 1825, 1849),
        ("20世纪30年代", 1930, 1939),
        ("二十世纪三十年代", 1930, 1939),
        ("1930年代", 1930, 1939),
        ("公元前206年-公元220年", -206, 220),
        ("漢 前206–220", -206, 220),
        ("西暦1879年", 1879, 1879),
        ("1900年以前", None, 1900),
        ("19世紀以前", None, 1899),
        ("1868年以降", 1868, None),
        ("1912年まで", None, 1912),
        ("1868年から1912年まで", 1868, 1912),
    ],
)
def test_centuries_decades_and_years_are_read(text: str, earliest: int | None, latest: int | None) -> None:
    assert _years(text) == (earliest, latest)
    assert read_date(text).unread == ""


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("明治12年", 1879),
        ("昭和50年", 1975),
        ("令和3年", 2021),
        ("天保3年", 1832),
        ("光緒二十年", 1894),
        ("光绪元年", 1875),
        ("萬曆四十八年", 1620),
        ("民國三十年", 1941),
        ("民國105年", 2016),
        ("清 光緒二十年（1894）", 1894),
        ("1879年（明治12年）", 1879),
        ("江戸時代 元和元年", 1615),
    ],
)
def test_years_of_an_era_are_counted_in_arabic_and_chinese_figures(text: str, year: int) -> None:
    assert _years(text) == (year, year)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("清代", 1644, 1911),
        ("唐", 618, 907),
        ("唐代", 618, 907),
        ("江戸時代", 1615, 1868),
        ("清 乾隆 (1736–1795)", 1736, 1795),
        ("清乾隆", 1736, 1795),
        ("乾隆年间", 1736, 1795),
        ("大明宣德年製", 1426, 1435),
        ("清康熙至乾隆", 1662, 1795),
        ("清代、康熙", 1662, 1722),
        ("明治・大正", 1868, 1926),
        ("宋-元", 960, 1368),
        ("明末清初", 1576, 1733),
        ("江戸時代後期", 1785, 1868),
        ("清晚期", 1823, 1911),
        ("民國", 1912, 1949),
        ("昭和50年代", 1975, 1984),
        ("正德", 1506, 1521),
        ("正徳", 1711, 1716),
    ],
)
def test_dynasties_periods_and_reigns_stand_for_their_years(text: str, earliest: int, latest: int) -> None:
    assert _years(text) == (earliest, latest)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("Qing dynasty 清代, Qianlong 乾隆 (1736–1795)", 1736, 1795),
        ("Edo period 江戸時代, 19th century", 1800, 1899),
        ("Meiji 12 明治12年 (1879)", 1879, 1879),
        ("second half of the 19th century 19世紀後半", 1850, 1899),
        ("清 late 18th century", 1767, 1799),
        ("江戸時代・18世紀", 1700, 1799),
        ("Taisho era, ca. 1920s 大正時代", 1920, 1929),
        ("室町時代 15-16世紀", 1400, 1599),
    ],
)
def test_wordings_that_mix_scripts_are_read_once(text: str, earliest: int, latest: int) -> None:
    assert _years(text) == (earliest, latest)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1975年5月3日", "1975-05-03", "1975-05-03"),
        ("一九七五年五月三日", "1975-05-03", "1975-05-03"),
        ("1975年5月", "1975-05-01", "1975-05-31"),
        ("昭和50年5月3日", "1975-05-03", "1975-05-03"),
    ],
)
def test_days_and_months_are_kept(text: str, first: str, last: str) -> None:
    span = _span(text)
    assert (span.earliest_day, span.latest_day) == (first, last)


def test_a_day_of_the_lunar_calendar_is_left_unread_and_its_year_kept() -> None:
    reading = read_date("明治5年3月2日")
    assert reading.values[0].edtf == "1872"
    assert reading.unread == "明治5年3月2日"


@pytest.mark.parametrize(
    ("text", "circa", "uncertain"),
    [
        ("約1900年", True, False),
        ("1900年頃", True, False),
        ("大约1900年", True, False),
        ("鎌倉時代 13世紀か", False, True),
        ("1900年？", False, True),
        ("縄文時代", True, False),
    ],
)
def test_about_and_perhaps_are_kept_apart(text: str, circa: bool, uncertain: bool) -> None:
    span = _span(text)
    assert (span.circa, span.uncertain) == (circa, uncertain)


@pytest.mark.parametrize("text", ["年代不詳", "年代不详", "制作年不明", "不明"])
def test_undated_is_an_answer_in_any_script(text: str) -> None:
    reading = read_date(text)
    assert (reading.values, reading.by, reading.unread) == ((), "dates.undated", "")


@pytest.mark.parametrize(
    "text", ["金漆", "清漆", "明るい", "宋体", "絹本著色", "弘治2年", "至元十六年", "光緒九十年"]
)
def test_what_is_no_date_or_names_no_one_era_is_handed_back_whole(text: str) -> None:
    reading = read_date(text)
    assert (reading.values, reading.by, reading.unread) == ((), "dates.unread", text)


def test_an_era_of_another_country_than_the_dynasty_before_it_stays_unread() -> None:
    reading = read_date("唐 元和十年")
    assert _years("唐 元和十年") == (618, 907)
    assert reading.unread == "元和十年"


def test_one_dynasty_tells_two_eras_of_one_name_apart() -> None:
    assert _years("明弘治") == (1488, 1505)


def test_a_text_in_chinese_names_no_step_of_making() -> None:
    assert read_phases("清 乾隆").values == ()


@pytest.mark.parametrize(
    ("figures", "number"),
    [
        ("十", 10),
        ("十九", 19),
        ("二十", 20),
        ("廿三", 23),
        ("一九七五", 1975),
        ("一百零五", 105),
        ("元", 1),
        ("12", 12),
    ],
)
def test_chinese_figures_are_numbers(figures: str, number: int) -> None:
    assert chinese_number(figures) == number


def test_latin_texts_do_not_take_the_way_of_chinese_ones() -> None:
    assert not has_han("c. 1830–41") and not has_han("1830")
    assert has_han("19世紀")
