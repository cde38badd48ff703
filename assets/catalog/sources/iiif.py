"""IIIF Presentation manifests in, versions 3.0 and 2.x: label, metadata pairs, statement, rights, images.

A manifest describes a presentation, not an artifact: its metadata pairs are words under labels that each
publisher chooses. Labels known in the larger languages are read into fields, all others are kept as
notes, ``Label: value``. Collections and canvases on their own are rejected with a reason.
"""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any, Final

from assets.catalog.record import (
    Acquisition,
    Actor,
    Image,
    LanguageTag,
    Maker,
    Place,
    Relation,
    RequiredStatement,
    Rights,
    ScanRef,
    Slug,
    Term,
    Text,
)
from assets.catalog.row import Mapped, Rejection
from assets.catalog.sources.documents import OnBytes
from assets.catalog.sources.draft import Draft, language_tag
from assets.catalog.sources.json_documents import JsonStandard

_LABELS: Final[dict[str, str]] = {
    "accession": (
        "accession number|accession no|accession|object number|object no|inventory number|inventory no|"
        "inventarnummer|inventarnr|numéro d'inventaire|numero di inventario|número de inventario|shelfmark|"
        "call number|signatur|identifier|objectnummer|inventarisnummer|館藏號|文物号|登録番号"
    ),
    "date": (
        "date|dated|dates|date created|creation date|date made|date of creation|production date|datierung|"
        "datum|entstehungszeit|date de création|datation|data|fecha|datering|年代|制作年代"
    ),
    "maker": (
        "artist|maker|creator|author|artist/maker|artists|makers|creators|künstler|urheber|hersteller|"
        "artiste|auteur|artista|autore|autor|kunstenaar|vervaardiger|作者"
    ),
    "medium": (
        "medium|materials|material|materials and techniques|materials & techniques|medium and support|"
        "materialien|material/technik|matériaux|technique et matériaux|materiali|materiales|materiaal|材质"
    ),
    "technique": "technique|techniques|technik|tecnica|técnica|techniek",
    "dimensions": (
        "dimensions|dimension|measurements|size|physical dimensions|maße|abmessungen|dimensioni|dimensiones|"
        "afmetingen|extent|尺寸|法量"
    ),
    "object_types": (
        "object type|type|classification|object|work type|genre|category|objekttyp|gattung|objektart|"
        "type d'objet|tipo|soort|object name|种类|類別"
    ),
    "cultures": "culture|cultures|kultur|cultura|cultuur|people|ethnic group",
    "periods": "period|periods|epoche|époque|dynasty|reign|style|stil|stijl|时代|時代",
    "subjects": "subject|subjects|depicts|topic|keywords|schlagwort|sujet|soggetto|tema|onderwerp",
    "made": (
        "place made|place of origin|origin|made in|production place|place|geography|herkunft|herstellungsort|"
        "lieu de création|luogo|lugar|plaats|产地"
    ),
    "found": "place found|findspot|find spot|provenience|fundort|lieu de découverte|excavation site|出土地",
    "department": "department|collection department|abteilung|département|curatorial department",
    "credit": "credit line|credit|creditline|credit-line|mention obligatoire",
    "description": "description|beschreibung|descrizione|descripción|abstract|summary|beschrijving|说明",
    "provenance": "provenance|provenienz|ownership history|history of ownership|provenienza",
    "inscription": "inscription|inscriptions|marks|signed|signature|inschrift|marks and inscriptions",
    "bibliography": "bibliography|references|published|literature|literatur|bibliographie",
    "exhibitions": "exhibitions|exhibition history|ausstellungen|expositions",
    "alternative-title": "alternative title|alternate title|other title|other titles|translated title",
    "title": "title|titel|titre|titolo|título|name|object title|名称|作品名",
    "acquisition": "acquisition|acquired|acquisition method|erwerb|accession year|acquisition date",
    "rights": "rights|license|licence|copyright|rechte|droits|diritti|rights statement",
}
_FIELD_OF: Final = {label: field for field, labels in _LABELS.items() for label in labels.split("|")}
_TEXTS: Final = frozenset({"description", "provenance", "inscription", "bibliography", "exhibitions"})
_TERMS: Final = {
    "technique": "techniques",
    "object_types": "object_types",
    "cultures": "cultures",
    "periods": "periods",
    "subjects": "subjects",
}
_ONCE: Final = {"medium": "medium", "department": "department", "credit": "credit_line"}
_TAG: Final = re.compile(r"<[^<>]*>")
_BREAK: Final = re.compile(r"<\s*(?:br|/p|/li|/div)\s*/?>", re.IGNORECASE)
_MANIFEST_NAMES: Final = frozenset(
    {"manifest", "manifest.json", "v3", "v2", "iiif", "presentation", "2", "3"}
)
_LICENSES: Final = ("creativecommons.org/", "rightsstatements.org/")


