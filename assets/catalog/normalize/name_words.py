"""Words that museum name texts use around a name: qualifiers, roles, anonymity, firms, titles, peoples."""

import re
from types import MappingProxyType
from typing import Final


def _list(text: str) -> list[str]:
    return text.split()


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_QUALIFIER_SPELLINGS: Final = {
    "attributed to": "attributed to|attrib. to|attr. to|attributed|attribué à|attribuée à|zugeschrieben an|"
    "zugeschrieben|toegeschreven aan|attribuito a|atribuido a|tillskriven|tilskrevet",
    "formerly attributed to": "formerly attributed to|previously attributed to",
    "workshop of": "workshop of|atelier of|werkstatt des|werkstatt von|werkstatt|atelier van|atelier de|"
    "bottega di|taller de|werkplaats van|workshop",
    "studio of": "studio of|studio",
    "school of": "school of|schule von|schule des|école de|ecole de|school van|scuola di|escuela de|school",
    "circle of": "circle of|umkreis von|umkreis des|umkreis|entourage de|omgeving van|cerchia di|"
    "círculo de|circle",
    "follower of": "follower of|followers of|nachfolger von|nachfolger des|navolger van|suiveur de|"
    "seguace di|seguidor de|follower|pupil of|student of",
    "manner of": "manner of|in the manner of|manier des|art des|manière de|maniera di|manner",
    "style of": "style of|in the style of|stil des|stijl van|style",
    "imitator of": "imitator of|imitation of|forgery of|imitator",
    "after": "after|copy after|copied after|copy of|based on a work by|after a work by|after a design by|"
    "d'après|d’après|nach|naar|da|copia de|efter|after original by",
    "associated with": "associated with|related to|near",
    "possibly": "possibly|perhaps|maybe|vielleicht|mogelijk|peut-être|forse",
    "probably": "probably|presumably|likely|wahrscheinlich|vermutlich|waarschijnlijk|probablement|"
    "probabilmente",
    "pseudo": "pseudo",
}
QUALIFIERS: Final = MappingProxyType(
    {spelling: name for name, spellings in _QUALIFIER_SPELLINGS.items() for spelling in spellings.split("|")}
)
"""Wording to the English qualifier the record keeps."""

_BARE: Final = frozenset(
    ("workshop", "studio", "school", "circle", "follower", "manner", "style", "imitator", "da")
)
"""Words that qualify only in parentheses or after a comma; before a name they are part of it."""


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_ASIDE: Final = _alternatives(list(QUALIFIERS))
_BEFORE: Final = _alternatives([word for word in QUALIFIERS if word not in _BARE])
QUALIFIER_BEFORE: Final = re.compile(
    rf"(?:the )?({_BEFORE})(?::?[ ]|(?<=')|(?<=’))(?:the )?(?=\S)", re.IGNORECASE
)
QUALIFIER_ASIDE: Final = re.compile(rf"[ ]*\(({_ASIDE})\)[ ]*|,[ ]*({_ASIDE})$", re.IGNORECASE)

_ROLES: Final = _list(
    "artist maker designer manufacturer author publisher printer engraver etcher lithographer "
    "photographer painter sculptor architect potter weaver draftsman draughtsman printmaker carver "
    "founder foundry caster silversmith goldsmith decorator calligrapher illustrator editor retailer "
    "patron inventor modeler modeller cabinetmaker clockmaker gunsmith bookbinder scribe ceramist "
    "glassmaker embroiderer fabricator factory producer director filmmaker cartographer mapmaker firm "
    "workshop attributor künstler hersteller entwurf maler stecher drucker verleger artiste peintre "
    "graveur auteur kunstenaar schilder ontwerper vervaardiger uitgever drukker prentmaker tekenaar "
    "artista pittore autor fotograaf fotograf photographe"
)
ROLES: Final = frozenset(_ROLES)

_DEEDS: Final = MappingProxyType(
    {
        "published": "publisher", "printed": "printer", "engraved": "engraver", "etched": "etcher",
        "designed": "designer", "made": "maker", "manufactured": "manufacturer", "decorated": "decorator",
        "painted": "painter", "carved": "carver", "cast": "caster", "modeled": "modeler",
        "modelled": "modeler",
        "photographed": "photographer", "written": "author", "illustrated": "illustrator",
        "lithographed": "lithographer", "woven": "weaver", "retailed": "retailer", "drawn": "draftsman",
        "produced": "producer", "executed": "maker", "invented": "inventor", "edited": "editor",
    }
)  # fmt: skip
DEEDS: Final = _DEEDS
"""Participle before "by" to role."""

DEED_BEFORE: Final = re.compile(rf"(?:print |drawing )?({'|'.join(_DEEDS)}) by:? (?=\S)", re.IGNORECASE)
ROLE_BEFORE: Final = re.compile(rf"({'|'.join(_ROLES)})s?(?:\(s\))?[ ]?:[ ]*(?=\S)", re.IGNORECASE)
_ROLE: Final = "|".join(_ROLES)
ROLE_ASIDE: Final = re.compile(rf"[ ]*[(\[]((?:{_ROLE})s?(?: and (?:{_ROLE}))?)[)\]]", re.IGNORECASE)

