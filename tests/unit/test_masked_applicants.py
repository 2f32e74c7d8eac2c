"""People who are applicants are masked in sets that carry no inventors."""

import pandas as pd

import patentnav as pnav


def test_people_among_applicants_get_a_number_without_inventors() -> None:
    ids = ["US1A", "US2A"]
    parties = pd.DataFrame(
        {"publication_id": ids, "role": "applicant", "position": 1,
         "name_raw": ["Mr Santhosh BJ", "Acme Corp"], "party_type": ["individual", "enterprise"]}
    )  # fmt: skip
    given = pnav.PatentSet.from_tables(
        {"publications": pd.DataFrame(index=ids), "parties": parties}
    )
    said = pnav.talent.mask(given).parties["name_raw"].tolist()
    assert said == ["#P1", "Acme Corp"]
