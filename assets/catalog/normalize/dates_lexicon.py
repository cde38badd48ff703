"""Words of date texts in English, German, French, Italian, Spanish and Dutch, and what each is to a date.

Keys are folded (lower case, no diacritics, no final dot). Parts of a span follow one rule: early, middle
and late are thirds (1800-1833, 1834-1866, 1867-1899); earlier and later are halves; beginning and end are
quarters; the turn is ten years on either side.
"""

from enum import IntEnum, auto
from typing import Final, NamedTuple


class Kind(IntEnum):
    """What a token is to the grammar."""

    NUMBER = auto()
    ORDINAL = auto()
    ROMAN = auto()
    DECADE = auto()
    CENTURY = auto()
    DAY = auto()
    ERA_NAME = auto()
    UNIT = auto()
    DYNASTY = auto()
    DIVISION = auto()
    PART = auto()
    MONTH = auto()
    SEASON = auto()
    CALENDAR = auto()
    CIRCA = auto()
    C = auto()
    PERHAPS = auto()
    QUESTION = auto()
    BEFORE = auto()
    AFTER = auto()
    BETWEEN = auto()
    LATER = auto()
    TO = auto()
    DASH = auto()
    OR = auto()
    AND = auto()
    SLASH = auto()
    COMMA = auto()
    SEMICOLON = auto()
    OPEN = auto()
    CLOSE = auto()
    PRESENT = auto()
    ONWARD = auto()
    DECADE_PREFIX = auto()
    PHASE = auto()
    NOT = auto()
    STYLE = auto()
    FILLER = auto()
    UNKNOWN = auto()


class Entry(NamedTuple):
    """What one word is: its kind, and a number or a part where the kind has one."""

    kind: Kind
    value: int = 0
    low: float = 0.0
    high: float = 1.0


class Token(NamedTuple):
    """A piece of the text; ``text[start:end]`` is its wording."""

    kind: Kind
    value: int
    word: str
    """Folded wording."""
    start: int
    end: int
    low: float = 0.0
    high: float = 1.0
    capital: bool = False


LEXICON: Final[dict[str, Entry]] = {}


def _add(kind: Kind, words: str, value: int = 0, low: float = 0.0, high: float = 1.0) -> None:
    for word in words.split():
        LEXICON[word] = Entry(kind, value, low, high)


_ORDINALS = (
    "first erste erstes ersten erster premier premiere primo prima primer primera eerste",
    "second zweite zweites zweiten zweiter seconde deuxieme secondo seconda segundo segunda tweede",
    "third dritte drittes dritten drittes troisieme terzo terza tercer tercera derde",
    "fourth vierte viertes vierten quatrieme quarta cuarta vierde",
    "fifth funfte funften cinquieme quinto vijfde",
    "sixth sechste sechsten sixieme sesto zesde",
    "seventh siebte siebten septieme settimo zevende",
    "eighth achte achten huitieme ottavo achtste",
    "ninth neunte neunten neuvieme nono negende",
    "tenth zehnte zehnten dixieme decimo tiende",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
    "seventeenth", "eighteenth", "nineteenth", "twentieth", "twenty-first",
)  # fmt: skip
for _number, _words in enumerate(_ORDINALS, 1):
    _add(Kind.ORDINAL, _words, _number)
_add(Kind.ORDINAL, "last final letzte letztes letzten dernier derniere ultimo ultima laatste", -1)

_MONTHS = (
    "january jan januar janner janvier gennaio enero januari",
    "february feb febr februar fevrier febbraio febrero februari",
    "march mar marz mars marzo maart",
    "april apr avril aprile abril",
    "may mai maggio mayo mei",
    "june jun juni juin giugno junio",
    "july jul juli juillet luglio julio",
    "august aug aout agosto augustus",
    "september sept sep septembre settembre septiembre",
    "october oct oktober okt octobre ottobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez decembre dicembre diciembre",
)
for _number, _words in enumerate(_MONTHS, 1):
    _add(Kind.MONTH, _words, _number)
for _number, _words in enumerate(
    (
        "spring fruhling fruhjahr printemps primavera lente",
        "summer sommer ete estate verano zomer",
        "autumn fall herbst automne autunno otono herfst",
        "winter hiver inverno invierno",
    ),
    21,
):
    _add(Kind.SEASON, _words, _number)

_add(
    Kind.UNIT,
    "century centuries cent cen jh jhd jhdt jhs jahrhundert jahrhunderts jahrhunderte siecle siecles "
    "secolo secoli sec secc siglo siglos s ss eeuw eeuwen century's seculo",
    100,
)
_add(
    Kind.UNIT, "millennium millennia mill jahrtausend jahrtausends jt jtsd millenaire millennio milenio", 1000
)
_add(Kind.DYNASTY, "dynasty dynasties dyn dynastie dynastien dinastia")
_add(Kind.DIVISION, "half halfe halfte halbe moitie meta mitad helft h", 2)
_add(Kind.DIVISION, "quarter viertel quart quarto cuarto kwart", 4)
_add(Kind.DIVISION, "drittel tiers tercio derdedeel", 3)
_add(Kind.DIVISION, "decade decades jahrzehnt jahrzehnte decennie decennies decennio", 10)

