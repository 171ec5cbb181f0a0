"""A review in words, for machines, as a calendar, and on the command line."""

import io
import json
from pathlib import Path

import pytest

from funnel_sim.cli import main
from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.decisions.review.standing import standing
from funnel_sim.output.words.clauses import clauses
from funnel_sim.output.words.review_bill import bill_sentences
from funnel_sim.output.words.review_dates import calendar_file
from funnel_sim.scenario import files
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option
from funnel_sim.words import LANGS

SALES = [
    f"2025-{m:02d},{12000 + 100 * (m % 3)},{400 + 3 * (m % 3)},16000,{600 + m}"
    for m in range(1, 13)
]
SALES += ["2026-01,16000,530,20000,700", "2026-02,16500,545,20500,720"]
HEAD = "month,gmv,orders,visits,refunds\n"


@pytest.fixture
def scenario(tmp_path):
    """A scenario file with a KPI and a contract, and the months in a CSV file."""
    made = preset("amazon-de-kitchen").replace(
        {
            "name": "Küche, 厨房; Haus",
            "kpis": [
                {"id": "g", "metric": "gmv", "target": 13000.0, "window": "average", "month_to": 3}
            ],
            "options": [
                {
                    "id": "a",
                    "name": "Agency",
                    "base": 500.0,
                    "fee_currency": "sales",
                    "share_tiers": [{"rate": 0.05}],
                    "decided_by": "g",
                    "stop_loss": True,
                }
            ],
        }
    )
    file, months = tmp_path / "s.json", tmp_path / "months.csv"
    file.write_text(files.to_text(made), encoding="utf-8")
    months.write_text(HEAD + "\n".join(SALES) + "\n", encoding="utf-8")
    return str(file), str(months), tmp_path


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    code = main(arguments, out, err)
    return code, out.getvalue(), err.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_a_review_is_said_whole(scenario, lang):
    file, months, _ = scenario
    code, out, _ = run(
        "review", file, "--actuals", months, "--from", "2026-01", "--paths", "1024", "--lang", lang
    )
    assert code == 0
    # 500 + 5 % of 16,000 and of 16,500
    assert "1,300.00" in out and "1,325.00" in out and "2,625.00" in out
    assert "{" not in out and "None" not in out


@pytest.mark.slow
def test_a_review_for_machines_has_every_answer(scenario):
    file, months, _ = scenario
    code, out, _ = run(
        "review", file, "--actuals", months, "--from", "2026-01", "--paths", "1024", "--json"
    )
    found = json.loads(out)
    assert code == 0
    # since the report: the period with its figures, the drop, every comparison
    assert set(found) == {
        "period", "state", "figures", "reconciled", "effect", "drop", "leaks", "drivers", "changes",
        "standing", "bill", "converted",
    }  # fmt: skip
    assert found["effect"]["verdict"] == "worked"
    assert found["bill"]["months"][0]["lines"] == {"base": "500.00", "share": "800.00"}
    assert found["bill"]["total"] == "2625.00"
    assert found["standing"]["kpis"][0]["probability"]["odds"] > 0.9
    parts = found["drivers"]["gmv"]["parts"]
    assert sum(part["amount"] for part in parts) == pytest.approx(found["drivers"]["gmv"]["change"])


@pytest.mark.slow
def test_a_bill_and_the_next_term_have_their_own_commands(scenario):
    file, months, _ = scenario
    code, out, _ = run("bill", file, "--actuals", months, "--from", "2026-01", "--json")
    assert code == 0 and json.loads(out)["balance"] == "2625.00"
    code, out, _ = run(
        "renew", file, "--actuals", months, "--from", "2026-01", "--json", "--paths", "1024"
    )
    assert code == 0 and json.loads(out)["advice"] in ("renew", "renegotiate", "leave")
    code, out, _ = run("renew", file, "--actuals", months, "--from", "2026-01", "--paths", "1024")
    assert code == 0 and "Agency" in out


def test_the_signed_contract_is_billed_before_the_first_quote(scenario):
    file, months, folder = scenario
    whole = json.loads(Path(file).read_text("utf-8"))
    rows = whole["scenario"]["options"]
    rows.append(rows[0] | {"id": "signed", "name": "Signed", "base": 1.0, "share_tiers": []})
    whole["scenario"]["history"]["signed"] = "signed"
    other = folder / "signed.json"
    other.write_text(json.dumps(whole), encoding="utf-8")
    code, out, err = run("bill", str(other), "--actuals", months, "--from", "2026-01")
    assert code == 0 and "Signed" in out, err
    code, out, _ = run(
        "bill", str(other), "--actuals", months, "--from", "2026-01", "--option", rows[0]["id"]
    )
    assert code == 0 and "Signed" not in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "engagement_from"),
        (("--from", "2026-13"), "engagement_from"),
        (("--from", "2026-01", "--option", "x"), "x"),
    ],
)
def test_what_cannot_be_billed_is_refused_in_a_sentence(scenario, arguments, told):
    file, months, _ = scenario
    code, _, err = run("bill", file, "--actuals", months, *arguments)
    assert code == 2 and told in err


