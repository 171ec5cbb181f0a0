"""Results in the currency in which they are shown: no amount of the sales currency is written
beside them, but where it is declared that it stays as it was typed or agreed.
"""

import ast
import json
from pathlib import Path

import pytest

from funnel_sim.chance.estimates import Figure
from funnel_sim.chance.hedging import hedging
from funnel_sim.chance.simulation import simulate
from funnel_sim.cli import main
from funnel_sim.decisions.found import find
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.model.economics import evaluate
from funnel_sim.output.charts.ledger import data_months, data_waterfall
from funnel_sim.output.documents.blocks import Block, Heading
from funnel_sim.output.documents.report import report
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import believed, margin_text
from funnel_sim.output.words.explain import explain
from funnel_sim.output.words.hedging import exposure_rows, hedging_sentences
from funnel_sim.output.words.kpi import typed_currency
from funnel_sim.output.words.quote_serving import price_sentence
from funnel_sim.output.words.shown import shown_sentences
from funnel_sim.output.words.tables import ledger_rows
from funnel_sim.output.workbook.book import built
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.shown import Shown
from funnel_sim.words import LANGS

ROOMS = Path(__file__).parents[2] / "funnel_sim"
BUDGETS = "a budget is set with the seller of the ads, in the sales currency (ADR 0075)"
TYPED = "typed: an input, or what one is held against"
CONTRACT = "a contract's own amounts, or sales and baselines that a contract counts"
NAMED = "the currency's code in a sentence or a choice, no amount"
MACHINES = "for machines, which are told the rate beside it"
BOTH = "both currencies stand side by side, each named"
WORKED = "worked out from inputs as they were typed; the result is turned in the last step"
LIVE = "live formulas in the currency of the inputs; the summary turns the results"
BALANCE = "the balance's own currency, which is the cost currency where results are shown at home"
PORTFOLIO = "the portfolio's own currency, in which all its rows are told"
STAYS = {
    "cli/options.py": (TYPED, {"money_into"}),
    "ui/pages/actuals/contract.py": (NAMED, {"_shop"}),
    "ui/pages/actuals/sentence.py": (CONTRACT, {"_currency", "draw"}),
    "ui/pages/quote/typed_line.py": (TYPED, {"_names", "_typed", "changes"}),
    "cli/portfolio.py": (PORTFOLIO, {"_read"}),
    "output/json/portfolio.py": (MACHINES, {"portfolio_json", "_rows"}),
    "output/words/portfolio.py": (
        PORTFOLIO,
        {
            "total_rows",
            "loser_rows",
            "chance_sentences",
            "apart_sentence",
            "portfolio_sentences",
        },
    ),
    "output/charts/portfolio.py": (PORTFOLIO, {"data_profit", "data_spread"}),
    "output/words/portfolio_page.py": (
        PORTFOLIO,
        {"portfolio_tiles", "risk_rows", "currency_sentence", "currencies_offered"},
    ),
    "output/words/portfolio_results.py": (BOTH, {"result_rows", "result_heads"}),
    "output/words/portfolio_sources.py": (PORTFOLIO, {"_rate"}),
    "output/documents/chapters/portfolio.py": (
        PORTFOLIO,
        {"cash_chapter", "dependence_chapter", "odds_chapter", "rows_chapter", "totals_chapter"},
    ),
    "output/documents/chapters/portfolio_budget.py": (PORTFOLIO, {"budget_chapter"}),
    "output/workbook/portfolio_split.py": (PORTFOLIO, {"write_split"}),
    "output/documents/portfolio_report.py": (PORTFOLIO, {"portfolio_frame"}),
    "output/documents/portfolio_slides.py": (
        PORTFOLIO,
        {
            "_PortfolioDeck.__init__",
            "_PortfolioDeck._bars",
            "_PortfolioDeck.cash",
            "_PortfolioDeck.losers",
        },
    ),
    "output/workbook/portfolio_results.py": (
        PORTFOLIO,
        {"_Results._chart", "_Results._summary", "_Results._totals"},
    ),
    "ui/pages/portfolio/answers.py": (PORTFOLIO, {"_profit", "_totals"}),
    "cli/carry.py": (PORTFOLIO, {"_carry"}),
    "output/charts/markets.py": (PORTFOLIO, {"data_parts", "data_profits"}),
    "output/json/dependence.py": (MACHINES, {"pooled_json"}),
    "output/json/markets.py": (MACHINES, {"markets_json", "_answer"}),
    "output/words/dependence.py": (
        PORTFOLIO,
        {
            "_after",
            "pooled_sentences",
            "dependence_sentences",
            "dependence_rows",
            "loss_sentences.money_",
        },
    ),
    # a price is told in the currency of its place
    "output/words/markets.py": (
        PORTFOLIO,
        {"_price", "market_rows", "_ranking", "market_sentences", "rank_sentences"},
    ),
    "ui/pages/portfolio/dependence.py": (PORTFOLIO, {"pooled_section", "_kind"}),
    "ui/pages/portfolio/markets.py": (PORTFOLIO, {"_told"}),
    "ui/pages/portfolio/begin.py": (NAMED, {"read_file"}),
    "ui/pages/portfolio/head.py": (PORTFOLIO, {"_currency"}),
    "ui/pages/portfolio/odds.py": (PORTFOLIO, {"_told"}),
    "ui/widgets/portfolio_table.py": (PORTFOLIO, {"_result"}),
    "cli/cash.py": (BALANCE, {"_cash"}),
    "output/documents/chapters/cash.py": (BALANCE, {"cash_chapter"}),
    "output/documents/story.py": (CONTRACT, {"fee_workings"}),
    "output/json/cash.py": (MACHINES, {"_exposure", "cash_json"}),
    "output/words/cash.py": (
        BALANCE,
        {
            "_margin",
            "_missing",
            "further_sentences",
            "_near_the_plan",
            "_needed",
            "_places",
            "_stock_out",
            "opening_sentence",
            "method_sentence",
        },
    ),
    "output/words/cash_quote.py": (BALANCE, {"quote_rows"}),
    "output/words/cash_tables.py": (BALANCE, {"exposure_heads", "month_rows", "other_currency"}),
    "output/words/cash_answers.py": (
        BALANCE,
        {"quote_cash_sentence", "quote_cash_title", "balance_sentences"},
    ),
    "output/workbook/cash.py": (LIVE, {"_CashSheet.__init__"}),
    "ui/pages/cash/balance.py": (BALANCE, {"draw"}),
    "ui/pages/cash_flow.py": (BALANCE, {"kept_note"}),
    "ui/pages/cash/quote.py": (BALANCE, {"draw"}),
    "output/charts/budget.py": (BUDGETS, {"data_split", "data_curve.row", "data_curve"}),
    "output/documents/chapters/budget.py": (BUDGETS, {"budget_chapter"}),
    "output/json/budget.py": (MACHINES, {"budget_json"}),
    "output/words/budget.py": (
        BUDGETS,
        {"_money", "_earned", "total_sentences", "rest_sentences", "line_heads"},
    ),
    "ui/pages/budget/answer.py": (BUDGETS, {"figures"}),
    "ui/pages/budget/from_file.py": (BUDGETS, {"_other_currency", "_preview"}),
    "ui/pages/budget/question.py": (BUDGETS, {"draw", "_bounds.cells"}),
    "ui/pages/portfolio/budget.py": (BUDGETS, {"_amount", "_question", "_bounds.cells"}),
    "output/charts/ledger.py": (TYPED, {"data_heat"}),
    "output/charts/price.py": (TYPED, {"spec_price", "data_price.price"}),
    "output/words/best_price.py": (TYPED, {"_price"}),
    "ui/pages/economics/price.py": (TYPED, {"_tried"}),
    "output/documents/brief.py": (TYPED, {"_Store.money", "_order_value", "_price", "_currency"}),
    "output/documents/chapters/economics.py": (BOTH, {"_ratios"}),
    "output/documents/term_sheet.py": (CONTRACT, {"_examples", "_inputs", "_assumed"}),
    "output/json/contract_check.py": (MACHINES, {"_amount_json"}),
    "output/json/numbers.py": (MACHINES, {"currency_json"}),
    "output/json/review.py": (MACHINES, {"providers_json"}),
    "output/words/assumptions.py": (TYPED, {"currency_of"}),
    "output/words/bill_workings.py": (CONTRACT, {"_Said.sale", "_Said.figure"}),
    "output/words/chance.py": (TYPED, {"value_text"}),
    "output/words/clause_kpis.py": (CONTRACT, {"kpi_value", "value_money"}),
    "output/words/clauses.py": (
        CONTRACT,
        {
            "_Contract.sale",
            "_Contract.fees",
            "_Contract.share_baseline",
        },
    ),
    "output/words/counter_offer.py": (
        CONTRACT,
        {"change_name.rates", "_clause", "instead_sentences"},
    ),
    "output/words/customer.py": (NAMED, {"currency_sentence"}),
    "output/words/explain.py": (
        WORKED,
        {
            "_operand",
            "tiers_text",
        },
    ),
    "output/words/figure_names.py": (WORKED, {"booked_text"}),
    "output/words/figure_workings.py": (
        WORKED,
        {"_Spoken.typed", "_of_channels.work", "_ltv", "_payback", "_volume"},
    ),
    "output/words/kpi.py": (TYPED, {"typed_currency", "typed_value"}),
    "output/words/kpi_levers.py": (TYPED, {"lever_benchmark", "lever_cells.show"}),
    "output/words/quote_serving.py": (TYPED, {"hourly_rows"}),
    "output/words/quote_usual.py": (TYPED, {"_value_text.show"}),
    "output/words/renewal.py": (CONTRACT, {"terms_sentences"}),
    "output/words/review_drivers.py": (TYPED, {"_value"}),
    "output/words/settlement.py": (
        CONTRACT,
        {
            "line_rows",
            "_rate",
            "rate_sentence",
            "owed_sentence.both",
            "_against",
        },
    ),
    "output/words/settlement_kpis.py": (CONTRACT, {"usual_month_sentences", "_kpi.show"}),
    "output/words/shares.py": (CONTRACT, {"_amount"}),
    "output/words/shown.py": (NAMED, {"currencies_of", "beside", "shown_sentences"}),
    "output/words/workings.py": (CONTRACT, {"_Maker.__init__", "_Maker.sale", "_Maker.sold"}),
    "output/workbook/bill_lines.py": (
        CONTRACT,
        {
            "BillLines._figure_row",
            "BillLines._put_counted",
            "BillLines._put_lines",
            "_Plain.__init__",
        },
    ),
    "output/workbook/cover.py": (LIVE, {"_summary", "cover_sheet"}),
    "output/workbook/inputs.py": (LIVE, {"_unit"}),
    "output/workbook/model_book.py": (LIVE, {"ModelBook._unit"}),
    "output/workbook/months.py": (LIVE, {"Model._commission", "Model._funnel"}),
    "output/workbook/settlement.py": (
        CONTRACT,
        {"_Book._contract.put", "_Book._months", "_Book._notes"},
    ),
    "output/workbook/terms.py": (
        CONTRACT,
        {"_Fees.__init__", "_Fees.line", "_Fees.write", "_Fees._counted"},
    ),
    "output/workbook/xlsx_file.py": (LIVE, {"written"}),
    "ui/frame.py": (NAMED, {"where"}),
    "ui/pages/actuals/by_month.py": (TYPED, {"draw", "_kind"}),
    "ui/pages/actuals/from_files.py": (TYPED, {"_offer", "_differences"}),
    "ui/pages/cac_and_ltv.py": (TYPED, {"_two_budgets"}),
    "ui/pages/conversion_test.py": (TYPED, {"_compare", "_store_fields", "_from_scenario"}),
    "ui/pages/kpi/editor.py": (TYPED, {"_add"}),
    "ui/pages/method_and_sources.py": (TYPED, {"assumption_table"}),
    "ui/pages/my_shop.py": (NAMED, {"_payment", "_fixed"}),
    "ui/pages/private_margin.py": (NAMED, {"_parts"}),
    "ui/pages/quote/sentence.py": (
        TYPED,
        {"draw", "_meanings", "_currency", "_share", "_of_what", "_fixed_or_moving"},
    ),
    "ui/pages/risk/ready.py": (NAMED, {"compared_with"}),
    "ui/pages/side_by_side.py": (TYPED, {"prepare", "_before_after"}),
    "ui/pages/unit_economics.py": (
        TYPED,
        {"_targets", "_verdict_on_target", "_two_levers"},
    ),
    "output/words/hedging.py": (BOTH, {"hedging_sentences", "exposure_rows", "exposure_heads"}),
    "ui/widgets/chance_inputs.py": (NAMED, {"months", "_usual"}),
    "ui/widgets/contract_rows.py": (TYPED, {"_bound"}),
    "ui/widgets/fields.py": (TYPED, {"label_of", "note_text", "origin_text"}),
    "ui/widgets/knowing.py": (TYPED, {"_costs_in", "_total"}),
    "ui/widgets/number.py": (
        TYPED,
        {"currency_of", "_committed", "_read", "_ask", "_converted"},
    ),
    "ui/widgets/ranges.py": (TYPED, {"short_text", "_preview.show"}),
    "ui/widgets/rows.py": (
        TYPED,
        {"steps", "steps.cells", "duties.cells", "announced.cells"},
    ),
    "ui/widgets/shop.py": (TYPED, {"_spend"}),
    "ui/widgets/store.py": (NAMED, {"change_shop", "with_own_numbers"}),
    "ui/widgets/store_files.py": (TYPED, {"say_found", "months_table"}),
    "ui/widgets/uploads.py": (TYPED, {"_own_rates", "converted_to"}),
    "cli/evaluate.py": (TYPED, {"_evaluate"}),
    "cli/kpi.py": (NAMED, {"_kpi"}),
    "cli/rates.py": (MACHINES, {"_compare_rates"}),
    "cli/review.py": (TYPED, {"_read", "_review"}),
}
"""Where the sales currency itself is asked for, though results may be shown in another one: why,
and in which functions.
"""
_OF_THEIR_OWN = {
    "output/documents/deck.py",
    "output/documents/slides.py",
    "output/words/providers.py",
}
"""Modules whose own `currency` is that in which they show."""
STORE = preset("amazon-de-kitchen").replace(
    {
        "fx_rate": 8.0,
        "shown_in": "home",
        "options": [{"id": "q", "name": "Q", "base": 8000.0, "claimed": 0.3}],
        "kpis": [
            {"id": "p", "metric": "profit", "target": 1500.0, "window": "average", "month_to": 3}
        ],
    }
)


