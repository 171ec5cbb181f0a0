"""What the client takes away: one neutral list of blocks, the verdict first and the assumption
ledger last, from which writers make HTML, PDF and slides.

`find` computes everything with the functions that the screen uses; `report` words it. Read `report`
from top to bottom.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnel_sim.chance.estimates import Bars, Estimate, Figure, bars_of, monthly_quantiles
from funnel_sim.chance.left_out import left_out
from funnel_sim.chance.simulation import Simulation, simulate
from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.customer import worth as customers
from funnel_sim.decisions.customer.worth import Contribution, Worth
from funnel_sim.decisions.kpi import check as kpis
from funnel_sim.decisions.kpi import review as kpi_review
from funnel_sim.decisions.kpi.check import OFFERED, Check
from funnel_sim.decisions.kpi.review import Remark
from funnel_sim.decisions.quote.answer import Answer, Answers, compare
from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.decisions.quote.contract_check.findings import ContractCheck, Finding
from funnel_sim.decisions.quote.measure_first import MeasureFirst, measure_first
from funnel_sim.errors import InputError
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import MODEL_VERSION, Result, evaluate
from funnel_sim.output.charts.chance import data_distribution, data_fan, spec_distribution, spec_fan
from funnel_sim.output.charts.customers import data_payback, spec_payback
from funnel_sim.output.charts.kpi import data_odds, spec_odds
from funnel_sim.output.charts.ledger import data_waterfall, spec_waterfall
from funnel_sim.output.charts.quote import data_gains, spec_gains
from funnel_sim.output.documents.blocks import (
    Block,
    Chart,
    Frame,
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Points,
    Table,
    Tone,
)
from funnel_sim.output.words import formats, headlines
from funnel_sim.output.words.assumptions import Assumption, assumptions, plain_address, preset_line
from funnel_sim.output.words.chance import (
    apart_sentence,
    believed,
    estimate_heads,
    estimate_rows,
    heavy_sentence,
    left_out_sentence,
    margin_text,
    odds_text,
)
from funnel_sim.output.words.clauses import clauses, missing
from funnel_sim.output.words.contract_check import (
    clause_text,
    finding_sentence,
    grade_about,
    grade_sentence,
)
from funnel_sim.output.words.customer import worth_sentences
from funnel_sim.output.words.explain import name_of, text_of, why_none
from funnel_sim.output.words.kpi import (
    belief_sentence,
    believed_odds,
    console_sentence,
    contract_sentence,
    counter_offer,
    gathered,
    kpi_text,
    offer_row,
    reason_sentence,
    record_sentence,
    remark_sentence,
    rests_sentence,
)
from funnel_sim.output.words.kpi import verdict_sentence as kpi_verdict
from funnel_sim.output.words.quote import (
    beats_heads,
    beats_rows,
    belief_of,
    best_sentence,
    break_even_text,
    gain_heads,
    gain_rows,
    heavy_notes,
    in_short,
    line_rows,
    lines_title,
    measure_rows,
    measure_sentence,
    middle_money,
    money,
    money_heads,
    money_rows,
    payback_text,
    reason_sentences,
    serving_sentence,
    sides_heads,
    sides_rows,
    verdict_sentence,
    warnings,
)
from funnel_sim.output.words.shares import mean_note
from funnel_sim.output.words.tables import Row, ledger_rows
from funnel_sim.reference.parameters import category_words, country_words
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

QUOTE_TONES: Mapping[str, Tone] = {"sign": "good", "renegotiate": "middle", "walk_away": "bad"}
KPI_TONES: Mapping[str, Tone] = {
    "safe": "good",
    "realistic": "good",
    "stretch": "middle",
    "unrealistic": "bad",
}
_GRADE_TONES: Mapping[str, Tone] = {"A": "good", "B": "good", "C": "middle", "D": "bad", "E": "bad"}
_HEADLINE = ("order_profit", "margin", "roas", "break_even_roas", "acos", "cm3")
_LOW = 210
_COLUMNS = 6
_HEAD_LETTERS = 20
_CUSTOMERS = ("cac", "blended_cac", "ltv", "ltv_cac", "payback_months")


# ---- what is found
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """All that a report tells of a scenario; None or nothing for what it does not ask, `problems`
    why something could not be worked out.
    """

    result: Result
    run: Simulation | None = None
    estimate: Estimate | None = None
    bars: Bars | None = None
    by_month: Array | None = None
    answers: Answers | None = None
    measured: MeasureFirst | None = None
    check: Check | None = None
    remarks: tuple[Remark, ...] = ()
    contracts: tuple[ContractCheck, ...] = ()
    worth: Worth | None = None
    contribution: Contribution | None = None
    problems: tuple[InputError, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.result.scenario

    @property
    def quotes(self) -> tuple[Answer, ...]:
        """The answers on quotes, alternatives left out."""
        return (
            ()
            if self.answers is None
            else tuple(one for one in self.answers.options if one.option.kind == "quote")
        )

    @property
    def paths(self) -> int:
        """How many futures were simulated."""
        return self.run.plan.paths if self.run is not None else 0


def find(scenario: Scenario, paths: int = LIVE) -> Found:
    """Return what the screen would show of a scenario, computed by the same functions; what cannot
    be worked out is told in `problems`.
    """
    parts: dict[str, Any] = {"result": evaluate(scenario)}
    problems: list[InputError] = []

    def attempt(make: Callable[[], dict[str, Any]]) -> None:
        try:
            parts.update(make())
        except InputError as error:
            problems.append(error)

    attempt(lambda: _profit(scenario, paths))
    attempt(
        lambda: {
            "worth": customers.worth(scenario, paths),
            "contribution": customers.contribution(scenario),
        }
    )
    if scenario.kpis:
        at = Context(scenario, parts["result"])
        attempt(lambda: {"check": kpis.check(at, paths), "remarks": tuple(kpi_review.remarks(at))})
    mine = [option for option in scenario.options if option.kind == "quote" and option.compared]
    if mine:
        attempt(
            lambda: {
                "answers": compare(scenario, paths),
                "measured": measure_first(scenario, paths=paths),
            }
        )
        attempt(
            lambda: {"contracts": tuple(check_contract(scenario, option.id) for option in mine)}
        )
    return Found(**parts, problems=tuple(problems))


def _profit(scenario: Scenario, paths: int) -> dict[str, Any]:
    run = simulate(scenario, ["profit", "cm3", "gmv"], month=["profit"], paths=paths)
    values = run.of("profit")
    fine = values[np.isfinite(values)]
    bars = bars_of(np.sort(fine), 0.0) if fine.size else None
    return {
        "run": run,
        "estimate": run.estimate("profit"),
        "bars": bars,
        "by_month": monthly_quantiles(run.of("profit", "month")),
    }


# ---- the report
# ---------------------------------------------------------------------------------------------------


def report(scenario: Scenario, lang: Lang, found: Found | None = None) -> list[Block]:
    """Return the report on a scenario as blocks: the verdict, why, the comparison, then each
    chapter, the assumption ledger last.

    >>> from funnel_sim.scenario.presets import preset
    >>> [
    ...     block.text
    ...     for block in report(preset("amazon-de-kitchen"), "en")
    ...     if isinstance(block, Heading) and block.level == 1
    ... ]
    ['The verdict', 'What one order leaves', 'How the months may turn out', 'What a customer costs and brings in', 'The assumptions behind every figure']
    """
    found = find(scenario) if found is None else found
    return [
        frame(found, lang),
        *_verdict(found, lang),
        *_comparison(found, lang),
        *_economics(found, lang),
        *_odds(found, lang),
        *_customers(found, lang),
        *_kpis(found, lang),
        *_contracts(found, lang),
        *_clauses(found, lang),
        *_ledger(found, lang),
    ]


def frame(found: Found, lang: Lang) -> Frame:
    """Return title, store and the line at the foot: model, seed, futures, day."""
    scenario = found.scenario
    about = "quote" if found.quotes else "kpi" if found.check else "profit"
    places = (
        scenario.platform,
        country_words(scenario.market).of(lang),
        category_words(scenario.platform, scenario.category).of(lang),
    )
    where = " · ".join(place for place in places if place) or preset_line(scenario, lang)
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
        currency=scenario.currency,
        months=scenario.plan.horizon_months,
    )
    title = say(lang, f"report.title_{about}")
    return Frame(
        f"{title} · {scenario.name}" if scenario.name else title, subtitle, foot, scenario.as_of
    )


def label_of(answer: Answer, found: Found, lang: Lang) -> str:
    """Return an option's name, with its id where another has the same."""
    name = option_name(answer.option, lang)
    same = [
        one
        for one in (found.answers.options if found.answers else ())
        if option_name(one.option, lang) == name
    ]
    return f"{name} ({answer.option.id})" if len(same) > 1 else name


