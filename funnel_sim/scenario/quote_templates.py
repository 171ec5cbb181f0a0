"""Quotes as they come, ready to be overwritten (data/quote_templates.toml)."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from funnel_sim.scenario.kpi_templates import fresh_id
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.stored import read_data
from funnel_sim.words import Words

_MONEY = ("setup", "base", "trial_base", "order_fee", "floor", "cap", "total_cap", "passed_on")
_DIGITS = ".3g"
ExchangeFactor = Callable[[str, str], float]


@dataclass(frozen=True)
class QuoteTemplate:
    """A named quote: plain fields of an `Option` with money in `currency`, bounds of tiers in
    `tier_currency`, and the KPIs it needs ("@name" in the option).
    """

    id: str
    words: Words
    currency: str
    option: dict[str, Any]
    kpis: dict[str, dict[str, Any]] = field(default_factory=dict)
    tier_currency: str = ""

    def added_to(self, scenario: Scenario, factor: ExchangeFactor) -> dict[str, Any]:
        """Return the changes that add the template's quote to a scenario; a KPI that the scenario
        has already is used again.

        Args:
            scenario: the store and its plan, as typed.
            factor: `factor(from, to)` returns units of one currency for one of another.

        Returns:
            New values by path.
        """
        rows, kpis = scenario.plain()["options"], scenario.plain()["kpis"]
        names: dict[str, str] = {}
        for name, kpi in self.kpis.items():
            same = next(
                (
                    one["id"]
                    for one in kpis
                    if all(one.get(key) == value for key, value in kpi.items())
                ),
                None,
            )
            names[name] = same or fresh_id(kpi["metric"], [one["id"] for one in kpis])
            if same is None:
                kpis = [*kpis, kpi | {"id": names[name]}]
        rate = factor(self.currency, scenario.cost_currency)
        made = self._with(
            names, lambda amount: float(format(amount * rate, _DIGITS)) if rate != 1 else amount
        )
        if self.tier_currency:
            scale = factor(self.tier_currency, scenario.currency)
            made["share_tiers"] = [
                tier
                | ({"upto": float(format(tier["upto"] * scale, ".2g"))} if tier.get("upto") else {})
                for tier in made["share_tiers"]
            ]
        made["id"] = scenario.fresh_option()
        return {"options": [*rows, made], "kpis": kpis}

    def _with(self, names: dict[str, str], money: Callable[[float], float]) -> dict[str, Any]:
        out: dict[str, Any] = {
            key: money(float(value)) if key in _MONEY else value
            for key, value in self.option.items()
        }
        for group in ("rewards", "instalments", "extras"):
            rows = []
            for row in out.get(group, []):
                told = dict(row)
                if str(told.get("kpi", "")).startswith("@"):
                    told["kpi"] = names[told["kpi"][1:]]
                if group != "rewards" or told.get("form") == "fixed":
                    told["amount"] = money(float(told["amount"]))
                rows.append(told)
            if rows:
                out[group] = rows
        return out


@cache
def quote_templates() -> tuple[QuoteTemplate, ...]:
    """Return every template, in order."""
    data = tomllib.loads(read_data("quote_templates.toml"))
    found = tuple(
        QuoteTemplate(
            one["id"],
            Words(one["zh"], one["en"]),
            one["currency"],
            one["option"],
            one.get("kpis", {}),
            one.get("tier_currency", ""),
        )
        for one in data["template"]
    )
    for template in found:
        Option.model_validate(
            template._with({name: name for name in template.kpis}, lambda amount: amount)
            | {"id": "quote"}
        )
        for kpi in template.kpis.values():
            Kpi.model_validate(kpi | {"id": "kpi"})
    return found