def asked_in(file: Path) -> set[str]:
    """Return the functions of a module that ask for somebody's `currency`."""
    found: set[str] = set()

    def walk(node: ast.AST, name: str) -> None:
        for child in ast.iter_child_nodes(node):
            inside = name
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inside = f"{name}.{child.name}".removeprefix(".")
            called = isinstance(node, ast.Call) and node.func is child
            if isinstance(child, ast.Attribute) and child.attr == "currency" and not called:
                found.add(inside)
            walk(child, inside)

    walk(ast.parse(file.read_text("utf-8")), "")
    return found


def test_the_sales_currency_is_asked_for_only_where_that_is_declared():
    """Results ask for `scenario.shown`; a new use of the sales currency is declared above, with its
    reason, or is wrong.
    """
    found = {}
    for room in ("output", "ui", "cli"):
        for file in sorted((ROOMS / room).rglob("*.py")):
            name = file.relative_to(ROOMS).as_posix()
            if name not in _OF_THEIR_OWN and (asked := asked_in(file)):
                found[name] = asked
    assert found == {name: places for name, (_, places) in STAYS.items()}


def words_of(block: Block) -> list[str]:
    """Return every text of a block."""

    def walk(value: object) -> list[str]:
        if isinstance(value, str):
            return [value]
        if isinstance(value, tuple | list):
            return [text for one in value for text in walk(one)]
        if hasattr(value, "__dataclass_fields__"):
            return [
                text for name in value.__dataclass_fields__ for text in walk(getattr(value, name))
            ]
        return []

    return walk(block)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_a_report_shown_at_home_has_no_amount_of_the_sales_currency_but_typed_ones(lang):
    """Chapters of results: only the table of ratios has both columns, and the KPI's target stands
    as it was typed with what it is today.
    """
    blocks = report(STORE, lang, find(STORE, 1024))
    heads = [
        place for place, one in enumerate(blocks) if isinstance(one, Heading) and one.level == 1
    ]
    results = blocks[: heads[-2]]  # then contracts and inputs
    told = [text for one in results for text in words_of(one) if "€" in text]
    assert len(told) <= 6
    typed = [text for text in told if "1,500" in text]
    assert typed and all("12,000" in text for text in typed)
    both = evaluate(STORE.replace({"shown_in": "sales"}))
    two = {formats.compact(both.steady[key], "EUR", lang) for key in ("profit", "proceeds")}
    assert any(any(amount in text for amount in two) for text in told)


