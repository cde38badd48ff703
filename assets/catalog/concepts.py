"""Concepts that the exchange standards name by URI, and the URIs this project mints.

Words only. Getty AAT identifiers are facts of the Art & Architecture Thesaurus (ODC-By 1.0), as the
Linked Art 1.0 model recommends them (https://linked.art/model/vocab/). Where no authority names a
concept, :func:`minted` makes a URI that says nothing beyond a kind and a label, so that a reader can
take the label back and drop the URI.
"""

from typing import Final
from urllib.parse import quote, unquote

AAT: Final = "http://vocab.getty.edu/aat/"

ACCESSION_NUMBER: Final = "300312355"
REPOSITORY_NUMBER: Final = "300404621"
SYSTEM_NUMBER: Final = "300435704"
PREFERRED: Final = "300404670"
ALTERNATE_NAMES: Final = frozenset({"300264273", "300417227", "300417194"})
ALTERNATE_NAME: Final = "300264273"
DISPLAY_NAME: Final = "300404669"
BRIEF_TEXT: Final = "300418049"
TYPE_OF_WORK: Final = "300435443"
WORKS_OF_ART: Final = "300133025"
CULTURE: Final = "300055768"
STYLE_OR_PERIOD: Final = "300015646"
OCCUPATION: Final = "300263369"
NATIONALITY: Final = "300379842"
POSSIBLY: Final = "300435722"
PROBABLY: Final = "300435721"
DIGITAL_IMAGE: Final = "300215302"
WEB_PAGE: Final = "300264578"
PIXELS: Final = "300266190"
POSITIONAL: Final = frozenset({"300010269", "300192339"})
MUSEUM: Final = "300312281"

CREDIT_LINE: Final = "300026687"
CREDIT_LINES: Final = frozenset({CREDIT_LINE, "300435418"})
MATERIAL_STATEMENT: Final = "300435429"
MATERIAL_STATEMENTS: Final = frozenset({MATERIAL_STATEMENT, "300264237", "300163343"})
DIMENSION_STATEMENT: Final = "300435430"
DIMENSION_STATEMENTS: Final = frozenset({DIMENSION_STATEMENT, "300266036"})
RIGHTS_STATEMENT: Final = "300435434"
LEGAL_CONCEPTS: Final = "300055547"
RIGHTS_STATEMENTS: Final = frozenset({RIGHTS_STATEMENT, "300417696", LEGAL_CONCEPTS})
CULTURE_STATEMENTS: Final = frozenset({"300435431", CULTURE})
PERIOD_STATEMENT: Final = "300435432"
PLACE_STATEMENT: Final = "300435448"
ACQUISITION_STATEMENT: Final = "300435439"

TEXT_KINDS: Final = {
    "description": "300435416",
    "inscription": "300435414",
    "provenance": "300435438",
    "bibliography": "300026497",
    "exhibitions": "300435424",
    "note": "300027200",
}
"""Kind of a text in the record to the AAT concept that says so."""

TEXT_CONCEPTS: Final = {
    **{aat: kind for kind, aat in TEXT_KINDS.items()},
    "300080091": "description",
    "300026032": "description",
    "300028702": "inscription",
    "300028705": "inscription",
    "300028744": "inscription",
    "300435420": "inscription",
    "300055863": "provenance",
    "300444174": "provenance",
    "300311705": "bibliography",
}
"""The way back, with the older concepts that published records still use."""

DIMENSION_KINDS: Final = {
    "height": "300055644",
    "width": "300055647",
    "depth": "300072633",
    "length": "300055645",
    "diameter": "300055624",
    "thickness": "300055646",
    "weight": "300056240",
    "other": "300055642",
}
DIMENSION_CONCEPTS: Final = {aat: kind for kind, aat in DIMENSION_KINDS.items()}

UNITS: Final = {
    "300379097": "mm",
    "300379098": "cm",
    "300379099": "m",
    "300379100": "in",
    "300379101": "ft",
    "300379225": "g",
    "300379226": "kg",
    "300379229": "oz",
    "300379254": "lb",
    "300379239": "s",
    "300379240": "min",
    "300379241": "h",
}
"""AAT measurement units to their symbols."""

UNIT_CONCEPTS: Final = {symbol: aat for aat, symbol in UNITS.items()}

LANGUAGES: Final = {
    "af": "300387782", "ar": "300387843", "bg": "300388034", "bn": "300387971", "bs": "300388023",
    "ca": "300388072", "cs": "300388191", "cy": "300389555", "da": "300388204", "de": "300388344",
    "el": "300388361", "en": "300388277", "es": "300389311", "fa": "300388296", "fi": "300388299",
    "fr": "300388306", "ga": "300388467", "grc": "300387827", "gu": "300388371", "he": "300388401",
    "hi": "300388412", "hr": "300388185", "hu": "300388770", "id": "300388460", "is": "300388449",
    "it": "300388474", "ja": "300388486", "ka": "300388343", "ko": "300388633", "la": "300388693",
    "lb": "300443689", "lt": "300388723", "mk": "300388760", "mr": "300388821", "nl": "300388256",
    "no": "300388992", "pa": "300389057", "pl": "300389109", "pt": "300389115", "ro": "300389157",
    "ru": "300389168", "sk": "300389290", "sl": "300389291", "sq": "300387803", "sr": "300389247",
    "sv": "300389336", "sw": "300443741", "ta": "300389365", "te": "300389389", "th": "300389405",
    "tr": "300389470", "ur": "300389502", "zh": "300388113",
}  # fmt: skip
LANGUAGE_CONCEPTS: Final = {aat: tag for tag, aat in LANGUAGES.items()}


def aat(identifier: str) -> str:
    """The full URI of an AAT concept."""
    return AAT + identifier


def aat_number(uri: str) -> str | None:
    """The number in an AAT URI or ``aat:`` CURIE; ``None`` for anything else."""
    for prefix in (AAT, "https://vocab.getty.edu/aat/", "aat:", "http://vocab.getty.edu/page/aat/"):
        if uri.startswith(prefix):
            return uri.removeprefix(prefix)
    return None


def minted(base_uri: str, kind: str, label: str) -> str:
    """A URI for something that no authority names: ``base/named/kind/label``, the label percent-encoded."""
    return f"{base_uri.rstrip('/')}/named/{kind}/{quote(label, safe='')}"


def minted_label(uri: str, kind: str) -> str | None:
    """The label inside a URI that :func:`minted` made for ``kind``; ``None`` for any other URI."""
    head, found, tail = uri.rpartition(f"/named/{kind}/")
    return unquote(tail) if found and head and tail and "/" not in tail else None


def published_artifact(uri: str) -> str | None:
    """The artifact id inside a URI that :func:`object_uri` made."""
    head, found, tail = uri.rpartition("/object/")
    return unquote(tail) if found and head and ":" in tail and "/" not in tail else None


def object_uri(base_uri: str, artifact: str) -> str:
    """The URI under which an artifact's record is published."""
    return f"{base_uri.rstrip('/')}/object/{quote(artifact, safe=':')}"
