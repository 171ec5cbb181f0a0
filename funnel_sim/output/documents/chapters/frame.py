"""Title, store and the line at the foot."""

from funnel_sim.decisions.found import Found
from funnel_sim.output.documents.blocks import Frame
from funnel_sim.output.documents.chapters.parts import place_of
from funnel_sim.output.words import formats
from funnel_sim.output.words.assumptions import preset_line
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.words import Lang, say


def frame(found: Found, lang: Lang) -> Frame:
    """Return title, store, day, and the line at the foot: model, seed, futures."""
    scenario = found.scenario
    about = "quote" if found.quotes else "kpi" if found.check else "profit"
    where = place_of(scenario, lang) or preset_line(scenario, lang)
    seed, futures = str(scenario.chance.seed), formats.number(found.paths)
    foot = say(
        lang,
        "report.footer",
        version=MODEL_VERSION,
        seed=seed,
        paths=futures,
        day=scenario.as_of.isoformat(),
    )
    subtitle = say(
        lang,
        "report.subtitle",
        where=where,
        currency=scenario.shown,
        months=scenario.plan.horizon_months,
    )
    subtitle += f" · {scenario.as_of.isoformat()}"
    title = say(lang, f"report.title_{about}")
    return Frame(
        f"{title} · {scenario.name}" if scenario.name else title, subtitle, foot, scenario.as_of
    )
