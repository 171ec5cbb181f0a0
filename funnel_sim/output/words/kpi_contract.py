"""The sentence of a KPI for the contract: what is counted, how, and against what."""

from funnel_sim.decisions.economics.whose import orders_typed
from funnel_sim.decisions.kpi.check import KpiAnswer
from funnel_sim.decisions.kpi.console import OURS, by_the_books
from funnel_sim.decisions.kpi.measured import (
    Baseline,
    basis_of,
)
from funnel_sim.model.bases import SALES, SPEND
from funnel_sim.model.funnel_words import FUNNEL_WORDS
from funnel_sim.model.metrics import FORMULAS
from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import name_of, plain_name, rendered, symbols
from funnel_sim.output.words.kpi import metric_name, value_text, window_text
from funnel_sim.scenario.kpi_metrics import CASH_METRICS, OPERATIONAL
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_SPEND_OF_A_FUNNEL = "(media_spend + media_of_sales)"
"""A funnel's ad spend, planned by budget or as a share of sales: to a contract it is one amount."""


def basis_text(kpi: Kpi, scenario: Scenario, lang: Lang) -> str:
    """Return in words what counts in a KPI."""
    if kpi.metric in OPERATIONAL:
        return say(lang, "kpi.basis_cash" if kpi.metric in CASH_METRICS else "kpi.basis_counts")
    if kpi.metric in OURS:
        return say(lang, "kpi.basis_console")
    basis, parts = basis_of(scenario, kpi), []
    if kpi.metric in SALES:
        whose = (
            basis.sales
            if basis.sales != "usual"
            else ("ads" if kpi.metric in ("roas", "acos") else "all")
        )
        tax = basis.tax if basis.tax != "usual" else ("in" if kpi.metric == "gmv" else "booked")
        parts += [
            say(lang, f"kpi.basis_sales_{whose}", share=formats.percent(basis.attribution, 0)),
            say(lang, f"kpi.basis_tax_{tax}"),
            say(lang, f"kpi.basis_refunds_{basis.refunds}"),
            say(lang, f"kpi.basis_cancelled_{basis.cancelled}"),
        ]
    if kpi.metric in SPEND:
        parts += [
            say(lang, f"kpi.basis_spend_{basis.spend_tax}"),
            say(lang, "kpi.basis_fee_in" if basis.fee else "kpi.basis_fee_out"),
        ]
    return say(lang, "kpi.semicolon").join(parts) if parts else say(lang, "kpi.basis_plain")


def formula_text(kpi: Kpi, lang: Lang) -> str:
    """Return what is divided by what, in words; the basis is told apart."""
    if kpi.metric in OPERATIONAL:
        return say(lang, f"kpi.counts_{kpi.metric}")
    if kpi.metric in FORMULAS:
        told = FORMULAS[kpi.metric].expression.replace(_SPEND_OF_A_FUNNEL, "media_spend")
        return rendered(told.removeprefix("1 * "), lambda symbol: plain_name(symbol, lang))
    if kpi.metric in FUNNEL_WORDS:
        return FUNNEL_WORDS[kpi.metric][2].of(lang).rstrip("。.") or name_of(kpi.metric, lang)
    spec = spec_of(symbols()[kpi.metric])
    return spec.help.of(lang).rstrip("。.") if spec else name_of(kpi.metric, lang)


def contract_sentence(answer: KpiAnswer, scenario: Scenario, lang: Lang) -> str:
    """Return the sentence that belongs in the contract: metric, formula, basis, window, target,
    baseline, source.
    """
    kpi, base = answer.kpi, answer.baseline
    shown = "" if base is None else value_text(base.value, kpi.metric, scenario, lang)
    return kpi_sentence(
        kpi, value_text(answer.target, kpi.metric, scenario, lang), base, shown, scenario, lang
    )


def kpi_sentence(
    kpi: Kpi,
    target: str,
    base: Baseline | None,
    baseline: str,
    scenario: Scenario,
    lang: Lang,
    *,
    single: bool = False,
) -> str:
    """Return the sentence on a KPI for a contract, its target and baseline given as text.

    Args:
        target: as text, with its unit.
        base: what a relative target is measured against; None where it is absolute.
        baseline: its value as text; "" where it is absolute.
        single: whether a contract looks at each of its months by itself.
    """
    parts = {
        "metric": metric_name(kpi.metric, lang),
        "formula": formula_text(kpi, lang),
        "basis": basis_text(kpi, scenario, lang),
        "window": window_text(kpi, lang, single=single),
        "comparator": say(lang, f"kpi.{kpi.comparator}"),
        "target": target,
    }
    text = say(lang, "kpi.contract", **parts)
    if kpi.relative and base is not None:
        change = formats.promised(kpi.target)
        text += say(
            lang,
            "kpi.contract_baseline",
            change=change,
            baseline=baseline,
            source=say(lang, "kpi.baseline_confirm")
            if base.source == "funnel"
            else baseline_words(base, scenario, lang),
        )
    books = by_the_books(scenario, kpi)
    return text + say(lang, "kpi.contract_books" if books else "kpi.contract_source")


def baseline_words(base: Baseline | None, scenario: Scenario, lang: Lang) -> str:
    """Return where a baseline comes from.

    Args:
        base: what a relative target is measured against; None where nothing is known.
    """
    if base is None:
        return say(lang, "kpi.baseline_none")
    source: str = base.source
    if source == "funnel" and orders_typed(scenario):
        source = "orders_typed"
    text = say(
        lang,
        f"kpi.baseline_{source}",
        months=len(base.months),
        last=base.months[-1] if base.months else "",
    )
    return text + (say(lang, "kpi.before_refunds") if base.figure == "gmv" else "")
