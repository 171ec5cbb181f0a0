"""One page for whoever decides: the verdict, what the counter-offer makes of it, what is asked for,
and what is worth more without signing.
"""

from funnel_sim.chance.estimates import Estimate
from funnel_sim.decisions.cash.quote_cash import QuoteCash
from funnel_sim.decisions.economics.whose import own_of, own_of_cash
from funnel_sim.decisions.quote.answer import Answers
from funnel_sim.decisions.quote.changes import Offer
from funnel_sim.decisions.quote.instead import OwnBudget
from funnel_sim.output.documents.blocks import (
    Block,
    Frame,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Points,
    TableBlock,
)
from funnel_sim.output.documents.chapters.parts import place_of
from funnel_sim.output.documents.pdf import report_pdf
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash_answers import quote_cash_title
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.clauses import clauses
from funnel_sim.output.words.counter_offer import (
    change_name,
    early_sentence,
    instead_sentences,
    paper_sentence,
)
from funnel_sim.output.words.quote import (
    in_short,
    reason_sentences,
    today_sentence,
    verdict_sentence,
)
from funnel_sim.output.words.quote_amounts import middle_money, money
from funnel_sim.output.words.tones import Tone
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.own_numbers import balance_typed
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_TONES: dict[str, Tone] = {
    "sign": "good",
    "on_paper": "middle",
    "renegotiate": "middle",
    "walk_away": "bad",
}
_WHY = 3
_WHEN_PAID = ("payment", "deposit")
_MINUS = "−"


def boss_page(
    answers: Answers,
    name: str,
    offer: Offer,
    budget: OwnBudget | None,
    lang: Lang,
    cash: QuoteCash | None = None,
) -> list[Block]:
    """Return one page on a quote and its counter-offer as blocks.

    Args:
        answers: what the quotes come to.
        name: the id of the quote.
        offer: its counter-offer.
        budget: what more ads instead of it come to, where that is known.
        lang: language of the words.
        cash: what the quote does to the cash, where payment terms are typed.
    """
    scenario, answer = answers.scenario, answers.of(name)
    title = option_name(answer.option, lang)
    where = place_of(scenario, lang) or scenario.shown
    months = scenario.plan.horizon_months
    parts = {
        "version": MODEL_VERSION,
        "seed": str(scenario.chance.seed),
        "paths": formats.number(answers.plan.paths),
        "day": scenario.as_of.isoformat(),
    }
    frame = Frame(
        say(lang, "boss.title", name=title),
        say(lang, "report.subtitle", where=where, currency=scenario.shown, months=months),
        say(lang, "report.footer", **parts),
        scenario.as_of,
    )
    own = own_of(scenario) if cash is None else own_of_cash(scenario)
    found = (answer.believed, offer.found)
    figures = [
        (
            *_gain(key, one.gain, scenario, lang),
            say(lang, "boss.odds", odds=probability_text(one.better, one.paths, lang)),
        )
        for key, one in zip(("as_quoted", "as_asked"), found, strict=True)
    ]
    figures.append(
        (
            say(lang, "boss.fees"),
            money(offer.found.paid, scenario, lang),
            say(lang, "boss.fees_before", fees=money(answer.believed.paid, scenario, lang)),
        )
    )
    rows = tuple(
        (str(number), change_name(move, answer.option, scenario, lang))
        for number, move in enumerate(offer.moves, 1)
    )
    now = Note(
        verdict_sentence(answer, answers, lang),
        say(lang, "boss.now", verdict=say(lang, f"quote.{answer.verdict}")),
        _TONES[answer.verdict],
    )
    text = say(
        lang,
        "boss.then_text",
        gain=middle_money(offer.found.gain, scenario, lang),
        months=months,
        odds=probability_text(offer.found.better, offer.found.paths, lang),
    )
    why = paper_sentence(offer, lang)
    then = Note(
        (" " if lang == "en" else "").join(one for one in (text, why) if one),
        say(lang, "boss.then", verdict=say(lang, f"quote.{offer.word}")),
        _TONES[offer.word],
    )
    out: list[Block] = [
        frame,
        Heading(in_short(answer.option, scenario, lang) or title, 2),
        now,
        then,
        KeyFigures(tuple(figures)),
    ]
    if not offer.covers and not offer.paper:
        out.append(Note(say(lang, "boss.below_cost"), "", "bad"))
    paid = [one.text for one in clauses(scenario, answer.option, lang) if one.key in _WHEN_PAID]
    if cash is not None and balance_typed(scenario):
        paid.append(quote_cash_title(cash, title, answers.plan.paths, lang))
    if paid:
        out += [Heading(say(lang, "boss.h_paid"), 2), Points(tuple(paid))]
    out += [
        Heading(say(lang, "boss.h_asked"), 2),
        TableBlock(("", say(lang, "counter.change")), rows, (0.06, 0.94)),
    ]
    if early := early_sentence(offer.option, scenario, lang):
        out.append(Paragraph(early))
    if held := still_held(offer.option, lang):
        out += [Heading(say(lang, "boss.h_held"), 2), Points(tuple(held))]
    out += [
        Heading(say(lang, "report.h_why"), 2),
        Points(
            (
                today_sentence(scenario, lang),
                *reason_sentences(answer, answers, lang)[:_WHY],
            )
        ),
    ]
    instead = instead_sentences(answers, name, budget, lang)
    if instead:
        out += [Heading(say(lang, "boss.h_instead"), 2), Points(tuple(instead))]
    example = [say(lang, "boss.example")] if own.example else []
    return [*out, Points((say(lang, "quote.whose", yours=own.yours, others=own.others), *example))]


def still_held(option: Option, lang: Lang) -> list[str]:
    """Return what holds the client in a contract as it is asked for: that it renews by itself, its
    notice, that nothing ends it where results stay away.

    >>> held = Option(id="a", notice=0, decided_by="g", stop_loss=True)
    >>> len(still_held(held, "en")), len(still_held(Option(id="a", notice=2), "en"))
    (0, 2)
    """
    out = []
    if option.renewal == "automatic":
        parts = {"months": option.renewal_months, "notice": option.notice}
        out.append(say(lang, "clause.renewal_automatic", **parts))
    if option.notice:
        out.append(say(lang, "boss.notice", months=option.notice))
    if not option.stop_loss:
        out.append(say(lang, "boss.no_stop"))
    return out


def _gain(key: str, gain: Estimate, scenario: Scenario, lang: Lang) -> tuple[str, str]:
    """Return the head of a figure and how much more or, below zero, how much less is earned."""
    amount = money(gain.centre, scenario, lang)
    if not amount.startswith(_MINUS):
        return say(lang, f"boss.{key}"), middle_money(gain, scenario, lang)
    less = amount.removeprefix(_MINUS).lstrip("\u2060")
    shown = say(lang, "quote.as_median", amount=less) if gain.heavy else less
    return say(lang, f"boss.{key}_less"), shown


def boss_pdf(
    answers: Answers,
    name: str,
    offer: Offer,
    budget: OwnBudget | None,
    lang: Lang,
    cash: QuoteCash | None = None,
) -> bytes:
    """Return that page as a PDF."""
    return report_pdf(boss_page(answers, name, offer, budget, lang, cash), lang)
