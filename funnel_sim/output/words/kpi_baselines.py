"""What a relative KPI was measured against: its baseline, the months of it, and the target that
follows, beside what was attained.
"""

from funnel_sim.decisions.review.standing import Standing
from funnel_sim.output.words.formats import signed_percent
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.kpi import counted_name, value_text
from funnel_sim.output.words.kpi_contract import baseline_words
from funnel_sim.output.words.review_kpis import kpi_cells
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def baseline_sentences(found: Standing, scenario: Scenario, lang: Lang) -> list[str]:
    """Return of each KPI with a target relative to a baseline the baseline, what it was measured
    on, the target that follows and what the last month attained of it.

    Args:
        found: where the KPIs stand.
        scenario: the store.
        lang: the language.
    """
    out = []
    for row in found.rows:
        base = row.baseline
        if base is None:
            continue
        cells = kpi_cells(row, scenario, lang)
        source = baseline_words(base, scenario, lang)
        if base.months:
            source += say(lang, "review.baseline_months", months=listed(base.months, lang))
        out.append(
            say(
                lang,
                "review.baseline_typed" if base.source == "typed" else "review.baseline_of",
                kpi=counted_name(row.kpi, scenario, lang),
                target=cells.target,
                change=signed_percent(row.kpi.target),
                base=value_text(base.value, row.kpi.metric, scenario, lang),
                source=source,
                attained=cells.attained,
            )
        )
    return out
