"""What a client can do instead of signing, and what stands in where an option leaves a field empty
(data/alternatives.toml).

Each value is a row of the parameters or an assumption, and says which (`DefaultBasis`). Money of
a row is turned into the scenario's cost currency.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import NormalDist
from typing import Any

from funnel_sim.reference import exchange_rates, provenance, studies
from funnel_sim.reference.provenance import Provenance
from funnel_sim.reference.studies import AgencyPrice, Prior
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quantity import Normal, Triangular, Uniform, point_value
from funnel_sim.scenario.quote_effect import KIND_WORDS, OptionKind, Service
from funnel_sim.scenario.quotes import ALTERNATIVES, Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.stored import read_data
from funnel_sim.units import DAYS_A_MONTH
from funnel_sim.words import Lang, Words

_WHOLE = 1.0
"""Who hires hires at least one person."""


@dataclass(frozen=True)
class DefaultBasis:
    """What a default rests on: its value, the rows behind it, or the reason for an assumption."""

    kind: str
    name: str
    value: Any
    rows: tuple[Prior | AgencyPrice, ...]
    note: Words

    @property
    def provenance(self) -> Provenance | None:
        """The source of the first row; None for an assumption."""
        return self.rows[0].provenance if self.rows else None


@cache
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads(read_data("alternatives.toml"))


def _range(low: float | None, likely: float | None, high: float | None) -> Any:
    if low is None or high is None:
        return next(v for v in (likely, low, high) if v is not None)
    if likely is None:
        return Uniform(low=low, high=high)
    return Triangular(low=low, likely=likely, high=high)


def _tidy(value: float) -> float:
    """Return money of another currency with four digits: more would feign precision."""
    return float(f"{value:.4g}")


@cache
def _price_row(clause: str, service: str, on: dt.date) -> AgencyPrice:
    return next(
        row for row in studies.prices_on(on) if row.clause == clause and row.service == service
    )


def _basis(kind: str, name: str, scenario: Scenario, orders: float | None = None) -> DefaultBasis:
    """Return one default; the rows and the words of it are read once for a day and a currency, what
    goes with a store's own orders is kept nowhere (ADR 0016).
    """
    entry = _data()[kind][name]
    return (
        _made(kind, name, entry, scenario.as_of, scenario.cost_currency, orders)
        if "orders" in entry
        else _known(kind, name, scenario.as_of, scenario.cost_currency)
    )


@lru_cache(maxsize=512)
def _known(kind: str, name: str, on: dt.date, cost_currency: str) -> DefaultBasis:
    return _made(kind, name, _data()[kind][name], on, cost_currency, None)


def _made(
    kind: str,
    name: str,
    entry: dict[str, Any],
    on: dt.date,
    cost_currency: str,
    orders: float | None,
) -> DefaultBasis:
    note = Words(entry.get("note_zh", ""), entry.get("note_en", ""))
    if "choice" in entry:
        return DefaultBasis(kind, name, entry["choice"], (), note)
    # one operator runs several shops: the largest number of shops gives the smallest number of
    # people
    if "shops" in entry:
        found = [studies.prior_at(row[:3], on) for row in entry["shops"]]
        people = sorted(
            round(1.0 / getattr(row, place[3]), 4)
            for row, place in zip(found, entry["shops"], strict=True)
        )
        inner = people[1] if len(people) > 2 else None
        return DefaultBasis(
            kind, name, _range(people[0], inner, people[-1]), tuple(dict.fromkeys(found)), note
        )
    if "orders" in entry:
        found = [studies.prior_at(row[:3], on) for row in entry["orders"]]
        most = specs_of(Option)[name].domain[
            1
            # however many orders there are, the default stays within the number of people that can
            # be typed
        ]
        few, many = (
            min(most, max(_WHOLE, round((orders or 0.0) / getattr(row, place[3]), 1)))
            for row, place in zip(found, entry["orders"], strict=True)
        )
        return DefaultBasis(
            kind,
            name,
            Uniform(low=few, high=many) if many > few else few,
            tuple(dict.fromkeys(found)),
            note,
        )
    if "assumed" in entry:
        given = entry["assumed"]
        return DefaultBasis(
            kind,
            name,
            Uniform(low=given[0], high=given[1]) if isinstance(given, list) else given,
            (),
            note,
        )
    rows: list[Any] = []
    if "price" in entry:
        rows = [_price_row(*entry["price"], on)]
    elif "days" in entry:
        rows = [studies.prior_at(entry["days"], on)]
        return DefaultBasis(
            kind, name, round(getattr(rows[0], entry["end"]) / DAYS_A_MONTH, 2), tuple(rows), note
        )
    else:
        rows = (
            [studies.prior_at(row, on) for row in entry.get("rows", [entry.get("row")])]
            if "ends" not in entry
            else []
        )
    # a normal distribution of which this share lies between the low and the high of the row
    if "inside" in entry:
        row = rows[0]
        sd = (row.high - row.low) / 2 / NormalDist().inv_cdf(0.5 + entry["inside"] / 2)
        return DefaultBasis(
            kind, name, Normal(mean=(row.high + row.low) / 2, sd=round(sd, 6)), tuple(rows), note
        )
    factor = (
        exchange_rates.exchange(entry["currency"], cost_currency, on)
        if "currency" in entry
        else 1.0
    )
    if "ends" in entry:  # low and high each come from a row of their own
        found = [studies.prior_at(row[:3], on) for row in entry["ends"]]
        each = [
            getattr(row, place[3]) * factor for row, place in zip(found, entry["ends"], strict=True)
        ]
        return DefaultBasis(
            kind, name, _range(*(_tidy(one) for one in each)), tuple(dict.fromkeys(found)), note
        )
    ends = []
    for end in ("low", "typical", "high"):
        parts = [getattr(row, end) for row in rows]
        if end == "typical":
            known = [provenance.typical_or_middle(row.low, row.typical, row.high) for row in rows]
            parts = known if any(part is not None for part in parts) else parts
        total = None if any(part is None for part in parts) else sum(parts)
        ends.append(
            None if total is None else (_tidy(total * factor) if factor != 1 else round(total, 6))
        )
    return DefaultBasis(kind, name, _range(*ends), tuple(rows), note)


def bases(scenario: Scenario, orders: float | None = None) -> Iterator[DefaultBasis]:
    """Yield what every default of the comparison rests on.

    Args:
        scenario: the store and its plan, as typed.
        orders: orders of the store a month, by which its own team is sized; None: one person.
    """
    for kind, entries in _data().items():
        for name in (name for name, entry in entries.items() if "choice" not in entry):
            yield _basis(kind, name, scenario, orders)


def default(scenario: Scenario, kind: str, name: str, orders: float | None = None) -> DefaultBasis:
    """Return one default of the comparison.

    Args:
        scenario: the store and its plan, as typed.
        kind: "own_team", "flat_fee", "consultant", "tools", "serving" or "fading".
        name: the field of an option, or what the kind names.
        orders: orders of the store a month; None where not known.
    """
    return _basis(kind, name, scenario, orders)


def budget_elasticity(scenario: Scenario) -> tuple[float, bool]:
    """Return by how much a budget one percent larger raises the price of clicks, and whether that
    is assumed: the mean of the channels that say it, else the default of the comparison.

    Args:
        scenario: the store and its plan, as typed.

    >>> from funnel_sim.scenario.presets import preset
    >>> budget_elasticity(preset("shopify-us-beauty"))
    (0.3, True)
    """
    every = [point_value(channel.elasticity) for channel in scenario.channels]
    some = [one for one in every if one > 0]
    if some:
        return min(1.0, sum(some) / len(some)), False
    return float(default(scenario, "incentives", "elasticity").value), True


def usual_ramp(scenario: Scenario) -> DefaultBasis:
    """Return in how many months all of an agency's effect is usually there: what a quote is begun
    with, and what stands in while nobody says it.

    Args:
        scenario: the store and its plan, as typed.
    """
    return default(scenario, "flat_fee", "ramp")


def serving(scenario: Scenario, service: Service, name: str) -> DefaultBasis:
    """Return one default of what serving a client takes.

    Args:
        scenario: the store and its plan, as typed.
        service: the service that is offered.
        name: "people" (by service) [full-time people], "pay" [cost currency per month and person]
            or "on_cost" [fraction of the pay].

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> [
        ...     serving(preset("amazon-de-kitchen"), service, "people").value.low
        ...     for service in ("full", "ads", "coaching")
        ... ]
        [0.125, 0.05, 0.0325]
    """
    return default(
        scenario, "serving", name if name != "people" or service == "full" else f"{name}_{service}"
    )


def alternative(scenario: Scenario, kind: OptionKind, orders: float | None = None) -> Option:
    """Return an alternative to a quote with its defaults.

    Args:
        scenario: the store and its plan, as typed.
        kind: which alternative.
        orders: orders of the store a month, by which an own team is sized; None: one person.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen")
        >>> (
        ...     alternative(store, "own_team", 470.0).people,
        ...     alternative(store, "own_team", 4_800.0).people.high,
        ... )
        (1.0, 6.0)
    """
    given: dict[str, Any] = {"id": kind, "kind": kind, "renewal": "open", "term": 1}
    names = specs_of(Option)
    for name in _data()[kind]:
        value = default(scenario, kind, name, orders).value
        assert name in names, name
        given[name] = value if not hasattr(value, "model_dump") else value.model_dump(mode="json")
    base = given.get("base")
    # the base of a contract is a plain number: the middle of the range that is asked for
    if isinstance(base, dict):
        given["base"] = _tidy(Uniform.model_validate(base).point)
    if isinstance(given.get("delay"), float):
        given["delay"] = int(given["delay"])
    return Option.model_validate(
        {name: float(v) if name == "ramp" else v for name, v in given.items()}
    )


def options(scenario: Scenario, orders: float | None = None) -> list[Option]:
    """Return what is compared: the scenario's quotes, then every alternative, as the scenario has
    it or by default; those left out of the comparison are not there.

    Args:
        scenario: the store and its plan, as typed.
        orders: orders of the store a month, for defaults; None where not known.

    Returns:
        The options in the order in which they are shown.
    """
    own = {option.id: option for option in scenario.options}
    kinds = {option.kind for option in scenario.options}
    every = [option for option in scenario.options if option.kind == "quote"]
    for kind in ALTERNATIVES:
        every += (
            [option for option in own.values() if option.kind == kind]
            if kind in kinds
            else [alternative(scenario, kind, orders)]
        )
    return [option for option in every if option.compared]


def begun_quotes(scenario: Scenario) -> list[Option]:
    """Return the compared quotes of which no fee is typed yet: there is no verdict on them."""
    return [
        one for one in scenario.options if one.kind == "quote" and one.compared and not one.priced
    ]


def only_priced(scenario: Scenario) -> Scenario:
    """Return the scenario without verdicts on quotes of which no fee is typed: they are left out of
    the comparison, for what costs nothing is no offer yet.

    Args:
        scenario: the store and its plan, as typed.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> begun = [{"id": "a", "base": 900.0}, {"id": "b", "claimed": 0.4}]
        >>> store = preset("amazon-de-kitchen").replace({"options": begun})
        >>> [one.id for one in options(only_priced(store)) if one.kind == "quote"]
        ['a']
    """
    left_out = {f"options.{one.id}.compared": False for one in begun_quotes(scenario)}
    return scenario.replace(left_out) if left_out else scenario


def option_of(scenario: Scenario, name: str, orders: float | None = None) -> Option:
    """Return one option by its id, compared or not.

    Args:
        scenario: the store and its plan, as typed.
        name: its id; that of an alternative always exists.
        orders: orders of the store a month, for defaults; None where not known.

    Raises:
        KeyError: if there is no such option.
    """
    for option in scenario.options:
        if option.id == name:
            return option
    if name in ALTERNATIVES:
        return alternative(scenario, next(kind for kind in ALTERNATIVES if kind == name), orders)
    raise KeyError(name)


def option_name(option: Option, lang: Lang) -> str:
    """Return the name of an option as it was typed, else its kind, quotes with their number.

    Args:
        option: one way to run the store: effect, costs, contract.
        lang: "zh" or "en".

    Examples:
        >>> option_name(Option(id="quote_2"), "en")
        'Quote 2'
    """
    if option.name or option.kind != "quote":
        return option.name or KIND_WORDS[option.kind].of(lang)
    number = option.id.rpartition("_")[2]
    return f"{KIND_WORDS['quote'].of(lang)} {number if number.isdigit() else 1}"


def half_life(scenario: Scenario, option: Option) -> float:
    """Return after how long half of an option's effect is gone once it ended.

    Args:
        scenario: the store and its plan, for the default.
        option: one way to run the store: effect, costs, contract.

    Returns:
        The half-life [months].
    """
    return float(
        default(scenario, "fading", "half_life").value
        if option.half_life is None
        else option.half_life
    )


def effect_correlation(scenario: Scenario) -> float:
    """Return the correlation of the effects of two operators in one store, 0 (independent) to 1
    (the same).
    """
    given = scenario.comparison.alike
    return float(default(scenario, "fading", "alike").value if given is None else given)
