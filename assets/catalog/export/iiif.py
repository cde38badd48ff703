"""IIIF Presentation 3.0 out: a manifest that any IIIF viewer opens (https://iiif.io/api/presentation/3.0/).

Pure. One canvas an image, in the image's pixels; an image of unknown size gets the canvas size of
:data:`UNKNOWN_SIZE`, as the specification allows for (a canvas is an abstract space, its ratio is only
good practice). A record without images gets one empty canvas, because a manifest must have one. Images
of records that must not be shown are left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import quote, urlsplit

from assets.catalog import concepts as c
from assets.catalog.record import ArtifactRecord, Dimension, Image, Maker, TimeSpan

Json: TypeAlias = dict[str, Any]
LanguageMap: TypeAlias = dict[str, list[str]]

CONTEXT: Final = "http://iiif.io/api/presentation/3/context.json"
MEDIA_TYPE: Final = f'application/ld+json;profile="{CONTEXT}"'
UNKNOWN_SIZE: Final = (1000, 1000)
"""Canvas width and height where the image's size is not known."""

_RIGHTS_HOSTS: Final = ("creativecommons.org", "rightsstatements.org")
_FORMATS: Final = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
}


@dataclass(frozen=True, slots=True)
class Provider:
    """Who publishes the manifest; shown by viewers with its page."""

    name: str
    homepage: str | None = None


def to_iiif_manifest(
    record: ArtifactRecord, *, base_uri: str, provider: Provider | None = None, language: str = "en"
) -> Json:
    """The record as a IIIF Presentation 3.0 manifest.

    ``base_uri`` is where records and manifests are published, ``language`` that of the metadata labels.
    Texts of unstated language are put under ``none``, as the specification asks.
    """
    uri = manifest_uri(base_uri, record.id)
    images = record.images if record.rights is None or record.rights.shows else ()
    canvases = [_canvas(uri, number, image) for number, image in enumerate(images, start=1)]
    manifest: Json = {
        "@context": CONTEXT,
        "id": uri,
        "type": "Manifest",
        "label": _label(record),
        "metadata": _metadata(record, language),
        "summary": _texts(record, "description"),
        "requiredStatement": _required(record, language),
        "rights": rights_uri(record.rights.uri if record.rights else None),
        "provider": [_provider(provider)] if provider else [],
        "homepage": _homepage(record),
        "seeAlso": [_linked_art(base_uri, record)],
        "rendering": [
            {"id": scan.uri, "type": "Model", "label": {"none": [scan.caption or "3D"]}}
            for scan in (record.scans if images == record.images else ())
        ],
        "items": canvases or [_placeholder(uri, record)],
    }
    return {key: value for key, value in manifest.items() if value not in (None, [], {})}


def manifest_uri(base_uri: str, artifact: str) -> str:
    """The URI under which an artifact's manifest is published."""
    return f"{c.object_uri(base_uri, artifact)}/manifest"


def rights_uri(uri: str | None) -> str | None:
    """A license URI as the specification wants it: of the two known hosts, and with ``http``."""
    if uri is None:
        return None
    parts = urlsplit(uri)
    host = (parts.hostname or "").removeprefix("www.")
    if host not in _RIGHTS_HOSTS:
        return None
    path = parts.path.replace("/page/", "/vocab/") if host == "rightsstatements.org" else parts.path
    return f"http://{host}{path if path.endswith('/') else path + '/'}"


def _label(record: ArtifactRecord) -> LanguageMap:
    titles = [(title.language, title.content) for title in record.titles if title.kind == "title"]
    return _map(titles or [(title.language, title.content) for title in record.titles[:1]]) or {
        "none": [record.accession]
    }


def _texts(record: ArtifactRecord, kind: str) -> LanguageMap:
    return _map([(text.language, text.content) for text in record.texts if text.kind == kind])


def _map(texts: list[tuple[str, str]]) -> LanguageMap:
    languages: LanguageMap = {}
    for tag, content in texts:
        languages.setdefault("none" if tag == "und" else tag, []).append(content)
    return languages


def _metadata(record: ArtifactRecord, language: str) -> list[Json]:
    other = [(title.language, title.content) for title in record.titles if title.kind != "title"]
    rows: list[tuple[str, LanguageMap]] = [
        ("Accession Number", {"none": [record.accession]}),
        ("Alternative Title", _map(other)),
        ("Object Type", _words(term.label for term in record.object_types)),
        ("Maker", _words(_maker(maker) for maker in record.makers)),
        ("Date", _words([_dated(record.produced)] if record.produced else [])),
        ("Culture", _words(term.label for term in record.cultures)),
        ("Period", _words(term.label for term in record.periods)),
        ("Place Made", _words(place.name for place in record.places if place.role == "made")),
        ("Place Found", _words(place.name for place in record.places if place.role == "found")),
        ("Medium", _words([record.medium] if record.medium else [t.label for t in record.materials])),
        ("Technique", _words(term.label for term in record.techniques)),
        ("Dimensions", _words(_measure(dimension) for dimension in record.dimensions)),
        ("Subject", _words(term.label for term in record.subjects)),
        ("Department", _words([record.department] if record.department else [])),
        ("Credit Line", _words([record.credit_line] if record.credit_line else [])),
        *(
            (kind.replace("-", " ").title(), _texts(record, kind))
            for kind in dict.fromkeys(text.kind for text in record.texts)
            if kind != "description"
        ),
        ("Rights", _words([record.rights.statement] if record.rights and record.rights.statement else [])),
    ]
    return [{"label": {language: [name]}, "value": value} for name, value in rows if value]


