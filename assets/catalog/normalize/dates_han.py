"""Stretches of a date text in Chinese characters, and what each is to the grammar of dates.

Chinese and Japanese catalogs write "19世紀", "明治12年", "清 乾隆", "公元前5世纪", "1975年5月3日". Each
stretch becomes pieces in the order in which the grammar of :mod:`.dates_grammar` hears them: what stands
behind a date in these languages ("末", "以前") comes before it. Figures are Arabic or Chinese. A name of
one character is a dynasty only where it stands alone or before a reign, a part or a word for dynasty.

A day of an era from 1873 on is one of the Gregorian calendar; before that year the calendar was lunar,
and the day is left unread. Pure.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from assets.catalog.normalize.dates_lexicon import Kind, Token
from assets.catalog.normalize.eras import HAN_NAMES, Era, era_at, year_of_era

_FIRST_GREGORIAN_YEAR: Final = 1873
_MINGUO_OFFSET: Final = 1911
_HAN: Final = r"\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_FIGURES: Final = "〇零一二三四五六七八九十百廿卅元壱弐参"
_VALUES: Final = {
    **dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
    "壱": 1, "弐": 2, "参": 3, "元": 1, "廿": 20, "卅": 30,
}  # fmt: skip
_NUMBER: Final = rf"(?:\d{{1,4}}|[{_FIGURES}]{{1,8}})"
_LONG_NAMES: Final = "|".join(sorted((n for n in HAN_NAMES if len(n) > 1), key=len, reverse=True))
_SHORT_NAMES: Final = "".join(sorted(n for n in HAN_NAMES if len(n) == 1))
_ERA_SUFFIX: Final = r"(?:王朝|時代|时代|時期|时期|年間|年间|年製|年制|代|朝|期|年(?![号號]))?"
_DIVIDED: Final = "初中前後后早晚末上下第盛"
_PARTS: Final[dict[str, tuple[float, float]]] = {
    **dict.fromkeys(("前半期", "前半葉", "前半叶", "前半", "上半葉", "上半叶", "上半"), (0.0, 1 / 2)),
    **dict.fromkeys(
        ("後半期", "後半葉", "後半", "后半期", "后半叶", "后半", "下半葉", "下半叶", "下半"), (1 / 2, 1.0)
    ),
    **dict.fromkeys(("初期", "早期", "前期", "初葉", "初叶", "初頭", "初头", "初年", "初"), (0.0, 1 / 3)),
    **dict.fromkeys(("中葉", "中叶", "中期", "中頃", "中ごろ", "中"), (1 / 3, 2 / 3)),
    **dict.fromkeys(("晚期", "晩期", "後期", "后期", "末期", "末葉", "末叶", "末年"), (2 / 3, 1.0)),
    "末": (3 / 4, 1.0),
}
_ORDERED: Final = {
    **{name: (n - 1, n) for n, names in enumerate(("1一", "2二", "3三", "4四"), 1) for name in names}
}
_PATTERN: Final = re.compile(
    rf"""
    (?:(?P<era>{_LONG_NAMES})|(?<![{_HAN}])大?(?P<short>[{_SHORT_NAMES}])
        (?=$|[^{_HAN}]|王朝|[代朝{_DIVIDED}]|時|时|[至到・、，]|(?:{_LONG_NAMES}))
      |(?<=[至到末初・、，])(?P<linked>[{_SHORT_NAMES}])(?=$|[^{_HAN}]|[代朝{_DIVIDED}]))
      {_ERA_SUFFIX.replace("年(?![号號])", "皇帝|帝")}
      (?:\s*(?P<count>{_NUMBER})\s*(?:年(?P<tens>代)?
        (?:\s*(?P<era_month>{_NUMBER})\s*月(?:\s*(?P<era_day>{_NUMBER})\s*日)?)?|(?=$|[^\d{_HAN}])))?
  | (?P<year>\d{{4}}|[一二][〇零一二三四五六七八九]{{3}})\s*年
      \s*(?P<month>{_NUMBER})\s*月(?:\s*(?P<day>{_NUMBER})\s*日)?
  | (?P<century>{_NUMBER})\s*世[紀纪]\s*(?P<decade>\d0|[二三四五六七八九]?十)\s*年代
  | (?P<unit>{_NUMBER}?)\s*世[紀纪]
  | (?P<decades>\d{{3}}0|[一二][〇零一二三四五六七八九]{{2}}[〇零])\s*年代
  | (?P<plain>\d{{1,4}}|[{_FIGURES}]{{1,8}})\s*年(?:間|间)?
  | 第?(?P<quarter>[1-4一二三四])(?:四半期|四分の一)
  | (?P<bce>(?:公元|西元|西暦|西曆|西历|紀元|纪元)?前(?=\s*[\d{_FIGURES}]))
  | (?P<ce>(?:公元|西元|紀元|纪元)(?:後|后)?|西暦|西曆|西历|西紀)
  | (?P<part>{"|".join(sorted(_PARTS, key=len, reverse=True))})
  | (?P<circa>およそ|大約|大约|ころ|ごろ|左右|前後|前后|頃|约|約)
  | (?P<perhaps>可能|推定|恐らく|おそらく|推測|推测|疑似|或為|或为|か(?![{_HAN}]))
  | (?P<until>以前|之前|まで)
  | (?P<since>以降|以後|以后|之後|之后|以来|以來)
  | (?P<to>から|より|至|到|[～〜－])
  | (?P<filler>[のにはを年]|時代|时代|制作|製作|作|刊|造|款|年製|年制|本)(?![{_HAN}])
  | (?P<comma>[、，・])
  | (?P<semicolon>；)
  | (?P<open>[（［「【])
  | (?P<close>[）］」】])
  | (?P<question>？)
    """,
    re.VERBOSE,
)
_SIMPLE: Final = {
    "circa": (Kind.CIRCA, "circa", 0),
    "perhaps": (Kind.PERHAPS, "probably", 0),
    "ce": (Kind.CALENDAR, "ce", 1),
    "bce": (Kind.CALENDAR, "bce", -1),
    "to": (Kind.TO, "to", 0),
    "filler": (Kind.FILLER, "the", 0),
    "comma": (Kind.COMMA, ",", 0),
    "semicolon": (Kind.SEMICOLON, ";", 0),
    "open": (Kind.OPEN, "(", 0),
    "close": (Kind.CLOSE, ")", 0),
    "question": (Kind.QUESTION, "?", 0),
}
_ANY: Final = re.compile(rf"[{_HAN}（）［］「」【】，；～〜－？]")


class Stretch(NamedTuple):
    """A part of the text that was understood, with its pieces."""

    start: int
    end: int
    pieces: tuple[Token, ...]


def has_han(text: str) -> bool:
    """Whether the text has a Chinese character, a kana, or their punctuation."""
    return not text.isascii() and _ANY.search(text) is not None


def han_stretches(text: str) -> Iterator[Stretch]:
    """The understood stretches in the text's order; they do not overlap."""
    for match in _PATTERN.finditer(text):
        yield Stretch(match.start(), match.end(), tuple(_pieces(match)))