def _verdict(found: Found, lang: Lang) -> list[Block]:
    out: list[Block] = [Heading(say(lang, "report.h_verdict"))]
    out += [
        Note(sentence, say(lang, "report.not_worked_out"), "bad")
        for error in found.problems
        for sentence in error.sentences(lang)
    ]
    if found.answers is not None and found.quotes:
        for one in found.quotes:
            word = say(
                lang,
                "report.verdict_of",
                verdict=say(lang, f"quote.{one.verdict}"),
                name=label_of(one, found, lang),
            )
            out.append(
                Note(verdict_sentence(one, found.answers, lang), word, QUOTE_TONES[one.verdict])
            )
        out.append(KeyFigures(tuple(quote_figures(found.quotes[0], found.answers, found, lang))))
        out.append(Heading(say(lang, "report.h_why"), 2))
        for one in found.quotes:
            if len(found.quotes) > 1:
                out.append(Paragraph("", label_of(one, found, lang)))
            why = [note for note in (mean_note(found.answers.scenario, one.option, lang),) if note]
            out.append(
                Points(
                    (
                        *reason_sentences(one, found.answers, lang),
                        belief_of(one.option, lang, found.answers.scenario.as_of),
                        *why,
                    )
                )
            )
            out += [Note(text) for text in warnings(one, found.scenario, lang)]
        return [*out, Paragraph(best_sentence(found.answers, lang)), *_said_first(found, lang)]
    if found.check is not None:
        check = found.check
        out.append(
            Note(
                kpi_verdict(check, lang),
                say(lang, f"kpi.{check.verdict}"),
                KPI_TONES[check.verdict],
            )
        )
        return [
            *out,
            Heading(say(lang, "report.h_why"), 2),
            Points(_kpi_reasons(check, lang)),
            *_said_first(found, lang),
        ]
    return [*out, *_profit_verdict(found, lang), *_said_first(found, lang)]


