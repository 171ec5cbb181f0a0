"""`portfolio`: the report, what machines get, the template, and one line for what is wrong."""

import io
import json

import pytest

from funnel_sim.cli import main
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words.portfolio import LOSERS_TOLD
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_files import portfolio_text
from funnel_sim.scenario.portfolio_loss import LossEvent
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say

KITCHEN = "amazon-de-kitchen"


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    return main([*map(str, arguments)], out, err), out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path):
    """One row that earns, one that loses, in JSON."""
    rows = (PortfolioRow("Pan", KITCHEN), PortfolioRow("Pot", KITCHEN, {"product.unit_cost": 99.0}))
    place = tmp_path / "items.json"
    place.write_text(portfolio_text(Portfolio(rows, DATA_DATE)), "utf-8")
    return place


def test_rows_for_machines_are_those_of_their_scenarios(file):
    code, out, err = run("portfolio", file, "--json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    pot, pan = data["rows"]
    alone = evaluate(preset(KITCHEN)).steady
    assert [pot["name"], pan["name"]] == ["Pot", "Pan"]
    assert pan["profit_per_month"] == pytest.approx(alone["profit"])
    assert "breaks_even_at" in pot and "breaks_even_at" not in pan and "chance" not in data
    assert data["total"]["profit"] == pytest.approx(
        sum(row["profit_in_currency_of_totals"] for row in data["rows"])
    )
    assert data["total"]["losing"] == 1 and set(data["by"]) == {"market", "platform", "category"}


@pytest.mark.slow
def test_futures_are_told_where_they_are_asked_for(file):
    one = run("portfolio", file, "--json", "--paths", "256")[1]
    two = run("portfolio", file, "--json", "--paths", "256", "--workers", "2")[1]
    assert one == two
    chance = json.loads(one)["chance"]
    assert chance["paths"] == 256 and chance["total"]["odds_of_loss"] is not None
    pot, pan = json.loads(one)["rows"]
    assert pot["chance"]["odds_of_loss"] > 0.5 > pan["chance"]["odds_of_loss"]


def test_totals_of_a_file_can_be_told_in_another_currency(file):
    data = json.loads(run("portfolio", file, "--json", "--currency", "EUR")[1])
    assert data["currency"] == "EUR"
    assert data["total"]["profit"] == pytest.approx(
        sum(r["profit_per_month"] for r in data["rows"])
    )


def test_finished_blocks_are_kept(file, tmp_path):
    kept = tmp_path / "kept"
    one = run("portfolio", file, "--json", "--paths", "256", "--keep", kept)[1]
    assert len(list(kept.glob("*/0.npz"))) == 1
    assert run("portfolio", file, "--json", "--paths", "256", "--keep", kept)[1] == one


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("1 of them lose money", "price from", "By market", "256 futures")),
        ("zh", ("1 行亏损", "售价至少", "按市场", "256 种情形")),
    ],
)
def test_the_report(file, lang, words):
    code, out, err = run("portfolio", file, "--lang", lang, "--paths", "256")
    assert (code, err) == (0, "") and all(word in out for word in words)


def test_many_loss_makers_are_told_up_to_a_number(tmp_path):
    rows = tuple(
        PortfolioRow(f"Pot {n}", KITCHEN, {"product.unit_cost": 99.0 + n}, product=f"p{n}")
        for n in range(LOSERS_TOLD + 5)
    )
    place = tmp_path / "items.json"
    place.write_text(portfolio_text(Portfolio(rows, DATA_DATE)), "utf-8")
    out = run("portfolio", place)[1]
    assert f"The {LOSERS_TOLD} rows of {LOSERS_TOLD + 5} that lose most" in out
    assert "By product: the 12 of 25 with the least profit" in out