def chinese_number(figures: str) -> int:
    """Read "十九" and "二十", "一九七五", "廿三", "元" (1) and Arabic figures."""
    if figures[0].isdecimal():
        return int(figures)
    if "十" not in figures and "百" not in figures:
        if len(figures) == 2 and figures[0] in "廿卅":
            return _VALUES[figures[0]] + _VALUES[figures[1]]
        total = 0
        for sign in figures:
            total = total * 10 + _VALUES[sign]
        return total
    total, digit = 0, 0
    for sign in figures:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _VALUES[sign]
    return total + digit


def _pieces(match: re.Match[str]) -> Iterator[Token]:
    start, end = match.span()
    group = match.lastgroup or ""
    found = match.groupdict()
    if name := found["era"] or found["short"] or found["linked"]:
        yield from _era(name, found, start, end)
    elif found["year"]:
        yield _day(chinese_number(found["year"]), found["month"], found["day"], start, end)
    elif found["century"]:
        decade = (chinese_number(found["century"]) - 1) * 100 + chinese_number(found["decade"])
        yield Token(Kind.DECADE, decade, str(decade), start, end)
    elif found["decades"]:
        decade = chinese_number(found["decades"])
        yield Token(Kind.DECADE, decade, str(decade), start, end)
    elif found["unit"] is not None:
        if found["unit"]:
            yield _number(found["unit"], start, end)
        yield Token(Kind.UNIT, 100, "century", start, end)
    elif found["plain"]:
        yield _number(found["plain"], start, end)
        yield Token(Kind.FILLER, 0, "year", start, end)
    elif found["quarter"]:
        first, last = _ORDERED[found["quarter"]]
        yield Token(Kind.PART, 0, found["quarter"], start, end, first / 4, last / 4)
    elif found["part"]:
        low, high = _PARTS[found["part"]]
        yield Token(Kind.PART, 0, found["part"], start, end, low, high)
    elif found["until"]:
        yield Token(Kind.BEFORE, 0, found["until"], start, end)
    elif found["since"]:
        yield Token(Kind.AFTER, 0, found["since"], start, end)
    else:
        kind, word, value = _SIMPLE[group]
        yield Token(kind, value, word, start, end)


