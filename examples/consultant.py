"""A consultant's private folder: format, taxonomy, scorecard, indicator, section and outline of one's own.

python examples/consultant.py

Nothing of the package is copied or changed. `docs/howto/extend.md` explains each file; a project file
names the folder with `data_path` and the module with `plugins`, the command line with --data, --plugin.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import patentnav as pnav

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

FILES = {
    "formats/client-list.toml": """\
title = { zh = "客户台账", en = "Client's list" }
vendor = "client"
unit = "publication"
language = "en"

[detect]
needs = [["Number"], ["Handled by"]]

[columns]
"Number" = { to = "publications.publication_id" }
"Filed" = { to = "publications.application_date" }
"Owner" = { to = "parties.name_raw", role = "applicant", split = [";"] }
"Title" = { to = "texts.text", field = "title", language = "en" }
"IPC" = { to = "classifications.symbol", scheme = "IPC", split = [";"] }
"Handled by" = { to = "parties.name_raw", role = "agent" }
""",
    "taxonomies/pumps.toml": """\
names = { zh = "泵", en = "Pumps" }

[[nodes]]
id = "pump"
names = { zh = "泵体", en = "Pump" }
symbols = ["F04"]

[[nodes]]
id = "drive"
names = { zh = "驱动", en = "Drive" }
symbols = ["H02K", "H02P"]
""",
    "scorecards/quick.toml": """\
kind = "weighted"
names = { zh = "速评", en = "Quick look" }
purpose = { zh = "先看哪些", en = "What to look at first." }
cohort = []

[tiers]
A = 60
B = 0

[[indicators]]
indicator = "ipc_main_groups"
dimension = "technical"
weight = 60

[[indicators]]
indicator = "title_words"
dimension = "technical"
weight = 40
direction = "higher"
""",
    "reports/memo.toml": """\
title = { zh = "备忘", en = "Memo" }

[[part]]
id = "ours"
number = "1"
title = { zh = "概况", en = "At a glance" }
sections = ["holdings"]

[[part]]
id = "methods"
number = "A"
sections = ["sources", "rules"]

[wording.zh.report.ours.holdings]
title = "各申请人持有"
body = "台账中有{count:,}个申请人，见{table}。"

[wording.zh.report.caption]
our_holdings = "各申请人的公开件数"

[wording.en.report.ours.holdings]
title = "Who holds what"
body = "The list names {count:,} applicants, see {table}."

[wording.en.report.caption]
our_holdings = "Publications by applicant"
""",
}
LIST = """\
Number,Filed,Owner,Title,IPC,Handled by
CN110000001A,2018-03-01,Alpha Pumps Co Ltd,Centrifugal pump with sealed impeller,F04D7/02;F04D29/08,A. Smith
CN110000002A,2019-04-01,Alpha Pumps Co Ltd,Permanent magnet motor of a pump,H02K1/27,A. Smith
CN110000003A,2019-05-01,Beta University,Speed control of a pump drive,H02P6/08;F04D15/00,B. Jones
"""


def register() -> None:
    """The indicator and the section; a module named in `plugins` does the same when it is imported."""

    @pnav.indicators.indicator(
        unit="words", better="neither", needs=("publications.title",), source="our own",
        known_at="filing", label={"zh": "标题词数", "en": "Words of the title"},
    )  # fmt: skip
    def title_words(patents: pnav.PatentSet) -> pd.Series:
        """Words of the title."""
        return patents.publications["title"].str.count(r"\S+").astype("Int64")

    @pnav.report.section("ours.holdings", needs=("parties",))
    def holdings(edition: pnav.report.Edition) -> Iterator[pnav.report.Text | pnav.report.Table]:
        """Publications of every applicant."""
        rows = edition.study.patents.parties.query("role == 'applicant'")
        counts = rows.groupby("name_raw")["publication_id"].nunique()
        yield pnav.report.Text(
            "ours.holdings.body", {"count": len(counts), "table": pnav.report.Ref("our_holdings")}
        )
        frame = counts.rename_axis("applicant").reset_index(name="count")
        yield pnav.report.Table("our_holdings", frame, {"applicant": "applicant", "count": "count"})


def main(folder: str = "out/consultant") -> None:
    """Write the folder, read the client's list, score it and write a memo."""
    ours = Path(folder)
    for name, text in FILES.items():
        (ours / name).parent.mkdir(parents=True, exist_ok=True)
        (ours / name).write_text(text, encoding="utf-8")
    (ours / "list.csv").write_text(LIST, encoding="utf-8")
    register()
    with pnav.config_context(data_path=ours, lang="en"):
        patents = pnav.read(ours / "list.csv")
        print(patents.intake[["file", "format", "rows_in", "rows_out"]].to_string(index=False))
        print(pnav.classify.memberships(patents, "pumps")[["publication_id", "industry", "weight"]])
        print(pnav.valuation.score(patents, "quick")[["score", "coverage"]].round(1))
        report = pnav.report.build(patents, outline="memo", lang="en")
        print(report.save(ours / "memo.docx"))


if __name__ == "__main__":
    main()