def _said_first(found: Found, lang: Lang) -> list[Block]:
    """Return what belongs on the first page whatever is asked: profit before and after own work,
    ads that lose on every order, the console's figures.
    """
    told = headlines.sentences(found.result, lang)
    return [Points(tuple(told))] if told else []


def _ratios(result: Result, lang: Lang) -> list[Block]:
    """Return margins, ROI, break-even and money of the steady month as one table, in both
    currencies where there are two.
    """
    if not result.steady["paid_orders"]:
        return []
    scenario = result.scenario
    two = scenario.currency != scenario.cost_currency
    rows: list[tuple[str, ...]] = []
    for _, keys in headlines.groups(result):
        for one, home in zip(
            headlines.ratios(result, keys, lang),
            headlines.ratios(result, keys, lang, home=True),
            strict=True,
        ):
            value = f"{one.value} ({one.more})" if one.more else one.value
            rows.append(
                (one.name, value, *([home.value if home.value != one.value else ""] if two else []))
            )
    head = (
        say(lang, "report.figure"),
        scenario.currency,
        *([scenario.cost_currency] if two else []),
    )
    return [
        Table(
            head,
            tuple(rows),
            (0.5, 0.28, 0.22) if two else (0.6, 0.4),
            numbers=(1, 2) if two else (1,),
            title=say(lang, "headline.title"),
        )
    ]


def quote_figures(
    one: Answer, answers: Answers, found: Found, lang: Lang
) -> list[tuple[str, str, str]]:
    """Return the key figures of a quote."""
    told, scenario = one.believed, answers.scenario
    name = label_of(one, found, lang) if len(found.quotes) > 1 else ""
    mean = told.gain.centre
    return [
        (
            say(lang, "quote.gain_middle" if told.gain.heavy else "quote.gain"),
            money(mean, scenario, lang),
            margin_text(mean, "money", scenario.currency, "", lang),
        ),
        (
            say(lang, "quote.better"),
            odds_text(told.better, answers.plan.paths, lang),
            margin_text(told.better, "rate", "", "", lang),
        ),
        (say(lang, "quote.break_even"), break_even_text(one, lang), name),
        (say(lang, "quote.fees"), money(told.paid, scenario, lang), name),
        (say(lang, "quote.payback"), payback_text(told, lang), name),
    ]


def _kpi_reasons(check: Check, lang: Lang) -> tuple[str, ...]:
    every = (
        reason_sentence(check, lang),
        rests_sentence(check, lang),
        belief_sentence(check, lang),
        record_sentence(check, lang),
    )
    return tuple(text for text in every if text)


