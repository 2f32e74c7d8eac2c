"""Words keep apart what letters join; pairs written from general knowledge, not from labelled sets."""

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.clean import latin, party_links
from patentnav.clean.party_names import group_names

FEDERAL = "FEDERALNOE GOSUDARSTVENNOE AVTONOMNOE OBRAZOVATELNOE UCHREZHDENIE VYSSHEGO OBRAZOVANIYA"
APART = [
    ("Korea Advanced Institute of Science and Technology",
     "Korea Institute of Science and Technology"),
    ("Mitsubishi Materials Corp", "Mitsubishi Electric Corp"),
    ("Hitachi Chemical Co Ltd", "Hitachi Ltd"),
    (f"{FEDERAL} SIBIRSKIJ FEDERALNYJ UNIVERSITET", f"{FEDERAL} YUZHNYJ FEDERALNYJ UNIVERSITET"),
    ("Nanjing University", "Nanjing University of Science and Technology"),
    ("UNIV JIANGSU", "UNIV JIANGNAN"), ("Tianjin University", "Tianjin Chengjian University"),
    ("Universidade Federal do Paraná", "Universidade Federal do Pará"),
    ("Universidade Federal da Paraíba", "Universidade Federal do Pará"),
    ("Beijing Institute of Technology", "Beijing University of Technology"),
    ("University of Pennsylvania", "Pennsylvania State University"),
    ("University of Michigan", "Michigan State University"),
    ("Alfatek Semiconductor Corp", "Betatek Semiconductor Corp"),
    ("Acme Holdings III LP", "Acme Holdings LP"), ("Zeta Electronics (Dong Guan) Co Ltd",
     "Zeta Electronics (Su Zhou) Co Ltd"),
    ("Mitsui Petrochemical Industries Ltd", "Mitsubishi Petrochemical Co Ltd"),
]  # fmt: skip
ONE = [
    ("UNIV KYOTO", "Kyoto University"),
    ("University of Southampton", "Southampton University"),
    ("UNIV OHIO STATE", "The Ohio State University"),
    ("TOYOTA JIDOSHA KABUSHIKI KAISHA", "TOYOTA MOTOR CO LTD"),
    ("MITSUBISHI JUKOGYO KABUSHIKI KAISHA", "MITSUBISHI HEAVY IND LTD"),
    ("Universit&eacute; Laval", "Université Laval"),
    ("BÃƒÂ¼hler Motor GmbH", "Bühler Motor GmbH"),
    ("Wheel Me AS", "WheelMe AS"), ("Zeta Petro Chemical Engineering", "Zeta Petrochemical Engineering"),
    ("U.S. Lantern Corporation", "United States Lantern Corporation"),
    ("Alfa Precision (Shen Zhen) Co Ltd", "Alfa Precision (Shenzhen) Co Ltd"),
    ("Universidade de São Paulo - USP", "Universidade de Sao Paulo"),
    ("Korea Institute of Science and Technology (KIST)",
     "Korea Institute of Science and Technology"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), APART)
def test_words_keep_names_apart(one, other):
    assert group_names([one, other])["party_id"].nunique() == 2


@pytest.mark.parametrize(("one", "other"), ONE)
def test_spellings_of_one_organisation(one, other):
    assert group_names([one, other])["party_id"].nunique() == 1


def test_blanks_are_those_of_most_names():
    names = ["Mobile Ferret Inc", "MobileFerret Inc", "MobileFerret Solutions LLC", "Head Loom Ltd",
             "Headloom Ltd", "Head Loom Weaving SA"]  # fmt: skip
    stems = {name: one.stems for name, one in latin.parse_all(names).items()}
    assert stems["Mobile Ferret Inc"] == stems["MobileFerret Inc"] == ("MOBILEFERRET",)
    assert stems["Headloom Ltd"] == stems["Head Loom Ltd"] == ("HEAD", "LOOM")
    assert latin.parse_all(["Head Loom Ltd"])["Head Loom Ltd"].stems == ("HEAD", "LOOM")


@pytest.mark.parametrize(("name", "group"), [
    ("トヨタ自動車株式会社", "丰田"), ("丰田自动车北美公司", "丰田"), ("삼성전자주식회사", "三星"), ("(주) 삼성화스너", ""),
    ("주식회사 엘지화학", "LG"), ("三菱電機株式会社", "三菱电机"), ("三菱商事株式会社", ""),
    ("Mitsubishi Materials Corp", "三菱材料"), ("江苏现代电力科技有限公司", ""),
    ("通用电气精准医疗有限责任公司", "通用电气"),
])  # fmt: skip
def test_a_brand_is_one_group_in_every_script(name, group):
    assert party_links.known_brand(name) == group


def parties(rows):
    """A set of parties ``(publication, name, vendor's name)``."""
    table = pd.DataFrame(rows, columns=["publication_id", "name_raw", "name_standard"])
    ids = table["publication_id"].drop_duplicates()
    return pnav.PatentSet.from_tables({
        "publications": pd.DataFrame(index=pd.Index(ids, name="publication_id")),
        "parties": table.assign(role="applicant", position=1),
    })  # fmt: skip


def test_a_vendor_does_not_join_a_university_and_its_holding():
    found = pnav.clean.resolve_parties(parties([
        ("CN1A", "清华大学", "清华大学"), ("CN2A", "清华大学", "清华大学"),
        ("CN3A", "锐迪科微电子(上海)有限公司", "清华大学"), ("CN4A", "Waymo LLC", "Alphabet"),
        ("CN5A", "Google LLC", "Alphabet"),
    ]))  # fmt: skip
    group = found.parties.set_index("publication_id")["group_id"]
    assert group["CN1A"] != group["CN3A"]
    assert group["CN4A"] == group["CN5A"]
    table = pnav.clean.vendor_disagreements(found)
    assert table["kind"].to_list() == ["split_here", "split_here"]
    assert table["vendor_name"].unique().tolist() == ["清华大学"]


def test_the_ultimate_parent_joins_single_applicants():
    patents = parties([("US1A", "Skype Technologies", None), ("US2A", "eBay Inc", None)])
    told = pd.DataFrame({
        "publication_id": ["US1A", "US2A"], "source": "derwent-innovation",
        "name": "Ultimate Parent", "value": "EBAY INC",
    })  # fmt: skip
    tables = {t: getattr(patents, t) for t in patents.tables}
    with_parent = pnav.PatentSet.from_tables({**tables, "vendor_values": told})
    apart = pnav.clean.resolve_parties(patents).parties["group_id"]
    together = pnav.clean.resolve_parties(with_parent).parties["group_id"]
    assert apart.nunique() == 2
    assert together.nunique() == 1


def test_a_person_is_no_member_of_the_firm_of_that_name():
    found = pnav.clean.resolve_parties(parties([
        ("JP1A", "SUZUKI MOTOR CORP", None), ("JP2A", "SUZUKI AKIRA", None),
        ("GB3A", "ROLLS ROYCE PLC", None), ("GB4A", "ROLLS ROYCE", None),
    ]))  # fmt: skip
    group = found.parties.set_index("publication_id")["group_id"]
    assert group["JP1A"] != group["JP2A"]
    assert group["GB3A"] == group["GB4A"]


def test_disagreements_need_resolved_parties_and_a_vendor():
    with pytest.raises(pnav.MissingColumnError, match="resolve_parties"):
        pnav.clean.vendor_disagreements(parties([("CN1A", "清华大学", "清华大学")]))
