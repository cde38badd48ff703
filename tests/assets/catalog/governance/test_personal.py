"""Personal data in free text: found where it is planted, and nothing else taken for it."""

import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.governance.personal import find_personal, mask_text, masked, personal_findings
from assets.catalog.governance.policy import Governance
from assets.catalog.intake import prepare
from assets.catalog.record import Acquisition, ArtifactRecord, Origin, Text
from assets.catalog.row import Mapped
from tests.assets.catalog.records import a_record

PLANTED = [
    ("e-mail", "US", "hazel.whitcomb@prairiehistory.org"),
    ("e-mail", "GB", "curator-emeritus@ashmere.ac.uk"),
    ("e-mail", "DE", "f.lindqvist_63@t-online.de"),
    ("e-mail", "IT", "Bianchi.R@libero.it"),
    ("e-mail", "CN", "wang88@mail.example.cn"),
    ("e-mail", "US", "donor (at) quincyarts (dot) org"),
    ("e-mail", "NL", "van.der.berg+schenking@ziggo.nl"),
    ("e-mail", "US", "O'Hara@stmarys.edu"),
    ("telephone", "US", "(617) 495-9400"),
    ("telephone", "US", "212-535-7710"),
    ("telephone", "US", "+1 (313) 833-7900"),
    ("telephone", "US", "216.421.7350"),
    ("telephone", "US", "phone: 495-9400"),
    ("telephone", "CA", "416 586 8000"),
    ("telephone", "GB", "0131 225 7534"),
    ("telephone", "GB", "+44 29 2057 3000"),
    ("telephone", "GB", "(01223) 332900"),
    ("telephone", "IE", "01 677 7444"),
    ("telephone", "DE", "089 21124 0"),
    ("telephone", "DE", "+49 (0)351 49142000"),
    ("telephone", "AT", "01 525 24 0"),
    ("telephone", "CH", "044 253 84 84"),
    ("telephone", "FR", "04 91 54 50 00"),
    ("telephone", "FR", "+33 (0)1 40 20 50 50"),
    ("telephone", "BE", "02 508 32 11"),
    ("telephone", "IT", "02 7226 3264"),
    ("telephone", "ES", "933 19 63 10"),
    ("telephone", "PT", "21 782 30 00"),
    ("telephone", "NL", "030 236 2362"),
    ("telephone", "NO", "22 49 37 00"),
    ("telephone", "GR", "21 0321 4172"),
    ("telephone", "JP", "06-4860-8600"),
    ("telephone", "KR", "+82 2 2077 9000"),
    ("telephone", "CN", "021-63723500"),
    ("telephone", "IN", "022 2284 4484"),
    ("telephone", "AU", "03 8620 2222"),
    ("telephone", "NZ", "(04) 381 7000"),
    ("telephone", "BR", "+55 21 3299-0600"),
    ("telephone", "ZA", "021 481 3970"),
    ("address", "US", "1411 Harmon Place, Minneapolis, MN 55403"),
    ("address", "US", "62 W. 83rd St., Apt. 5"),
    ("address", "US", "400 South Fair Oaks Avenue, Pasadena"),
    ("address", "US", "PO Box 218, Taos, NM"),
    ("address", "US", "15 Quail Hollow Court"),
    ("address", "US", "3701 Blue Ridge Pkwy, Asheville, NC 28801"),
    ("address", "US", "1780 Broadway, New York"),
    ("address", "GB", "33 Heriot Row, Edinburgh EH3 6ES"),
    ("address", "GB", "5A Lansdown Crescent, Bath BA1 5EX"),
    ("address", "GB", "Rose Cottage, Lower Street, Dittisham TQ6 0HY"),
    ("address", "CA", "240 Laurier Ave, Ottawa, ON K1P 5J8"),
    ("address", "AU", "19 Jacaranda Close, Cairns QLD 4870"),
    ("address", "DE", "Kaiserstraße 88, 76133 Karlsruhe"),
    ("address", "DE", "Rosenheimer Platz 4"),
    ("address", "AT", "Mariahilfer Straße 120, 1070 Wien"),
    ("address", "CH", "Seestrasse 203, 8002 Zürich"),
    ("address", "FR", "19 rue de l'Odéon, 75006 Paris"),
    ("address", "FR", "4, quai Voltaire"),
    ("address", "BE", "55, avenue Louise, 1050 Bruxelles"),
    ("address", "IT", "via Manzoni 30, Milano"),
    ("address", "IT", "Piazza Navona, 68"),
    ("address", "ES", "Calle Mayor, 12"),
    ("address", "ES", "Avenida de la Constitución 3, 41004 Sevilla"),
    ("address", "PT", "Rua Garrett 120, 1200-205 Lisboa"),
    ("address", "NL", "Herengracht 401"),
    ("address", "NL", "Vondelstraat 5, 1054 GD Amsterdam"),
    ("address", "SE", "Storgatan 7, 114 51 Stockholm"),
    ("address", "DK", "Bredgade 25"),
    ("address", "PL", "ul. Nowy Świat 33, 00-029 Warszawa"),
    ("address", "HU", "Andrássy út 60"),
    ("address", "RU", "ул. Волхонка, д. 12"),
    ("address", "CN", "北京市朝阳区建国路88号"),
    ("address", "JP", "〒150-0001 東京都渋谷区神宮前4丁目12番10号"),
    ("address", "KR", "부산시 해운대구 센텀로 45"),
]
"""Written after the rules; their first try missed 8 addresses, all beside a bracket, since put right."""


