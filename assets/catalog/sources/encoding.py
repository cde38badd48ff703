"""What encoding a text source is in, found without holding the source in memory.

Order: what the profile states; a byte order mark; UTF-8 over the whole stream; UTF-16 by its zero bytes;
then charset-normalizer on the lines that are not ASCII. Among encodings of the Latin script, which it tells
apart badly in tables, it is where the characters stand that decides, and a tie goes to Windows-1252
(the fall-back of the WHATWG Encoding standard for western text).
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

from assets.catalog.row import Finding, SourceError
from assets.catalog.sources.byte_source import ByteSource
from assets.catalog.sources.options import Reporting

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# fmt: off
_LEGACY: Final = [
    "cp1252", "mac_roman", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "cp1258", "cp874", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_15", "koi8_r", "koi8_u", "cp437",
    "cp850", "cp852", "cp866", "mac_cyrillic", "mac_greek", "cp932", "shift_jis", "euc_jp",
    "iso2022_jp", "gb18030", "big5", "cp949", "euc_kr",
]
# fmt: on
_LATIN: Final = ("cp1252", "mac_roman", "cp1250", "cp1254", "cp1257", "cp850", "cp437", "cp852")
"""Encodings of the Latin script, the most frequent first."""

_TYPOGRAPHY: Final = frozenset("\u00a0’‘“”„‚–—…•×½¼¾°£€©®™·«»§±²³¿¡ªº′″÷")
_RARE: Final = frozenset("ŕŔĺĹ")
"""Letters of a few Slovak words, which à and å of other languages become when they are read wrongly."""

_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")

_SAMPLE_BYTES: Final = 128 * 1024
_HIGH: Final = bytes(range(0x80, 0x100))
# the well-formed byte sequences of Unicode 16, table 3-7
_CHARACTER: Final = re.compile(
    rb"[\xC2-\xDF][\x80-\xBF]|\xE0[\xA0-\xBF][\x80-\xBF]|[\xE1-\xEC\xEE\xEF][\x80-\xBF]{2}"
    rb"|\xED[\x80-\x9F][\x80-\xBF]|\xF0[\x90-\xBF][\x80-\xBF]{2}|[\xF1-\xF3][\x80-\xBF]{3}"
    rb"|\xF4[\x80-\x8F][\x80-\xBF]{2}"
)
_UNFINISHED: Final = re.compile(
    rb"(?:[\xC2-\xDF]|[\xE0-\xEF][\x80-\xBF]?|[\xF0-\xF4][\x80-\xBF]{0,2})$(?<!\n)"
)
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class TextForm:
    """How the bytes of a source are to be turned into text."""

    encoding: str
    """Python's name of the codec; without a byte order mark."""
    mark_bytes: int = 0
    """Length of the byte order mark to skip."""
    has_zero_bytes: bool = False
    """Whether U+0000 occurs as a byte (always so in UTF-16 and UTF-32)."""
    guessed: bool = False
    """Whether the encoding is a guess that a person should confirm."""
    broken: bool = False
    """Whether some bytes do not belong to the encoding: their rows will be rejected."""

    @property
    def is_wide(self) -> bool:
        """Whether characters are units of two or four bytes, so that lines cannot be split as bytes."""
        return self.encoding.startswith(("utf-16", "utf-32"))


@dataclass(slots=True)
class _Survey:
    """What one pass over the bytes found."""

    valid_wide: int = 0
    """Bytes beyond ASCII that are well-formed UTF-8."""
    errors: int = 0
    zero_bytes: bool = False


def find_encoding(source: ByteSource, stated: str = "auto") -> TextForm:
    """Find the encoding of ``source``; ``stated`` is the profile's word, or ``auto``.

    Reads the source once; memory stays below 1 MiB.

    Raises:
        SourceError: the source cannot be read, the stated encoding is unknown, or none fits.
    """
    head = source.head(4096)
    mark, marked = next(((bom, name) for bom, name in _BYTE_ORDER_MARKS if head.startswith(bom)), (b"", ""))
    if stated != "auto":
        return _stated(source, stated, mark, marked)
    if marked.startswith(("utf-16", "utf-32")):
        return TextForm(marked, len(mark), has_zero_bytes=True)
    wide = _wide_without_mark(head)
    if wide:
        return TextForm(wide, has_zero_bytes=True, guessed=True)
    survey, sample = _survey(source)
    # some broken bytes in a file full of good UTF-8 are damage, not another encoding
    if mark or not survey.errors or survey.valid_wide > 20 * survey.errors:
        return TextForm("utf-8", len(mark), survey.zero_bytes, broken=survey.errors > 0)
    return TextForm(_guess(source, sample), 0, survey.zero_bytes, guessed=True)


