import pytest

import patentnav as pnav
from patentnav import taxonomy
from patentnav.taxonomy.load import build

TREE = {
    "names": {"zh": "例", "en": "Example"},
    "nodes": [
        {"id": "power", "names": {"zh": "电力", "en": "Power"}},
        {"id": "cell", "parent": "power", "symbols": ["H01M*"], "exclude": ["H01M8"]},
        {"id": "grid", "parent": "power", "gated": ["H02J"], "keywords": ["电网"]},
    ],
}


def test_ten_industries_in_two_levels():
    tree = taxonomy.load("jinan-ten")
    assert tree.top == ("ict", "equipment", "quantum", "biomed", "materials", "finance",
                        "logistics", "healthcare", "culture", "techservice")  # fmt: skip
    assert all(tree.below(top) for top in tree.top)
    assert tree.names("en")["finance"] == "Industrial finance"
    assert tree.names("zh").notna().all()


def test_tree_inherits_rules_and_words():
    tree = build("example", TREE)
    assert tree.top == ("power",)
    assert [r.include for r in tree.rules("power")] == [("H01M",), ("H02J",)]
    assert tree.keywords("power") == ("电网",)
    assert tree.top_of("cell") == "power"


@pytest.mark.parametrize("name", taxonomy.names())
def test_every_shipped_taxonomy_is_valid(name):
    tree = taxonomy.load(name)
    assert tree.nodes
    for node in tree.nodes.values():
        assert set(node.names) == {"zh", "en"}, node.id


def test_unknown_names_are_answered_with_close_ones():
    with pytest.raises(pnav.UnknownNameError, match="jinan-ten"):
        taxonomy.load("jinan-tem")
    with pytest.raises(pnav.UnknownNameError, match="symbols"):
        build("x", {"nodes": [{"id": "a", "symbol": ["H01M"]}]})
    with pytest.raises(pnav.UnknownNameError, match="power"):
        build("x", {"nodes": [{"id": "power"}, {"id": "b", "parent": "powr"}]})


def test_bad_patterns_and_trees_are_refused():
    with pytest.raises(pnav.FormatError, match=r'no IPC or CPC pattern\. Did you mean "H01M"'):
        build("x", {"nodes": [{"id": "a", "symbols": ["HO1M"]}]})
    with pytest.raises(pnav.FormatError, match="twice"):
        build("x", {"nodes": [{"id": "a"}, {"id": "a"}]})
    with pytest.raises(pnav.FormatError, match="ancestor"):
        build("x", {"nodes": [{"id": "a", "parent": "b"}, {"id": "b", "parent": "a"}]})
