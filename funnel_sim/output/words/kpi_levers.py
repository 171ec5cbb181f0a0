"""What has to change for a KPI, in words: levers, their benchmarks, several shared."""

from funnel_sim.decisions.kpi.levers import PROBABILITIES, LeverNeeded, Shared
from funnel_sim.decisions.kpi.review import Remark
from funnel_sim.output.words import formats
from funnel_sim.reference.benchmarks import Store
from funnel_sim.reference.benchmarks import typical as benchmark
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_LEVER_FIELDS = {"cvr": "conversion.cvr", "cpc": "cpc", "return_rate": "fulfilment.return_rate"}


def gathered(remarks: list[Remark]) -> list[Remark]:
    """Return remarks with those that say the same of several KPIs put together."""
    out: list[Remark] = []
    for one in remarks:
        same = next(
            (
                i
                for i, other in enumerate(out)
                if other.key == one.key and one.key in ("no_date", "no_source", "no_definition")
            ),
            None,
        )
        if same is None:
            out.append(one)
        else:
            out[same] = Remark(one.key, one.weight, out[same].kpis + one.kpis, one.parts)
    return out


def lever_benchmark(needed: LeverNeeded, scenario: Scenario, lang: Lang) -> str:
    """Return the usual range of a lever for such a store, where one is known."""
    path = _LEVER_FIELDS.get(needed.lever.key)
    if path is None:
        return formats.NOTHING
    kind = ""
    if path == "cpc":
        paid = next((channel for channel in scenario.channels if channel.kind == "cpc"), None)
        if paid is None:
            return formats.NOTHING
        path, kind = f"channels.{paid.id}.cpc", "cpc"
    store = Store(
        scenario.platform, scenario.market, scenario.category, scenario.currency, scenario.as_of
    )
    found = benchmark(store, path, kind)
    if found is None:
        return formats.NOTHING
    ends = [
        formats.figure(end, needed.lever.unit, scenario.currency, scenario.cost_currency, lang)
        for end in (found.low, found.high)
    ]
    return " – ".join(ends)


def lever_cells(needed: LeverNeeded, which: str, scenario: Scenario, lang: Lang) -> tuple[str, ...]:
    """Return a lever's row: today, the value for each of the odds, the usual range.

    Args:
        which: id of the KPI, or `TOGETHER` for all of them.
    """

    def show(value: float | None) -> str:
        return (
            say(lang, "kpi.out_of_reach")
            if value is None
            else formats.figure(
                value, needed.lever.unit, scenario.currency, scenario.cost_currency, lang
            )
        )

    reached = needed.values.get(which, {})
    return (
        show(needed.current),
        *(show(reached.get(goal)) for goal in PROBABILITIES),
        lever_benchmark(needed, scenario, lang),
    )


def shared_sentence(found: Shared, which: str, lang: Lang) -> str:
    """Return by how much the levers that share the gap must all become better.

    Args:
        which: id of the KPI, or `TOGETHER` for all of them.
    """
    parts = []
    for goal in PROBABILITIES:
        factor = found.factor.get(which, {}).get(goal)
        parts.append(
            say(
                lang,
                "kpi.shared_part",
                odds=formats.percent(goal, 0),
                change=say(lang, "kpi.lever_none") if factor is None else better(factor, lang),
            )
        )
    return say(
        lang,
        "kpi.shared",
        levers=say(lang, "kpi.list").join(say(lang, f"kpi.shared_{key}") for key in found.levers),
        parts=say(lang, "kpi.list").join(parts),
    )


def better(factor: float, lang: Lang) -> str:
    """Return by what factor a lever must become better, or may become worse, as a clause; a room is
    rounded down, a need up.

    Args:
        factor: what the lever is multiplied by, above 1 where it must improve [1].

    >>> better(1.041, "en"), better(0.9705, "en"), better(1.0, "en")
    ('must improve by 4.1%', 'may be 2.9% worse', 'may stay as it is')
    """
    change = float(formats.half_up(factor * 100 - 100, 1, "up"))
    key = "more" if change > 0 else "less" if change < 0 else "same"
    return say(lang, f"kpi.lever_{key}", change=formats.percent(abs(change) / 100))