ADS = "month,ad_spend (USD)\n2026-01,900\n2026-02,900\n"


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_ads_in_dollars_beside_sales_in_euros_are_asked_about_and_both_kept(scenario, lang):
    """A file in dollars was taken as euros; now it is refused until it is converted."""
    file, months, folder = scenario
    ads = folder / "ads.csv"
    ads.write_text(ADS, encoding="utf-8")
    month = ("--from", "2026-01", "--lang", lang)
    for files_ in ((months, str(ads)), (str(ads), months)):
        code, _, err = run("bill", file, "--actuals", *files_, *month)
        assert code == 2 and "USD" in err and "EUR" in err and "ads.csv" in err
        assert "--convert-to EUR" in err
    both = ("--actuals", months, str(ads), "--convert-to", "EUR", *month)
    code, out, err = run("bill", file, *both, "--json")
    assert code == 0 and json.loads(out)["settlement"]["due"]
    assert "USD" in err  # which rate was taken is told
    plain = json.loads(run("bill", file, "--actuals", months, *month, "--json")[1])
    assert json.loads(out)["settlement"]["due"] == plain["settlement"]["due"]


@pytest.mark.slow
def test_the_days_for_notice_are_a_calendar_file(scenario):
    file, months, folder = scenario
    place = folder / "days.ics"
    code, _, _ = run(
        "review", file, "--actuals", months, "--from", "2026-01", "--paths", "1024",
        "--calendar", str(place),
    )  # fmt: skip
    text = place.read_bytes().decode()
    assert code == 0
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert "DTSTART;VALUE=DATE:20261231\r\n" in text  # twelve months from January 2026
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    assert "Küche\\, 厨房\\; Haus" in whole


def test_the_same_days_give_the_same_file(scenario):
    store = preset("amazon-de-kitchen").replace(
        {
            "history.first_month": "2026-01",
            "history.engagement_from": "2026-01",
            "history.seen_gmv": [1.0],
            "history.seen_orders": [1.0],
            "options": [{"id": "a", "base": 1.0}],
        }
    )
    found = standing(store, store.options[0])
    assert calendar_file(found, store, "en") == calendar_file(found, store, "en")


@pytest.mark.parametrize(
    ("paid", "said"),
    [
        (1500.0, "In all €1,400.00; paid €1,500.00; overpaid by €100.00."),
        (1400.0, "In all €1,400.00; paid €1,400.00; still owed €0.00."),
        (1000.0, "In all €1,400.00; paid €1,000.00; still owed €400.00."),
    ],
)
def test_more_paid_than_owed_is_said_as_overpaid(paid, said):
    # two months at 700 are 1,400
    store = preset("amazon-de-kitchen").replace(
        {
            "history.first_month": "2026-01",
            "history.engagement_from": "2026-01",
            "history.seen_gmv": [1000.0, 1000.0],
            "history.seen_orders": [10.0, 10.0],
            "history.seen_fees_paid": [paid, None],
        }
    )
    option = Option.model_validate({"id": "a", "term": 2, "base": 700.0, "fee_currency": "sales"})
    found = bill_of(store, option)
    assert said in bill_sentences(found, [], store, "en")
    over = "多付" if paid > 1400 else "尚欠"
    assert over in bill_sentences(found, [], store, "zh")[-1]


def test_a_baseline_that_no_contract_names_is_told_for_what_it_is():
    store = preset("amazon-de-kitchen").replace(
        {
            "history.first_month": "2025-12",
            "history.engagement_from": "2026-01",
            "history.seen_gmv": [1000.0, 1000.0],
            "history.seen_orders": [10.0, 10.0],
            "history.seen_refunds": [50.0, 50.0],
        }
    )
    option = Option.model_validate(
        {"id": "a", "share_tiers": [{"rate": 0.1}], "share_over": "baseline", "clawback": True}
    )
    bases = {True: "after refunds", False: "before refunds"}
    for clawback, words in bases.items():
        one = option.but(clawback=clawback)
        lines = bill_sentences(bill_of(store, one), [], store, "en")
        said = next(line for line in lines if "does not name" in line)
        assert f"(as shoppers pay, with tax), {words}; no report shows" in said
        clause = next(line for line in clauses(store, one, "en") if "baseline is" in line.text).text
        assert words in clause and "from the store's records before signing" in clause
    named = option.but(baseline=900.0)
    lines = bill_sentences(bill_of(store, named), [], store, "en")
    assert not any("does not name" in line for line in lines)