def _number(figures: str, start: int, end: int) -> Token:
    value = chinese_number(figures)
    return Token(Kind.NUMBER, value, str(value), start, end)


def _day(year: int, month: str, day: str | None, start: int, end: int) -> Token:
    wording = f"{year:04d}-{chinese_number(month)}-{chinese_number(day)}" if day else ""
    return Token(Kind.DAY, 0, wording or f"{chinese_number(month)}/{year:04d}", start, end)


def _era(name: str, found: dict[str, str | None], start: int, end: int) -> Iterator[Token]:
    named = Token(Kind.ERA_NAME, 0, name, start, end)
    entry = era_at([name], 0, True)
    if not found["count"] or entry is None:
        yield named
        return
    count = chinese_number(found["count"])
    year = _MINGUO_OFFSET + count if name in _REPUBLIC else year_of_era(entry[0], count)
    if year is None:
        if entry[0].kind != "nengo":
            yield named
        yield _number(found["count"], start, end)
    elif found["tens"]:
        yield from _tens(year, start, end)
    elif found["era_month"] and year >= _FIRST_GREGORIAN_YEAR:
        yield _day(year, found["era_month"], found["era_day"], start, end)
    elif name in _REPUBLIC:
        yield Token(Kind.NUMBER, year, str(year), start, end)
    else:
        yield named
        yield _number(found["count"], start, end)
        if found["era_month"]:
            yield Token(Kind.UNKNOWN, 0, found["era_month"], start, end)


def _tens(year: int, start: int, end: int) -> Iterator[Token]:
    """ "昭和50年代": the years from 50 to 59 of the era."""
    yield Token(Kind.NUMBER, year, str(year), start, end)
    yield Token(Kind.TO, 0, "to", start, end)
    yield Token(Kind.NUMBER, year + 9, str(year + 9), start, end)


# order


def in_grammar_order(tokens: list[Token]) -> list[Token]:
    """Put what stands behind a date before it, and say what a wording leaves out."""
    ordered: list[Token] = []
    tokens = _and_between_eras(_without_eras_of_elsewhere(tokens))
    for before, token in zip([None, *tokens], tokens, strict=False):
        if _stands_behind(token) and (head := _head_of_date(ordered)) is not None:
            ordered.insert(head, token)
            continue
        if before is not None and _late_then_early(before, token):
            ordered.append(Token(Kind.TO, 0, "to", token.start, token.start))
        if _goes_on_before_christ(ordered, token):
            ordered.append(Token(Kind.CALENDAR, -1, "bce", token.start, token.start))
        ordered.append(token)
    return ordered


