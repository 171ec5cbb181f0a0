"""What if payouts stop or slow down, in words: each event beside the plan."""

from funnel_sim.chance.estimates import Estimate, Figure
from funnel_sim.decisions.cash.what_if import CashWhatIfs
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash import money
from funnel_sim.output.words.cash_tables import SIGNED
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.chance import IN_DAYS
from funnel_sim.scenario.quantity import point_value
from funnel_sim.units import DAYS_A_MONTH
from funnel_sim.words import Lang, say


def what_if_rows(
    found: CashWhatIfs, currency: str, paths: int, lang: Lang, *, planned: bool = False
) -> list[Row]:
    """Return the plan as it stands, then each event that happens for certain: lowest balance
    (median and worst twentieth), probability of less than zero, capital more.

    Args:
        found: the events.
        currency: of the balance.
        paths: how many futures.
        lang: language of the words.
        planned: whether the head of the page is of other terms, as orders there need cash or
            interest is paid: the plan's row says of which ones it is.
    """

    def row(name: str, lowest: Estimate, below: Figure, more: str) -> Row:
        at = lowest.quantiles
        low, worst = (money(at[level], currency, lang) for level in (0.50, 0.05))
        cells = (low, worst, probability_text(below, paths, lang), more)
        return Row("", name, cells, tone=SIGNED)

    name = say(lang, f"cash.what_if_plan{'_as_planned' if planned else ''}")
    plan = row(name, found.lowest, found.below, formats.NOTHING)
    rows = [
        row(
            one.event.words.of(lang),
            one.lowest,
            one.below,
            money(one.capital, currency, lang),
        )
        for one in found.events
    ]
    return [plan, *rows]


def what_if_heads(lang: Lang) -> list[str]:
    """Return the heads of `what_if_rows`."""
    return [
        say(lang, "cash.what_if"),
        say(lang, "cash.what_if_median"),
        say(lang, "cash.what_if_worst"),
        say(lang, "cash.quote_below"),
        say(lang, "cash.what_if_capital"),
    ]


def what_if_meanings(found: CashWhatIfs, lang: Lang) -> str:
    """Return what each event is, in one note: how large it is, for how long."""
    told = []
    for one in found.events:
        fields = one.event.fields
        effect = fields["effect"]
        parts = {
            "size": formats.percent(float(point_value(fields.get("size", 0.0))), 0),
            "days": formats.number(float(point_value(fields.get("days", 0.0))), 0)
            if effect in IN_DAYS
            else formats.number(float(point_value(fields["length"])) * DAYS_A_MONTH, 0),
            "months": formats.number(float(point_value(fields["length"])), 0),
        }
        told.append(f"{one.event.words.of(lang)}: {say(lang, f'cash.what_if_{effect}', **parts)}")
    return say(lang, "cash.what_if_note") + " " + " ".join(told)
