"""The command line: what it prints, and exit code 2 with one line per problem for wrong input."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from funnel_sim.cli import main
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.presets import preset


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    return main(arguments, out, err), out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(to_text(preset("amazon-de-kitchen")), "utf-8")
    return path


def test_presets_and_preset():
    code, out, _ = run("presets")
    assert code == 0 and len(out.splitlines()) == len(preset_cards()) + 1
    code, out, _ = run("preset", "etsy-de-home", "--on", "2026-10-01")
    assert json.loads(out)["scenario"]["as_of"] == "2026-10-01"
    assert json.loads(run("presets", "--json")[1])[0]["id"] == preset_cards()[0].id


def test_price_as_json_and_as_text(file):
    code, out, err = run("price", str(file), "--json", "--elasticity", "2.6", "--to", "35")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["orders_answer_to_the_price"] and found["elasticity"] == 2.6
    assert found["best_price"]["gain"] > 0 and found["today"]["price"] == 29.99
    low, high = (found["best_price_over_draws"][key] for key in ("p10", "p90"))
    assert low < found["best_price"]["price"] < high
    assert found["prices"][0]["price"] == 35.0
    assert found["prices"][0]["change_of_orders_allowed"] < 0
    assert found["suggested_elasticity"]["weak"] and found["said"]
    code, out, _ = run("price", str(file), "--lang", "zh", "--to", "35")
    assert code == 0 and "订单不随价格变" in out and "€35.00" in out
    assert run("price", str(file), "--elasticity", "-1")[0] == 2
    assert run("price", str(file), "--to", "0")[0] == 2
    assert run("price", str(file), "--to", "nan")[0] == 2


def test_evaluate_as_json(file):
    code, out, err = run("evaluate", str(file), "--json", "--metric", "margin", "--target", "0.2")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert data["metrics"]["steady_month"]["acos"] == pytest.approx(
        2500 / (2500 / 0.7 * 0.1 * 29.99 / 1.19)
    )
    assert data["break_even"]["price"]["side"] == "at_least" and data["target"] == {
        "metric": "margin",
        "value": 0.2,
    }
    assert sum(
        v
        for k, v in data["ledger"]["steady_month"].items()
        if k not in ("net_revenue", "cm1", "cm2", "cm3", "profit")
    ) == pytest.approx(data["ledger"]["steady_month"]["profit"])


@pytest.mark.parametrize(("lang", "word"), [("en", "Operating profit"), ("zh", "净利润（税前）")])
def test_evaluate_as_a_report(file, lang, word):
    code, out, _ = run("evaluate", str(file), "--lang", lang)
    assert code == 0 and word in out


def test_schema_is_json():
    assert json.loads(run("schema")[1])["title"] == "Funnel Sim scenario file"


def test_a_file_of_an_earlier_model_says_what_changed_beside_the_figures(tmp_path):
    """On standard error: what is for machines stays so."""
    data = json.loads(to_text(preset("amazon-de-kitchen")))
    path = tmp_path / "old.json"
    for made, told in ((data["model"], 0), ("2", 1), (None, 1)):
        path.write_text(
            json.dumps(
                data | {"model": made} if made else {k: v for k, v in data.items() if k != "model"}
            ),
            "utf-8",
        )
        for lang, words in (("en", "counts twelve months"), ("zh", "13 个月")):
            code, out, err = run("evaluate", str(path), "--json", "--lang", lang)
            assert code == 0 and json.loads(out)["model_version"] == data["model"]
            assert len(err.splitlines()) == told and (words in err) == bool(told)


def test_wrong_input_is_one_line_per_problem(tmp_path):
    data = json.loads(to_text(preset("amazon-de-kitchen")))
    data["scenario"]["product"] |= {"price": -3, "unit_cost": "many"}
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(data), "utf-8")
    code, out, err = run("evaluate", str(path), "--json")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "Price (product.price): -3 — must be above 0",
        "Unit cost (product.unit_cost): many — must be a number (or a range)",
    ]
    assert (
        run("evaluate", str(path), "--lang", "zh")[2].splitlines()[0]
        == "售价（product.price）：-3 — 必须大于 0"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate", "/no/such/file"),
        ("preset", "mars"),
        ("preset", "etsy-de-home", "--on", "soon"),
        ("preset", "etsy-de-home", "--on", "1999-01-01"),
    ],
)
def test_more_wrong_input(arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and len(err.splitlines()) == 1


def test_an_unknown_metric_is_refused(file):
    assert run("evaluate", str(file), "--metric", "luck")[0] == 2


def test_as_a_process_and_from_standard_input(file):
    done = subprocess.run(
        [sys.executable, "-m", "funnel_sim", "evaluate", "-", "--json"],
        input=file.read_bytes(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0 and json.loads(done.stdout)["currency"] == "EUR"
    bad = subprocess.run(
        [sys.executable, "-m", "funnel_sim", "evaluate", "-"],
        input=b"{",
        capture_output=True,
        check=False,
    )
    assert bad.returncode == 2 and b"Traceback" not in bad.stderr


def test_what_goes_to_a_file_is_utf8_whatever_the_system_writes():
    """As on Windows, whose own encoding has no Chinese: here a process that is told to write
    ASCII.
    """
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    surroundings = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONIOENCODING", "LANG")
    } | plain
    asked = subprocess.run(
        [sys.executable, "-c", "import sys; print(sys.stdout.encoding)"],
        env=surroundings,
        capture_output=True,
        check=True,
    )
    assert b"utf" not in asked.stdout.lower()
    done = subprocess.run(
        [sys.executable, "-m", "funnel_sim", "presets", "--lang", "zh"],
        env=surroundings,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"") and done.stdout.decode("utf-8").replace(
        "\r", ""
    ) == run("presets", "--lang", "zh")[1]


def test_simulate_as_json(file):
    code, out, err = run(
        "simulate",
        str(file),
        "--json",
        "--paths",
        "1000",
        "--seed",
        "5",
        "--where",
        "roas>=3",
        "--where",
        "margin > 5%",
        "--months",
        "profit",
        "--end",
        "roas",
    )
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert (data["seed"], data["paths"], data["replicates"]) == (5, 1024, 32)
    profit = data["metrics"]["profit"]
    assert (
        profit["p5"] < profit["p10"] < profit["p50"] < profit["p90"] < profit["p95"]
        and profit["mean_of_worst_5_percent"] < profit["p5"]
    )
    assert 0 < profit["odds_of_loss"] < 1 and profit["sd"] > 0
    assert set(profit["standard_errors"]) == {
        "mean",
        "sd",
        "p5",
        "p10",
        "p50",
        "p90",
        "p95",
        "mean_of_worst_5_percent",
        "odds_of_loss",
    }
    assert data["metrics"]["carts"]["mean"] is None and data["metrics"]["carts"]["defined"] == 0
    assert {"gmv", "ltv", "commission", "goods_duty"} <= set(data["metrics"])
    assert len(data["months_metrics"]["profit"]) == 12 and "roas" in data["end_metrics"]
    first, second = data["where"]
    assert first["condition"] == "roas>=3" and 0 < first["odds"] < 1 and first["standard_error"] > 0
    assert data["where_all"]["odds"] <= min(first["odds"], second["odds"])
    assert data["scenario"]["chance"]["seed"] == 5


@pytest.mark.slow
def test_simulate_gives_the_same_text_twice_and_in_another_process(file):
    command = [
        sys.executable,
        "-m",
        "funnel_sim",
        "simulate",
        str(file),
        "--json",
        "--paths",
        "1024",
        "--metric",
        "profit",
    ]
    runs = {
        subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)
    }
    assert runs == {
        run("simulate", str(file), "--json", "--paths", "1024", "--metric", "profit")[1]
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_simulate_and_sensitivity_as_text(file, lang):
    code, out, _ = run(
        "simulate",
        str(file),
        "--paths",
        "1024",
        "--metric",
        "profit",
        "--metric",
        "roas",
        "--where",
        "roas>=3",
        "--lang",
        lang,
    )
    assert code == 0 and ("种子 1" if lang == "zh" else "seed 1") in out and "roas>=3" in out
    code, out, _ = run("sensitivity", str(file), "--paths", "1024", "--lang", lang)
    assert code == 0 and ("低于" if lang == "zh" else "you lose money") in out


def test_sensitivity_as_json(file):
    data = json.loads(run("sensitivity", str(file), "--json", "--paths", "1024")[1])
    swings = [abs(row["at_p90"] - row["at_p10"]) for row in data["tornado"]]
    assert swings == sorted(swings, reverse=True) and "conversion.cvr" in [
        row["input"] for row in data["tornado"]
    ]
    assert {row["input"] for row in data["indices"]} >= {"months", "conversion.cvr"}
    flip = next(row for row in data["flip_points"] if row["input"] == "product.price")
    assert (
        flip["loses"] == "below"
    )  # by rule instead of by figure, as presets change: there the year's profit is nothing
    assert evaluate(preset("amazon-de-kitchen").replace({"product.price": flip["value"]})).horizon[
        "profit"
    ] == pytest.approx(0, abs=1.0)
    assert set(data["value_of_knowing"]) == set(data["rank_correlation"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("simulate", "--paths", "5"), "paths: 5 — must lie between 256 and 1048576"),
        (("simulate", "--metric", "speed"), "metric: speed — is not a figure"),
        (("simulate", "--where", "roas>>3"), "is not a condition"),
        (("simulate", "--seed", "-4"), "must be at least 0"),
        (("sensitivity", "--metric", "speed"), "is not a figure"),
        (("sensitivity", "--threshold", "nan"), "threshold: nan — must be a finite number"),
    ],
)
def test_wrong_options_are_refused_in_one_line(file, arguments, words):
    command, *rest = arguments
    code, out, err = run(command, str(file), *rest)
    assert (code, out) == (2, "") and len(err.splitlines()) == 1 and words in err


def test_ltv_as_json_and_as_text(file, tmp_path):
    data = json.loads(run("ltv", str(file), "--json", "--paths", "1024")[1])
    assert data["cac"]["paid"] == pytest.approx(7.0) and data["cac"]["by_channel"] == {
        "ads": pytest.approx(7.0)
    }
    assert data["ltv"]["simulated"]["p10"] < data["ltv"]["likely"] < data["ltv"]["simulated"]["p90"]
    assert (
        0 < data["ltv_cac"]["odds_below_1"]["odds"] < data["ltv_cac"]["odds_below_3"]["odds"] <= 1
    )
    assert (
        len(data["budget"]["budgets"]) == len(data["budget"]["cac"])
        and data["transactions"] is None
    )
    rows = ["customer;day;total"] + [
        f"c{i % 90};{1 + i // 12:02d}.{1 + i % 12:02d}.2025;{10 + i % 7},50" for i in range(330)
    ]
    (tmp_path / "shop.csv").write_text("\n".join(rows), "utf-8")
    code, out, err = run(
        "ltv", str(file), "--json", "--paths", "1024", "--transactions", str(tmp_path / "shop.csv")
    )
    if code == 0:
        fit = json.loads(out)["transactions"]
        assert fit["rows"]["customers"] == 90 and fit["rows"]["all"] == 330
    else:
        assert "no repeat-order model fits" in err  # such even data may have no greatest likelihood
    code, out, _ = run("ltv", str(file), "--paths", "1024", "--lang", "zh")
    assert code == 0 and "LTV 与 CAC 之比" in out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no rows"),
        (b"a,b\n1,2\n", "no date column"),
        (b"customer,date,amount\nAnn,01/02/2026,3\n", "say which comes first"),
    ],
)
def test_transactions_that_cannot_be_read_are_refused_in_one_line(file, tmp_path, content, words):
    path = tmp_path / "shop.csv"
    path.write_bytes(content)
    code, out, err = run("ltv", str(file), "--transactions", str(path))
    assert (code, out) == (2, "") and len(err.splitlines()) == 1 and words in err


def test_too_few_transactions_keep_the_wide_prior_and_say_so(file, tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text("customer,date,amount\nAnn,2026-01-01,3\n")
    code, out, _ = run("ltv", str(file), "--paths", "256", "--transactions", str(path))
    assert code == 0 and "too few customers" in out and "the likely repurchase rate stays at" in out
    data = json.loads(
        run("ltv", str(file), "--paths", "256", "--json", "--transactions", str(path))[1]
    )
    assert (
        "too few customers" in data["transactions"]["refused"][0]
        and data["transactions"]["rows"]["all"] == 1
    )
    rate = data["scenario"]["customers"]["repeat_probability"]
    assert rate["low"] < rate["likely"] < rate["high"] and rate["meaning"] == "p80"


def test_a_missing_file_of_transactions_is_a_sentence(file):
    code, _, err = run("ltv", str(file), "--transactions", "nowhere.csv")
    assert code == 2 and "cannot be read" in err


def kpi_file(tmp_path, **changes):
    kpis = [
        {"id": "roas", "metric": "roas", "target": 3.0},
        {"id": "gmv", "metric": "gmv", "target": 0.4, "relative": True},
    ]
    file = tmp_path / "kpi.json"
    file.write_text(
        json.dumps(
            {"funnel_sim": 1, "preset": "amazon-us-kitchen", "changes": {"kpis": kpis, **changes}}
        ),
        "utf-8",
    )
    return str(file)


def test_kpis_on_the_command_line_agree_with_the_check(tmp_path):
    from funnel_sim.decisions.kpi.check import check
    from funnel_sim.scenario import files

    code, out, err = run("kpi", kpi_file(tmp_path), "--json", "--paths", "1024")
    found = json.loads(out)
    expected = check(files.load(kpi_file(tmp_path)), 1024)
    assert (code, err) == (0, "")
    assert found["joint"]["odds"] == expected.joint.value and found["rests_on"] == "assumptions"
    assert [one["odds"] for one in found["kpis"]] == [
        answer.probability.value for answer in expected.answers
    ]
    assert set(found["kpis"][0]["target_with_odds"]) == {"0.5", "0.7", "0.8", "0.9"}
    assert found["kpis"][1]["contract"]["zh"] and found["levers"] and found["remarks"]


@pytest.mark.parametrize("paths", [256, 1024])
def test_paths_rule_every_part_of_the_kpi_answer(tmp_path, paths):
    """The odds as typed come from the very futures of the check; where `paths` did not reach them
    they came from the scenario's own number and differed.
    """
    code, out, _ = run("kpi", kpi_file(tmp_path), "--json", "--paths", str(paths))
    found = json.loads(out)
    assert code == 0 and found["paths"] == paths
    for one in found["kpis"]:
        typed = one["definitions"][0]
        assert (typed["way"], typed["odds"]) == ("typed", one["odds"])
        assert typed["odds"] * paths == pytest.approx(
            round(typed["odds"] * paths), abs=1e-9
        )  # a count of so many futures


def test_the_way_to_a_target_takes_the_futures_asked_for():
    from dataclasses import replace

    from funnel_sim.decisions.kpi.check import check
    from funnel_sim.decisions.kpi.path import growth_path

    scenario = preset("amazon-us-kitchen").replace(
        {"kpis": [{"id": "gmv", "metric": "gmv", "target": 0.4, "relative": True}]}
    )
    way, own = (growth_path(scenario, scenario.kpis[0], paths) for paths in (256, None))
    (answer,) = check(scenario, 256).answers
    assert np.array_equal([way.low, way.median, way.high], answer.months)
    assert (
        not np.array_equal(way.median, own.median)
        and replace(way.stop, season=None) == replace(own.stop, season=None)
        and np.array_equal(way.stop.season, own.stop.season)
        and np.array_equal(way.required, own.required)
    )


@pytest.mark.slow
def test_kpis_rest_on_a_history_where_one_is_given(tmp_path):
    from funnel_sim.evidence.store.months import TEMPLATE

    months = tmp_path / "months.csv"
    months.write_text(TEMPLATE, "utf-8")
    code, out, _ = run(
        "kpi", kpi_file(tmp_path), "--history", str(months), "--json", "--paths", "1024"
    )
    found = json.loads(out)
    assert code == 0 and found["rests_on"] == "history" and found["history_months"] == 3
    assert found["funnel_over_baseline"] == pytest.approx(1.0)
    assert found["kpis"][1]["baseline"] == {"value": pytest.approx(38_200 / 3), "source": "history"}
    for lang in ("en", "zh"):
        code, out, _ = run(
            "kpi", kpi_file(tmp_path), "--history", str(months), "--lang", lang, "--paths", "1024"
        )
        assert code == 0 and "ROAS" in out  # in both languages


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--history", "no.csv"], "cannot be read"), (["--column", "gmv"], "FIGURE=NAME")],
)
def test_kpi_refusals_are_sentences(tmp_path, arguments, words):
    if arguments[0] == "--column":
        months = tmp_path / "m.csv"
        months.write_text("month,gmv\n2026-01,1\n", "utf-8")
        arguments = ["--history", str(months), *arguments]
    code, out, err = run("kpi", kpi_file(tmp_path), *arguments)
    assert (code, out) == (2, "") and words in err


def test_no_kpi_is_said(tmp_path):
    code, _, err = run("kpi", kpi_file(tmp_path, kpis=[]))
    assert code == 2 and "no KPI to test" in err


def test_quote_says_whether_to_sign(tmp_path):
    path = tmp_path / "quote.json"
    path.write_text(
        to_text(
            preset("amazon-de-kitchen").replace(
                {"options": [{"id": "quote", "base": 20000.0, "claimed": 0.2}]}
            )
        ),
        "utf-8",
    )
    code, out, _ = run("quote", str(path), "--paths", "1024")
    assert code == 0
    assert "Quote 1 — Walk away" in out
    assert "Own team" in out
    code, out, _ = run("quote", str(path), "--paths", "1024", "--json")
    told = json.loads(out)
    first = told["options"][0]
    assert (first["id"], first["verdict"]) == ("quote", "walk_away")
    assert first["believed"]["fees"] == pytest.approx(20000 * 12 / told["scenario"]["fx_rate"])
    assert {one["clause"] for one in first["clauses"]} >= {"base"}
    assert first["zh"][0] != first["en"][0]


@pytest.mark.slow
def test_a_quote_without_a_fee_has_no_verdict(tmp_path):
    """An offer that costs nothing would be signed at any effect: there is nothing to judge yet."""
    path = tmp_path / "begun.json"
    begun = {"id": "b", "name": "Nova", "claimed": 0.4}
    quotes = [{"id": "a", "base": 20000.0, "claimed": 0.2}, begun]
    scenario = preset("amazon-de-kitchen").replace({"options": quotes})
    path.write_text(to_text(scenario), "utf-8")
    code, out, _ = run("quote", str(path), "--paths", "1024")
    assert code == 0 and "Quote 1 — Walk away" in out
    assert "Nova — Then their fees: monthly fee, setup fee, share or bonus" in out
    assert out.count("Nova") == 1
    _, out, _ = run("quote", str(path), "--paths", "1024", "--json")
    told = json.loads(out)
    [nova] = [one for one in told["options"] if one["id"] == "b"]
    assert (nova["verdict"], nova["reason"]) == (None, "no_fee")
    assert nova["zh"] == ["再填他们的费用：月费、启动费、提成或奖金"]
    assert told["best"] != "b" and told["scenario"]["options"] == scenario.plain()["options"]
    path.write_text(to_text(scenario.replace({"options": [begun]})), "utf-8")
    code, out, _ = run("quote", str(path), "--paths", "1024", "--counter", "--json")
    assert code == 0
    assert json.loads(out)["counter_offers"] == [
        {"option": "b", "verdict_as_quoted": None, "reason": "no_fee"}
    ]
    code, out, _ = run("quote", str(path), "--paths", "1024", "--lang", "zh")
    assert code == 0 and "Nova — 再填他们的费用" in out


def test_quote_without_a_quote_is_refused_in_words(tmp_path):
    path = tmp_path / "none.json"
    path.write_text(to_text(preset("amazon-de-kitchen")), "utf-8")
    code, _, err = run("quote", str(path), "--lang", "zh")
    assert code == 2
    assert "方案里没有报价" in err


@pytest.mark.slow
def test_files_to_take_away_are_written_in_the_language_asked_for(file, tmp_path):
    code, out, _ = run(
        "files", str(file), "--out", str(tmp_path / "new" / "folder"), "--lang", "zh"
    )
    assert code == 0
    made = [Path(line) for line in out.split("\n") if line]
    assert [one.name for one in made] == [
        f"funnel-sim-amazon-de-kitchen-zh.{ending}"
        for ending in ("xlsx", "html", "pdf", "pptx", "json")
    ]
    assert made[4].read_text("utf-8") == to_text(preset("amazon-de-kitchen"))
    assert "一单还剩多少" in made[1].read_text("utf-8")
    assert made[2].read_bytes()[:5] == b"%PDF-"


@pytest.mark.slow
def test_files_say_whom_they_are_for_and_an_offer_is_not_judged(tmp_path):
    path = tmp_path / "offer.json"
    quote = {"id": "quote", "base": 9000.0, "claimed": 0.2}
    path.write_text(to_text(preset("amazon-de-kitchen").replace({"options": [quote]})), "utf-8")
    common = ("files", str(path), "--out", str(tmp_path), "--format", "html", "--for", "Müller")
    assert run(*common, "--by", "Agency", "--date", "2026-11-27", "--ours")[0] == 0
    [page] = [one.read_text("utf-8") for one in tmp_path.glob("*.html")]
    assert "Prepared for Müller by Agency, 2026-11-27" in page
    assert "Worth signing from" in page
    assert "Walk away" not in page
    assert run(*common)[0] == 0
    [page] = [one.read_text("utf-8") for one in tmp_path.glob("*.html")]
    assert "Walk away" in page
    code, _, err = run(*common, "--chapter", "weather")
    assert code == 2
    assert "is no chapter" in err


def test_files_that_cannot_be_written_are_refused_in_a_sentence(file):
    code, _, err = run(
        "files", str(file), "--out", str(file), "--format", "file"
    )  # a file is no folder
    assert code == 2
    assert "cannot be written" in err
    assert err.count("\n") == 1


COUNTED = ("--a-visits", "5000", "--a-orders", "200", "--b-visits", "5000", "--b-orders", "236")


def test_two_rates_as_json(file):
    code, out, err = run(
        "compare-rates", *COUNTED, "--scenario", str(file), "--effect", "10%", "--json"
    )
    data = json.loads(out)
    assert (code, err) == (0, "") and data["currency"] == "EUR"
    found = data["comparison"]
    assert (
        found["verdict"] == "better"
        and found["prior"] == [0.5, 0.5]
        and found["settings"]["interval"] == "equal_tailed"
    )
    assert found["lift"]["measured"] == pytest.approx(0.18) and found["test"]["name"] == "z"
    assert (
        found["visits_needed"]["wanted"]["visits_a"] == 39475
        and found["visits_needed"]["wanted"]["more"] == 68950
    )
    # 36 of 5,000 more visits buy: at the scenario's visits a month that many orders, times its
    # margin per order
    visits, margin = found["store"]["visits_month"], found["store"]["margin"]
    assert found["money_per_month"]["gain"]["measured"] == pytest.approx(visits * 0.0072 * margin)
    assert data["trial"]["base"] == pytest.approx(0.04)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "B (new) converts better than A (old): +0.72 pp (+18.0%)"),
        ("zh", "B（新版）的转化比 A（旧版）好：实测差 +0.72 个百分点（+18.0%）"),
    ],
)
def test_two_rates_in_words(lang, words):
    code, out, _ = run("compare-rates", *COUNTED, "--lang", lang)
    assert code == 0 and out.startswith(words)
    assert "EUR" not in out and "€" not in out  # without a scenario there is no money


def test_a_test_is_planned_without_counts():
    data = json.loads(
        run(
            "compare-rates",
            "--rate",
            "4%",
            "--effect",
            "0.1",
            "--visits-month",
            "10000",
            "--margin",
            "8",
            "--fee",
            "300",
            "--json",
        )[1]
    )
    assert (
        data["comparison"] is None
        and data["trial"]["visits_a"] == 39475
        and data["trial"]["fee"] == 8 * 300
    )
    assert run("compare-rates", "--rate", "4%")[0] == 0


def test_the_choices_of_two_rates_can_be_set():
    arguments = (
        "--prior",
        "uniform",
        "--interval",
        "highest_density",
        "--level",
        "90%",
        "--alpha",
        "0.1",
        "--power",
        "90%",
        "--share-b",
        "30%",
    )
    found = json.loads(run("compare-rates", *COUNTED, *arguments, "--json")[1])["comparison"]
    assert found["prior"] == [1.0, 1.0]
    chosen = found["settings"]
    assert (
        chosen["interval"],
        chosen["level"],
        chosen["alpha"],
        chosen["power"],
        chosen["share_b"],
    ) == ("highest_density", 0.9, 0.1, 0.9, 0.3)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("--a-visits", "100", "--a-orders", "101", "--b-visits", "100", "--b-orders", "1"),
            "Orders of A (old) (rates.a_orders): 101 — cannot be more than the visits (100)",
        ),
        (("--a-visits", "100"), "Orders of A (old) (rates.a_orders)"),
        (("--rate", "4%", "--alpha", "60%"), "(rates.alpha): 60% — must be at most 50%"),
        (("--rate", "four"), "(rates.rate): four — must be a number"),
        (
            ("--rate", "60%", "--effect", "80%"),
            "(rates.effect): 80% — turns a rate of 60% into 108%",
        ),
        ((), "Conversion rate today (rates.rate)"),
        ((*COUNTED, "--prior", "store"), "Conversion rate today (rates.rate)"),
    ],
)
def test_wrong_counts_are_refused(arguments, words):
    code, out, err = run("compare-rates", *arguments)
    assert (code, out) == (2, "") and len(err.splitlines()) == 1
    assert words in err


def test_a_percentile_at_a_level_of_ones_own(tmp_path):
    place = tmp_path / "one.json"
    place.write_text(run("preset", "amazon-us-kitchen")[1], encoding="utf-8")
    code, text, _ = run(
        "simulate",
        str(place),
        "--metric",
        "profit",
        "--quantile",
        "0.2",
        "--quantile",
        "0.025",
        "--paths",
        "1024",
    )
    assert code == 0 and [text.index(f" {name} ") for name in ("P2.5", "P5", "P20")] == sorted(
        text.index(f" {name} ") for name in ("P2.5", "P5", "P20")
    )
    found = json.loads(
        run(
            "simulate",
            str(place),
            "--metric",
            "profit",
            "--quantile",
            "0.1",
            "--paths",
            "1024",
            "--json",
        )[1]
    )["metrics"]["profit"]
    assert found["quantiles"]["0.1"]["value"] == found["p10"]
    for wrong in ("0", "1", "20", "nan"):
        code, _, said = run("simulate", str(place), "--quantile", wrong)
        assert code == 2 and "between 0 and 1" in said


def test_two_budgets_on_the_command_line(tmp_path):
    place = tmp_path / "one.json"
    place.write_text(run("preset", "amazon-us-kitchen")[1], encoding="utf-8")
    found = json.loads(
        run("ltv", str(place), "--budgets", "3000", "2000", "--paths", "1024", "--json")[1]
    )
    step = found["budget_step"]
    assert step["budgets"] == [2000.0, 3000.0] and step["extra_profit"] == pytest.approx(
        step["profit"][1] - step["profit"][0]
    )
    assert (step["marginal_roas"] > step["break_even_marginal_roas"]) == (step["extra_profit"] > 0)
    assert found["payback_orders"] > 0 and found["ltv"]["without_horizon"] >= found["ltv"]["likely"]
    code, text, _ = run(
        "ltv", str(place), "--budgets", "2000", "3000", "--paths", "1024", "--lang", "zh"
    )
    assert code == 0 and "增量 ROAS" in text and "不限期限的 LTV" in text and "几单回本" in text
    code, _, said = run("ltv", str(place), "--budgets", "5", "5", "--lang", "zh")
    assert code == 2 and "两个预算相同" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "word", "worth"),
    [("en", "Counter-offer: Monthly base", "Worth to you"), ("zh", "还价：基础月费", "对您的价值")],
)
def test_the_counter_offer_to_a_quote(tmp_path, lang, word, worth):
    path = tmp_path / "mine.json"
    quote = {"id": "quote", "base": 9000.0, "effect": 0.2, "claimed": 0.4}
    path.write_text(to_text(preset("amazon-de-kitchen").replace({"options": [quote]})), "utf-8")
    code, out, _ = run("quote", str(path), "--counter", "--paths", "1024", "--lang", lang)
    assert code == 0 and word in out and worth in out
    code, out, _ = run("quote", str(path), "--counter", "--paths", "1024", "--json")
    found = json.loads(out)["counter_offers"][0]
    assert code == 0 and found["reach"] == "sign" and found["ways"][0]["verdict"] == "sign"
    assert found["words"][lang].startswith(word)


@pytest.mark.slow
def test_the_files_of_a_counter_offer_and_that_there_is_none(tmp_path):
    path = tmp_path / "mine.json"
    quote = {"id": "quote", "base": 9000.0, "effect": 0.2}
    store = preset("amazon-de-kitchen").replace({"options": [quote], "chance.paths": 1024})
    path.write_text(to_text(store), "utf-8")
    code, out, _ = run(
        "files", str(path), "--out", str(tmp_path), "--format", "counter", "--format", "boss"
    )
    assert code == 0
    assert [Path(line).read_bytes()[:2] for line in out.split()] == [b"PK", b"%P"]
    path.write_text(to_text(store.replace({"options.quote.base": 10.0})), "utf-8")
    code, _, err = run("files", str(path), "--out", str(tmp_path), "--format", "counter")
    assert code == 2 and "no set of changes" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("kpi",),
        ("kpi", "FILE", "--nothing"),
        ("kpi", "FILE", "--paths", "1e9"),
        ("quote", "FILE", "--paths", ""),
        ("simulate", "FILE", "--quantile", "abc"),
        ("sensitivity", "FILE", "--lang", "fr"),
        ("contract-check", "FILE"),
    ],
)
def test_a_command_line_that_is_none_ends_in_one_sentence(arguments, file, capsys):
    with pytest.raises(SystemExit) as ended:
        run(*(str(file) if one == "FILE" else one for one in arguments))
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert len(told.splitlines()) == 1 and told.startswith("funnel-sim")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("kpi", "FILE", "--without", "2026-01"), "--history"),
        (("kpi", "FILE", "--column", "gmv=Sales"), "--history"),
        (("ltv", "FILE", "--until", "2026-01-01"), "--transactions"),
        (("ltv", "FILE", "--order", "Order"), "--transactions"),
        (("ltv", "FILE", "--no-day-first"), "--transactions"),
        (("ltv", "FILE", "--budgets", "1e300", "1e305"), "1,000,000,000,000"),
        (("simulate", "FILE", "--paths", "255"), "256"),
        (("quote", "FILE", "--seed", "-1"), "seed"),
    ],
)
def test_an_option_that_can_mean_nothing_is_refused(arguments, named, file):
    code, out, err = run(*(str(file) if one == "FILE" else one for one in arguments))
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert named in err


def test_a_month_left_out_that_the_history_has_not_is_refused(file, tmp_path):
    """Left out without a word, the month meant would still be counted."""
    months = tmp_path / "months.csv"
    months.write_text("month,sales,orders\n2026-01,100,10\n2026-02,110,11\n2026-03,90,9\n", "utf-8")
    code, _, err = run("kpi", str(file), "--history", str(months), "--without", "2026-13")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "2026-13" in err and "2026-03" in err


@pytest.mark.parametrize("command", ["kpi", "quote", "sensitivity", "ltv", "simulate"])
@pytest.mark.parametrize("content", [None, "folder", b"", b"\x00\xff\xfe\x01" * 50, b"[1, 2]"])
def test_what_is_no_scenario_is_refused_by_every_command(command, content, tmp_path):
    path = tmp_path / "mine.json"
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    code, out, err = run(command, str(path))
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "mine.json" in err or err.startswith(str(path)[:50])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("kpi", "FILE", "--paths", "1e3"), "--paths：1e3 — 必须是整数"),
        (("compare-rates", "--a-margin", "x"), "--a-margin：x — 应为数字"),
        (("kpi", "FILE", "--in", "x"), "--in：x — 只能是：sales, home"),
        (("kpi",), "缺少：file"),
        (("kpi", "FILE", "--nothing"), "不应出现在这里：--nothing"),
        (("kpi", "FILE", "--paths"), "--paths 后面要有一个值"),
        (("bill", "FILE", "--month"), "--month 后面要有一个值"),
        (("ltv", "FILE", "--budgets", "1"), "--budgets 后面要有 2 个值"),
        (("ltv", "FILE", "--json=3"), "--json 后面不带值"),
        (("kpi", "FILE", "--s", "3"), "--s 可能指 --seed, --sales"),
        (("compare-rates", "--effect=--"), "--effect 后面要有一个值"),
        (("portfolio", "FILE", "--base=--"), "--base 后面要有一个值"),
        (("bill", "FILE", "--month=--"), "--month 后面要有一个值"),
    ],
)
def test_a_command_line_that_is_none_is_told_in_the_language_asked_for(
    arguments, words, file, capsys
):
    """All of it in Chinese: none of argparse's own English (its one word each is gone)."""
    with pytest.raises(SystemExit) as ended:
        run(*(str(file) if one == "FILE" else one for one in arguments), "--lang", "zh")
    told = capsys.readouterr().err
    assert ended.value.code == 2 and words in told, told
    assert not re.search(r"invalid|argument|required|expected|could match", told)