def _profit_verdict(found: Found, lang: Lang) -> list[Block]:
    if found.estimate is None or not np.isfinite(found.estimate.centre.value):
        return [Note(say(lang, "risk.nothing", metric=name_of("profit", lang)))]
    tone = KPI_TONES[kpis.verdict_of(found.scenario, 1.0 - found.estimate.loss.value)]
    caveats = [Paragraph(text) for text in profit_caveats(found, lang)]
    return [
        Note(profit_sentence(found, lang), profit_word(found, lang), tone),
        KeyFigures(tuple(profit_figures(found, lang))),
        *caveats,
    ]


def profit_word(found: Found, lang: Lang) -> str:
    """Return the verdict on the profit in a few words."""
    assert found.estimate is not None  # noqa: S101 - asked only where it was simulated
    return say(lang, "report.earns" if found.estimate.centre.value > 0 else "report.loses")


def profit_sentence(found: Found, lang: Lang) -> str:
    """Return the odds of the profit in one or two sentences."""
    assert found.estimate is not None  # noqa: S101 - asked only where it was simulated
    months, quantiles = found.scenario.plan.horizon_months, found.estimate.quantiles
    shown = {
        name: amount(quantiles[p], found, lang)
        for name, p in (("middle", 0.5), ("low", 0.05), ("high", 0.95))
    }
    return " ".join(
        [
            say(
                lang,
                "risk.lose",
                odds=odds_text(found.estimate.loss, found.paths, lang),
                months=months,
            ),
            say(lang, "risk.half", **shown),
        ]
    )


def profit_caveats(found: Found, lang: Lang) -> list[str]:
    """Return what the odds of the profit leave out, and why there is no average where there is
    none.
    """
    if found.estimate is None:
        return []
    heavy = (
        heavy_sentence(found.scenario, "profit", found.estimate, lang)
        if found.estimate.heavy
        else ""
    )
    apart = apart_sentence(
        found.scenario,
        found.estimate.quantiles[0.5].value,
        amount(found.estimate.quantiles[0.5], found, lang),
        lang,
    )
    return [
        text
        for text in (
            apart,
            heavy,
            left_out_sentence(found.scenario, left_out(found.scenario), lang),
        )
        if text
    ]


def amount(figure: Figure, found: Found, lang: Lang) -> str:
    """Return an estimated amount with the digits that can be believed."""
    return believed(figure, "money", found.scenario.currency, found.scenario.cost_currency, lang)


def profit_figures(found: Found, lang: Lang) -> list[tuple[str, str, str]]:
    """Return the key figures of the profit's odds."""
    assert found.estimate is not None  # noqa: S101 - asked only where it was simulated
    one = found.estimate
    named = [
        *([] if one.heavy else [("mean", one.mean)]),
        ("p5", one.quantiles[0.05]),
        ("p50", one.quantiles[0.5]),
        ("p95", one.quantiles[0.95]),
    ]
    out = [
        (
            say(lang, "risk.loss"),
            odds_text(one.loss, found.paths, lang),
            margin_text(one.loss, "rate", "", "", lang),
        )
    ]
    return out + [
        (
            say(lang, f"risk.{key}"),
            amount(figure, found, lang),
            margin_text(figure, "money", found.scenario.currency, "", lang),
        )
        for key, figure in named
    ]


