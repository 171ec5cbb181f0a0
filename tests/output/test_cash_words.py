"""The answers on cash for machines and in words: every part has its sentence in both languages."""

import io
import json
from dataclasses import replace

import pytest

from funnel_sim.chance.estimates import Figure
from funnel_sim.cli import main
from funnel_sim.decisions.cash.answer import balance_currency, cash_answer
from funnel_sim.decisions.cash.cycle import CyclePart
from funnel_sim.decisions.cash.found import cash_found
from funnel_sim.decisions.cash.what_if import cash_what_ifs
from funnel_sim.output.json.cash import cash_json
from funnel_sim.output.words.cash import cash_sentence, in_both
from funnel_sim.output.words.cash_answers import (
    balance_sentences,
    cycle_rows,
    growth_sentence,
    lever_rows,
    quote_apart_sentence,
    quote_cash_sentence,
    quote_notes,
)
from funnel_sim.output.words.cash_quote import quote_rows
from funnel_sim.output.words.cash_what_if import what_if_rows
from funnel_sim.output.words.chance import believed
from funnel_sim.output.words.formats import whole_money
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say

QUOTE = {"id": "quote", "name": "A", "base": 8000.0, "due_base": "advance", "due_every": 3}
STORE = preset("amazon-de-kitchen").replace(
    {"cash.payout_delay_days": 14, "cash.opening_cash": 50_000.0, "options": [QUOTE]}
)
FOUND = cash_found(STORE, paths=256)


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    return main(arguments, out, err), out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(to_text(STORE), "utf-8")
    return str(path)


def test_what_machines_get_is_what_was_found():
    told = cash_json(FOUND)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["currency"] == "EUR" and told["paths"] == 256
    assert told["below_zero"]["odds"] == FOUND.answer.below.value
    assert len(told["below_zero_by_month"]) == 12
    assert told["working_capital"]["needed"]["value"] == FOUND.answer.capital.needed.value
    assert told["cycle"]["days"] == pytest.approx(
        told["cycle"]["dio"] + told["cycle"]["dso"] - told["cycle"]["dpo"]
    )
    assert sum(told["cycle"]["receivable"].values()) == pytest.approx(told["cycle"]["dso"])
    assert {one["key"] for one in told["levers"]} == {one.key for one in FOUND.levers}
    [quote] = told["quotes"]
    assert [one["amount"] for one in quote["fees"]] == [24_000.0] * 4
    assert quote["fees"][0]["date"] == FOUND.answer.futures.days.first.isoformat()
    assert "odds_of_loss" not in told["lowest_balance"]["standard_errors"]
    assert all(
        len(one) == len(told["balance"]["dates"]) for one in told["balance"]["percentiles"].values()
    )


@pytest.mark.slow
def test_the_command_prints_both(file):
    code, out, _ = run("cash", file, "--json", "--paths", "256")
    assert code == 0 and json.loads(out)["lowest_date"] == FOUND.answer.lowest_date.isoformat()
    for lang in ("en", "zh"):
        code, out, _ = run("cash", file, "--paths", "256", "--lang", lang)
        assert code == 0 and balance_sentences(FOUND.answer, lang)[0] in out


@pytest.mark.slow
def test_the_same_seed_gives_the_same_words(file):
    one, two = (run("cash", file, "--paths", "256", "--seed", "5")[1] for _ in range(2))
    assert one == two != run("cash", file, "--paths", "256", "--seed", "6")[1]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_enough_cash_and_too_little_are_told_apart(lang):
    little = balance_sentences(FOUND.answer, lang)
    capital = FOUND.answer.capital
    enough = replace(FOUND.answer, capital=replace(capital, opening=capital.needed.value + 1.0))
    assert capital.more.value > 0 and balance_sentences(enough, lang) != little


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_lever_and_every_part_has_words(lang):
    lever = FOUND.levers[0]
    keys = (
        "payout",
        "reserve",
        "supplier",
        "deposit",
        "safety",
        "batches",
        "ads",
        "draw",
        "slower",
    )
    names = {lever_rows([replace(lever, key=key)], "EUR", lang)[0].name for key in keys}
    assert len(names) == len(keys)
    parts = (
        "production", "transit", "receiving", "shelf", "ship", "deliver", "hold", "cycle",
        "reserve", "bank", "deposit", "balance", "freight", "border",
    )  # fmt: skip
    cycle = replace(
        FOUND.cycle,
        inventory=tuple(CyclePart(part, 1.0) for part in parts),
        receivable=(),
        payable=(),
    )
    assert len({row.name for row in cycle_rows(cycle, lang)}) == len(parts)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_growth_and_quotes_are_told_each_way(lang):
    growth = FOUND.growth
    costs, brings = (Figure(value, 10.0, 16) for value in (-2000.0, 300.0))
    told = {
        growth_sentence(replace(growth, rate=rate, open_end=end, profit=profit), "EUR", lang)
        for rate, end, profit in (
            (None, False, None),
            (0.02, False, None),
            (0.02, True, None),
            (-0.02, False, costs),
            (-0.02, False, brings),
        )
    }
    assert len(told) == 5
    assert sum("€2,000" in one for one in told) == sum("€300" in one for one in told) == 1
    [quote] = FOUND.quotes
    gives = replace(quote, capital=replace(quote.capital, value=-5.0))
    one, two = (quote_cash_sentence(told, "A", 256, lang) for told in (quote, gives))
    assert one != two and believed(quote.capital, "money", "EUR", "EUR", lang) in one


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_quotes_sentence_has_the_figures_of_its_table(lang):
    """Medians with three digits and probabilities, each as it stands in the table beside."""
    [quote] = FOUND.quotes
    told = quote_cash_sentence(quote, "A", 256, lang)
    median, _, odds, out_of_stock = quote_rows(quote, 256, lang)
    assert all(cell in told for cell in (*median.cells, *odds.cells))
    assert out_of_stock.name == say(lang, "cash.quote_stock_out")
    never = replace(quote, stock_out=Figure(0.0, 0.0, 16), stock_out_alone=Figure(0.0, 0.0, 16))
    assert len(quote_rows(never, 256, lang)) == 3


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_simplified_about_a_quotes_cash_is_said(lang):
    """Capital for goods ordered as planned, where cash limits orders or interest is paid; a bill
    that takes no notice of a stock-out, where there is one.
    """
    [quote] = FOUND.quotes
    never = replace(quote, stock_out=Figure(0.0, 0.0, 16), stock_out_alone=Figure(0.0, 0.0, 16))
    plain = STORE.replace({"plan.ramp_months": 2.0, "plan.ramp_start": 0.5})
    planned, bill = (say(lang, f"cash_answer.quote_{key}") for key in ("planned", "bill"))
    assert quote_notes(plain, never, lang) == []
    assert quote_notes(plain, quote, lang) == [bill]
    limited = plain.replace({"cash.orders_need_cash": True})
    assert quote_notes(limited, never, lang) == [planned]