def _stands_behind(token: Token) -> bool:
    """Whether it is a part or a bound in Chinese characters; "清 late 18th century" keeps its order."""
    return token.kind in (Kind.PART, Kind.BEFORE, Kind.AFTER) and not token.word.isascii()


def _without_eras_of_elsewhere(tokens: list[Token]) -> list[Token]:
    """ "唐 元和十年" names an era of China that shares its characters with one of Japan; it stays unread."""
    kept: list[Token] = []
    for token in tokens:
        before = kept[-1] if kept else None
        if before is not None and token.kind is Kind.ERA_NAME and before.kind is Kind.ERA_NAME:
            here, there = era_at([before.word], 0, True), era_at([token.word], 0, True)
            if here and there and there[0].kind == "nengo" and not _meet(here[0], there[0]):
                token = token._replace(kind=Kind.UNKNOWN, word="")
        elif before is not None and before.kind is Kind.UNKNOWN and before.end == token.end:
            continue
        kept.append(token)
    return kept


def _meet(here: Era, there: Era) -> bool:
    return here.first <= there.last and there.first <= here.last


def _head_of_date(tokens: list[Token]) -> int | None:
    """Where the last date of the list begins, if the list ends in one."""
    at = len(tokens)
    while at and tokens[at - 1].kind in _TAILS:
        at -= 1
    if not at or tokens[at - 1].kind not in _HEADS:
        return None
    at -= 1
    if tokens[at].kind is Kind.NUMBER and at and tokens[at - 1].kind is Kind.ERA_NAME:
        at -= 1
    while at and tokens[at - 1].kind in (Kind.CALENDAR, Kind.PART):
        at -= 1
    return at


def _and_between_eras(tokens: list[Token]) -> list[Token]:
    """ "明治・大正" are two eras one after the other; in "清代、康熙" the second lies within the first."""
    joined = list(tokens)
    for at in range(1, len(tokens) - 1):
        before, comma, after = tokens[at - 1 : at + 2]
        if comma.kind is not Kind.COMMA or {before.kind, after.kind} != {Kind.ERA_NAME}:
            continue
        first, second = era_at([before.word], 0, True), era_at([after.word], 0, True)
        if first and second and first[0].last <= second[0].first:
            joined[at] = comma._replace(kind=Kind.AND, word="and")
    return joined


def _late_then_early(before: Token, token: Token) -> bool:
    """ "明末清初" is one span, from late Ming to early Qing."""
    return (
        before.kind is Kind.PART
        and before.high == 1.0
        and token.kind is Kind.ERA_NAME
        and token.start == before.end
    )


def _goes_on_before_christ(tokens: list[Token], token: Token) -> bool:
    """The "3" of "公元前5—3世纪", a smaller number behind a range that began before the common era."""
    if token.kind is not Kind.NUMBER or not tokens or tokens[-1].kind not in (Kind.TO, Kind.DASH):
        return False
    head = _head_of_date(tokens[:-1])
    if head is None:
        return False
    date = tokens[head:-1]
    first = next((piece for piece in date if piece.kind is Kind.NUMBER), None)
    dated_before = any(piece.kind is Kind.CALENDAR and piece.value == -1 for piece in date)
    return dated_before and first is not None and token.value < first.value


_TAILS: Final = frozenset({Kind.UNIT, Kind.FILLER, Kind.CIRCA})
_HEADS: Final = frozenset({Kind.NUMBER, Kind.ERA_NAME, Kind.DECADE, Kind.DAY})
_REPUBLIC: Final = frozenset({"民國", "民国", "中華民國", "中华民国", "中華民国"})