def _comparison(found: Found, lang: Lang) -> list[Block]:
    answers = found.answers
    if answers is None:
        return []
    scenario, paths = answers.scenario, answers.plan.paths
    names = [label_of(one, found, lang) for one in answers.options]
    bars = [
        (
            name,
            (
                one.believed.gain.quantiles[0.1].value,
                one.believed.gain.quantiles[0.5].value,
                one.believed.gain.quantiles[0.9].value,
            ),
            middle_money(one.believed.gain, scenario, lang),
            odds_text(one.believed.better, paths, lang),
            say(lang, f"quote.{one.verdict}"),
            QUOTE_TONES[one.verdict],
        )
        for name, one in zip(names, answers.options, strict=True)
    ]
    note = say(
        lang,
        "quote.compare_note",
        paths=formats.number(paths),
        months=scenario.plan.horizon_months,
        currency=scenario.currency,
    )
    out: list[Block] = [
        Heading(say(lang, "report.h_comparison")),
        Chart(spec_gains(lang, "light"), data_gains(bars), say(lang, "quote.chart")),
    ]
    out += turned(gain_heads(lang), gain_rows(answers, lang), names, say(lang, "quote.gain"))
    out += turned(money_heads(lang), money_rows(answers, lang), names, say(lang, "quote.money"))
    out += [Paragraph(note, small=True), Paragraph(say(lang, "quote.money_note"), small=True)]
    out += [Paragraph(text, small=True) for text in heavy_notes(answers, lang)]
    if len(names) > 1:
        heads = (
            beats_heads(answers, lang)[0],
            say(lang, "quote.alone"),
            *(_short(name) for name in names),
        )
        rows = tuple(
            (name, *row.cells) for name, row in zip(names, beats_rows(answers, lang), strict=True)
        )
        out.append(
            Table(
                heads,
                rows,
                spread(0.22, len(heads)),
                numbers=tuple(range(1, len(heads))),
                title=say(lang, "quote.beats"),
            )
        )
    sides = sides_rows(answers, lang)
    if sides:
        whose = [
            name
            for name, one in zip(names, answers.options, strict=True)
            if one.option.kind in ("quote", "flat_fee")
        ]
        out += turned(sides_heads(lang), sides, whose, say(lang, "quote.view_sides"))
        out.append(
            Paragraph(
                " ".join(
                    [
                        say(lang, "quote.sides_note"),
                        serving_sentence(found.quotes[0], scenario, lang),
                    ]
                ),
                small=True,
            )
        )
    for one in found.quotes:
        rows_ = line_rows(one, scenario, lang)
        if len(rows_) > 1:
            title = say(
                lang, "report.titled", title=lines_title(one, lang), name=label_of(one, found, lang)
            )
            head = (say(lang, "quote.line"), say(lang, "quote.amount"))
            out.append(
                Table(
                    head,
                    tuple((row.name, *row.cells) for row in rows_),
                    (0.7, 0.3),
                    numbers=(1,),
                    totals=frozenset({len(rows_) - 1}),
                    title=title,
                )
            )
            note_ = mean_note(scenario, one.option, lang)
            out += [Paragraph(note_, small=True)] if note_ else []
    if found.measured is not None:
        worth = measure_rows(found.measured, scenario, lang)
        out.append(Heading(say(lang, "report.h_measure"), 2))
        out.append(Paragraph(measure_sentence(found.measured, scenario, lang)))
        if found.measured.no_mean:
            return out
        if worth:
            head = (say(lang, "quote.measure_input"), say(lang, "quote.measure_worth"))
            out.append(
                Table(
                    head, tuple((row.name, *row.cells) for row in worth), (0.65, 0.35), numbers=(1,)
                )
            )
        else:
            out.append(Paragraph(say(lang, "quote.measure_none")))
    return out


def spread(first: float, count: int) -> tuple[float, ...]:
    """Return widths of columns: the first one's share, the rest parted evenly.

    >>> spread(0.4, 3)
    (0.4, 0.3, 0.3)
    """
    return (first, *([(1.0 - first) / (count - 1)] * (count - 1)))


