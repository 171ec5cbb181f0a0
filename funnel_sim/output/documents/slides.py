"""A report as slides: five to nine, one message each, with texts and charts that can be edited;
sources stand in the notes. What they tell, and in which order, is the story of the presentation
(story.py).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from pptx.util import Emu, Inches, Length

from funnel_sim.chance.estimates import monthly_quantiles
from funnel_sim.decisions.economics.whose import own_of_verdicts
from funnel_sim.decisions.found import Found, find
from funnel_sim.decisions.quote.our_offer import OurOffer, our_offer
from funnel_sim.model.ledger import SUBTOTALS
from funnel_sim.output.documents.chapters.cash import quotes_cash
from funnel_sim.output.documents.chapters.economics import economics_sentence
from funnel_sim.output.documents.chapters.frame import frame
from funnel_sim.output.documents.chapters.ledger import sources_of
from funnel_sim.output.documents.chapters.parts import label_of
from funnel_sim.output.documents.chapters.profit import (
    profit_caveats,
    profit_figures,
    profit_sentence,
    profit_word,
)
from funnel_sim.output.documents.chapters.verdict import quote_figures
from funnel_sim.output.documents.clause_slides import clause_slides
from funnel_sim.output.documents.deck import (
    ACCENT,
    COLOURS,
    GAIN,
    INNER,
    LEFT,
    LOSS,
    SOFT,
    TOTAL,
    Bar,
    Deck,
)
from funnel_sim.output.documents.leave_behind import PLAIN, Letter
from funnel_sim.output.documents.story import bars, message, points, steps
from funnel_sim.output.words import formats
from funnel_sim.output.words.assumptions import assumptions, plain_address
from funnel_sim.output.words.cash import cash_sentence, further_sentences, month_names
from funnel_sim.output.words.cash_answers import quote_cash_title
from funnel_sim.output.words.figure_names import name_of, text_of
from funnel_sim.output.words.kpi import (
    answer_name,
    believed_probability,
    kpi_text,
    reason_sentence,
)
from funnel_sim.output.words.kpi import verdict_sentence as kpi_verdict
from funnel_sim.output.words.our_offer import (
    guarantee_heads,
    guarantee_rows,
    guarantees_note,
    needed_text,
    offer_reasons,
    offer_sentence,
)
from funnel_sim.output.words.quote import in_short, verdict_sentence
from funnel_sim.output.words.quote_amounts import heavy_notes
from funnel_sim.output.words.shares import mean_note
from funnel_sim.output.words.tones import KPI_TONES, QUOTE_TONES, Tone
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.own_numbers import cash_typed
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.shown import rate_of
from funnel_sim.words import Lang, say

_WEAK = 8
_GUARANTEES = 6


def slides_pptx(
    scenario: Scenario, lang: Lang, found: Found | None = None, letter: Letter = PLAIN
) -> bytes:
    """Return five to nine slides on a scenario: the verdict, the steps of its story (story.py),
    and its assumptions; in the words of the agency where the letter says so, its offer in place
    of the verdict.
    """
    found = find(scenario) if found is None else found
    ours = our_offer(scenario, found.quotes[0].option) if letter.ours and found.quotes else None
    deck = _Story(found, lang, ours, letter)
    if ours is None:
        deck.verdict()
    else:
        deck.offer(ours)
    drawn = {
        "now": deck.order,
        "months": deck.months,
        "customers": deck.customers,
        "kpis": deck.kpis,
        "reach": deck.must_achieve,
        "charge": deck.deal,
        "compare": deck.comparison,
        "protect": deck.clauses if ours is None else deck.guarantees,
        "next": deck.next_steps,
    }
    known = steps(scenario, ours=letter.ours)
    asked = [one for one in known if found.answers is not None or one not in _OF_QUOTES]
    for step in asked:
        if step == "next" and ours is None:
            deck.cash()
        if deck.message(step):
            drawn[step]()
    if "next" not in asked and ours is None:
        deck.cash()
    deck.assumed()
    return deck.saved()


_OF_QUOTES = ("reach", "charge", "compare", "protect")


class _Story(Deck):
    """The slides of a scenario's story, one method a slide."""

    found: Found

    def __init__(self, found: Found, lang: Lang, ours: OurOffer | None, letter: Letter):
        super().__init__(frame(found, lang), found.scenario.shown, lang, letter)
        self.found, self.ours = found, ours

    def message(self, step: str) -> str:
        """Return the message of a step of the story."""
        return message(step, self.found, self.ours, self.lang)

    def verdict(self) -> None:
        """Say the verdict."""
        found, lang = self.found, self.lang
        notes: list[str] = []
        if found.answers is not None and found.quotes:
            told: list[tuple[str, str, Tone]] = [
                (
                    say(
                        lang,
                        "report.verdict_of",
                        verdict=say(lang, f"quote.{one.verdict}"),
                        name=label_of(one, found, lang),
                    ),
                    verdict_sentence(one, found.answers, lang),
                    QUOTE_TONES[one.verdict],
                )
                for one in found.quotes
            ]
            items = quote_figures(found.quotes[0], found.answers, found, lang)
        elif found.check is not None:
            check = found.check
            told = [
                (
                    say(lang, f"kpi.{check.verdict}"),
                    kpi_verdict(check, lang),
                    KPI_TONES[check.verdict],
                )
            ]
            items = [
                (
                    kpi_text(one.kpi, found.scenario, lang),
                    believed_probability(one.probability, check, lang),
                    say(lang, f"kpi.{one.verdict}"),
                )
                for one in check.answers[:4]
            ]
            notes = [reason_sentence(check, lang)]
        elif found.estimate is not None and np.isfinite(found.estimate.centre.value):
            told = [
                (
                    profit_word(found, lang),
                    profit_sentence(found, lang),
                    "good" if found.estimate.centre.value > 0 else "bad",
                )
            ]
            items, notes = profit_figures(found, lang), profit_caveats(found, lang)
        else:
            told, items = [(say(lang, "risk.nothing", metric=name_of("profit", lang)), "", "")], []
        page = self.slide(self.around.title, notes)
        self.under(page)
        step = min(1.5, 3.1 / len(told))
        small = len(told) > 2
        for place, (word, sentence, tone) in enumerate(told):
            top = 2.15 + place * step
            self.text(
                page,
                [word],
                18 if small else 26,
                LEFT,
                Inches(top),
                INNER,
                Inches(0.5),
                bold=True,
                colour=COLOURS[tone],
            )
            self.text(
                page,
                [sentence],
                12 if small else 16,
                LEFT,
                Inches(top + (0.32 if small else 0.52)),
                INNER,
                Inches(step - 0.4),
            )
        if items:
            self.figures(page, items, Inches(min(5.35, 2.45 + len(told) * step)))

    def offer(self, ours: OurOffer) -> None:
        """Say from which uplift our offer is worth signing."""
        lang, scenario = self.lang, self.found.scenario
        name = f"{say(lang, 'ours.title')} · {scenario.name}" if scenario.name else ""
        page = self.slide(name or say(lang, "ours.title"), [guarantees_note(ours, lang)])
        self.under(page)
        colour = COLOURS["good" if ours.as_is.fits else "middle"]
        top = Inches(2.3)
        self.text(
            page,
            [offer_sentence(ours, lang)],
            24,
            LEFT,
            top,
            INNER,
            Inches(1.5),
            bold=True,
            colour=colour,
        )
        told = [in_short(ours.option, scenario, lang), *offer_reasons(ours, lang)]
        self.text(
            page,
            [one for one in told if one],
            16,
            LEFT,
            Inches(3.8),
            INNER,
            Inches(1.5),
            dots=True,
        )
        months = scenario.plan.horizon_months
        gain = ours.as_is.client(held=True)
        items = [
            (say(lang, "story.effect_needed"), needed_text(ours.as_is, lang), ""),
            (say(lang, "story.effect_promised"), formats.promised(ours.promised), ""),
            (
                say(lang, "ours.at_promise", promised=formats.promised(ours.promised)),
                formats.whole_money(gain, self.currency, lang),
                say(lang, "story.over", months=months),
            ),
        ]
        self.figures(page, items, Inches(5.35))

    def guarantees(self) -> None:
        """List what protects the client, and what each further guarantee would change."""
        ours, lang = self.ours, self.lang
        if ours is None:
            return
        page = self.slide(self.message("protect"), [guarantees_note(ours, lang)])
        held = points("protect", self.found, ours, lang)[:-1]
        top = 1.8
        if held:
            self.text(page, held, 14, LEFT, Inches(top), INNER, Inches(0.6))
            top += 0.6
        rows = [(one.name, *one.cells) for one in guarantee_rows(ours, lang, most=_GUARANTEES)]
        self.table(
            page, guarantee_heads(ours, lang), rows, (0.52, 0.16, 0.16, 0.16), Inches(top), 12
        )

    def comparison(self) -> None:
        """Compare all options by what they leave on average."""
        answers = self.found.answers
        if answers is None:
            return
        page = self.slide(
            self.message("compare"),
            [
                say(
                    self.lang,
                    "quote.compare_note",
                    paths=formats.number(answers.plan.paths),
                    months=answers.scenario.plan.horizon_months,
                    currency=self.currency,
                ),
                *heavy_notes(answers, self.lang),
            ],
        )
        axis = "report.s_gain_axis_middle" if answers.by_median else "report.s_gain_axis"
        title = f"{say(self.lang, axis, currency=self.currency)} · {say(self.lang, 'quote.better')}"
        self._story_bars(page, "compare", title, self.money_format(), INNER)

    def deal(self) -> None:
        """Show what the quote brings, what it costs, and what is left."""
        lang, scenario = self.lang, self.found.scenario
        option, told = (
            (self.ours.option, self.ours.as_is.held)
            if self.ours is not None
            else (self.found.quotes[0].option, self.found.quotes[0].believed)
        )
        why = mean_note(scenario, option, lang)
        notes = [say(lang, "quote.money_note"), *([why] if why else [])]
        page = self.slide(self.message("charge"), notes)
        heavy = "report.s_deal_axis_middle" if told.gain.heavy else "report.s_deal_axis"
        self._story_bars(
            page, "charge", say(lang, heavy, currency=self.currency), self.money_format(), INNER
        )

    def _story_bars(self, page: Any, step: str, title: str, show: str, width: Length) -> None:
        """Draw the bars of a step, with its points below them."""
        told = points(step, self.found, self.ours, self.lang)
        colours: dict[Tone, str] = {"good": GAIN, "middle": TOTAL, "bad": LOSS, "": SOFT}
        factor = rate_of(self.currency) if show == self.money_format() else 1.0
        drawn = [
            Bar(one.name, one.value * factor, colours[one.tone], one.text)
            for one in bars(step, self.found, self.ours, self.lang)
        ]
        high = 4.3 if told else 5.2
        self.bars(page, drawn, title, show, (LEFT, Inches(1.75), width, Inches(high)))
        if told:
            self.text(page, told, 14, LEFT, Inches(6.15), INNER, Inches(0.8))

    def _fan(
        self,
        page: Any,
        rows: Any,
        title: str,
        currency: str,
        months: Sequence[str] = (),
        more: Sequence[tuple[str, Sequence[float], str]] = (),
    ) -> None:
        """Draw three percentiles by month.

        Args:
            page: the slide.
            rows: the percentiles by month, in the unit that `currency` converts from: the balance
                is in its own already, whatever results are shown in.
            title: of the axis.
            currency: of the axis.
            months: what stands below each month; its number where nothing is said.
            more: further lines, name, values and colour, as `rows`.
        """
        names = ((4, "P95", GAIN), (2, say(self.lang, "risk.p50"), TOTAL), (0, "P5", LOSS))
        rows = rows * rate_of(currency)
        series = [
            (name, [float(v) if np.isfinite(v) else 0.0 for v in rows[row]], colour)
            for row, name, colour in names
        ]
        self.lines(
            page,
            months or range(1, rows.shape[1] + 1),
            [*series, *more],
            title,
            self.money_format(currency),
        )

    def must_achieve(self) -> None:
        """Show the uplift that must be reached beside what is promised; without a voice of our own,
        KPIs with their odds beside it.
        """
        lang = self.lang
        page = self.slide(self.message("reach"), [say(lang, "quote.effects_note")])
        half = self.found.check is not None and self.ours is None
        width = Emu(int(INNER * 0.49)) if half else INNER
        self._story_bars(page, "reach", say(lang, "report.s_effect_axis"), "+0.0%;-0.0%;0%", width)
        if half:
            self._kpi_bars(page, (Emu(int(LEFT + INNER * 0.51)), Inches(1.75), width, Inches(4.3)))

    def _kpi_bars(self, page: Any, area: tuple[Length, Length, Length, Length]) -> None:
        check, lang = self.found.check, self.lang
        if check is None:
            return
        colours = {"good": GAIN, "middle": TOTAL, "bad": LOSS}
        bars = [
            Bar(
                answer_name(one, check, lang),
                one.probability.value,
                colours[KPI_TONES[one.verdict]],
                believed_probability(one.probability, check, lang),
            )
            for one in check.answers
        ]
        if len(bars) > 1:
            bars.append(
                Bar(
                    say(lang, "kpi.together"),
                    check.joint.value,
                    colours[KPI_TONES[check.verdict]],
                    believed_probability(check.joint, check, lang),
                )
            )
        self.bars(page, bars, say(lang, "report.s_kpi_axis"), "0.0%", area)

    def kpis(self) -> None:
        """Show the odds of the KPIs."""
        check = self.found.check
        if check is not None:
            page = self.slide(self.message("kpis"), [reason_sentence(check, self.lang)])
            self._kpi_bars(page, (LEFT, Inches(1.75), INNER, Inches(5.2)))

    def order(self) -> None:
        """Show what is left of an order, step by step."""
        result, lang = self.found.result, self.lang
        left = result.per("profit", "order")
        if left is None:  # without an order there is nothing to show of one
            return
        page = self.slide(self.message("now"), [economics_sentence(result, lang)])
        keys = ("order_consumer", *SUBTOTALS)
        values = [
            result.steady["order_consumer"] or 0.0,
            *((result.per(key, "order") or 0.0) for key in SUBTOTALS),
        ]
        names = [name_of(key, lang) for key in keys]
        colours = [TOTAL] * (len(values) - 1) + [GAIN if left >= 0 else LOSS]
        show = self.money_format().replace("#,##0", "#,##0.00")
        bars = [
            Bar(
                name,
                value * rate_of(self.currency),
                colour,
                formats.money(value, self.currency, lang),
            )
            for name, value, colour in zip(names, values, colours, strict=True)
        ]
        self.bars(
            page,
            bars,
            say(lang, "report.s_order_axis", currency=self.currency),
            show,
            (LEFT, Inches(1.75), INNER, Inches(4.6)),
        )
        told = [say(lang, "story.margins")]
        self.text(page, told, 12, LEFT, Inches(6.4), INNER, Inches(0.55), colour=SOFT)

    def months(self) -> None:
        """Show the profit by month."""
        if (
            self.found.by_month is not None
            and self.found.estimate is not None
            and np.isfinite(self.found.estimate.centre.value)
        ):
            page = self.slide(
                self.message("months"),
                [profit_sentence(self.found, self.lang), say(self.lang, "report.lines_note")],
            )
            self._fan(
                page,
                np.asarray(self.found.by_month),
                say(self.lang, "report.s_profit_axis", currency=self.currency),
                self.currency,
            )

    def cash(self) -> None:
        """Show the balance by month, where payment terms are typed; the first quote's in the title
        and as a line, where there is one.
        """
        answer, lang = self.found.cash, self.lang
        if answer is None or not np.isfinite(answer.futures.month_end).all():
            return
        alone, quote = cash_sentence(answer, lang), next(iter(self.found.cash_quotes), None)
        title, more = alone, []
        if quote is not None:
            option = next(one for one in answer.futures.scenario.options if one.id == quote.option)
            name = option_name(option, lang)
            title = quote_cash_title(quote, name, answer.futures.plan.paths, lang)
            line = say(lang, "cash.slide_quote", name=name)
            more = [(line, [float(one) for one in quote.median_end], ACCENT)]
        page = self.slide(
            title,
            [
                *([] if quote is None else [alone]),
                *([] if cash_typed(self.found.scenario) else [say(lang, "cash.example_why")]),
                *further_sentences(answer, lang),
                *quotes_cash(self.found, lang),
                say(lang, "report.lines_note"),
            ],
        )
        self._fan(
            page,
            monthly_quantiles(answer.futures.month_end),
            say(lang, "cash.slide_axis", currency=answer.currency),
            answer.currency,
            month_names(answer.futures.days),
            more,
        )

    def customers(self) -> None:
        """Show what a customer costs against what it brings."""
        result, lang = self.found.result, self.lang
        cac, ltv = result.steady["cac"], result.steady["ltv"]
        if cac is None or ltv is None:
            return
        page, rate = self.slide(self.message("customers")), rate_of(self.currency)
        bars = [
            Bar(name_of(key, lang), value * rate, colour, text_of(result, key, lang))
            for key, value, colour in (("cac", cac, LOSS), ("ltv", ltv, GAIN))
        ]
        show = self.money_format().replace("#,##0", "#,##0.00")
        self.bars(
            page,
            bars,
            say(lang, "report.s_customers_axis", currency=self.currency),
            show,
            (LEFT, Inches(1.75), INNER, Inches(5.2)),
        )

    def clauses(self) -> None:
        """List the sentences that the first quote's contract lacks most."""
        check = next(iter(self.found.contracts), None)
        if check is not None:
            clause_slides(self, self.message("protect"), check, self.lang)

    def next_steps(self) -> None:
        """List what to do next."""
        page = self.slide(self.message("next"))
        self.text(
            page,
            points("next", self.found, self.ours, self.lang),
            18,
            LEFT,
            Inches(1.85),
            INNER,
            Inches(5),
            dots=True,
        )

    def assumed(self) -> None:
        """List the first weak assumptions."""
        lang = self.lang
        every = assumptions(self.found.scenario, lang)
        weak = [one for one in every if one.weak]
        notes = [
            f"[{place}] {plain_address(source)}"
            for place, source in enumerate(sources_of(every), 1)
        ]
        cash = self.ours is None and self.found.cash is not None
        own = own_of_verdicts(self.found.scenario, cash=cash)
        title = say(lang, "report.s_assumed", yours=own.yours, others=own.others)
        page = self.slide(title, notes)
        if not weak:
            self.text(
                page,
                [say(lang, "report.s_all_sourced")],
                18,
                LEFT,
                Inches(1.85),
                INNER,
                Inches(1),
            )
            return
        head = tuple(say(lang, f"report.{key}") for key in ("input", "value", "whose", "since"))
        rows = [
            (f"{one.name} · {one.group}", one.value, one.told(lang), one.since or formats.NOTHING)
            for one in weak[:_WEAK]
        ]
        self.table(page, head, rows, (0.46, 0.24, 0.18, 0.12), Inches(1.8))
        self.text(
            page,
            [say(lang, "report.s_assumed_lead", count=len(every), weak=len(weak))],
            13,
            LEFT,
            Inches(6.6),
            INNER,
            Inches(0.4),
            colour=SOFT,
        )
