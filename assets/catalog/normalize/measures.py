"""Words of museum measurements: what was measured (kind), and of which part.

English first, then German, French, Dutch, Italian, Spanish, Portuguese, Danish, Swedish, Chinese and
Japanese as museum labels write them. All keys are lower case without a final dot.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, Literal

Kind = Literal[
    "height", "width", "depth", "length", "diameter", "circumference", "thickness",
    "weight", "volume", "area", "duration", "other",
]  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KIND_SPELLINGS: Final[dict[Kind, str]] = {
    "height": (
        "h ht hgt hh height heights high tall höhe hoch hauteur haut hoogte hoog altezza alt alto altura "
        "højde hoejde höjd høyde 高 高さ 縦 竪"
    ),
    "width": (
        "w wd wdth width widths wide breadth broad b br breite breit largeur larg large lg breedte breed "
        "larghezza ancho anchura largura bredde bredd 幅 宽 寬 横"
    ),
    "depth": (
        "d dp depth deep tiefe tief t profondeur prof pr diepte diep profondità profondita profundidad "
        "profundidade fondo dybde djup 奥行 奥行き 深 厚深"
    ),
    "length": (
        "l len lgth length lengths long länge lang longueur long lengte lunghezza lungh largo longitud "
        "comprimento længde längd lengde extent 长 長 長さ"
    ),
    "diameter": (
        "diam diameter diameters dia dm dm ø durchmesser durchm diamètre diametre doorsnede middellijn "
        "diametro "
        "diámetro diâmetro 径 直径 直徑 口径 口徑 底径 底徑"
    ),
    "circumference": (
        "circumference circ umfang circonférence circonference omtrek circonferenza circunferencia 周"
    ),
    "thickness": (
        "th thk thickness thick dicke stärke épaisseur epaisseur ép ep dikte spessore sp grosor espesor "
        "espessura tykkelse tjocklek 厚 厚さ"
    ),
    "weight": "wt weight weights weighs gewicht poids peso vægt vikt vekt 重 重量",
    "volume": "volume capacity vol capacité capacidad inhalt inhoud fassungsvermögen",
    "duration": (
        "duration running runtime dauer laufzeit durée duree duur speelduur durata duración duracion duração"
    ),
}
KINDS: Final = MappingProxyType(
    {word: kind for kind, words in _KIND_SPELLINGS.items() for word in words.split()}
)
"""Word or letter to kind."""

LETTERS: Final = frozenset("hwdltb")
"""Kinds by a single letter; they count only directly at a number, a sign of multiplication or a colon."""

FAMILY_OF_KIND: Final = MappingProxyType({"weight": "mass", "volume": "volume", "duration": "time"})
KIND_OF_FAMILY: Final[MappingProxyType[str, Kind]] = MappingProxyType(
    {"mass": "weight", "volume": "volume", "area": "area", "time": "duration"}
)

CONVENTION: Final[tuple[Kind, ...]] = ("height", "width", "depth")
"""Museum convention for dimensions without letters (CCO, part 2, 3.1.2.1): height × width × depth."""

_OVERALL: Final = (
    "overall object objects work displayed display unframed confirmed unconfirmed assembled gesamt gesamtmaß "
    "total totaal ensemble objekt objet objeto oggetto dimensions dimension size dims measurements maße "
    "masse "
    "afmetingen formaat format dimensioni dimensiones medidas misure o variable various actual installed "
    "ganzes stück geheel 全体"
)
_PART_SPELLINGS: Final = {
    "frame": "framed frame frames rahmen gerahmt cadre encadré lijst ingelijst cornice marco f moldura",
    "image": "image images imagen immagine bild bildmaß beeld beeldmaat composition picture darstellung i",
    "sheet": "sheet sheets page paper blatt blattmaß feuille feuillet foglio hoja blad",
    "plate": "plate plates platte plattenmaß plaque-mark platemark plaat lastra plancha plattenrand",
    "mount": "mount mounted mounting mat matted passepartout montage",
    "mat opening": "matopening matwindow window",
    "sight": "sight",
    "support": "support supports",
    "stretcher": "stretcher keilrahmen spanraam châssis",
    "canvas": "canvas leinwand doek toile tela",
    "base": "base bases pedestal plinth sockel socle basis voet pedestallo basamento",
    "stand": "stand ständer",
    "rim": "rim lip mouth mündung randes rand bord mündungsrand 口",
    "foot": "foot fuß fuss pied 底",
    "lid": "lid cover deckel couvercle deksel coperchio tapa",
    "body": "body bauch panse",
    "neck": "neck hals col",
    "handle": "handle handles henkel anse",
    "panel": "panel panels tafel panneau paneel",
    "block": "block druckstock",
    "book": "book binding",
    "case": "case",
    "projection": "projection screen",
    "element": "element elements component components",
    "part": "part parts teil",
    "image, sight": "",
}
PARTS: Final = MappingProxyType(
    {word: part for part, words in _PART_SPELLINGS.items() for word in words.split()}
    | dict.fromkeys(_OVERALL.split(), "overall")
)
"""Word to part; what is not here is kept as it is written."""

APPROXIMATE: Final = _words(
    "approx approximate approximately ca c circa about environ env etwa ungefähr ongeveer ~ ± roughly ungef "
    "irreg irregular estimated est 約 约"
)

REMARKS: Final = _words(
    "each ea max maximum min minimum greatest preserved restored as is are at the of a an and in on by size "
    "widest highest deepest point dimension dimensions dims measures measuring measurement measurements "
    "approx approximate approximately irregular irreg ca c circa je jeweils chaque elk cad ad gross net "
    "overall display displayed confirmed unconfirmed variable erhalten erhaltene conservée "
    "extent surface area other trimmed en time"
)
"""Words that qualify a measurement without naming a part."""

VARIABLE: Final = _words("variable varies vary various variabel variables")


def part_in(words: Sequence[str]) -> str:
    """The part that the last few words name, with its number; empty where they name none."""
    for section in _sections(words):
        for at in range(len(section) - 1, max(len(section) - 5, -1), -1):
            part = PARTS.get(section[at])
            if part:
                following = section[at + 1 : at + 2]
                return f"{part} {following[0]}" if following and following[0].isdigit() else part
    return ""


def _sections(words: Sequence[str]) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for word in words:
        if word == ",":
            sections.append([])
        else:
            sections[-1].append(word)
    return sections


def clean_part(words: Sequence[str]) -> str:
    """The name of a part as the record keeps it: "sheet", "sheet, a", "support, right", "with handles"."""
    coded = [at for at, word in enumerate(words) if word[-1:].isdigit() and word.count(".") > 1]
    if coded:
        words = words[coded[-1] :]  # an accession number begins the naming of another object
    names = [name for section in _sections(words) if (name := _clean_section(section))]
    specific = [name for name in names if name != "overall"]
    return ", ".join(specific or names[:1])[:80]


def _clean_section(words: list[str]) -> str:
    if (
        len(words) == 2
        and words[0] in ("mat", "sheet", "sight")
        and words[1] in ("opening", "window", "size")
    ):
        return "mat opening" if words[0] == "mat" and words[1] != "size" else words[0]
    if len(words) == 2 and PARTS.get(words[1]) == "frame":
        if words[0] in ("with", "mit", "avec", "met", "con", "incl", "inkl"):
            return "frame"
        if words[0] in ("without", "ohne", "sans", "zonder", "senza", "sin", "excl"):
            return "overall"
    if len(words) == 1:
        word = words[0]
        if len(word) == 1 and word in "abc":
            return word
        return PARTS.get(word, "" if word in REMARKS else word)
    first, last = 0, len(words)
    while first < last and (words[first] in REMARKS or words[first] in APPROXIMATE):
        first += 1
    while first < last and (words[last - 1] in REMARKS or words[last - 1] in APPROXIMATE):
        last -= 1
    kept = words[first:last]
    if not kept:
        return "overall" if any(word in PARTS for word in words) else ""
    if len(kept) == 1:
        return PARTS.get(kept[0], kept[0]) if len(kept[0]) > 1 else kept[0]
    return " ".join(["frame" if kept[0] == "framed" else kept[0], *kept[1:]])
