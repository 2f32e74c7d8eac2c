"""One page on one patent: what it is, what its scores say, and which criteria it meets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, i18n, plot, valuation
from patentnav.config import get_config
from patentnav.errors import ArgumentError
from patentnav.report.blocks import Figure, Section, Table, Text, column_label
from patentnav.report.document import Report
from patentnav.valuation import CORE_CRITERIA, CRITERIA
from patentnav.valuation.explain import cohort_in_words, label_of, value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from patentnav.patentset import PatentSet
    from patentnav.report.blocks import Block, Style

CARDS = ("impact", "keep")
DRAWS = 200
_STATES = {True: "yes", False: "no"}
_COVER = ("publication_id", "application_date", "grant_date", "patent_type", "legal_status")


def patent_page(
    patents: PatentSet,
    publication_id: str,
    cards: Sequence[str] = CARDS,
    *,
    scores: Mapping[str, pd.DataFrame] | None = None,
    lang: str | None = None,
) -> Report:
    """Make the page of one patent: scores with their reasons, how firm they are, criteria, evidence.

    Parameters
    ----------
    patents
        The set it is compared in.
    publication_id
        The patent.
    cards
        Scorecards, by name or path.
    scores
        Scores of the whole set by card (:func:`patentnav.valuation.score`), where they are at hand:
        for many pages they are computed once.
    lang
        ``zh`` or ``en``; the configured language when omitted.

    Returns
    -------
    Report
        Save it with ``page.save("x.docx")``, ``.html`` or ``.xlsx``.

    Raises
    ------
    ArgumentError
        The set has no such publication, or ``cards`` is empty.
    """
    lang = lang or get_config().lang
    if publication_id not in patents.publications.index:
        msg = f'The set has no publication "{publication_id}". Write it as publication_id does.'
        raise ArgumentError(msg)
    if not cards:
        msg = "A page needs one scorecard at least, e.g. cards=['impact']."
        raise ArgumentError(msg)
    loaded = {name: valuation.load(name) for name in cards}
    given = scores or {}
    scored = {
        name: given[name] if name in given else valuation.score(patents, card)
        for name, card in loaded.items()
    }
    row = patents.publications.loc[publication_id]
    title = row["title"] if pd.notna(row["title"]) else publication_id
    sections = [
        Section(
            "page.standing", 2, "", tuple(_standing(scored, loaded, publication_id, lang)), "page"
        ),
        Section(
            "page.reasons", 2, "", tuple(_reasons(scored, loaded, publication_id, lang)), "page"
        ),
        Section("page.criteria", 2, "", tuple(_criteria(patents, publication_id, lang)), "page"),
        Section("page.limits", 2, "", (Text("page.limits.body", {}, "note"),), "page"),
    ]
    return Report(
        title=str(title),
        subtitle=i18n.text("report.page.title", lang),
        lang=lang,
        facts=tuple(_cover(patents, publication_id, lang)),
        sections=tuple(sections),
        wording=_wording(lang, len(scored)),
    )


def _wording(lang: str, cards: int) -> dict[str, str]:
    """The texts, with a caption for the blocks of every card."""
    texts = dict(i18n.wording(lang))
    for key in ("caption.page_reasons", "caption.page_percentiles", "alt.page_percentiles"):
        texts |= {f"report.{key}_{i}": texts[f"report.{key}"] for i in range(1, cards + 1)}
    return texts


def _cover(patents: PatentSet, publication_id: str, lang: str) -> Iterator[tuple[str, str]]:
    row = patents.publications.loc[publication_id]
    for column in _COVER:
        value = publication_id if column == "publication_id" else row[column]
        if pd.isna(value):
            continue
        if isinstance(value, pd.Timestamp):
            value = f"{value:%Y-%m-%d}"
        key = f"report.{column}.{value}"
        yield (
            column_label(column, lang),
            i18n.text(key, lang) if i18n.has(key, lang) else str(value),
        )
    if patents.has("parties"):
        held = facts.holders(patents.filter([publication_id]))
        names = held["name"].fillna(held["name_raw"]).drop_duplicates()
        if len(names):
            yield column_label("applicant", lang), _listed(names, lang)
    moment = facts.cutoff_date(patents)
    size = i18n.text("report.page.size", lang, publications=len(patents))
    known = "" if moment is None else i18n.text("report.page.until", lang, day=f"{moment:%Y-%m-%d}")
    yield i18n.text("report.page.compared", lang), size + known


def _listed(names: pd.Series, lang: str) -> str:
    return i18n.text("report.word.list_separator", lang).join(names.astype("str"))


def _card_name(card: valuation.Scorecard, lang: str) -> str:
    return (card.names or {}).get(lang, card.name)


def _standing(
    scored: Mapping[str, pd.DataFrame],
    cards: Mapping[str, valuation.Scorecard],
    publication_id: str,
    lang: str,
) -> Iterator[Block]:
    """Score, bounds, rank and how firm it is, a row per card."""
    rows = []
    for name, frame in scored.items():
        own = frame.loc[publication_id]
        firm = valuation.sensitivity(frame, cards[name], DRAWS).loc[publication_id]
        of = int(frame["score"].notna().sum())
        rows.append(
            {
                "card": _card_name(cards[name], lang),
                "score": own["score"],
                "tier": own["tier"],
                "bounds": _range(own["lowest"], own["highest"], ".1f"),
                "known_weight": own["coverage"],
                "rank_of": _range(firm["rank"], of, ",.0f", "/"),
                "ranks": _range(firm["rank_best"], firm["rank_worst"], ",.0f"),
                "tier_stability": firm["tier_stability"],
            }
        )
        if (cards[name].purpose or {}).get(lang):
            yield _line(cards[name], cards[name].purpose[lang], lang, "bullet")  # type: ignore[index]
    table = pd.DataFrame(rows)
    table["tier"] = table["tier"].astype("str")
    forms = {"known_weight": "share", "tier_stability": "share"}
    note = Text("page.standing.note", {"draws": DRAWS}, "note")
    yield Table("page_standing", table, forms, {}, note)


def _range(low: Any, high: Any, form: str, dash: str = "–") -> str | None:
    if pd.isna(low) or pd.isna(high):
        return None
    return f"{float(low):{form}}{dash}{float(high):{form}}"


def _line(card: valuation.Scorecard, line: str, lang: str, style: Style) -> Text:
    return Text("page.line", {"card": _card_name(card, lang), "line": line}, style)


def _reasons(
    scored: Mapping[str, pd.DataFrame],
    cards: Mapping[str, valuation.Scorecard],
    publication_id: str,
    lang: str,
) -> Iterator[Block]:
    """Where every score comes from: a sentence, a figure and a table per card."""
    for number, (name, frame) in enumerate(scored.items(), start=1):
        parts = valuation.explain(frame, publication_id)
        values = {"card": _card_name(cards[name], lang), "publication": publication_id}
        first = valuation.describe(frame, publication_id, lang)[0]
        yield _line(cards[name], first, lang, "finding")
        known = parts.dropna(subset="percentile")
        labels = {n: label_of(n, lang) for n in parts["indicator"]}
        table = pd.DataFrame(
            {
                "indicator": [labels[n] for n in parts["indicator"]],
                "dimension": [i18n.text(f"indicators.score.{d}", lang) for d in parts["dimension"]],
                "value": [
                    None if pd.isna(v) else value_in_words(n, v, lang)
                    for n, v in zip(parts["indicator"], parts["value"], strict=True)
                ],
                "standing": parts["percentile"],
                "cohort": [
                    None
                    if pd.isna(n)
                    else i18n.text(
                        "report.page.cohort", lang, n=n, cohort=cohort_in_words(c, lang, short=True)
                    )
                    for c, n in zip(parts["cohort"], parts["cohort_size"], strict=True)
                ],
                "weight": parts["weight"],
                "contribution": parts["contribution"],
            }
        )
        whole = Table(
            f"page_reasons_{number}", table, {"weight": "share", "cohort": "text"}, values
        )
        if len(known):
            shown = known.set_index("indicator")["percentile"]
            figure = pd.DataFrame(
                {"indicator": [labels[n] for n in shown.index], "standing": shown.to_numpy()}
            )

            def draw(ax: Any, shown: pd.Series = shown, labels: dict[str, str] = labels) -> object:
                return plot.standing(shown, ax=ax, labels=labels, lang=lang)

            yield Figure(
                Table(f"page_percentiles_{number}", figure, {}, values), draw,
                size=(6.3, 1.0 + 0.3 * len(shown)),
            )  # fmt: skip
        yield whole


def _criteria(patents: PatentSet, publication_id: str, lang: str) -> Iterator[Block]:
    """The five statistical criteria and those of a core patent: met, not met, not known."""
    judged = valuation.high_value(patents)
    evidence = valuation.high_value_evidence(patents, judged)
    own = evidence[evidence["publication_id"] == publication_id]
    received = facts.stated_counts(patents, "forward_citation_count")
    core = valuation.core(patents, received if received.notna().any() else None)
    rows = [
        {
            "criterion": i18n.text(f"indicators.high_value.{name}", lang),
            "is_met": _state(judged.loc[publication_id, name], lang),
            "shown_by": _listed(own.loc[own["criterion"] == name, "evidence"], lang) or None,
        }
        for name in ["high_value", "valid_invention", *CRITERIA]
    ]
    yield Table("page_high_value", pd.DataFrame(rows).astype("str"), {}, {})
    rows = [
        {
            "criterion": i18n.text(f"report.word.core_{name}", lang),
            "is_met": _state(core.loc[publication_id, name], lang),
        }
        for name in CORE_CRITERIA
    ]
    yield Table("page_core", pd.DataFrame(rows).astype("str"), {}, {})


def _state(value: Any, lang: str) -> str:
    word = "unknown_state" if pd.isna(value) else _STATES[bool(value)]
    key = f"report.page.{word}" if word == "unknown_state" else f"report.word.{word}"
    return i18n.text(key, lang)