def read_iiif(path: Path, institution: Slug, on_bytes: OnBytes = None) -> Iterator[Mapped | Rejection]:
    """Yield one artifact record or one rejection for every IIIF manifest under ``path``.

    See :meth:`JsonStandard.read` for what ``path`` may be and what is raised.
    """
    return JsonStandard("IIIF manifest", map_manifest).read(path, institution, on_bytes)


def map_manifest(manifest: dict[str, Any], draft: Draft) -> Mapped | Rejection:
    """One manifest of either version as a record; anything else as a rejection."""
    shape = str(manifest.get("type") or manifest.get("@type") or "")
    if shape.rpartition(":")[2] != "Manifest":
        return draft.reject(
            "type", f"expected a IIIF Manifest, found {shape or 'no type'}",
            "Give the manifests themselves; a collection only lists them",
        )  # fmt: skip
    uri = _string(manifest.get("id") or manifest.get("@id"))
    if uri:
        draft.identify(uri, "other", "$.id")
        draft.name("fallback", _tail(uri), "$.id")
    for language, label in _texts(manifest.get("label")):
        if label not in draft.contents("titles"):
            draft.add("titles", Text(content=label, language=language, kind="title"), "$.label")
    for position, pair in enumerate(_list(manifest.get("metadata"))):
        if isinstance(pair, dict):
            _pair(pair, f"$.metadata[{position}]", draft)
    for key in ("summary", "description"):
        for language, text in _texts(manifest.get(key)):
            draft.add("texts", Text(content=text, language=language, kind="description"), f"$.{key}")
    _rights(manifest, draft)
    _canvases(manifest, draft)
    _links(manifest, draft)
    return draft.finish()


def _pair(pair: dict[str, Any], at: str, draft: Draft) -> None:
    labels = [text for _, text in _texts(pair.get("label"))]
    values = _texts(pair.get("value"))
    known = (_FIELD_OF.get(label.casefold().rstrip(" :.")) for label in labels)
    field = next((found for found in known if found), None)
    for language, value in values:
        _value(field, labels[0] if labels else "", (language, value), f"{at}.value", draft)


def _value(field: str | None, label: str, value: tuple[LanguageTag, str], at: str, draft: Draft) -> None:
    language, text = value
    if field in _TERMS:
        draft.add(_TERMS[field], Term(label=text, language=language), at)
    elif field in _TEXTS:
        draft.add("texts", Text(content=text, language=language, kind=field), at)
    elif field in _ONCE:
        draft.put(_ONCE[field], text, at)
    elif field in ("title", "alternative-title"):
        if text not in draft.contents("titles"):
            draft.add("titles", Text(content=text, language=language, kind=field), at)
    elif field in ("made", "found"):
        draft.add("places", Place.model_validate({"name": text, "role": field}), at)
    elif field is None or not _special(field, text, at, draft):
        note = f"{label}: {text}" if label else text
        draft.add("texts", Text(content=note, language=language, kind="note"), at)


def _special(field: str, text: str, at: str, draft: Draft) -> bool:
    """Fields with a rule of their own; false where the text has to be kept as a note."""
    if field == "accession":
        draft.name("accession", text, at)
    elif field == "date":
        if draft.has("produced"):
            return False
        draft.dates(text, "produced", at)
        return draft.has("produced")
    elif field == "maker":
        draft.add("makers", Maker(actor=Actor(name=text)), at)
    elif field == "dimensions":
        draft.add("texts", Text(content=text, kind="dimensions"), at)
        draft.measurements(text, at)
    elif field == "rights":
        _stated_rights(text, at, draft)
    elif field == "acquisition":
        draft.put("acquisition", Acquisition(text=text), at)
    return True


def _rights(manifest: dict[str, Any], draft: Draft) -> None:
    for key in ("rights", "license"):
        for value in _list(manifest.get(key)):
            if isinstance(value, str):
                _stated_rights(value, f"$.{key}", draft)
    statement = manifest.get("requiredStatement")
    if isinstance(statement, dict):
        labels, values = _texts(statement.get("label")), _texts(statement.get("value"))
        if values:
            label = labels[0][1] if labels else "Attribution"
            required = RequiredStatement(label=label, value=" ".join(text for _, text in values))
            draft.put("required_statement", required, "$.requiredStatement")
    elif attribution := _texts(manifest.get("attribution")):
        draft.put("required_statement", RequiredStatement(value=attribution[0][1]), "$.attribution")


def _stated_rights(text: str, at: str, draft: Draft) -> None:
    is_uri = any(host in text for host in _LICENSES) and " " not in text and text.startswith("http")
    draft.merge("rights", {"uri" if is_uri else "statement": text}, at)


