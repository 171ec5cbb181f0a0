"""A ready store after the signature: its contract, its months before and since."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from funnel_sim.decisions.kpi.store_history import with_actuals
from funnel_sim.evidence.store.channels import by_channel
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.scenario.edited_months import with_figure
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import StoreHistory
from funnel_sim.words import LANGS, Lang


def _bytes(name: str) -> bytes:
    return resources.files("funnel_sim").joinpath("data", name).read_bytes()


@cache
def example_after_signing(lang: Lang) -> Scenario:
    """Return the example store with its contract and its months; nothing in it is anybody's.

    Args:
        lang: the language of the agency's name and of the notes.

    Examples:
        >>> found = example_after_signing("en")
        >>> found.history.before_mark(), len(found.history.engaged()), found.signed_option().name
        (14, 6, 'Example agency')
    """
    data: dict[str, Any] = tomllib.loads(_bytes("example_months.toml").decode())
    contract = data["contract"] | {"name": data["contract"]["name"][lang]}
    marked = [one | {"note": one["note"][lang]} for one in data["marked"]]
    store = preset(data["shop"]).replace(
        {
            "kpis": data["kpi"],
            "options": [contract],
            "promise.claimed": contract["claimed"],
            "history.signed": contract["id"],
            "history.marked": marked,
        }
    )
    made = with_actuals(
        store,
        history(read_table(_bytes("example_months.csv"), "example_months.csv")),
        data["mark"],
        by_channel(read_table(_bytes("example_channels.csv"), "example_channels.csv")),
    )
    for name, amounts in (("refunded_later", data["later"]), ("fees_paid", data["paid"])):
        for month, amount in amounts.items():
            made = made.replace(with_figure(made.history, month, name, amount))
    return made


def months_of_the_example(history: StoreHistory) -> float:
    """Return how much of a series is the example's: the share of its figures that stand in the
    example's month as they are.

    Args:
        history: the series.

    Examples:
        >>> months_of_the_example(example_after_signing("zh").history)
        1.0
        >>> months_of_the_example(StoreHistory(first_month="2026-05", seen_gmv=[5.0]))
        0.0
    """
    example = example_after_signing(LANGS[0]).history
    names = history.names()
    if not names:
        return 0.0
    same = told = 0
    for figure, values in history.figures().items():
        for value, theirs in zip(values, example.of(figure, names), strict=True):
            told += value is not None
            same += value is not None and value == theirs
    return same / told if told else 0.0
