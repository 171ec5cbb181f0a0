"""`budget`: the report in both languages, what machines get, options in place of the file's, curves
from a file, portfolios, and one line for what is wrong.
"""

import io
import json

import pytest

from funnel_sim.cli import main
from funnel_sim.decisions.budget.answer import budget_answer
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_files import portfolio_text
from funnel_sim.scenario.presets import preset

KITCHEN = preset("amazon-de-kitchen")
ADS = KITCHEN.channels[0]
STORE = KITCHEN.but(
    channels=[
        ADS.but(name="Sponsored Products"),
        ADS.but(id="brand", name="Sponsored Brands", budget=700.0, channel_cvr=0.05),
        *KITCHEN.channels[1:],
    ]
)
KEYS = {
    "model_version", "currency", "goal", "total", "total_now", "profit_per_month",
    "gmv_per_month", "marginal_profit", "proven_best", "channels_add_up", "next_amount",
    "channels", "moves", "cut_by_a_third", "curve", "gain",
}  # fmt: skip


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    return main([*map(str, arguments)], out, err), out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path):
    place = tmp_path / "store.json"
    place.write_text(to_text(STORE), "utf-8")
    return place


@pytest.fixture
def months(tmp_path):
    place = tmp_path / "months.csv"
    rows = "".join(
        f"2026-{n:02},{name},{spend},{round(spend**0.6)}\n"
        for n in range(1, 11)
        for name, spend in (("Sponsored Products", 800 + 100 * n), ("Other", 300 + 10 * n))
    )
    place.write_text("date,channel,spend,orders\n" + rows, "utf-8")
    return place


def test_machines_get_the_answer_under_keys_that_stay(file):
    code, out, err = run("budget", file, "--json")
    data, found = json.loads(out), budget_answer(STORE)
    assert (code, err) == (0, "") and set(data) == KEYS
    assert [one["best"] for one in data["channels"]] == [line.best for line in found.lines]
    assert sum(round(one["best"] * 100) for one in data["channels"]) == round(data["total"] * 100)
    assert set(data["channels"][0]) == {
        "channel", "now", "best", "change", "at_least", "at_most", "profit_of_next_amount_now",
        "profit_of_next_amount_best", "gets_of_next_amount", "after_cut_by_a_third",
        "given_up_in_cut", "response_assumed", "outside_spending_seen", "diminishing_returns",
    }  # fmt: skip
    assert set(data["gain"]) == {
        "measure", "seen", "optimism", "honest", "p10", "p90", "probability_better",
        "probability_worse", "draws",
    }  # fmt: skip
    assert data["channels"][0]["at_most"] is None


def test_the_command_line_says_it_in_place_of_the_file(file):
    told = (
        "--total",
        1500,
        "--step",
        100,
        "--bound",
        "ads=:600",
        "--goal",
        "gmv",
        "--floor",
        -5000,
    )
    data = json.loads(run("budget", file, "--json", *told)[1])
    best = {one["channel"]: one["best"] for one in data["channels"]}
    assert data["goal"] == "gmv" and data["total"] == 1500
    assert best["ads"] <= 600 and all(value % 100 == 0 for value in best.values())
    data = json.loads(run("budget", file, "--json", "--next", 750)[1])
    assert data["next_amount"] == 750
    assert sum(one["gets_of_next_amount"] for one in data["channels"]) == pytest.approx(750)
    data = json.loads(run("budget", file, "--json", "--goal", "cheapest", "--gmv", 20_000)[1])
    assert data["gmv_per_month"]["best"] >= 20_000


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            ("With the same", "What moves", "better than today", "The next", "shrinks by a third"),
        ),
        ("zh", ("每月还是", "调整", "优于现在", "再多", "缩减三分之一")),
    ],
)
def test_the_report_in_both_languages(file, lang, words):
    code, out, _ = run("budget", file, "--lang", lang)
    assert code == 0 and all(one in out for one in words)
    assert "Sponsored Brands" in out and "{" not in out


def test_curves_of_a_file_take_the_place_of_the_assumption(file, months):
    code, out, err = run("budget", file, "--json", "--curves", months)
    data = json.loads(out)
    assert code == 0 and "Other" in err
    assert [one["channel"] for one in data["curves"]] == ["Sponsored Products", "Other"]
    assert data["curves"][0]["elasticity"]["p50"] == pytest.approx(0.4, abs=0.03)
    assert [one["response_assumed"] for one in data["channels"]] == [False, True]
    report = run("budget", file, "--curves", months)[1]
    assert "80% interval" in report and "900 to 1,800" in report


@pytest.mark.slow
def test_the_rows_of_a_portfolio(tmp_path):
    rows = (PortfolioRow("Pan", "amazon-de-kitchen"), PortfolioRow("Pot", "amazon-us-kitchen"))
    place = tmp_path / "items.json"
    place.write_text(portfolio_text(Portfolio(rows, DATA_DATE)), "utf-8")
    data = json.loads(run("budget", place, "--json", "--bound", "Pan=5000:")[1])
    best = {one["channel"]: one["best"] for one in data["channels"]}
    assert set(best) == {"Pan", "Pot"} and best["Pan"] >= 5000 and data["currency"] == "CNY"
    assert "Pan" in run("budget", place)[1]
    assert run("budget", place, "--curves", place)[0] == 2


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (("--bound", "gone=1:2"), "gone"),
        (("--bound", "ads"), "CHANNEL=LOW:HIGH"),
        (("--bound", "ads=5:4"), "4"),
        (("--bound", "ads=9000:"), "9,000"),
        (("--total", -1), "-1"),
        (("--goal", "cheapest"), "missing"),
        (("--decimal", ","), "--curves"),
        (("--paths", 3), "256"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_2(file, told, words):
    code, out, err = run("budget", file, *told)
    assert code == 2 and out == "" and words in err and "{" not in err
    assert run("budget", file, *told, "--lang", "zh")[0] == 2


def test_a_file_that_is_none_is_told(tmp_path):
    code, _, err = run("budget", tmp_path / "none.json")
    assert code == 2 and "cannot be read" in err
