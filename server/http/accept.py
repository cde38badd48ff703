"""Content negotiation by ``Accept`` (RFC 9110, section 12.5.1), with profiles of JSON-LD. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

# A quote that is never closed takes all that follows: were it passed over, the rest would be read again from
# each of its own quotes, which costs seconds of a header of 16 KB.
_PART = re.compile(r'(?:[^,"]|"(?:\\.|[^"\\])*(?:"|\\?\Z))+')
_PARAMETER = re.compile(r';\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)\s*=\s*("(?:\\.|[^"\\])*"|[^;\s"]*)')


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type or range, such as ``application/*``, with its parameters."""

    name: str
    parameters: dict[str, str] = field(default_factory=dict)

    def covers(self, other: "MediaType") -> bool:
        """Does this range include the other type? Parameters of the range must all be met."""
        kind, _, subtype = self.name.partition("/")
        other_kind, _, other_subtype = other.name.partition("/")
        named = kind in ("*", other_kind) and subtype in ("*", other_subtype)
        return named and all(other.parameters.get(key) == value for key, value in self.parameters.items())

    @property
    def specificity(self) -> tuple[int, int]:
        """The more specific range decides: type over wildcard, then the number of parameters."""
        return (2 if "*" not in self.name else 0 if self.name == "*/*" else 1), len(self.parameters)


def media_type(text: str) -> MediaType:
    """Read one media type; names and parameter names in lower case, a quoted value without its quotes."""
    name = text.partition(";")[0].strip().lower()
    return MediaType(name, {key.lower(): _bare(value) for key, value in _PARAMETER.findall(text)})


def preferred(header: str | None, offered: Sequence[str]) -> str | None:
    """The offer the client likes most, the first of equals; ``None`` where it accepts none of them."""
    if not header or not header.strip():
        return offered[0]
    ranges = [_weighted(part) for part in _PART.findall(header) if part.strip()]
    best, best_weight = None, 0.0
    for offer in offered:
        candidate = media_type(offer)
        fitting = [(r.specificity, weight) for r, weight in ranges if r.covers(candidate)]
        weight = max(fitting)[1] if fitting else 0.0
        if weight > best_weight:
            best, best_weight = offer, weight
    return best


def _weighted(text: str) -> tuple[MediaType, float]:
    given = media_type(text)
    weight = given.parameters.pop("q", "1")
    try:
        return given, min(max(float(weight), 0.0), 1.0)
    except ValueError:
        return given, 0.0


def _bare(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
