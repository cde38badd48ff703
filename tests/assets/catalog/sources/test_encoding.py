"""Encodings: what is found without being told, and what a person is asked to confirm."""

import pytest

from assets.catalog.row import Finding, SourceError
from assets.catalog.sources.byte_source import memory_source
from assets.catalog.sources.encoding import TextForm, find_encoding, plausibility, report_encoding
from assets.catalog.sources.options import Reporting

TEXTS = {
    "shift_jis": "葛飾北斎,富嶽三十六景 神奈川沖浪裏,江戸時代,1831年頃,多色刷木版画\n",
    "euc_jp": "葛飾北斎,富嶽三十六景 神奈川沖浪裏,江戸時代,1831年頃,多色刷木版画\n",
    "gb18030": "明代,青花瓷瓶,景德镇窑,高三十厘米,十五世纪,故宫博物院藏\n",
    "big5": "明代,青花瓷瓶,景德鎮窯,高三十公分,十五世紀,國立故宮博物院藏\n",
    "cp949": "청자 상감 운학문 매병,고려,12세기,도자기\n",
    "cp1251": "Икона,Богоматерь Владимирская,XII век,дерево темпера,Государственная галерея\n",
    "koi8_r": "Икона,Богоматерь Владимирская,XII век,дерево темпера,Государственная галерея\n",
    "cp1253": "Αγγείο,Μελανόμορφος αμφορέας,περίπου 530 π.Χ.,πηλός,Εθνικό Αρχαιολογικό Μουσείο\n",
    "cp1255": "שלום,כד חרס,תקופת הברזל,מוזיאון ישראל\n",
    "cp1254": "Şamdan,Osmanlı dönemi,bronz döküm,İstanbul Türk ve İslam Eserleri Müzesi bağış\n",
    "cp1250": "Obraz,Święty Jerzy walczący ze smokiem,około 1450,tempera na desce,kościół w Łodzi\n",
    "cp1252": "Tableau,Élévation de la croix,vers 1450,huile sur toile,légué par le musée à Besançon\n",
    "mac_roman": "Tableau,Élévation de la croix,vers 1450,huile sur toile,légué par le musée à Besançon\n",
    "cp850": "Gemälde,Heilige Übergabe,um 1450,Öl auf Holz,großes Vermächtnis für die Stadt Köln\n",
}


def found(content: bytes, stated: str = "auto") -> TextForm:
    return find_encoding(memory_source("t.csv", content), stated)


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_legacy_encoding_is_guessed_and_said_to_be_a_guess(encoding: str) -> None:
    content = (TEXTS[encoding] * 20).encode(encoding)
    form = found(content)
    assert content.decode(form.encoding) == TEXTS[encoding] * 20
    assert form.guessed
    heard: list[Finding] = []
    report_encoding("t.csv", form, Reporting(on_note=heard.append))
    assert [note.severity for note in heard] == ["warning"]


@pytest.mark.parametrize(
    "text", ["10 \u00d7 20 cm\n", "Caf\u00e9\n", "\u201cUntitled\u201d\n", "18\u201319 \u00bd in.\n"]
)
def test_a_single_sign_of_windows_is_enough(text: str) -> None:
    content = b"id,title,size\n1,Vase,12\n" * 50 + text.encode("cp1252")
    assert found(content).encoding == "cp1252"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
        (b"\0\0\xfe\xff", "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides(mark: bytes, encoding: str) -> None:
    form = found(mark + "id,title\n1,V\u00e4se\n".encode(encoding))
    assert (form.encoding, form.mark_bytes, form.guessed) == (encoding, len(mark), False)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_seen_by_its_zeros(encoding: str) -> None:
    assert found("id,title\n1,Vase\n".encode(encoding)).encoding == encoding


def test_utf8_is_found_where_its_first_sign_comes_late() -> None:
    assert found(b"a,b\n" * 500_000 + "é".encode()) == TextForm("utf-8")


def test_a_character_cut_by_a_chunk_is_no_error() -> None:
    content = b"x" * (256 * 1024 - 1) + "é".encode() + b"\n"
    assert found(content) == TextForm("utf-8")


def test_a_few_broken_bytes_do_not_make_a_utf8_file_another_encoding() -> None:
    assert found("é".encode() * 100 + b"\xe9 ") == TextForm("utf-8", broken=True)


def test_zero_bytes_are_noticed() -> None:
    assert found(b"a,b\n1,\0\n").has_zero_bytes


def test_a_stated_encoding_is_taken_without_a_guess() -> None:
    assert found(b"caf\xe9", "latin-1") == TextForm("iso8859-1")
    assert found(b"\xef\xbb\xbfabc", "utf-8") == TextForm("utf-8", 3)
    assert found(b"\xff\xfea\0", "utf-16") == TextForm("utf-16-le", 2, has_zero_bytes=True)


@pytest.mark.parametrize("name", ["utf-9", "", "base64", "a\0b", "rot13"])
def test_an_unknown_encoding_is_named(name: str) -> None:
    with pytest.raises(SourceError, match="no text encoding named"):
        found(b"a", name)


def test_letters_out_of_place_are_implausible() -> None:
    sample = "10 × 20, Élan, d’été".encode("cp1252")
    assert plausibility(sample, "cp1252") == 1.0
    assert plausibility(sample, "cp850") < 0.5


def test_half_a_character_before_a_chunk_of_plain_letters_is_not_utf8() -> None:
    content = b"x" * (256 * 1024 - 1) + b"\xc3" + b"y" * (256 * 1024)
    assert found(content).encoding == "cp1252"