_add(Kind.PART, "early fruhes fruhe fruhen vroege vroeg tempranos", 0, 0.0, 1 / 3)
_add(Kind.PART, "mid middle mitte milieu mi mediados midden", 0, 1 / 3, 2 / 3)
_add(Kind.PART, "late spates spate spaten laat tardo tardio", 0, 2 / 3, 1.0)
_add(Kind.PART, "earlier", 0, 0.0, 0.5)
_add(Kind.PART, "turn wende", 1, -0.1, 0.1)
_add(Kind.LATER, "later spater", 0, 0.5, 1.0)
_add(
    Kind.PART,
    "beginning beginnings start anfang beginn debut debuts inizio inizi principios comienzos begin",
    0,
    0.0,
    0.25,
)
_add(Kind.PART, "end ende fin fine finales eind einde close", 0, 0.75, 1.0)

_add(Kind.CALENDAR, "bce bc", -1)
_add(Kind.CALENDAR, "ce ad", 1)
_add(Kind.CALENDAR, "ah", 2)
_add(
    Kind.CIRCA,
    "ca circa cca about approx approximately around um etwa gegen vers env environ hacia cerca verso "
    "intorno omstreeks rond ongeveer roughly",
)
_add(Kind.C, "c")
_add(
    Kind.PERHAPS,
    "probably possibly perhaps maybe likely presumably apparently uncertain conjectural assumed supposed "
    "supposedly conjectured wohl vermutlich wahrscheinlich vielleicht probablement peut-etre forse "
    "probabilmente probablemente quizas waarschijnlijk mogelijk prob poss",
)
_add(Kind.BEFORE, "before ante vor avant antes prior pre by voor predates")
_add(Kind.AFTER, "after post nach apres despues dopo since seit depuis na postdates")
_add(Kind.BETWEEN, "between zwischen zw entre tra fra tussen")
_add(Kind.TO, "to al through thru until till bis au jusqu'en hasta fino tot t/m zu")
_add(Kind.OR, "or oder ou o od")
_add(Kind.AND, "and und et y e")
_add(Kind.PRESENT, "present today now ongoing heute aujourd'hui heden presente")
_add(Kind.ONWARD, "onward onwards forward")
_add(Kind.DECADE_PREFIX, "annees anni anos jaren")
_add(Kind.NOT, "no not cannot nicht non")
_add(Kind.STYLE, "style revival manner inspired stil")
_add(
    Kind.PHASE,
    "sculpted modeled modelled modelling model carved cast casting printed print prints reprinted "
    "reprint designed design manufactured manufacture made built published issued reworked exhibited "
    "replica conceived executed execution painted drawn photographed negative engraved etched woven "
    "produced production patented patent revised repainted remade reconstructed fabricated "
    "re-fabricated refabricated reassembled reproduced completed begun started finished composed "
    "written minted struck assembled commissioned editioned edition posthumous altered mounted "
    "embroidered compiled bound released edited recorded installed constructed developed created "
    "enlarged recast fired decorated copied translated retouched lithographed coloured colored "
    "hand-colored performed gilded added entworfen gegossen gedruckt ausgefuhrt gemalt imprime execute "
    "concu fuso stampato",
)
_add(
    Kind.FILLER,
    "the of in dated date dates datable datiert signed inscribed a an at on der die das des dem den du "
    "de la le les l'annee el los las del della delle dello dei di da dal van het ten from period "
    "periode era age reign reigns regnal king queen pharaoh emperor rule time times epoch epoque be is "
    "was were year years jahr jahre jahren year's annee an nel nella im am en dans i.e i e originally "
    "project quem terminus than vom culture mark very work works",
)

UNDATED: Final = frozenset(
    {
        "", "n.d", "nd", "n. d", "n d", "no date", "no dates", "undated", "not dated", "date not known",
        "date unknown", "unknown", "unknown date", "unknown dates", "not known", "n/a", "na", "none",
        "null", "nan", "s.d", "s. d", "o.j", "o. j", "o.d", "o. d", "ohne jahr", "ohne datum", "undatiert",
        "sans date",
        "non date", "sin fecha", "senza data", "zonder jaar", "z.j", "ongedateerd", "unbekannt",
        "inconnu", "inconnue", "date not recorded", "tbd", "date unrecorded", "undetermined",
        "date undetermined",
        "年代不明", "年代不詳", "年代不详", "年代未詳", "時代不明", "時代不詳",
        "时代不详", "制作年不明", "制作年不詳", "製作年不明", "製作年不詳", "不明",
        "不詳", "不详", "未詳", "无纪年", "無紀年", "無年款",
        "0", "-", "--", "—", "–", "xxxx", "0000",
    }
)  # fmt: skip
"""Wordings that say there is no date; compared after folding and after stripping blanks, dots, brackets
and question marks."""
