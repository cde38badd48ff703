"""Personal data in free text: found, counted, and masked in what visitors can see.

E-mail addresses, telephone numbers (libphonenumber's matcher, so that accession numbers, dates and
dimensions are not taken for one) and postal addresses of a house number, a street word and what follows.
A name alone is not masked: museums thank donors by name. What these rules cannot see: an address without
a street word, a number written out in words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import phonenumbers

from assets.catalog.governance.policy import Governance
from assets.catalog.record import ArtifactRecord
from assets.catalog.row import Finding

Kind = Literal["e-mail", "telephone", "address"]

_MAY_HOLD = re.compile(r"@|\d")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_PHONE_LIKE = re.compile(r"[+(]?\d[\d\s().+/-]{5,}\d")
_STREETS: Final = (
    r"(?i:street|st\.|avenue|ave\.?|road|rd\.?|lane|ln\.?|drive|dr\.|boulevard|blvd\.?|court|ct\.|place|pl\.|"
    r"square|terrace|highway|hwy\.?|parkway|way)(?!\w)"
)
_ADDRESS = re.compile(
    rf"""
    \b\d{{1,5}}[A-Za-z]?\s+(?:[NSEW]\.?\s+)?(?:[A-Z\d][\w'.-]*\s+){{1,3}}{_STREETS}     # 12 E. Elm Street
        (?:,?\s+(?i:apt|apartment|suite|unit|\#)\.?\s*\w+)?                            #   , Apt. 4
        (?:,\s*[A-Z][A-Za-z'-]+(?:\s[A-Z][a-z'-]+){{0,2}})?(?:,?\s+[A-Z]{{2}}\b)?(?:\s+\d{{5}}(?:-\d{{4}})?\b)?
    | \b[A-Z]\w*(?:straße|strasse|str\.|gasse|platz|weg|allee|straat|laan)\s+\d{{1,4}}[a-z]?\b
        (?:,\s*(?:[A-Z]-)?\d{{4,5}}\s+[A-Z]\w+)?           # Hauptstraße 5, 1010 Wien
    | \b\d{{1,4}},?\s+(?:rue|avenue|boulevard)\s+(?:d[eu]s?\s+|l[ae]s?\s+)*[A-Z][\w'-]+   # 12 rue de Rivoli
    | \b(?:[Vv]ia|[Cc]alle|[Rr]ua)\s+[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)?,?\s+\d{{1,4}}\b     # via Roma 12
    | \bP\.?\s?O\.?\s+Box\s+\d+\b
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Personal:
    """One piece of personal data in a text; ``start`` and ``end`` are character positions."""

    kind: Kind
    start: int
    end: int


@lru_cache(maxsize=16_384)
def find_personal(text: str, region: str = "US") -> tuple[Personal, ...]:
    """Personal data in ``text``, in order and without overlap; ``region`` is an ISO 3166-1 country."""
    if not _MAY_HOLD.search(text):
        return ()
    found = [Personal("e-mail", *match.span()) for match in _EMAIL.finditer(text)]
    if _PHONE_LIKE.search(text):
        matches = phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.VALID)
        found += [Personal("telephone", match.start, match.end) for match in matches]
    found += [Personal("address", *match.span()) for match in _ADDRESS.finditer(text)]
    apart: list[Personal] = []
    for one in sorted(found, key=lambda p: (p.start, -p.end)):
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return tuple(apart)


def mask_text(text: str, region: str = "US") -> str:
    """``text`` with each piece of personal data replaced by its kind in brackets."""
    for one in reversed(find_personal(text, region)):
        text = f"{text[: one.start]}[{one.kind} removed]{text[one.end :]}"
    return text


def personal_findings(record: ArtifactRecord, policy: Governance) -> Iterator[Finding]:
    """A warning for each piece of personal data in the parts of the record that the policy names."""
    for pointer, text in _free_texts(record, policy):
        for one in find_personal(text, policy.region):
            yield Finding(
                f"personal.{one.kind}", "warning", pointer,
                f"personal data ({one.kind}) in free text; masked in what visitors see",
                text[one.start : one.end],
            )  # fmt: skip


def masked(record: ArtifactRecord, policy: Governance) -> ArtifactRecord:
    """The record as visitors may read it: personal data masked, provenance texts left out where masked.

    The very same object where there is nothing to mask.
    """
    hits = [pointer for pointer, text in _free_texts(record, policy) if find_personal(text, policy.region)]
    if not hits:
        return record
    region = policy.region
    changed: dict[str, object] = {
        "provenance": {
            pointer: origin.model_copy(update={"text": mask_text(origin.text or "", region) or None})
            for pointer, origin in record.provenance.items()
        },
    }
    if "texts" in policy.mask:
        changed["texts"] = tuple(
            text.model_copy(update={"content": mask_text(text.content, region)}) for text in record.texts
        )
    if record.credit_line and "credit_line" in policy.mask:
        changed["credit_line"] = mask_text(record.credit_line, region)
    if record.acquisition and record.acquisition.text and "acquisition" in policy.mask:
        text = mask_text(record.acquisition.text, region)
        changed["acquisition"] = record.acquisition.model_copy(update={"text": text})
    return record.model_copy(update=changed)


def _free_texts(record: ArtifactRecord, policy: Governance) -> Iterator[tuple[str, str]]:
    if "texts" in policy.mask:
        for position, text in enumerate(record.texts):
            yield f"/texts/{position}", text.content
    if record.credit_line and "credit_line" in policy.mask:
        yield "/credit_line", record.credit_line
    if record.acquisition and record.acquisition.text and "acquisition" in policy.mask:
        yield "/acquisition", record.acquisition.text
