"""What two sources of the same months say otherwise, in sentences."""

from funnel_sim.evidence.store.reconcile import Difference, Reconciled
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import run_on
from funnel_sim.scenario.store_months import MONEY
from funnel_sim.words import Lang, say


def reconciled_sentences(found: Reconciled, currency: str, lang: Lang) -> list[str]:
    """Return how far two sources agree, then each difference with its reasons, the largest first.

    Args:
        currency: ISO code of the amounts, "USD".
    """
    out = [
        say(
            lang,
            "reconcile.agree",
            one=found.one,
            other=found.other,
            same=found.same,
            months=len(found.months),
        )
    ]
    return out + [_difference(found, row, currency, lang) for row in found.differences]


def _difference(found: Reconciled, row: Difference, currency: str, lang: Lang) -> str:
    def show(value: float) -> str:
        return (
            formats.money(value, currency, lang)
            if row.figure in MONEY
            else formats.number(value, 0)
        )

    parts = [
        say(
            lang,
            "reconcile.differ",
            month=row.month,
            figure=say(lang, f"history.figure_{row.figure}"),
            one=found.one,
            other=found.other,
            first=show(row.one),
            second=show(row.other),
            share=formats.percent(row.share),
        )
    ]
    for key, reasons in (
        ("borne_out", row.reasons[: row.fits]),
        ("usual", row.reasons[row.fits :]),
    ):
        if reasons:
            told = ("、" if lang == "zh" else "; ").join(reason_words(one, lang) for one in reasons)
            parts.append(say(lang, f"reconcile.{key}", reasons=told))
    return run_on(parts, lang)


def reason_words(reason: str, lang: Lang) -> str:
    """Return a reason's code in words.

    Args:
        reason: as data/reconciling.toml names it.
    """
    return say(lang, f"reconcile.reason_{reason}")