def _canvases(manifest: dict[str, Any], draft: Draft) -> None:
    for position, canvas in enumerate(_list(manifest.get("items"))):
        if isinstance(canvas, dict):
            _canvas_3(canvas, f"$.items[{position}]", draft)
    for sequence in _list(manifest.get("sequences")):
        canvases = _list(sequence.get("canvases")) if isinstance(sequence, dict) else []
        for position, canvas in enumerate(canvases):
            if isinstance(canvas, dict):
                _canvas_2(canvas, f"$.sequences[0].canvases[{position}]", draft)


def _canvas_3(canvas: dict[str, Any], at: str, draft: Draft) -> None:
    rights = _string(canvas.get("rights"))
    for page in _list(canvas.get("items")):
        for annotation in _list(page.get("items")) if isinstance(page, dict) else []:
            if not isinstance(annotation, dict) or annotation.get("motivation") not in ("painting", None):
                continue
            for body in _bodies(annotation.get("body")):
                _picture(body, canvas, rights, at, draft)


def _bodies(body: object) -> list[dict[str, Any]]:
    """The pictures of an annotation: one, a list of them, or the first of a choice."""
    found = []
    for each in _list(body):
        if not isinstance(each, dict):
            continue
        choice = each.get("type") == "Choice"
        found += (
            [item for item in _list(each.get("items"))[:1] if isinstance(item, dict)] if choice else [each]
        )
    return found


def _canvas_2(canvas: dict[str, Any], at: str, draft: Draft) -> None:
    for annotation in _list(canvas.get("images")):
        resource = annotation.get("resource") if isinstance(annotation, dict) else None
        if isinstance(resource, dict):
            resource = resource.get("default", resource) if resource.get("@type") == "oa:Choice" else resource
            _picture(resource, canvas, None, at, draft)


def _picture(body: dict[str, Any], canvas: dict[str, Any], rights: str | None, at: str, draft: Draft) -> None:
    uri = _string(body.get("id") or body.get("@id"))
    if uri is None or ":" not in uri or " " in uri:
        draft.note("images.not-a-uri", "warning", at, "expected an absolute URI; not taken", str(uri))
        return
    captions = [text for _, text in _texts(canvas.get("label"))]
    granted = Rights(uri=rights) if rights else None
    if body.get("type") == "Model":
        draft.add("scans", ScanRef(uri=uri, caption=captions[0] if captions else None, rights=granted), at)
        return
    image = Image(
        uri=uri,
        caption=captions[0] if captions else None,
        width=_pixels(body.get("width")),
        height=_pixels(body.get("height")),
        rights=granted,
    )
    draft.add("images", image, at)


def _links(manifest: dict[str, Any], draft: Draft) -> None:
    pages = [("homepage", each) for each in _list(manifest.get("homepage"))]
    pages += [("related", each) for each in _list(manifest.get("related"))]
    for key, page in pages:
        link = page if isinstance(page, dict) else {"id": page}
        uri = _string(link.get("id") or link.get("@id"))
        if uri and uri.startswith("http") and " " not in uri:
            label = next((text for _, text in _texts(link.get("label"))), None)
            draft.add("relations", Relation(kind="page", target=uri, label=label), f"$.{key}")
    for each in _list(manifest.get("rendering")):
        if isinstance(each, dict) and each.get("type") == "Model" and (uri := _string(each.get("id"))):
            label = next((text for _, text in _texts(each.get("label"))), None)
            draft.add("scans", ScanRef(uri=uri, caption=label), "$.rendering")


def _texts(value: object) -> list[tuple[LanguageTag, str]]:
    """Texts with their languages, from a language map (3.0), ``@value`` objects (2.x) or plain strings."""
    if isinstance(value, dict) and "@value" in value:
        return _plain(language_tag(_string(value.get("@language"))), value["@value"])
    if isinstance(value, dict):
        return [
            text
            for key, texts in value.items()
            for each in _list(texts)
            for text in _plain("und" if key in ("none", "@none") else language_tag(key), each)
        ]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return _plain("und", value)


def _plain(language: LanguageTag, value: object) -> list[tuple[LanguageTag, str]]:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return []
    text = str(value)
    if "<" in text or "&" in text:
        text = unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    text = text.strip()
    return [(language, text)] if text else []


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _string(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _pixels(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _tail(uri: str) -> str:
    """The last segment of a manifest's URI that is not the word manifest itself."""
    segments = [segment for segment in uri.partition("?")[0].split("/")[3:] if segment]
    named = [segment for segment in segments if segment.lower() not in _MANIFEST_NAMES]
    return (named or segments or [""])[-1].removesuffix(".json")
