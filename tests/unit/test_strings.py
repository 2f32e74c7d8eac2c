import pandas as pd
import pytest

from patentnav._strings import among, joined
from patentnav.taxonomy.match import WordMatcher


@pytest.mark.parametrize("known", [["b", "d"], ["b", None], []])
def test_among_says_what_isin_says(known):
    values = pd.Series(["a", "b", None, "d", "b"], dtype="str")
    others = pd.Series(known, dtype="str")
    assert among(values, others).tolist() == values.isin(others).tolist()
    assert among(pd.Index(values), pd.Index(others)).tolist() == values.isin(others).tolist()


def test_joined_says_what_aggregation_says():
    rows = pd.DataFrame(
        {"a": ["y", "x", "y", None, "x"], "b": ["1", "1", "1", "1", "2"], "text": list("pqrst")}
    ).astype("str")
    for by in (["a"], ["a", "b"]):
        pd.testing.assert_series_equal(
            joined(rows, by, "text", "; "), rows.groupby(by)["text"].agg("; ".join)
        )
    assert joined(rows[:0], ["a"], "text", "; ").empty


def test_words_end_where_the_text_ends():
    matcher = WordMatcher(["水泵", "水", "泵阀", "pump", "elec*"])
    texts = pd.Series(
        ["离心水", "泵阀 pumps", None, "electric水泵阀", "水", "Pump"], list("abcdef")
    )
    found = matcher.hits(texts)
    by_text = found.groupby("key")["word"].agg(list).to_dict()
    assert by_text == {
        "a": ["水"], "b": ["pump", "泵阀"], "d": ["elec*", "水", "水泵", "泵阀"], "e": ["水"],
        "f": ["pump"],
    }  # fmt: skip
    assert matcher.find("泵") == set()
