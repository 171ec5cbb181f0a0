"""`compare-rates`: two conversion rates compared, and the test that is still to be run."""

import argparse
from dataclasses import replace
from typing import Any

from funnel_sim.cli.printed import dump, table
from funnel_sim.cli.scenario_file import read
from funnel_sim.decisions.conversion_test.arms import Arm, StoreTerms, store_terms
from funnel_sim.decisions.conversion_test.compare import compare_rates
from funnel_sim.decisions.conversion_test.trial import plan_trial
from funnel_sim.model.economics import evaluate
from funnel_sim.output.json.conversion_test import rates_json
from funnel_sim.output.words.conversion_test import (
    answer_sentences,
    basis_sentence,
    caution_sentences,
    detail_sentences,
    gap_heads,
    gap_rows,
    need_heads,
    need_rows,
    needed_sentence,
    trial_rows,
    trial_sentences,
    version_heads,
    version_rows,
)
from funnel_sim.output.words.conversion_test import verdict_sentence as verdict_sentence_of_rates
from funnel_sim.reference.rate_settings import (
    INTERVALS,
    PRIORS,
    name_of,
    refused_setting,
    setting,
    settings,
)
from funnel_sim.words import Lang, say


def _rates_options(rates: argparse.ArgumentParser) -> None:
    for arm, kind in (("a", "old"), ("b", "new")):
        for part in ("visits", "orders"):
            rates.add_argument(
                f"--{arm}-{part}",
                type=float,
                metavar="N",
                default=None,
                help=f"{part} of the {kind} version; without any counts a test is planned",
            )
    for arm in ("a", "b"):
        rates.add_argument(
            f"--{arm}-margin",
            type=float,
            metavar="MONEY",
            default=None,
            help=f"margin per order of {arm.upper()}, where the two differ",
        )
        rates.add_argument(
            f"--{arm}-margin-sd",
            type=float,
            metavar="MONEY",
            default=None,
            help=f"its standard deviation from order to order ({arm.upper()})",
        )
    rates.add_argument(
        "--scenario",
        metavar="FILE",
        default=None,
        help="a scenario file: margin per order, visits a month, rate, ad cost of a visit",
    )
    rates.add_argument(
        "--visits-month",
        type=float,
        metavar="N",
        default=None,
        help="visits of the store a month (default: the scenario's)",
    )
    rates.add_argument(
        "--margin",
        type=float,
        metavar="MONEY",
        default=None,
        help="margin per order (default: the scenario's contribution margin 2 per order)",
    )
    rates.add_argument(
        "--visit-cost",
        type=float,
        metavar="MONEY",
        default=None,
        help="ad cost of a bought visit (default: the scenario's)",
    )
    rates.add_argument(
        "--fee",
        type=float,
        metavar="MONEY",
        default=0.0,
        help="what the new version costs a month on top, such as a provider's fee",
    )
    for name, told in (
        ("rate", "conversion rate of today (default: the scenario's)"),
        ("bought", "share of visits that are bought (default: the scenario's)"),
    ):
        rates.add_argument(f"--{name}", metavar="SHARE", default=None, help=f"{told}, 4%% or 0.04")
    for name in ("effect", "share-b", "level", "inner", "alpha", "power", "decide"):
        default = setting(name.replace("-", "_"))
        rates.add_argument(
            f"--{name}",
            metavar="SHARE",
            default=None,
            help=f"{name_of(name.replace('-', '_')).en}, 10%% or 0.1 (default: {default.value:g})",
        )
    for name in ("horizon", "prior-orders"):
        default = setting(name.replace("-", "_"))
        rates.add_argument(
            f"--{name}",
            type=float,
            metavar="N",
            default=None,
            help=f"{name_of(name.replace('-', '_')).en} (default: {default.value:g})",
        )
    rates.add_argument(
        "--prior", choices=PRIORS, default=None, help="prior of each rate (default: jeffreys)"
    )
    rates.add_argument(
        "--interval",
        choices=INTERVALS,
        default=None,
        help="kind of interval (default: equal_tailed)",
    )
    rates.add_argument("--json", action="store_true", help="for machines")
    rates.set_defaults(run=_compare_rates)


def _compare_rates(options: Any) -> str:
    lang: Lang = options.lang
    result = evaluate(read(options, "scenario")) if options.scenario else None
    base = store_terms(result) if result else StoreTerms()
    typed = {
        "visits_month": options.visits_month,
        "margin": options.margin,
        "visit_cost": options.visit_cost,
        "fee": options.fee,
        "rate": _share("rate", options.rate),
        "bought": _share("bought", options.bought),
    }
    store = replace(base, **{name: value for name, value in typed.items() if value is not None})
    shares = {
        name: _share(name, getattr(options, name))
        for name in ("effect", "share_b", "level", "inner", "alpha", "power", "decide")
    }
    others = {
        name: getattr(options, name) for name in ("horizon", "prior_orders", "prior", "interval")
    }
    chosen = settings(
        **{name: value for name, value in (shares | others).items() if value is not None}
    )
    currency = result.scenario.shown if result else ""
    counts = {
        name: getattr(options, name) for name in ("a_visits", "a_orders", "b_visits", "b_orders")
    }
    found = None
    if any(value is not None for value in counts.values()):
        for name, value in counts.items():
            if value is None:
                raise refused_setting(name, None, "missing")
        arms = [
            Arm(
                counts[f"{one}_visits"],
                counts[f"{one}_orders"],
                getattr(options, f"{one}_margin"),
                getattr(options, f"{one}_margin_sd"),
            )
            for one in ("a", "b")
        ]
        found = compare_rates(arms[0], arms[1], store, chosen)
    today = store.rate if found is None or not 0 < found.a.rate < 1 else found.a.rate
    if today is None and found is None:
        raise refused_setting("rate", None, "missing")
    possible = found is None or (
        today is not None and today > 0 and today * (1 + chosen.effect) <= 1
    )
    trial = (
        plan_trial(today, store, chosen) if today is not None and possible else None
    )  # beside an answer, a test plan that is not possible is left out
    if options.json:
        return dump(rates_json(found, trial, result.scenario.currency if result else ""))
    parts: list[str] = []
    if found is not None:
        parts += [
            verdict_sentence_of_rates(found, lang),
            *answer_sentences(found, currency, lang),
            *detail_sentences(found, currency, lang),
            "",
            table(version_rows(found, lang), version_heads(found, lang)),
            "",
            say(lang, "rates.gap"),
            table(gap_rows(found, currency, lang), gap_heads(found, lang)),
            "",
            say(lang, "rates.needs"),
            table(need_rows(found, lang), need_heads(lang)),
            "",
            needed_sentence(found.wanted, lang, measured=False),
            needed_sentence(found.measured, lang, measured=True),
            basis_sentence(found, lang),
            "",
        ]
    if trial is not None:
        parts += [
            *trial_sentences(trial, currency, lang),
            "",
            say(lang, "rates.trial"),
            table(trial_rows(trial, currency, lang), [""]),
            "",
        ]
    return "\n".join([*parts, *caution_sentences(lang)]) + "\n"


def _share(name: str, text: str | None) -> float | None:
    """Return a share typed as "10%" or as 0.1."""
    if text is None:
        return None
    number, percent, rest = text.strip().partition("%")
    try:
        value = float(number)
    except ValueError:
        rest = "?"
    if rest.strip():
        raise refused_setting(name, text, "number")
    return value / 100 if percent else value


COMMANDS = {"compare-rates": _rates_options}
"""What adds a command's options to its parser, and the function that runs it."""