ANONYMOUS: Final = re.compile(
    r"(?:(?:artist|maker|author|photographer|designer|manufacturer|painter|sculptor|potter|printer|"
    r"publisher)s?[ ,]+)?(?:unknown|unidentified|anonymous|anon\.?|not known|unrecorded|inconnue?|"
    r"anonyme?|anoniem|onbekend|unbekannt(?:er)?|anonimo|anónimo|desconocido|okänd|ukendt|sconosciuto|"
    r"佚名|作者不詳)(?:[ ,]+(?:artist|maker|author|photographer|designer|manufacturer|painter|sculptor|"
    r"potter|"
    r"craftsman|workshop|künstler|kunstenaar|artista|artiste|vervaardiger|hersteller)s?)?\b[ ,]*",
    re.IGNORECASE,
)

FIRM: Final = re.compile(
    r"\b(?:Co|Company|Companies|Cie|Inc|Incorporated|Ltd|Limited|LLC|LLP|PLC|GmbH|AG|KG|S\.?A|S\.?p\.?A|"
    r"S\.?r\.?l|N\.?V|B\.?V|Corp|Corporation|Sons|Brothers|Bros|Frères|Gebrüder|Fratelli|Factory|"
    r"Factories|Manufactory|Manufacture|Manufactures|Manufacturing|Manufaktur|Manufactur|Manufacturers|"
    r"Mfg|Works|Studios?|Workshops?|Werkstätten?|Atelier|Associates?|Associated|Architects|Architecture|"
    r"Engineers|Partners|Partnership|Society|Association|Press|Publishers|Publishing|Pottery|Potteries|"
    r"Porcelain|Foundry|Glassworks|Glasshouse|Glass|School|Colony|Center|Centre|University|College|"
    r"Academy|Museum|Gallery|Department|Office|Bureau|Agency|Institute|Institution|Mint|Railway|"
    r"Railroad|Tribe|Nation|Guild|Collective|Group|Mills?|Bank|Union|Church|Government|Ministry|"
    r"Laborator(?:y|ies)|Industries|Industry|Enterprises|International|Imprimerie|Druckerei|Verlag|"
    r"Kilns?|Team|Club|Theatre|Theater|Orchestra|Federation|Committee|Council|Service|Archive|"
    r"Design Group|Painters?(?= and)|Etablissements|Établissements|Firm|Systems|Products|Stores|"
    r"Shop)\b(?!,\s+[A-Z])"
)
FIRM_END: Final = re.compile(
    r"(?:Inc|Incorporated|Ltd|Limited|LLC|LLP|Co|Company|GmbH|AG|Associated|Associates|Architects|S\.?A|"
    r"S\.?p\.?A|Corporation|Corp|Partners|PLC|The)\.?",
)
FIRM_TAIL: Final = re.compile(
    r"[ ]+((?:(?:and|&|\+|et|und|en)[ ]+(?:Sons?|Company|Co\.?|Cie\.?|Brothers?|Bros\.?|Associates|"
    r"Partners|Daughters?|Zoon|Zonen|Sohn|Söhne|Fils)|Company|Co\.|Studios?|Brothers|Bros\.|Workshop|"
    r"Associates|Ltd\.?|Inc\.?)(?:[ ,].*)?)$"
)

SUFFIXES: Final = re.compile(
    r"(?:Jr|Sr|Junior|Senior|I{1,3}|IV|V|VI{0,3}|Esq|R\.?A|d\.?Ä|d\.?J|the Elder|the Younger|"
    r"il Vecchio|il Giovane|le Jeune|l'Aîné|de Oude|de Jonge)\.?",
    re.IGNORECASE,
)
TITLES: Final = _set(
    "sir dame lady lord dr dr. rev rev. reverend father brother sister mrs mrs. mr mr. miss ms. madame mme "
    "captain capt. colonel col. general gen. major prof. professor saint st. master maestro"
)
"""A person's title; "Reynolds, Sir Joshua" is turned, "Wharncliffe, Lady" too."""
NOBILITY: Final = re.compile(
    r"(?:\d+(?:st|nd|rd|th)\b|(?:1st|Lord|Baron|Baronet|Count|Countess|Comte|Duke|Duchess|Earl|Marquess|"
    r"Marquis|Viscount|Prince|Princess|Graf|Freiherr|Herzog|King|Queen|Emperor)[ ]+(?:of[ ]+)?\S)"
)
"""What follows the comma in "Frederic, Lord Leighton": the name is already in display order."""
PARTICLES: Final = _set(
    "van von de der den del della di da dos du la le les ten ter zu zum zur af av al el bin ibn "
    "d' san santa mac"
)