def turned(
    heads: Sequence[str], rows: Sequence[Row], names: Sequence[str], title: str
) -> list[Block]:
    """Return a table of options with the options as columns, for a page is higher than wide; many
    options are parted into tables of a few.
    """
    parts = -(-len(names) // _COLUMNS)
    size = -(-len(names) // parts)
    out: list[Block] = []
    for start in range(0, len(names), size):
        some, whose = (
            rows[start : start + size],
            tuple(_short(name) for name in names[start : start + size]),
        )
        cells = tuple(
            (head, *(row.cells[place] for row in some)) for place, head in enumerate(heads[1:])
        )
        out.append(
            Table(
                ("", *whose),
                cells,
                spread(0.24, len(whose) + 1),
                numbers=tuple(range(1, len(whose) + 1)),
                title="" if start else title,
            )
        )
    return out


def _short(name: str) -> str:
    """Return a name as the head of a narrow column has room for it."""
    return name if len(name) <= _HEAD_LETTERS else f"{name[:_HEAD_LETTERS].rstrip()}…"


def _economics(found: Found, lang: Lang) -> list[Block]:
    result, scenario = found.result, found.scenario
    rows = ledger_rows(result, lang)
    head = (
        say(lang, "sheet.line"),
        say(lang, "table.per_order"),
        say(lang, "table.per_month"),
        say(lang, "table.per_customer"),
    )
    table = Table(
        head,
        tuple((row.name, *row.cells) for row in rows),
        (0.46, 0.18, 0.18, 0.18),
        numbers=(1, 2, 3),
        totals=frozenset(i for i, row in enumerate(rows) if row.kind == "total"),
        bad=frozenset(i for i, row in enumerate(rows) if row.tone == "bad"),
        title=say(lang, "economics.ledger"),
    )
    return [
        Heading(say(lang, "report.h_economics")),
        Paragraph(economics_sentence(result, lang)),
        Paragraph(say(lang, f"economics.tax_{scenario.tax.situation}"), small=True),
        KeyFigures(
            tuple(
                (
                    name_of(key, lang),
                    text_of(result, key, lang),
                    why_none(result, key, lang) or headlines.beside(result, key, lang),
                )
                for key in _HEADLINE
            )
        ),
        *_ratios(result, lang),
        Chart(spec_waterfall(lang, "light"), data_waterfall(result, lang)),
        table,
        Paragraph(say(lang, "report.ledger_note"), small=True),
    ]


def economics_sentence(result: Result, lang: Lang) -> str:
    """Return what an order leaves, in one sentence."""
    currency, steady = result.scenario.currency, result.steady
    if not steady["paid_orders"]:
        return say(lang, "economics.no_orders")
    earned = steady["order_profit"] or 0.0
    return say(
        lang,
        "economics.earns" if earned >= 0 else "economics.loses",
        paid=formats.money(steady["order_consumer"], currency, lang),
        earned=formats.money(abs(earned), currency, lang),
        orders=formats.count(steady["paid_orders"]),
        month=formats.money(steady["profit"], currency, lang),
    )


def _low(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a chart as high as a page has room for."""
    return {**spec, "height": _LOW}


def _odds(found: Found, lang: Lang) -> list[Block]:
    run, one = found.run, found.estimate
    if run is None or one is None or not np.isfinite(one.centre.value):
        return []
    months = found.scenario.plan.horizon_months
    name = name_of("profit", lang)

    def show(value: float) -> str:
        return formats.compact(value, found.scenario.currency, lang)

    out: list[Block] = [Heading(say(lang, "report.h_odds"))]
    if found.quotes or found.check:
        out += [
            Paragraph(text) for text in (profit_sentence(found, lang), *profit_caveats(found, lang))
        ]
    if found.bars is not None:
        marks = [
            (mark, one.quantiles[p].value, amount(one.quantiles[p], found, lang))
            for mark, p in (("P5", 0.05), ("P50", 0.5), ("P95", 0.95))
        ]
        data = data_distribution(found.bars, marks, 0.0, show)
        out.append(
            Chart(
                _low(spec_distribution(lang, "light", "~s", signed=True)),
                data,
                say(lang, "risk.distribution", metric=name, months=months),
            )
        )
    if found.by_month is not None:
        fan = data_fan(found.by_month, show)
        out.append(
            Chart(
                _low(spec_fan(lang, "light", "~s", signed=True)),
                fan,
                say(lang, "risk.fan", metric=name),
                say(lang, "report.fan_note"),
            )
        )
    if ("gmv", "total") in run.drawn:
        rows = estimate_rows(run, ["profit", "cm3", "gmv"], lang)
        head = (say(lang, "report.figure"), *estimate_heads(lang))
        out.append(
            Table(
                head,
                tuple((row.name, *row.cells) for row in rows),
                spread(0.18, len(head)),
                numbers=tuple(range(1, len(head))),
            )
        )
    return out


def _customers(found: Found, lang: Lang) -> list[Block]:
    worth, result = found.worth, found.result
    if worth is None:
        return []
    items = [
        (
            name_of(key, lang),
            text_of(result, key, lang),
            _interval(worth, key, lang) or why_none(result, key, lang),
        )
        for key in _CUSTOMERS
    ]
    out: list[Block] = [Heading(say(lang, "report.h_customers")), KeyFigures(tuple(items))]
    cac, ltv = result.steady["cac"], result.steady["ltv"]
    if cac is None or ltv is None:
        return [*out, Paragraph(say(lang, "customers.no_cac"))]
    currency, months = found.scenario.currency, found.scenario.customers.ltv_horizon
    shown = {
        "cac": formats.money(cac, currency, lang),
        "ltv": formats.money(ltv, currency, lang),
        "months": months,
    }
    told = [
        say(lang, "customers.pays" if ltv >= cac else "customers.does_not_pay", **shown),
        *worth_sentences(worth, None, None, lang),
    ]
    out.append(Points(tuple(told)))
    if found.contribution is not None:
        share = formats.percent(float(found.contribution.paid_back[-1]))
        chart = data_payback(found.contribution, currency, lang)
        note = say(lang, "customers.payback_note", share=share, months=months)
        out.append(
            Chart(
                _low(spec_payback(lang, "light")), chart, say(lang, "customers.payback_title"), note
            )
        )
    return out


def _interval(worth: Worth, key: str, lang: Lang) -> str:
    one = {"ltv": worth.ltv, "ltv_cac": worth.ratio}.get(key)
    if one is None or not one.sd.value > 0:
        return ""
    low, high = (text_of(worth.result, key, lang, one.quantiles[p].value) for p in (0.1, 0.9))
    return f"P10–P90 {low} – {high}"


def _kpis(found: Found, lang: Lang) -> list[Block]:
    check = found.check
    if check is None:
        return []
    scenario = found.scenario
    out: list[Block] = [Heading(say(lang, "report.h_kpis"))]
    if found.quotes:
        out += [
            Note(
                kpi_verdict(check, lang),
                say(lang, f"kpi.{check.verdict}"),
                KPI_TONES[check.verdict],
            ),
            Points(_kpi_reasons(check, lang)),
        ]
    bars = [
        (
            kpi_text(one.kpi, scenario, lang),
            one.odds.value,
            believed_odds(one.odds, check, lang),
            say(lang, f"kpi.{one.verdict}"),
            KPI_TONES[one.verdict],
        )
        for one in check.answers
    ]
    if len(bars) > 1:
        together = say(lang, "kpi.together")
        bars.append(
            (
                together,
                check.joint.value,
                believed_odds(check.joint, check, lang),
                say(lang, f"kpi.{check.verdict}"),
                KPI_TONES[check.verdict],
            )
        )
    bounds = scenario.verdicts
    told = {
        name: formats.percent(getattr(bounds, name), 0) for name in ("safe", "realistic", "stretch")
    }
    spec = spec_odds(lang, "light", (bounds.stretch, bounds.realistic, bounds.safe))
    out.append(Chart(spec, data_odds(bars), say(lang, "kpi.odds"), say(lang, "kpi.bounds", **told)))
    head = (
        say(lang, "kpi.kpi"),
        say(lang, "kpi.odds"),
        say(lang, "kpi.typical"),
        *(say(lang, "kpi.at_odds", odds=formats.percent(p, 0)) for p in OFFERED),
    )
    rows = [offer_row(one, check, lang) for one in check.answers]
    out.append(
        Table(
            head,
            tuple((row.name, *row.cells) for row in rows),
            spread(0.26, len(head)),
            numbers=tuple(range(1, len(head))),
            title=say(lang, "kpi.offers"),
        )
    )
    out.append(Paragraph(say(lang, "kpi.offers_note"), small=True))
    out += [
        Paragraph(text) for one in check.answers if (text := console_sentence(one, check.at, lang))
    ]
    lead, *offered = counter_offer(check, lang).splitlines()
    out += [
        Heading(say(lang, "report.h_counter"), 2),
        Paragraph(lead),
        Points(tuple(line.strip().removeprefix("- ") for line in offered[:-1])),
        Paragraph(offered[-1], small=True),
    ]
    remarks = gathered(list(found.remarks))
    out.append(Heading(say(lang, "kpi.review"), 2))
    out.append(
        Points(tuple(remark_sentence(one, scenario, lang) for one in remarks))
        if remarks
        else Paragraph(say(lang, "kpi.review_none"))
    )
    out.append(Heading(say(lang, "kpi.contract_title"), 2))
    return [*out, Points(tuple(contract_sentence(one, scenario, lang) for one in check.answers))]


def against(check: ContractCheck) -> list[Finding]:
    """Return what a contract has against its client, then what is open, the gravest first."""
    order = {"bad": 0, "open": 1}
    return sorted(
        (one for one in check.findings if one.state in order),
        key=lambda one: (order[one.state], -one.item.weight),
    )


def _contracts(found: Found, lang: Lang) -> list[Block]:
    if not found.contracts:
        return []
    out: list[Block] = [Heading(say(lang, "report.h_contract"))]
    for check in found.contracts:
        name = option_name(check.option, lang)
        out.append(
            Note(
                grade_sentence(check, lang),
                f"{say(lang, 'contract.grade', grade=check.grade.id)} · {name}",
                _GRADE_TONES[check.grade.id],
            )
        )
        out.append(Paragraph(grade_about(lang), small=True))
        every = against(check)
        rows = tuple(_finding_row(one, check, lang) for one in every if one.state == "bad")
        head = (say(lang, "report.item"), say(lang, "report.found"), say(lang, "contract.sentence"))
        if rows:
            out.append(Table(head, rows, (0.2, 0.37, 0.43), title=say(lang, "report.against")))
    asked = dict.fromkeys(
        say(
            lang,
            "report.ask",
            question=one.item.question.of(lang),
            weight=say(lang, f"contract.weight_{one.item.weight}"),
        )
        for check in found.contracts
        for one in against(check)
        if one.state == "open" and one.item.question is not None
    )
    return (
        [*out, Heading(say(lang, "contract.asked_title"), 2), Points(tuple(asked))]
        if asked
        else out
    )


def _finding_row(one: Finding, check: ContractCheck, lang: Lang) -> tuple[str, str, str]:
    name = say(
        lang,
        "report.weighed",
        name=one.item.name.of(lang),
        weight=say(lang, f"contract.weight_{one.item.weight}"),
    )
    return (
        name,
        finding_sentence(one, check, lang) or one.item.why.of(lang),
        clause_text(one, check, lang),
    )


def _clauses(found: Found, lang: Lang) -> list[Block]:
    out: list[Block] = []
    for answer in found.quotes:
        option, scenario = answer.option, found.scenario
        name = label_of(answer, found, lang)
        out += [
            Heading(say(lang, "report.h_clauses", name=name)),
            Paragraph(in_short(option, scenario, lang)),
        ]
        rows = tuple((one.title, one.text) for one in clauses(scenario, option, lang))
        head = (say(lang, "quote.clause"), say(lang, "report.text"))
        out.append(Table(head, rows, (0.22, 0.78)))
        lacks = missing(scenario, option, lang)
        if lacks:
            out.append(
                Table(
                    head,
                    tuple((one.title, one.text) for one in lacks),
                    (0.22, 0.78),
                    title=say(lang, "quote.terms_missing"),
                )
            )
    return out


# ---- the assumption ledger
# ------------------------------------------------------------------------------------------


def sources_of(every: Sequence[Assumption]) -> list[str]:
    """Return each source once, in order."""
    return list(dict.fromkeys(one.source for one in every if one.source))


def _ledger(found: Found, lang: Lang) -> list[Block]:
    every = assumptions(found.scenario, lang)
    sources = sources_of(every)
    head = tuple(
        say(lang, f"report.{key}")
        for key in ("input", "value", "unit", "whose", "since", "source", "changed")
    )
    rows: list[tuple[str, ...]] = []
    groups: set[int] = set()
    weak: set[int] = set()
    last = ""
    for one in every:
        if one.group != last:
            last = one.group
            groups.add(len(rows))
            rows.append((last, *[""] * (len(head) - 1)))
        if one.weak:
            weak.add(len(rows))
        told = one.told(lang) + (f" · {say(lang, 'report.weak')}" if one.weak else "")
        place = f"[{sources.index(one.source) + 1}]" if one.source else formats.NOTHING
        rows.append(
            (
                one.name,
                one.value,
                one.unit,
                told,
                one.since or formats.NOTHING,
                place,
                say(lang, "word.yes") if one.changed else say(lang, "word.no"),
            )
        )
    counts = {
        "count": len(every),
        "weak": sum(one.weak for one in every),
        "changed": sum(one.changed for one in every),
    }
    out: list[Block] = [PageBreak(), Heading(say(lang, "report.h_ledger"))]
    out.append(
        Paragraph(
            say(lang, "report.ledger_lead", preset=preset_line(found.scenario, lang), **counts)
        )
    )
    out.append(
        Table(
            head,
            tuple(rows),
            (0.26, 0.21, 0.08, 0.18, 0.12, 0.07, 0.08),
            numbers=(),
            groups=frozenset(groups),
            bad=frozenset(weak),
        )
    )
    if sources:
        listed = tuple(
            (f"[{place}]", plain_address(source)) for place, source in enumerate(sources, 1)
        )
        out.append(
            Table(
                (say(lang, "report.number"), say(lang, "report.source")),
                listed,
                (0.07, 0.93),
                title=say(lang, "report.sources"),
            )
        )
    return out


__all__ = [
    "Block",
    "Chart",
    "Found",
    "Frame",
    "Heading",
    "KeyFigures",
    "Note",
    "PageBreak",
    "Paragraph",
    "Points",
    "Table",
    "find",
    "frame",
    "report",
]