@pytest.mark.parametrize(
    ("place", "lang", "words"),
    [
        ("missing.json", "en", "there is no such file or folder"),
        ("missing.json", "zh", "没有这个文件或文件夹"),
        (".", "zh", "这是文件夹，不是文件"),
        ("x" * 300, "zh", "文件名太长"),
        ("\ud800.json", "zh", "这个名称不能用作文件名"),
        ("a\x00b", "en", "its name cannot be that of a file"),
    ],
)
def test_why_a_file_cannot_be_read_is_said_in_our_words(place, lang, words, tmp_path, monkeypatch):
    """What the system says is in the language of the system ("No such file or directory")."""
    monkeypatch.chdir(tmp_path)
    code, _, err = run("evaluate", place, "--lang", lang)
    assert code == 2 and words in err, err


def test_a_folder_that_is_a_file_cannot_be_written_into(file, tmp_path):
    code, _, err = run("brief", str(file), "--out", str(file), "--lang", "zh")
    assert code == 2 and "应为文件夹的位置上是一个文件" in err, err


def test_a_folder_whose_name_is_no_text_is_told_as_what_can_be_written(tmp_path, file):
    """A name of another encoding reaches Python with half a surrogate pair: standard output,
    which is UTF-8, cannot hold it.
    """
    out = run("brief", str(file), "--out", f"{tmp_path}/\udc80", "--format", "md")[1]
    assert out.encode().decode() == out and "\\udc80" in out


def test_best_price_needs_no_price_to_try(file):
    """`price FILE` without `--to` ended in an error of NumPy's where nothing else is asked."""
    code, out, err = run("price", str(file), "--paths", "256")
    assert (code, err) == (0, "") and out


def test_no_command_is_told_too(capsys):
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 2 and "COMMAND" in capsys.readouterr().err