def test_amounts_by_hand():
    """At 8 for one: 100.005 is 800.04, rounded once, in the currency in which it is shown."""
    home = Shown("CNY", 8.0)
    assert formats.money(100.005, home, "en") == "CN¥800.04"
    assert formats.money(100.005, "EUR", "en") == "€100.01"
    assert formats.compact(124.9, home, "en") == "CN¥999.20"
    assert formats.compact(125.06, home, "en") == "CN¥1,000"
    assert formats.whole_money(0.07, home, "en", "up") == "CN¥1"
    assert formats.rough(12_345.0, home, "zh") == "¥9.88\u00a0万"
    assert formats.figure(10.0, "money", home, "CNY", "en") == "CN¥80.00"
    assert formats.figure(10.0, "cost_money", home, "CNY", "en") == "CN¥10.00"
    assert formats.figure(0.1, "rate", home, "CNY", "en") == "10.0%"
    assert formats.money(None, home, "en") == "–"
    assert formats.change(1.0, 2.0, "money", home, "CNY", "en") == "+CN¥8.00"


def test_an_estimate_shown_at_home_has_the_digits_that_it_has():
    """1,234 ± about 20 is known to the tens; at 10 for one to the hundreds."""
    one, home = Figure(1234.0, 10.0, 1024), Shown("CNY", 10.0)
    assert believed(one, "money", "EUR", "", "en") == "€1,230"
    assert believed(one, "money", home, "", "en") == "CN¥12,300"
    assert margin_text(one, "money", home, "", "en") == "± CN¥200"