@pytest.mark.parametrize(
    "text",
    [
        "Oil on canvas, 2010.91, 23.5 x 18.4 cm, painted 1853-1923",
        "Acquired 12/05/1967; lot 1204; pp. 212-218; inv. 1984.1.201-1984.1.240",
        "[1] Sotheby's, New York, 24 May 1989, lot 119; Christie's 10 June 1992",
        "ISBN 978-0-300-12345-6 and ISBN 0-8109-1234-5",
        "Gift of the 2001 Collectors Circle, National Museum of Wildlife Art",
        "In 1862 Lexington Road was laid out; by 12 May St. Louis had fallen",
        "12 Figures by Dr. Miller, 3 Place settings of 24 pieces",
        "M. Knoedler & Co. Gallery, 14 East 57th Street, New York",
        "The years 1914-1918 and 1939-1945, 18445-1854",
        "Spring 1994, Brigade 5, Necktie 12, Arcade 3",
        "한국전쟁으로 12세기 청자가 사라졌다",
        "高三十二厘米，口径18.5厘米，重2010克",
    ],
)
def test_numbers_of_catalogs_are_not_taken_for_personal_data(text: str) -> None:
    assert find_personal(text) == ()


def test_a_telephone_number_is_found_beside_a_year() -> None:
    text = "call 412-681-7364 1998"
    (found,) = find_personal(text)
    assert text[found.start : found.end] == "412-681-7364"


def test_seven_figures_after_the_word_telephone_are_one() -> None:
    assert [one.kind for one in find_personal("Tel.: 681-7364")] == ["telephone"]
    assert find_personal("Acc. 681-7364") == ()


