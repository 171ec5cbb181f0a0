"""What is usually asked for a clause, and what the defaults of an option rest on."""

import datetime as dt
from collections.abc import Sequence
from typing import cast

from funnel_sim.decisions.quote.store_alone import orders_without_operator
from funnel_sim.output.words import formats
from funnel_sim.reference import studies
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.reference.studies import AgencyPrice
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.alternatives import DefaultBasis
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.paths import spec_of, specs_of
from funnel_sim.scenario.quote_effect import KIND_WORDS, SERVICE_WORDS, Service
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def usual_rows(clause: str, lang: Lang, on: dt.date = DATA_DATE) -> list[tuple[str, AgencyPrice]]:
    """Return what is usually asked for a clause ("base", "share", "spend", "setup", "contract"), in
    words, with its row.

    Args:
        clause: "base", "share", "spend", "setup" or "contract".
    """
    return [(_usual(row, lang), row) for row in studies.prices_on(on) if row.clause == clause]


def _usual(row: AgencyPrice, lang: Lang) -> str:
    share = row.unit in ("gmv", "ad_spend")
    currency, _, when = row.unit.partition(" ")

    def show(value: float) -> str:
        return formats.percent(value, 0) if share else formats.whole_money(value, currency, lang)

    if row.low is not None and row.high is not None:
        text = f"{show(row.low)} – {show(row.high)}"
    elif row.low is not None:
        text = say(lang, "quote.usual_from", low=show(row.low))
    elif row.high is not None:
        text = say(lang, "quote.usual_upto", high=show(row.high))
    else:
        text = ""
    if row.typical is not None:
        typical = say(lang, "quote.usual_typical", typical=show(row.typical))
        text = f"{text}{say(lang, 'kpi.comma')}{typical}" if text else typical
    unit = (
        say(lang, f"quote.of_{row.unit}")
        if share
        else say(lang, {"a year": "quote.a_year", "once": "quote.once"}.get(when, "quote.a_month"))
    )
    return say(
        lang,
        "quote.usual_row",
        service=row.service,
        market=row.market,
        range=f"{unit} {text}" if lang == "zh" else f"{text} {unit}",
    )


def default_sentences(
    scenario: Scenario, kinds: Sequence[str], lang: Lang, services: Sequence[Service] | None = None
) -> list[tuple[str, DefaultBasis]]:
    """Return what the defaults of some kinds of option rest on, in words, with their basis; of what
    serving takes, only for some services.

    Args:
        kinds: of option, "own_team".
        services: of the agency; None for all.
    """
    out = []
    others = (
        []
        if services is None
        else [
            "people" if one == "full" else f"people_{one}"
            for one in SERVICE_WORDS
            if one not in services
        ]
    )
    for basis in alternatives.bases(scenario, orders_without_operator(scenario)):
        if basis.kind == "serving" and basis.name in others:
            continue
        if basis.kind in kinds and not (basis.value == 0 and not basis.note.en):
            name = f"{_kind_name(basis.kind, lang)} · {_field_name(basis.kind, basis.name, lang)}"
            out.append((f"{name}: {_value_text(basis, scenario, lang)}", basis))
    return out


def _kind_name(kind: str, lang: Lang) -> str:
    return next((words.of(lang) for key, words in KIND_WORDS.items() if key == kind), "") or say(
        lang, f"quote.kind_{kind}"
    )


def _field_name(kind: str, name: str, lang: Lang) -> str:
    specs = specs_of(Option)
    if kind == "serving" and name == "lean":
        return say(lang, "quote.lean")
    name, _, service = name.partition("_") if name.startswith("people_") else (name, "", "full")
    if kind == "serving" and name == "people":
        return (
            f"{specs['serving_people'].label.of(lang)} ·"
            f" {SERVICE_WORDS[cast('Service', service)].of(lang)}"
        )
    own = f"serving_{name}" if kind == "serving" and f"serving_{name}" in specs else name
    spec = specs.get(own) or spec_of(f"comparison.{name}") or specs_of(Channel).get(name)
    return spec.label.of(lang) if spec else name


def _value_text(basis: DefaultBasis, scenario: Scenario, lang: Lang) -> str:
    specs = specs_of(Option)
    name = "people" if basis.name.startswith("people") else basis.name
    spec = specs.get(f"serving_{name}" if basis.kind == "serving" and name != "on_cost" else name)
    units = {
        "cost_money": "cost_money",
        "contract_money": "cost_money",
        "rate": "rate",
        "months": "months",
        "count": "count",
    }
    unit = units.get(spec.unit.value, "ratio") if spec else "ratio"

    def show(value: float) -> str:
        return formats.figure(value, unit, scenario.currency, scenario.cost_currency, lang)

    value = basis.value
    if (basis.kind, basis.name) == ("serving", "lean"):
        return formats.percent(float(value), 0)
    if hasattr(value, "sd"):
        return f"{show(value.mean)} ± {show(value.sd)}"
    if hasattr(value, "low"):
        return f"{show(value.low)} – {show(value.high)}"
    return show(float(value))