@pytest.mark.parametrize("lang", LANGS)
def test_an_explanation_works_in_what_was_typed_and_turns_the_result(lang):
    told = explain(evaluate(STORE), "profit", lang)
    booked = explain(evaluate(STORE.replace({"shown_in": "sales"})), "profit", lang)
    assert told.numbers.startswith(booked.numbers)
    assert told.numbers.endswith(f"× 8 = {told.value}") and "€" not in told.value


def test_charts_have_the_amounts_that_their_axes_say():
    home, sales = evaluate(STORE), evaluate(STORE.replace({"shown_in": "sales"}))
    for data, columns in ((data_waterfall, ("start", "end", "edge")), (data_months, ("profit",))):
        here, there = data(home, "en"), data(sales, "en")
        for name in columns:
            assert here[name].dropna().tolist() == pytest.approx(
                (there[name].dropna() * 8.0).tolist()
            )


def test_rates_are_the_same_in_every_currency():
    """A ledger at home is the ledger times 8, and what is no money is what it was."""
    home, sales = evaluate(STORE), evaluate(STORE.replace({"shown_in": "sales"}))
    assert dict(home.steady) == dict(sales.steady)
    assert ledger_rows(home, "en")[0].cells[1] == formats.money(
        sales.steady["gross_sales"] * 8.0, "CNY", "en"
    )


