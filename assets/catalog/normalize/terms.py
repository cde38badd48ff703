"""Words of museum statements to controlled terms of the Getty Art & Architecture Thesaurus (AAT).

Materials and techniques share one reading of a medium statement, so that "cast iron" is one material and
no casting, and "blown glass" both a material and a technique. A question mark, "possibly" and the like, or
"A or B", mark a term as uncertain; what follows "imitation" or "faux" is left unread.

The tables, and where each identifier was confirmed, are in ``vocabulary``. All functions here are pure; how
well they read is measured by ``tests/assets/catalog/normalize/test_terms.py`` and told in
``docs/vocabulary.md``.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assets.catalog.normalize.object_names import object_name_parts, object_name_terms
from assets.catalog.normalize.term_phrases import (
    claimed,
    hits_in,
    lexicon_of,
    named_by_word,
    terms_of,
    tokens_of,
    unread_words,
)
from assets.catalog.normalize.vocabulary import Kind, fold_phrase
from assets.catalog.record import Term
from assets.catalog.row import Reading

_CACHE: Final = 65_536


@dataclass(frozen=True, slots=True)
class _Statement:
    """What one pass over a medium statement found."""

    materials: tuple[Term, ...]
    techniques: tuple[Term, ...]
    unread: str


@lru_cache(maxsize=_CACHE)
def _read_statement(medium: str) -> _Statement:
    tokens = tokens_of(medium)
    hits = claimed(tokens, hits_in(tokens, lexicon_of("material", "technique")))
    materials: list[Term] = []
    techniques: list[Term] = []
    for named, term in terms_of(tokens, hits):
        (materials if named.kind == "material" else techniques).append(term)
    return _Statement(tuple(materials), tuple(techniques), unread_words(tokens, hits))


@lru_cache(maxsize=_CACHE)
def read_materials(medium: str) -> Reading[Term]:
    """Materials named in ``medium``, as AAT terms in the text's order, each once.

    ``unread`` holds the folded content words that name neither a material nor a technique of the tables;
    a statement of unknown words gives no term, since the record keeps the wording itself.
    """
    statement = _read_statement(medium)
    return Reading(statement.materials, "terms.materials", statement.unread)


@lru_cache(maxsize=_CACHE)
def read_techniques(medium: str) -> Reading[Term]:
    """Techniques named in ``medium``, as AAT terms; ``unread`` as in :func:`read_materials`."""
    statement = _read_statement(medium)
    return Reading(statement.techniques, "terms.techniques", statement.unread)


@lru_cache(maxsize=_CACHE)
def read_object_types(text: str) -> Reading[Term]:
    """Object types of a classification or object name: "Ceramics", "Krater, Column-", "Print-Woodcut".

    Of a compound only the head is taken ("silver spoon" is a spoon), of "basket with lid" only what stands
    before the preposition. In a list, an unknown name is kept as a term without ``uri``; where nothing is
    known the whole text is, ``by`` says ``terms.unmapped`` and ``unread`` repeats it.
    """
    found: dict[str, Term] = {}
    known = False
    for part in object_name_parts(text):
        terms = object_name_terms(part)
        known = known or bool(terms)
        for term in terms or (Term(label=part),):
            found.setdefault(term.label, term)
    return Reading(tuple(found.values()), "terms.object-types") if known else _unmapped(text)


@lru_cache(maxsize=_CACHE)
def read_cultures(text: str) -> Reading[Term]:
    """Cultures and nationalities: "Greek, Attic", "probably Italian"; unmapped as in object types."""
    return _read_names(text, "culture", "terms.cultures")


@lru_cache(maxsize=_CACHE)
def read_periods(text: str) -> Reading[Term]:
    """Periods, dynasties and styles: "Edo period (1615-1868)", "Art Deco"; unmapped as in object types."""
    return _read_names(text, "period", "terms.periods")


def term_for(kind: Kind, label: str) -> Term:
    """The term of ``kind`` that exactly ``label`` names; without ``uri`` where the table has no such word.

    Raises ``ValueError`` where ``label`` is blank.
    """
    words = " ".join(label.split())
    if not words:
        raise ValueError(f"a {kind} needs a label, found {label!r}; leave the term out where there is none")
    named = named_by_word(kind).get(fold_phrase(words))
    return named.sure if named is not None else Term(label=words)


def _read_names(text: str, kind: Kind, by: str) -> Reading[Term]:
    tokens = tokens_of(text)
    hits = hits_in(tokens, lexicon_of(kind))
    if not hits:
        return _unmapped(text)
    return Reading(tuple(term for _, term in terms_of(tokens, hits)), by, unread_words(tokens, hits))


def _unmapped(text: str) -> Reading[Term]:
    label = " ".join(text.split())
    return Reading((Term(label=label),) if label else (), "terms.unmapped", label)
