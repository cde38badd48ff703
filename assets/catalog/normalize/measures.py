"""Words of museum measurements: what was measured (kind), and of which part.

English first, then German, French, Dutch, Italian, Spanish, Portuguese, Danish, Swedish, Chinese and
Japanese as museum labels write them. All keys are lower case without a final dot.
"""

from types import MappingProxyType
from typing import Final, Literal

Kind = Literal[
    "height", "width", "depth", "length", "diameter", "circumference", "thickness",
    "weight", "volume", "area", "duration", "other",
]  # fmt: skip

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
        "diam diameter diameters dia dm dm ø durchmesser durchm diamètre diametre doorsnede middellijn diametro "
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
    "total totaal ensemble objekt objet objeto oggetto dimensions dimension size dims measurements maße masse "
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
    "book": "book binding closed",
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

APPROXIMATE: Final = frozenset(
    "approx approximate approximately ca c circa about environ env etwa ungefähr ongeveer ~ ± roughly ungef "
    "irreg irregular estimated est 約 约".split()
)

REMARKS: Final = frozenset(
    "each ea max maximum min minimum greatest preserved restored as is are at the of a an and in on by size "
    "widest highest deepest point dimension dimensions dims measures measuring measurement measurements "
    "approx approximate approximately irregular irreg ca c circa je jeweils chaque elk cad ad gross net "
    "overall display displayed confirmed unconfirmed variable erhalten erhaltene conservée extent surface area long-side".split()
)
"""Words that qualify a measurement without naming a part."""

VARIABLE: Final = frozenset("variable varies vary various variabel variables".split())