def test_at_a_rate_of_one_all_stays_but_the_sign():
    """With a rate of 1 every text of the ledger is the same but for the currency's sign."""
    near = preset("amazon-de-kitchen").replace(
        {"cost_currency": "CHF", "fx_rate": 1.0, "shown_in": "home"}
    )
    home, sales = evaluate(near), evaluate(near.replace({"shown_in": "sales"}))
    for one, other in zip(ledger_rows(home, "en"), ledger_rows(sales, "en"), strict=True):
        assert [cell.replace("CHF", "€") for cell in one.cells] == list(other.cells)


def test_a_quote_at_home_is_the_quote_at_todays_rate_where_the_rate_stands_still():
    home = compare(STORE, 1024).of("q").believed
    sales = compare(STORE.replace({"shown_in": "sales"}), 1024).of("q").believed
    assert home.gain.mean.value == pytest.approx(sales.gain.mean.value)
    assert home.better.value == sales.better.value


@pytest.mark.slow
def test_a_fee_that_is_fixed_at_home_costs_the_same_in_every_future():
    """8,000 a month over the plan, at today's 8 a thousand each month, however the rate walks; in
    the sales currency it differs between futures, and its mean is another one.
    """
    walk = STORE.replace({"chance.fx_walk": True, "chance.fx_volatility": 0.3})
    months = walk.plan.horizon_months
    home = compare(walk, 1024).of("q").believed
    assert home.paid == pytest.approx(1000.0 * months, rel=1e-9)
    sales = compare(walk.replace({"shown_in": "sales"}), 1024).of("q").believed
    assert sales.paid != pytest.approx(1000.0 * months, rel=1e-3)


