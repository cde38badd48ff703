"""Free texts made plain: markup, entities, spaces, control characters; and signs of damage.

Markup is taken out with the standard library's tolerant HTML parser: it resolves no external entity and
runs nothing. Damage is reported, never repaired here: a repair is a decision with a reason.
"""

import re
import unicodedata
from html import unescape
from html.parser import HTMLParser
from typing import Final

_TRIGGER: Final = re.compile(
    r"[<&\x00-\x09\x0b-\x1f\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]|  |\n\n\n|^\s|\s$"
)
_MARKUP: Final = re.compile(r"</?[A-Za-z][^<>]*>|<!--|<!\[CDATA\[")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INVISIBLE: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]"
)
_SPACES: Final = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_LINE_ENDS: Final = re.compile(r" ?(?:\r\n|[\n\r\u0085\u2028\u2029]) ?")
_MANY_LINES: Final = re.compile(r"\n{3,}")
_MARKDOWN: Final = re.compile(
    r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1(?![\w*])|(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)"
)
_LINK: Final = re.compile(r"\[([^\]\[]+)\]\([^)\s]+\)")
_BLOCKS: Final = frozenset(
    (
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "section",
    )
)
_HIDDEN: Final = frozenset(("script", "style", "head", "template"))

# UTF-8 read as Windows-1252 or Latin-1: a lead byte's letter followed by the letters of continuation bytes
_CONTINUATION: Final = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_TWICE_DECODED: Final = re.compile(
    rf"[ÂÃÄÅÆÎÏÐÑ×ØÙ][{_CONTINUATION}]|[àáâãäåæçèéêëìíîï][{_CONTINUATION}]{{2}}|ï»¿"
)
_AMBIGUOUS: Final = re.compile(r"[ÂÃÄÅÆÎÏÐÑ×ØÙ][’”“‘–—…™•›‹]")
_C1: Final = re.compile(r"[\x80-\x84\x86-\x9f]")
_QUESTION: Final = re.compile(r"[^\W\d_]\?[^\W\d_]")


class _Plain(HTMLParser):
    """Collects the text of a fragment; block elements become line breaks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS and tag != "br":
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def clean_text(text: str, *, markdown: bool = False) -> str:
    """``text`` without markup, in Unicode NFC, with single spaces and at most one empty line in a row.

    ``markdown=True`` also takes out emphasis ("*haltēres*") and the addresses of links; it is off by default
    because an asterisk can mean something in an accession number or a date. "a < b" stays as it is.
    """
    if text.isascii() and text.isprintable() and text == text.strip() and not _marked(text):
        return _without_markdown(text) if markdown else text
    if _TRIGGER.search(text) is None and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return _without_markdown(text) if markdown else text
    if _MARKUP.search(text):
        text = _strip_markup(text)
    elif _ENTITY.search(text):
        text = _ENTITY.sub(lambda match: unescape(match[0]), text)
    text = _LINE_ENDS.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = _LINE_ENDS.sub("\n", _SPACES.sub(" ", text))
    text = unicodedata.normalize("NFC", _MANY_LINES.sub("\n\n", text)).strip()
    return _without_markdown(text) if markdown else text


def _marked(text: str) -> bool:
    return "<" in text or "&" in text or "  " in text


def _strip_markup(text: str) -> str:
    parser = _Plain()
    parser.feed(text)
    parser.close()
    return "".join(parser.pieces)


def _without_markdown(text: str) -> str:
    if "*" in text or "_" in text:
        text = _MARKDOWN.sub(lambda match: match[2] or match[3], text)
    return _LINK.sub(r"\1", text) if "](" in text else text


def looks_damaged(text: str) -> str | None:
    """Why ``text`` looks as if it had been decoded or cut wrongly; ``None`` where nothing shows it.

    Finds the replacement character, UTF-8 read as Windows-1252 ("Ã©"), control characters of Windows-1252
    read as Latin-1 ("Whitefriar\\x92s"), lone surrogates, and question marks inside words ("Caf?s").
    """
    if text.isascii():
        return _ascii_damage(text)
    if "\ufffd" in text:
        return "holds the replacement character U+FFFD: bytes were lost when the text was decoded"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "holds a lone surrogate: a character was cut in two"
    for match in _TWICE_DECODED.finditer(text):
        repaired = _redecoded(match[0])
        if repaired and not (_AMBIGUOUS.fullmatch(match[0]) and match[0][0] not in "ÃÂ"):
            return f"{match[0]!r} looks like UTF-8 read as Windows-1252 (it would be {repaired!r})"
    control = _C1.search(text)
    if control:
        return f"holds the control character U+{ord(control[0]):04X}: Windows-1252 read as Latin-1"
    return _ascii_damage(text)


def _ascii_damage(text: str) -> str | None:
    if "\x00" in text:
        return "holds a NUL character"
    match = _QUESTION.search(text) if "?" in text and "://" not in text else None
    if match:
        return f"{match[0]!r}: a question mark inside a word, as if a letter could not be encoded"
    return None


def _redecoded(text: str) -> str | None:
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return None
