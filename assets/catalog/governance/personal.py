"""Personal data in free text: found, counted, and masked in what visitors can see.

E-mail addresses, telephone numbers (judged by libphonenumber, so that accession numbers, dates and
dimensions are not taken for one; after a word such as "Tel." any number of seven figures is one) and postal
addresses. A name alone is not masked: museums thank donors by name. Inscriptions, bibliographies and
exhibition histories quote objects and print; addresses in them are not masked, e-mail and telephone are.

Whether an address in a provenance is a dealer's or a donor's cannot be told from its form; one that follows
a word for a business is passed over, any other is masked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import phonenumbers

from assets.catalog.governance.addresses import find_addresses
from assets.catalog.governance.policy import Governance
from assets.catalog.record import ArtifactRecord, Text
from assets.catalog.row import Finding

Kind = Literal["e-mail", "telephone", "address"]

QUOTED_KINDS: Final = frozenset({"inscription", "bibliography", "exhibitions"})
"""Kinds of text whose addresses are a part of the object or of its literature."""

_DIGIT = re.compile(r"\d")
_EMAIL = re.compile(
    r"[A-Za-z0-9._%+'-]+\s?(?:@|[\[(](?:at|AT|@)[\])])\s?[A-Za-z0-9-]+"
    r"(?:(?:\.|\s?[\[(]dot[\])]\s?)[A-Za-z0-9-]+)*(?:\.|\s?[\[(]dot[\])]\s?)[A-Za-z]{2,}"
)
_PHONE_LIKE = re.compile(r"[+(0-9](?<![\w.,/-][+(0-9])(?:[\s().\-\u2010-\u2013/]{0,3}[0-9]){6,15}")
_SIX_DIGITS = re.compile(r"(?:[0-9][^0-9]*){6}")
_PHONE_WORD = re.compile(
    r"(?:tel(?:ephone|efon|éfono|efono|efoon)?|tél(?:éphone)?|phone|ph|fax|telefax|mobile|mob|cell|handy|电话|電話|тел)"
    r"[.:]*\s?(?:no\.?|number|nr\.?)?:?\s?[(+]?$",
    re.IGNORECASE,
)
_NOT_PHONE_WORD = re.compile(r"(?:IS[BS]N(?:-1[03])?:?|OCLC|DOI|ORCID|LCCN)\s?(?:[\d-]*\s?)$", re.IGNORECASE)
_DATES = re.compile(r"\(?(?:(?:1\d|20)\d\d\W|\d{1,2}[/.]\d{1,2}[-/.]\d|\d{1,2}/\d{1,2}-)")


@dataclass(frozen=True, slots=True)
class Personal:
    """One piece of personal data in a text; ``start`` and ``end`` are character positions."""

    kind: Kind
    start: int
    end: int


def find_personal(text: str, region: str = "US", *, addresses: bool = True) -> tuple[Personal, ...]:
    """Personal data in ``text``, in order and without overlap; ``region`` is an ISO 3166-1 country."""
    found: list[Personal] = []
    if "@" in text or "(at" in text or "[at" in text:
        found = [Personal("e-mail", *match.span()) for match in _EMAIL.finditer(text)]
    if _DIGIT.search(text) is None:
        return tuple(found)
    if _SIX_DIGITS.search(text):
        found += [Personal("telephone", *span) for span in _telephones(text, region)]
    if addresses:
        found += [Personal("address", *span) for span in find_addresses(text)]
    apart: list[Personal] = []
    for one in sorted(found, key=lambda p: (p.start, -p.end)):
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return tuple(apart)


def _telephones(text: str, region: str) -> Iterator[tuple[int, int]]:
    for match in _PHONE_LIKE.finditer(text):
        start, end = match.span()
        if _DATES.match(match[0]):
            continue
        before = text[max(0, start - 20) : start]
        if _PHONE_WORD.search(before):
            yield start, end
        elif not _NOT_PHONE_WORD.search(before):
            yield from _valid_numbers(text, start, end, region)


def _valid_numbers(text: str, start: int, end: int, region: str) -> Iterator[tuple[int, int]]:
    # The neighbors are needed: a currency sign or a letter beside it makes it no number.
    first = max(0, start - 2)
    found = list(phonenumbers.PhoneNumberMatcher(text[first : end + 1], region))
    if not found:
        # A year or a lot number may stand right after it.
        found = list(phonenumbers.PhoneNumberMatcher(text[first : text.rfind(" ", first, end)], region))
    for number in found:
        yield first + number.start, first + number.end


def mask_text(text: str, region: str = "US", *, addresses: bool = True) -> str:
    """``text`` with each piece of personal data replaced by its kind in brackets."""
    for one in reversed(find_personal(text, region, addresses=addresses)):
        text = f"{text[: one.start]}[{one.kind} removed]{text[one.end :]}"
    return text


def personal_findings(record: ArtifactRecord, policy: Governance) -> Iterator[Finding]:
    """A warning for each piece of personal data in the parts of the record that the policy names."""
    for pointer, text, found in _found_in(record, policy):
        for one in found:
            yield Finding(
                f"personal.{one.kind}", "warning", pointer,
                f"personal data ({one.kind}) in free text; masked in what visitors see",
                text[one.start : one.end],
            )  # fmt: skip


def masked(record: ArtifactRecord, policy: Governance) -> ArtifactRecord:
    """The record as visitors may read it: personal data masked, in values and in their original texts.

    The very same object where there is nothing to mask.
    """
    hits = {pointer for pointer, _, found in _found_in(record, policy) if found}
    if not hits:
        return record
    region = policy.region
    changed: dict[str, object] = {
        "provenance": {
            # The value's own original text holds the same; a source column may feed several values.
            pointer: origin.model_copy(update={"text": mask_text(origin.text, region)})
            if origin.text
            else origin
            for pointer, origin in record.provenance.items()
        },
        "texts": tuple(
            _masked_text(text, region) if f"/texts/{position}" in hits else text
            for position, text in enumerate(record.texts)
        ),
    }
    if "/credit_line" in hits:
        changed["credit_line"] = mask_text(record.credit_line or "", region)
    if "/acquisition" in hits and record.acquisition is not None:
        text = mask_text(record.acquisition.text or "", region)
        changed["acquisition"] = record.acquisition.model_copy(update={"text": text})
    return record.model_copy(update=changed)


def _masked_text(text: Text, region: str) -> Text:
    content = mask_text(text.content, region, addresses=text.kind not in QUOTED_KINDS)
    return text.model_copy(update={"content": content})


def _found_in(record: ArtifactRecord, policy: Governance) -> Iterator[tuple[str, str, tuple[Personal, ...]]]:
    region = policy.region
    if "texts" in policy.mask:
        for position, text in enumerate(record.texts):
            found = find_personal(text.content, region, addresses=text.kind not in QUOTED_KINDS)
            if found:
                yield f"/texts/{position}", text.content, found
    if record.credit_line and "credit_line" in policy.mask:
        yield "/credit_line", record.credit_line, find_personal(record.credit_line, region)
    if record.acquisition and record.acquisition.text and "acquisition" in policy.mask:
        yield "/acquisition", record.acquisition.text, find_personal(record.acquisition.text, region)