@pytest.mark.parametrize("lang", LANGS)
def test_what_the_choice_means_is_said(lang):
    assert shown_sentences(STORE.replace({"shown_in": "sales"}), lang) == []
    told = shown_sentences(STORE, lang)
    assert len(told) == 2 and "CNY" in told[0] and "8" in told[0]
    assert len(shown_sentences(STORE.replace({"chance.fx_walk": True}), lang)) == 3


def test_the_command_line_shows_in_either_currency(tmp_path, capsys):
    file = tmp_path / "s.json"
    file.write_text(to_text(STORE.replace({"shown_in": "sales"})), "utf-8")
    assert main(["evaluate", str(file), "--in", "home"]) == 0
    told = capsys.readouterr()
    assert "CN¥" in told.out and "Results are in CNY" in told.err
    assert main(["evaluate", str(file), "--json", "--in", "home"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["currency"], found["shown"]["currency"], found["shown"]["rate"]) == (
        "EUR",
        "CNY",
        8.0,
    )
    text = to_text(STORE.replace({"shown_in": "sales", "currency": "XOF", "cost_currency": "XOF",
                                  "fx_rate": 1.0}))  # fmt: skip
    file.write_text(text, "utf-8")
    assert main(["evaluate", str(file), "--in", "home"]) == 2
    assert "XOF" in capsys.readouterr().err


def test_the_workbook_has_both_and_the_home_amount_is_live():
    """The summary holds an amount in both currencies, the second one by the cell of the rate; the
    simulation is in the currency of results.
    """
    home, sales = (
        {sheet.key: sheet for sheet in built(one, "en", simulate(one, ["profit"], paths=1024))}
        for one in (STORE, STORE.replace({"shown_in": "sales"}))
    )
    cover = {text: row for (row, column), (text, _) in home["cover"].cells.items() if not column}
    here, there = (home["cover"].cells[cover[f"Operating profit ({code})"], 1][0]
                   for code in ("EUR", "CNY"))  # fmt: skip
    assert there.value == pytest.approx(here.value * 8.0)
    assert "*'Inputs'!" in home["cover"].formula(cover["Operating profit (CNY)"], 1)
    one, other = (
        next(
            sheet.cells[row, 1][0]
            for (row, column), (text, _) in sheet.cells.items()
            if not column and text == f"Operating profit ({code})"  # each names its currency
        )
        for sheet, code in ((home["simulation"], "CNY"), (sales["simulation"], "EUR"))
    )
    assert one == pytest.approx(other * 8.0)


@pytest.mark.parametrize("lang", LANGS)
def test_what_the_rate_does_at_home_is_said(lang):
    walk = STORE.replace({"chance.fx_walk": True})
    free = hedging_sentences(hedging(walk, 1024), lang)
    locked = hedging_sentences(
        hedging(walk.replace({"cash.hedged_share": 0.5, "cash.hedge_cost": 0.02}), 1024), lang
    )
    assert free[0] == locked[0] and "CNY" in free[0]
    assert "50%" in locked[1] and "2%" in locked[1]
    rows = exposure_rows(hedging(walk, 1024), lang)
    assert len(rows) == walk.plan.horizon_months
    assert "€" in rows[0].cells[0] and "¥" in rows[0].cells[1]


@pytest.mark.parametrize("lang", LANGS)
def test_what_serving_takes_is_in_the_currency_of_results(lang):
    """8 CNY a euro: with results in euros the sentence has no yuan, and the other way round."""
    option = next(one for one in STORE.options if one.kind == "quote")
    home = price_sentence(STORE, option, lang)
    sales = price_sentence(STORE.replace({"shown_in": "sales"}), option, lang)
    assert "¥" in home and "€" not in home
    assert "€" in sales and "¥" not in sales


@pytest.mark.parametrize("metric", ["gmv", "cash_low"])
def test_a_target_is_typed_in_the_currency_that_its_label_says(metric):
    """Results in CNY: the target of GMV is typed, and tested, in euros; that of a balance in the
    currency of the balance.
    """
    store = preset("amazon-de-kitchen").replace({"shown_in": "home"})
    for kept, code in (("sales", "EUR"), ("home", "CNY")):
        here = store.replace({"cash.kept_in": kept})
        assert typed_currency(metric, here) == ("EUR" if metric == "gmv" else code)
        assert not isinstance(typed_currency(metric, here), Shown)
