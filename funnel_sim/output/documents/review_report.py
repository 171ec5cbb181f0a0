"""The report of a month's or a quarter's review: one page first, the detail after; the writers of
every report (html.py, pdf.py) make files of it.

`funnel_sim.decisions.review.reviewed` computes everything; chapters/review.py words it.
"""

from funnel_sim.decisions.review.reviewed import Reviewed
from funnel_sim.output.documents.blocks import Block, Frame, PageBreak
from funnel_sim.output.documents.chapters.review import (
    bill_chapter,
    change_chapter,
    effect_chapter,
    first_page,
    leak_chapter,
    months_chapter,
    standing_chapter,
)
from funnel_sim.output.documents.leave_behind import PLAIN, Letter
from funnel_sim.reference.places import category_words, country_words
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.words import Lang, say


def review_frame(found: Reviewed, lang: Lang, letter: Letter = PLAIN) -> Frame:
    """Return title, store, for whom and from whom, and the line at the foot."""
    scenario = found.scenario
    places = (
        scenario.platform,
        country_words(scenario.market).of(lang),
        category_words(scenario.platform, scenario.category).of(lang),
    )
    about = say(
        lang,
        "review.report_subtitle",
        where=" · ".join(place for place in places if place) or scenario.shown,
        currency=scenario.shown,
        mark=scenario.history.engagement_from,
    )
    title = say(lang, "review.report_title", period=found.period.name)
    foot = say(
        lang,
        "review.report_footer",
        version=MODEL_VERSION,
        seed=str(scenario.chance.seed),
        last=found.period.last,
        day=scenario.as_of.isoformat(),
    )
    return Frame(
        f"{title} · {scenario.name}" if scenario.name else title,
        " · ".join(one for one in (letter.line(lang), about) if one),
        foot,
        scenario.as_of,
    )


def review_report(found: Reviewed, lang: Lang, letter: Letter = PLAIN) -> list[Block]:
    """Return the report of a review as blocks.

    Args:
        found: the review.
        lang: the language.
        letter: for whom and from whom it is.
    """
    return [
        review_frame(found, lang, letter),
        *first_page(found, lang),
        PageBreak(),
        *standing_chapter(found, lang),
        *change_chapter(found, lang),
        *leak_chapter(found, lang),
        *effect_chapter(found, lang),
        *bill_chapter(found, lang),
        *months_chapter(found, lang),
    ]