def _words(texts: Iterable[str]) -> LanguageMap:
    found = [text for text in texts if text]
    return {"none": found} if found else {}


def _maker(maker: Maker) -> str:
    name = f"{maker.qualifier} {maker.actor.name}" if maker.qualifier else maker.actor.name
    return f"{name} ({maker.role})" if maker.role else name


def _dated(span: TimeSpan) -> str:
    if span.text:
        return span.text
    words = [_year(year) for year in (span.earliest, span.latest) if year is not None]
    shown = words[0] if len(set(words)) == 1 and span.earliest == span.latest else "–".join(words)
    if span.earliest is None:
        shown = f"before {shown}"
    elif span.latest is None:
        shown = f"after {shown}"
    return f"{'ca. ' if span.circa else ''}{shown}{'?' if span.uncertain else ''}"


def _year(year: int) -> str:
    return str(year) if year > 0 else f"{1 - year} BCE"


def _measure(dimension: Dimension) -> str:
    """The stated value where there is one; else lengths below 10 m in cm, as labels have them."""
    if dimension.stated_value is not None and dimension.stated_unit:
        value, unit = dimension.stated_value, dimension.stated_unit
    elif dimension.unit == "m" and dimension.value < 10:
        value, unit = dimension.value * 100, "cm"
    else:
        value, unit = dimension.value, dimension.unit
    part = "" if dimension.of == "overall" else f" ({dimension.of})"
    return f"{dimension.kind.capitalize()}{part}: {'ca. ' if dimension.approximate else ''}{value:.6g} {unit}"


def _required(record: ArtifactRecord, language: str) -> Json | None:
    if record.required_statement is None:
        return None
    return {
        "label": {language: [record.required_statement.label]},
        "value": {"none": [record.required_statement.value]},
    }


def _provider(provider: Provider) -> Json:
    pages = []
    if provider.homepage:
        page = {"id": provider.homepage, "type": "Text", "label": {"none": [provider.name]}}
        pages.append(page | {"format": "text/html"})
    agent = {"id": provider.homepage or f"urn:x-provider:{quote(provider.name, safe='')}", "type": "Agent"}
    return {**agent, "label": {"none": [provider.name]}, **({"homepage": pages} if pages else {})}


def _homepage(record: ArtifactRecord) -> list[Json]:
    return [
        {
            "id": relation.target,
            "type": "Text",
            "label": {"none": [relation.label or relation.target]},
            "format": "text/html",
        }
        for relation in record.relations
        if relation.kind == "page" and relation.target.startswith(("http://", "https://"))
    ][:1]


def _linked_art(base_uri: str, record: ArtifactRecord) -> Json:
    return {
        "id": c.object_uri(base_uri, record.id),
        "type": "Dataset",
        "label": {"en": ["Linked Art"]},
        "format": "application/ld+json",
        "profile": "https://linked.art/ns/v1/linked-art.json",
    }


def _canvas(manifest: str, number: int, image: Image) -> Json:
    uri = f"{manifest}/canvas/{number}"
    width, height = (image.width, image.height) if image.width and image.height else UNKNOWN_SIZE
    body: Json = {"id": image.uri, "type": "Image"}
    extension = urlsplit(image.uri).path.rpartition(".")[2].lower()
    if extension in _FORMATS:
        body["format"] = _FORMATS[extension]
    if image.width and image.height:
        body |= {"width": image.width, "height": image.height}
    canvas: Json = {
        "id": uri,
        "type": "Canvas",
        "label": {"none": [image.caption or str(number)]},
        "width": width,
        "height": height,
        "items": [
            {
                "id": f"{uri}/page",
                "type": "AnnotationPage",
                "items": [
                    {
                        "id": f"{uri}/page/image",
                        "type": "Annotation",
                        "motivation": "painting",
                        "body": body,
                        "target": uri,
                    }
                ],
            }
        ],
    }
    granted = rights_uri(image.rights.uri if image.rights else None)
    return canvas | ({"rights": granted} if granted else {})


def _placeholder(manifest: str, record: ArtifactRecord) -> Json:
    width, height = UNKNOWN_SIZE
    return {
        "id": f"{manifest}/canvas/1",
        "type": "Canvas",
        "label": _label(record),
        "width": width,
        "height": height,
    }