_PEOPLES: Final = """
Afghan African African-American Albanian Alaskan Algerian American Anglo-American Anglo-Indian
Anglo-Saxon Arab Arabian Argentine Argentinian Armenian Asian Assyrian Athenian Attic Australian Austrian
Austro-Hungarian Azerbaijani Babylonian Bavarian Belgian Bengali Bohemian Bolivian Brazilian British
Bulgarian Burgundian Burmese Byzantine Cambodian Cameroonian Canadian Caribbean Catalan Celtic
Central-Asian Chilean Chinese Colombian Congolese Coptic Corinthian Croatian Cuban Cypriot Czech
Czechoslovakian Danish Dutch East-Asian Ecuadorian Egyptian English Eritrean Estonian Ethiopian Etruscan
European Filipino Finnish Flemish Florentine Franco-Flemish Franconian French Genoese Georgian German
Ghanaian Greek Guatemalan Haitian Hawaiian Hellenistic Hungarian Icelandic Indian Indonesian Inuit
Iranian Iraqi Irish Islamic Israeli Italian Ivorian Jamaican Japanese Javanese Jewish Jordanian Kenyan
Khmer Korean Kuwaiti Laotian Latvian Lebanese Liberian Libyan Lithuanian Lombard Luxembourgish Macedonian
Malagasy Malaysian Malian Maltese Mexican Minoan Moldovan Mongolian Moroccan Mughal Mycenaean
Native-American Navajo Neapolitan Nepalese Netherlandish New-Zealander Nigerian Norwegian Ottoman
Pakistani Palestinian Panamanian Paraguayan Persian Peruvian Philippine Phoenician Polish Portuguese
Prussian Puerto-Rican Roman Romanian Russian Salvadoran Saxon Scandinavian Scottish Scythian Senegalese
Serbian Sicilian Sienese Silesian Singaporean Slovak Slovakian Slovene Slovenian Somali South-African
South-American Soviet Spanish Sri-Lankan Sudanese Sumerian Swabian Swedish Swiss Syrian Taiwanese
Tanzanian Thai Tibetan Trinidadian Tunisian Turkish Tuscan Tyrolean Ugandan Ukrainian Umbrian Uruguayan
Uzbek Venetian Venezuelan Vietnamese Welsh West-African Yemeni Yoruba Yugoslav Yugoslavian Zimbabwean
"""
_COUNTRIES: Final = """
Argentina Australia Austria Belgium Brazil Canada Chile China Colombia Cuba Czech_Republic Denmark Egypt
England Ethiopia Finland France Germany Ghana Great_Britain Greece Haiti Holland Hungary Iceland India
Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan Kenya Korea Lebanon Lithuania Mexico Morocco
Netherlands New_Zealand Nigeria Norway Pakistan Peru Philippines Poland Portugal Romania Russia Scotland
Senegal Serbia South_Africa South_Korea Spain Sweden Switzerland Taiwan Thailand Turkey USA U.S.A. UK
Ukraine United_Kingdom United_States United_States_of_America Uruguay Venezuela Vietnam Wales
"""
PEOPLES: Final = frozenset(word.replace("-", " ").lower() for word in _PEOPLES.split())
COUNTRIES: Final = frozenset(word.replace("_", " ").lower() for word in _COUNTRIES.split())


_DIRECTION: Final = re.compile(r"(?:north|south|east|west)(?:ern)? (?=\w)|central |colonial |native ")


def is_nationality(text: str) -> bool:
    """Whether ``text`` names a people or country, also joined ("French-American")."""
    plain = _DIRECTION.sub("", text.strip().rstrip("?").strip().lower())
    if plain in PEOPLES or plain in COUNTRIES or plain.replace("-", " ") in PEOPLES:
        return True
    parts = re.split(r"[-/]| or | and ", plain)
    return len(parts) > 1 and all(part.strip() in PEOPLES or part.strip() in COUNTRIES for part in parts)


_SUFFIX_WORDS: Final = _set("jr jr. sr sr. junior senior i ii iii iv v vi vii viii esq esq. ra r.a. r.a the")
_ANONYMOUS_WORDS: Final = _set(
    "unknown unidentified anonymous anon anon. not unrecorded inconnu inconnue anonym anonyme anoniem "
    "onbekend unbekannt unbekannter anonimo anónimo desconocido okänd ukendt sconosciuto none null various "
    "in previously"
)
_NOBILITY_WORDS: Final = _set(
    "lord baron baronet count countess comte duke duchess earl marquess marquis viscount prince princess "
    "graf freiherr herzog king queen emperor"
)
TELLING: Final = (
    frozenset(word for spelling in QUALIFIERS for word in spelling.split())
    | ROLES
    | frozenset(f"{role}s" for role in ROLES)
    | frozenset(DEEDS)
    | frozenset(word for name in PEOPLES | COUNTRIES for word in name.split())
    | TITLES
    | PARTICLES
    | _SUFFIX_WORDS
    | _ANONYMOUS_WORDS
    | _NOBILITY_WORDS
)
"""Words that may say more than a name; a text without any of them is a name and nothing else."""