@pytest.mark.parametrize("name", ["t.xlsx", "t.csv"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_is_written_and_read(tmp_path, name, lang):
    place = tmp_path / name
    assert run("portfolio", "--template", place, "--lang", lang)[:2] == (0, f"{place}\n")
    code, out, err = run("portfolio", place, "--json", "--lang", lang)
    assert (code, err, len(json.loads(out)["rows"])) == (0, "", 2)


def test_a_spreadsheet_starts_from_own_scenarios_and_says_what_it_left_out(tmp_path):
    mine = tmp_path / "mine.json"
    mine.write_text(to_text(preset(KITCHEN).replace({"product.price": 77.0})), "utf-8")
    place = tmp_path / "items.csv"
    place.write_text("Name,Base,Shelf\na,own,3\n", "utf-8")
    code, out, err = run("portfolio", place, "--json", "--base", f"own={mine}", "--currency", "EUR")
    data = json.loads(out)
    assert code == 0 and err == "Columns that were not used: Shelf.\n"
    assert data["currency"] == "EUR" and data["total"]["profit"] == pytest.approx(
        evaluate(preset(KITCHEN).replace({"product.price": 77.0})).steady["profit"]
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.json"], "nowhere.json"),
        (["nowhere.xlsx"], "nowhere.xlsx"),
        ([], "file: is missing"),
        (["{file}", "--paths", "3"], "paths: 3"),
        (["{file}", "--workers", "0"], "workers: 0"),
        (["{file}", "--paths", "256", "--shared-demand", "2"], "shared_demand: 2.0"),
        (["{wrong}"], "items.csv:2: Price: dear"),
        (["{wrong}", "--base", "x"], "NAME=FILE"),
        (["{wrong}", "--on", "x"], "as_of: x"),
        (["{file}", "--on", "2026-10-01"], "--on: is told by the portfolio file"),
        (["{file}", "--base", "a=b"], "--base: is told by the portfolio file"),
        (["{file}", "--currency", "XAF"], "no exchange rate"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(file, tmp_path, arguments, told):
    wrong = tmp_path / "items.csv"
    wrong.write_text(f"Name,Base,Price\na,{KITCHEN},dear\n", "utf-8")
    code, out, err = run("portfolio", *(one.format(file=file, wrong=wrong) for one in arguments))
    assert (code, out) == (2, "") and told in err and err.count("\n") == 1


def test_on_what_it_rests_and_the_cash_of_all_are_told(file):
    data = json.loads(run("portfolio", file, "--json", "--cash")[1])
    assert set(data["dependence"]) == {"market", "platform", "category", "channel", "source"}
    channels = data["dependence"]["channel"]
    assert {one["name"] for one in channels["shares"]} == {"ads", "free"}
    assert sum(one["share_of_gmv"] for one in channels["shares"]) == pytest.approx(1)
    assert channels["shares"][0]["plan_without"] is None
    cash = data["cash"]
    assert cash["lowest_balance"] == min(cash["balance"]) and "chance" not in cash
    assert set(cash["lowest_balance_of_rows"]) == {"Pan", "Pot"}
    assert "cash" not in json.loads(run("portfolio", file, "--json")[1])


def test_with_futures_what_is_left_and_needed_is_told_in_them(file):
    data = json.loads(run("portfolio", file, "--json", "--cash", "--paths", 256)[1])
    share = data["dependence"]["channel"]["shares"][0]
    assert share["plan_without"]["odds_of_loss"] is not None
    assert data["dependence"]["market"]["worst_5_percent"]["taken_off"] == pytest.approx(0)
    assert data["cash"]["chance"]["paths"] == 256


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_tells_dependence_and_cash(file, lang):
    out = run("portfolio", file, "--cash", "--paths", 256, "--lang", lang)[1]
    for key in ("dependence.by_channel", "dependence.by_source", "pooled.title", "pooled.zero"):
        assert say(lang, key) in out
    # one market is no dependence to tell
    assert say(lang, "dependence.by_market") not in out.splitlines()


def test_numbers_of_rows_are_exact_where_that_is_asked(tmp_path):
    """The file says it, and the option says otherwise."""
    row = PortfolioRow("Pan", KITCHEN, {"product.price": 27.25})
    place = tmp_path / "items.json"
    place.write_text(portfolio_text(Portfolio((row,), DATA_DATE, exact=True)), "utf-8")
    told = [
        json.loads(run("portfolio", place, "--json", "--paths", 256, *more)[1])
        for more in ((), ("--exact",), ("--no-exact",))
    ]
    assert [one["exact"] for one in told] == [True, True, False]
    assert [one["chance"]["numbers_drawn_as_ranges"] for one in told] == [0, 0, 1]
    assert {one["chance"]["numbers_stated"] for one in told} == {1}
    assert told[0]["rows"] == told[1]["rows"] != told[2]["rows"]
    text = run("portfolio", place, "--paths", 256)[1]
    assert "The number typed in the table is simulated as exact" in text
    assert (
        "Of the 1 number typed in the table, 1 is simulated as a range"
        in (run("portfolio", place, "--no-exact", "--paths", 256)[1])
    )


@pytest.fixture
def places(tmp_path):
    """One row in Germany, one in the United States, with an event in the file."""
    rows = (PortfolioRow("Pan", KITCHEN), PortfolioRow("Tin", "amazon-us-kitchen"))
    event = LossEvent("market", ("DE",), 0.1)
    place = tmp_path / "places.json"
    place.write_text(portfolio_text(Portfolio(rows, DATA_DATE, losses=(event,))), "utf-8")
    return place


def test_what_may_be_lost_stands_in_the_file_and_is_told(places):
    """Without Germany the profit of the row in the United States is left; a tenth of the cost."""
    data = json.loads(run("portfolio", places, "--json")[1])
    [lost] = data["losses"]
    profits = {row["name"]: row["profit_in_currency_of_totals"] for row in data["rows"]}
    assert (lost["by"], lost["names"], lost["probability"]) == ("market", ["DE"], 0.1)
    assert lost["cost_per_month"] == pytest.approx(profits["Pan"])
    assert lost["left_per_month"] == pytest.approx(profits["Tin"])
    assert lost["expected_cost_per_month"] == pytest.approx(profits["Pan"] / 10)
    assert lost["plan_without"] is None and lost["odds_of_loss_with_event"] is None
    drawn = json.loads(run("portfolio", places, "--json", "--paths", 256)[1])["losses"][0]
    share = drawn["plan_with_all"]["odds_of_loss"], drawn["plan_without"]["odds_of_loss"]
    with_all, without = (one["value"] if isinstance(one, dict) else one for one in share)
    assert drawn["odds_of_loss_with_event"] == pytest.approx(0.1 * without + 0.9 * with_all)


def test_the_command_line_says_what_is_lost_in_place_of_the_file(places):
    told = ("--lose", "market=DE,US@5%", "--lose", "channel=ads@0.5", "--lose", "product=Pan @ 3x")
    code, _, err = run("portfolio", places, *told)
    assert code == 2 and "Pan @ 3x" in err  # no probability: a part of a name, and no row has it
    data = json.loads(run("portfolio", places, "--json", *told[:4])[1])
    events = [(one["by"], one["names"], one["probability"]) for one in data["losses"]]
    assert events == [("market", ["DE", "US"], 0.05), ("channel", ["ads"], 0.5)]
    assert data["losses"][0]["left_per_month"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_may_be_lost_is_told_in_text_and_report(places, tmp_path, lang):
    out = run("portfolio", places, "--lang", lang, "--paths", 256)[1]
    assert say(lang, "dependence.event") in out and "10.0%" in out
    folder = tmp_path / "out"
    run("portfolio", places, "--lang", lang, "--paths", 256, "--out", folder, "--formats", "html")
    [page] = folder.glob("*.html")
    assert say(lang, "dependence.event") in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (("--lose", "market"), "KIND=NAME"),
        (("--lose", "market="), "KIND=NAME"),
        (("--lose", "shelf=a"), "losses.1.by: shelf"),
        (("--lose", "market=FR"), "US, DE"),
        (("--lose", "market=DE@2"), "losses.1.odds: 2.0"),
        (("--lose", "channel=ads,free"), "losses.1.names: 2"),
    ],
)
def test_a_loss_that_is_none_is_one_line_and_exit_code_2(places, told, words):
    code, out, err = run("portfolio", places, *told)
    assert (code, out) == (2, "") and words in err and err.count("\n") == 1


def test_a_switch_that_is_none_is_refused(tmp_path):
    place = tmp_path / "items.json"
    place.write_text('{"funnel_sim_portfolio": 1, "exact": 1, "rows": [{"name": "a"}]}', "utf-8")
    code, _, err = run("portfolio", place)
    assert code == 2 and "exact: 1 — must be true or false" in err