def _stated(source: ByteSource, stated: str, mark: bytes, marked: str) -> TextForm:
    try:
        name = codecs.lookup(stated).name
        "".encode(name)
    except (LookupError, ValueError) as error:
        raise SourceError(
            source.file,
            f"there is no text encoding named {stated!r}",
            "Use a name such as utf-8, cp1252, utf-16 or shift_jis, or leave it at auto",
        ) from error
    plain = name.replace("_", "-")
    if plain in ("utf-8-sig", "utf-16", "utf-32"):
        plain = marked or {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[plain]
    skipped = len(mark) if marked == plain else 0
    survey, _ = (
        _survey(source) if not plain.startswith(("utf-16", "utf-32")) else (_Survey(zero_bytes=True), b"")
    )
    return TextForm(plain, skipped, survey.zero_bytes)


def _wide_without_mark(head: bytes) -> str:
    """Text in the Latin script has a zero in every other byte of UTF-16."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    enough = len(head) // 5
    if len(head) >= 16 and max(even, odd) > enough and min(even, odd) * 8 < max(even, odd):
        return "utf-16-be" if even > odd else "utf-16-le"
    return ""


def _survey(source: ByteSource) -> tuple[_Survey, bytes]:
    """One pass: is it UTF-8, how often not, and a sample of the lines that are not ASCII."""
    survey = _Survey()
    sample = bytearray()
    rest = b""
    for chunk in source.chunks():
        survey.zero_bytes = survey.zero_bytes or 0 in chunk
        if not rest and chunk.isascii():
            continue
        joined = rest + chunk
        rest = _check_utf8(joined, survey)
        if survey.errors and len(sample) < _SAMPLE_BYTES:
            _take_sample(joined, sample)
    survey.errors += 1 if rest else 0
    if rest and not sample:
        sample += rest
    return survey, bytes(sample)


def _check_utf8(chunk: bytes, survey: _Survey) -> bytes:
    """Count what is and what is not UTF-8; give back an unfinished character at the end."""
    try:
        text, used = codecs.utf_8_decode(chunk, "strict", False)
    except UnicodeDecodeError:
        unfinished = _UNFINISHED.search(chunk[-4:])
        rest = unfinished.group() if unfinished else b""
        whole = chunk[: len(chunk) - len(rest)]
        damaged = _CHARACTER.sub(b"", whole)
        survey.valid_wide += len(whole) - len(damaged)
        survey.errors += len(damaged) - len(damaged.translate(None, _HIGH))
        return rest
    survey.valid_wide += used - len(text)
    return chunk[used:]


def _take_sample(chunk: bytes, sample: bytearray) -> None:
    for line in chunk.splitlines(keepends=True):
        found = _NOT_ASCII.search(line)
        if found is None:
            continue
        start = max(0, found.start() - 1024)
        sample += line[start : start + 4096]
        if len(sample) >= _SAMPLE_BYTES:
            return


def _guess(source: ByteSource, sample: bytes) -> str:
    latin = [name for name in _LATIN if _decodes(sample, name)]
    matches = from_bytes(sample, steps=20, chunk_size=1024, cp_isolation=_LEGACY)
    best = matches.best()
    runs = _HIGH_RUN.findall(sample)
    # other scripts have several bytes beyond ASCII in a row, the Latin script seldom has
    scattered = sum(len(run) == 1 for run in runs) > 0.7 * len(runs)
    if best is not None and not scattered and not set(best.could_be_from_charset) & set(_LATIN):
        return best.encoding
    if not latin:
        raise SourceError(
            source.file,
            "no text encoding fits its bytes",
            "Check that it is a text file; if it is, state its encoding in the profile",
        )
    match_of = {name: match for match in matches for name in match.could_be_from_charset}

    def fitness(name: str) -> tuple[float, float]:
        match = match_of.get(name)
        chaos, coherence = (match.chaos, match.coherence) if match is not None else (0.1, 0.0)
        return round(plausibility(sample, name) - chaos, 2), round(coherence, 2)

    return max(latin, key=fitness)


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def plausibility(sample: bytes, encoding: str) -> float:
    """Share of the characters beyond ASCII that stand where text in the Latin script would have them.

    Small letters inside words, capitals at their beginning or among capitals, no signs inside words, and
    no letters between figures. A byte of another encoding breaks this sooner than it breaks statistics
    of letters, of which a table of museum records has few.
    """
    text = sample.decode(encoding, "replace")
    good = total = 0
    for found in _BEYOND_ASCII.finditer(text):
        total += 1
        at = found.start()
        good += _is_in_place(text[at - 1 : at] or " ", text[at], text[at + 1 : at + 2] or " ")
    return good / total if total else 1.0


def _is_in_place(before: str, sign: str, after: str) -> bool:
    if sign in _TYPOGRAPHY:
        return sign not in "–—" or not (before.islower() and after.islower())
    if not sign.isalpha() or sign in _RARE:
        return False
    if sign.islower():
        return before.isalpha() or after.isalpha()
    # a lone capital between spaces or figures is a sign read wrongly
    return not before.islower() and (after.isalpha() or before.isalpha())


def report_encoding(file: str, form: TextForm, report: Reporting) -> None:
    """Say what about the encoding a person should confirm; the finding's text is its name."""
    if form.guessed:
        message = f"the encoding was guessed to be {form.encoding}"
        report.on_note(Finding("source.encoding", "warning", file, message, form.encoding))
    elif form.encoding != "utf-8":
        message = f"the encoding is {form.encoding}"
        report.on_note(Finding("source.encoding", "note", file, message, form.encoding))
    if form.broken:
        report.say(
            file, "source.damaged_bytes", "some bytes are not UTF-8 though most of the text is", "warning"
        )