@given(st.text(max_size=200))
def test_any_text_is_searched_without_overlap_and_in_order(text: str) -> None:
    spans = [(one.start, one.end) for one in find_personal(text)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@given(
    st.text("abcdefg XYZ,.;0123456789-\n", max_size=60),
    st.sampled_from([sample for _, region, sample in PLANTED if region == "US"]),
)
def test_what_was_masked_is_not_found_again(before: str, sample: str) -> None:
    text = mask_text(f"{before}. {sample}")
    assert mask_text(text) == text


def test_masking_names_the_kind_and_leaves_the_rest() -> None:
    text = "Bequest of J. Doe, 12 E. Elm Street, Boston, MA 02116; j.doe@x.org"
    assert mask_text(text) == "Bequest of J. Doe, [address removed]; [e-mail removed]"


def with_everything(secret: str) -> ArtifactRecord:
    return a_record(
        texts=(
            Text(content=f"From {secret}", kind="note"),
            Text(content=f"marked {secret}", kind="inscription"),
        ),
        credit_line=f"Gift of {secret}",
        acquisition=Acquisition(text=f"letter, {secret}"),
        provenance={"/texts/0": Origin(field="Note", text=f"<p>From {secret}</p>")},
    )


def test_visitors_see_no_personal_data_in_any_part_nor_in_its_original_text() -> None:
    secret = "hazel.whitcomb@prairiehistory.org"
    record = with_everything(secret)
    seen = masked(record, Governance())
    assert secret not in seen.model_dump_json()
    assert ArtifactRecord.model_validate(seen.model_dump()) == seen
    assert [f.pointer for f in personal_findings(record, Governance())] == [
        "/texts/0", "/texts/1", "/credit_line", "/acquisition",
    ]  # fmt: skip
    assert list(personal_findings(seen, Governance())) == []


def test_an_address_in_an_inscription_is_a_part_of_the_object() -> None:
    record = with_everything("152 Nassau Street")
    pointers = [finding.pointer for finding in personal_findings(record, Governance())]
    assert pointers == ["/texts/0", "/credit_line", "/acquisition"]
    assert masked(record, Governance()).texts[1] == record.texts[1]


def test_an_e_mail_in_an_inscription_is_masked_and_the_address_beside_it_stays() -> None:
    label = Text(content="F. Keppel, 4 East 39th Street; k@keppel.com", kind="inscription")
    (seen,) = masked(a_record(texts=(label,)), Governance()).texts
    assert seen.content == "F. Keppel, 4 East 39th Street; [e-mail removed]"


def test_a_record_without_personal_data_stays_the_same_object() -> None:
    record = a_record(texts=(Text(content="A view of Boston"),))
    assert masked(record, Governance()) is record


def test_parts_that_the_policy_leaves_out_are_not_masked() -> None:
    record = with_everything("j.doe@x.org")
    seen = masked(record, Governance(mask=("credit_line",)))
    assert seen.texts == record.texts
    assert seen.credit_line == "Gift of [e-mail removed]"


def clean_texts(shared_data: Path) -> list[str]:
    texts: list[str] = []
    for folder, profile in (("cmoa", "cmoa"), ("aac_nmwa", "nmwa"), ("tate", "tate"), ("aac_autry", "autry")):
        source, _ = prepare(shared_data / "catalogue" / folder, profile, on_bytes=lambda _: None)
        for outcome in source.outcomes:
            if isinstance(outcome, Mapped):
                texts += [
                    t.content for t in outcome.record.texts if t.kind not in ("inscription", "exhibitions")
                ]
    return sorted({text for text in texts if len(text) > 60 and not find_personal(text)})


@pytest.mark.data
def test_planted_personal_data_is_found_in_real_texts(shared_data: Path) -> None:
    """Of 73 samples of 25 countries each planted in five real texts (recall; 365 trials)."""
    texts = clean_texts(shared_data)
    chance = random.Random(20_260)
    found: dict[str, int] = {}
    for kind, region, sample in PLANTED * 5:
        text = chance.choice(texts)
        gap = chance.choice([at for at, character in enumerate(text) if character == " "])
        planted = f"{text[:gap]} ({sample}){text[gap:]}"
        hit = any(
            one.kind == kind and one.start < gap + 2 + len(sample) and one.end > gap + 2
            for one in find_personal(planted, region)
        )
        found[kind] = found.get(kind, 0) + hit
    assert found["e-mail"] == 40
    assert found["telephone"] >= 153
    assert found["address"] >= 167