def test_without_a_reason_the_store_beside_a_quote_is_that_of_the_head():
    """Ramping up over two months the store has no earlier customers: the very same futures."""
    store = STORE.replace(
        {"plan.ramp_months": 2.0, "plan.ramp_start": 0.5, "cash.orders_need_cash": True}
    )
    assert quote_apart_sentence(store, "en") == ""
    [quote], answer = cash_found(store, paths=256).quotes, cash_answer(store, paths=256)
    assert quote.below_alone == answer.below
    assert quote.lowest_alone.quantiles == answer.lowest.quantiles


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"fixed.operator_monthly": 500.0, "plan.ramp_months": 2.0}, "the agency's fee"),
        ({"plan.ramp_months": 0.0, "customers.repeat_probability": 0.2}, "before month 1"),
    ],
)
def test_why_the_store_beside_a_quote_is_another_one_is_said(changes, word):
    assert word in quote_apart_sentence(STORE.replace({"plan.ramp_start": 0.5, **changes}), "en")


def test_the_head_says_that_it_counts_no_quote():
    assert cash_sentence(FOUND.answer, "en").startswith("Without a quote: ")
    alone = cash_answer(STORE.replace({"options": []}), paths=256)
    assert "Without a quote" not in cash_sentence(alone, "en")


@pytest.mark.parametrize("opening", [10_000.0, 10_049.0, 12_345.67])
def test_what_is_missing_is_the_difference_of_what_is_shown(opening):
    """Needed €27,100 (27,065 rounded up) less €10,049 is €17,051, not 17,016 rounded up by itself;
    on the command line 27,066 − 10,049 = 17,017.
    """
    answer = FOUND.answer
    needed = Figure(27_065.36, 8.0, 16)
    capital = replace(answer.capital, needed=needed, opening=opening)
    short = replace(answer, capital=capital, drive=None)
    told = cash_sentence(short, "en")
    shown = round(opening)
    assert whole_money(27_100 - shown, answer.currency, "en") in told
    said = " ".join(balance_sentences(short, "en"))
    assert whole_money(27_066 - shown, answer.currency, "en") in said


def test_a_typed_amount_in_another_currency_says_about_what_it_is():
    """CN¥7,120 at 7.12 a dollar is $1,000."""
    store = STORE.replace({"fx_rate": 7.12, "cash.kept_in": "sales"})
    code = balance_currency(store)
    assert code != store.cost_currency
    both = in_both(7120.0, store, code, "en")
    assert whole_money(7120.0, store.cost_currency, "en") in both
    assert "≈ " + whole_money(1000.0, code, "en") in both
    home = store.replace({"cash.kept_in": "home"})
    assert "≈" not in in_both(7120.0, home, balance_currency(home), "en")


WHAT_IF = {
    "--if-payout-stops": "payout_held",
    "--if-reserve-raised": "reserve",
    "--if-payout-slower": "payout_rule",
}


@pytest.mark.slow
def test_what_if_payouts_stop_is_told_on_the_command_line(file):
    """Two events of month 2 and one of month 3: the figures of the page, in a table and in JSON."""
    store = STORE.with_balance_shown()
    asked = ["--if-payout-stops", "2", "--if-payout-slower", "2", "--if-reserve-raised", "3"]
    code, told, _ = run("cash", file, "--lang", "en", "--paths", "256", *asked)
    assert code == 0
    for month in (2, 3):
        found = cash_what_ifs(store, month, paths=256)
        wanted = ("payout_held", "payout_rule") if month == 2 else ("reserve",)
        for row, one in zip(
            what_if_rows(found, balance_currency(store), 256, "en")[1:], found.events, strict=True
        ):
            if one.event.fields["effect"] in wanted:
                assert row.name in told and all(cell in told for cell in row.cells), row
    code, told, _ = run("cash", file, "--paths", "256", "--json", "--if-payout-stops", "2")
    [found] = json.loads(told)["what_if"]
    assert found["month"] == 2 and [one["effect"] for one in found["events"]] == ["payout_held"]
    [event] = cash_what_ifs(STORE, 2, paths=256, effects=("payout_held",)).events
    assert found["events"][0]["working_capital_more"]["value"] == event.capital.value


@pytest.mark.parametrize("option", WHAT_IF)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_event_after_the_plan_is_refused_by_option_value_and_rule(option, lang, file):
    code, _, told = run("cash", file, "--lang", lang, "--paths", "256", option, "13")
    assert code != 0
    assert option in told and "13" in told and say(lang, "rule.month_of_plan", last=12) in told
