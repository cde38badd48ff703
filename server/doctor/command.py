"""``twin doctor``: every check told in a line, or as JSON for machines."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict

import orjson

from server.doctor.checks import Diagnosis, Patient, Verdict, examine
from server.doctor.surroundings import Surroundings
from server.settings import Settings

_MARKS = {Verdict.good: "ok   ", Verdict.note: "note ", Verdict.fault: "FAULT"}


def examined(settings: Settings, machine: Surroundings | None = None) -> list[Diagnosis]:
    """What the checks find of a server that would start with these settings."""
    return examine(Patient(settings, machine or Surroundings()))


def is_fit(found: Iterable[Diagnosis]) -> bool:
    """Whether nothing stands in the way of opening the museum."""
    return all(one.verdict is not Verdict.fault for one in found)


def lines(found: Iterable[Diagnosis]) -> Iterator[str]:
    """For people: one line a finding, its remedy below."""
    listed = list(found)
    wide = max(len(one.subject) for one in listed)
    for one in listed:
        yield f"{_MARKS[one.verdict]} {one.subject:<{wide}}  {one.told}"
        if one.remedy:
            yield f"{'':5} {'':<{wide}}  -> {one.remedy}"
    faults = sum(one.verdict is Verdict.fault for one in listed)
    notes = sum(one.verdict is Verdict.note for one in listed)
    yield f"{faults} faults, {notes} notes: " + ("mend the faults first" if faults else "the museum can open")


def as_json(found: Iterable[Diagnosis]) -> bytes:
    """For machines."""
    listed = list(found)
    content = {"fit": is_fit(listed), "found": [asdict(one) for one in listed]}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2)
