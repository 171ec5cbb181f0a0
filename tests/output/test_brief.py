"""The brief to providers: 33 lines, filled where the scenario holds them, nothing private unless
asked for, the same as Word and Markdown.
"""

import io

import pytest
from docx import Document

from funnel_sim import cli
from funnel_sim.output.documents.blocks import Heading, TableBlock
from funnel_sim.output.documents.brief import (
    brief,
    brief_docx,
    brief_markdown,
    filled,
    filled_sentence,
)
from funnel_sim.reference.brief import brief_groups, brief_lines, brief_questions
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import LANGS

BARE = preset("amazon-de-kitchen")
COST = {"zh": "采购成本", "en": "Purchase cost"}


def own() -> Scenario:
    """A store with its own numbers, its months, a quote, and a KPI."""
    return BARE.replace(
        {
            "product.price": 25.99,
            "product.unit_cost": 38.5,
            "conversion.cvr": 0.109,
            "history.first_month": "2026-01",
            "history.seen_orders": [90.0, 100.0, 110.0],
            "history.seen_gmv": [2400.0, 2600.0, 2800.0],
            "history.seen_visits": [1000.0, 1000.0, 1000.0],
            "history.seen_ad_spend": [300.0, 300.0, 300.0],
            "history.seen_ad_sales": [1000.0, 1000.0, 1000.0],
            "kpis": [{"id": "gmv", "metric": "gmv", "target": 3000.0, "month_to": 6}],
            "options": [{"id": "q", "name": "SECRET AGENCY", "base": 4321.0, "claimed": 0.4}],
        }
    )


def lines(scenario: Scenario, lang: str, *, private: bool = False) -> dict[str, str]:
    tables = [one for one in brief(scenario, lang, private=private) if isinstance(one, TableBlock)]
    told = [row[2] for table in tables[:-1] for row in table.rows]
    return dict(zip((one.id for one in brief_lines()), told, strict=True))


def test_all_33_lines_stand_in_order_of_their_groups():
    assert len(brief_lines()) == 33 == len({one.id for one in brief_lines()})
    groups = [one.id for one in brief_groups()]
    assert [one.group for one in brief_lines()] == sorted(
        (one.group for one in brief_lines()), key=groups.index
    )
    assert {one.system for one in brief_lines()} == {"S1", "S2", "S3", "S4", "S5"}
    assert len(brief_questions()) == len({one.id for one in brief_questions()})


@pytest.mark.parametrize("lang", LANGS)
def test_figures_of_own_months_by_hand(lang):
    """Means of three months: 100 orders, 2,600 of sales, 1,000 visits, so 10 %; 300 ÷ 1,000."""
    told = lines(own(), lang)
    assert "100" in told["orders"]
    assert "2,600" in told["gmv"]
    assert "1,000" in told["traffic"] and "10.0%" in told["traffic"]
    assert "30.0%" in told["ad_result"] and "3.33" in told["ad_result"]
    assert "2026-01" in told["stage"] and "2026-03" in told["stage"]
    assert "25.99" in told["price"] and "EUR" in told["currency"]
    assumed = {"zh": "假设", "en": "assumed"}[lang]
    assert not any(assumed in told[name] for name in ("orders", "gmv", "traffic", "price"))


@pytest.mark.parametrize("lang", LANGS)
def test_returns_and_order_value_are_those_of_the_months(lang):
    """The last three of 15 months: 10 + 20 + 30 of 100 + 200 + 300 orders = 10 %; a year before
    3 + 3 + 3 of 300 = 3 %. GMV 18,000 ÷ 600 = 30.00 an order, with tax as the price.
    """
    months = {
        "history.first_month": "2025-05",
        "history.seen_orders": [100.0] * 12 + [100.0, 200.0, 300.0],
        "history.seen_gmv": [2500.0] * 12 + [3000.0, 6000.0, 9000.0],
        "history.seen_returned_orders": [3.0] * 12 + [10.0, 20.0, 30.0],
        "history.seen_visits": [],
        "history.seen_ad_spend": [],
        "history.seen_ad_sales": [],
    }
    told = lines(own().replace(months), lang)
    assert "10.0%" in told["returns"] and "3.0%" in told["returns"]
    assert "2026-05" in told["returns"] and "2026-07" in told["returns"]
    assert "30.00" in told["price"] and "GMV" in told["price"]
    money = {
        "history.seen_returned_orders": [],
        "history.seen_refunds": [25.0] * 12 + [300.0, 600.0, 900.0],
    }  # 1,800 of 18,000 = 10 %; 75 of 7,500 = 1 %
    told = lines(own().replace(months | money), lang)
    assert "10.0%" in told["returns"] and "1.0%" in told["returns"] and "GMV" in told["returns"]
    early = {"history.first_month": "2026-01"}  # three months only: no year before
    three = {name: rows[-3:] for name, rows in months.items() if isinstance(rows, list)}
    told = lines(own().replace(three | early), lang)
    assert "10.0%" in told["returns"] and told["returns"].count("%") == 1


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_proposed_is_no_fact_and_what_is_empty_is_counted(lang):
    word = {"zh": "建议", "en": "roposed"}[lang]
    told = lines(own(), lang)
    assert all(word in told[name] for name in ("term", "rhythm", "growth_path"))
    empty = sum(any(mark in one for mark in "【[□") for one in told.values())
    assert filled(own(), lang) == (33 - empty, 33) and 0 < empty < 33
    assert f"{33 - empty}" in filled_sentence(own(), lang)
    assert filled_sentence(own(), lang) in brief_markdown(own(), lang)


@pytest.mark.parametrize("lang", LANGS)
def test_sales_are_those_of_the_last_known_months_whatever_the_mark(lang):
    """Six months, mark at the fourth, the last one not whole: the mean of 2026-03 to 2026-05 is
    (110 + 200 + 230) / 3 = 180 orders, not the 100 before the mark.
    """
    months = {
        "history.seen_orders": [90.0, 100.0, 110.0, 200.0, 230.0, 7.0],
        "history.seen_gmv": [2400.0, 2600.0, 2800.0, 5000.0, 6000.0, 100.0],
        "history.seen_visits": [1000.0, 1000.0, 1000.0, 2000.0, 2400.0, 9.0],
        "history.seen_ad_spend": [300.0] * 3 + [600.0, 600.0, 1.0],
        "history.seen_ad_sales": [1000.0] * 3 + [2000.0, 3000.0, 1.0],
        "history.engagement_from": "2026-04",
        "history.left_out": ["2026-06"],
    }
    told = lines(own().replace(months), lang)
    assert "180" in told["orders"] and "4,600" in told["gmv"]  # (2800 + 5000 + 6000) / 3
    assert "1,800" in told["traffic"] and "10.0%" in told["traffic"]  # 5400 / 3; 180 of them
    assert "500" in told["ad_budget"] and "25.0%" in told["ad_result"]  # 1500 / 6000
    assert "4,600" in told["baseline"] and "180" in told["baseline"]
    for name in ("orders", "gmv", "traffic", "ad_budget", "ad_result", "baseline"):
        assert "2026-03" in told[name] and "2026-05" in told[name]


@pytest.mark.parametrize("lang", LANGS)
def test_what_nobody_typed_is_called_assumed(lang):
    told = lines(BARE, lang)
    assumed = {"zh": "假设", "en": "assumed"}[lang]
    for name in ("orders", "gmv", "price", "traffic", "channels", "ad_budget", "returns"):
        assert assumed in told[name], name
    for line in brief_lines():
        if line.id in ("stage", "goals", "definitions", "baseline", "company", "brand"):
            assert told[line.id] == line.blank.of(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_private_unless_it_is_asked_for(lang):
    """Neither cost nor margin, and never what another agency offered."""
    text = brief_markdown(own(), lang)
    assert "38.5" not in text and COST[lang] not in text
    open_text = brief_markdown(own(), lang, private=True)
    assert "38.5" in open_text and COST[lang] in open_text
    for told in (text, open_text):
        assert "SECRET" not in told and "4,321" not in told and "40%" not in told


@pytest.mark.parametrize("lang", LANGS)
def test_a_kpi_of_another_agencys_contract_is_no_goal_of_ours(lang):
    named = [{"id": "q", "rewards": [{"kpi": "gmv", "amount": 1.0}]}]
    goals = next(one for one in brief_lines() if one.id == "goals")
    assert "3,000" in lines(own(), lang)["goals"]
    assert lines(own().replace({"options": named}), lang)["goals"] == goals.blank.of(lang)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("private", [False, True])
def test_word_and_markdown_say_the_same(lang, private):
    document = Document(io.BytesIO(brief_docx(own(), lang, private=private)))
    blocks = brief(own(), lang, private=private)
    tables = [one for one in blocks if isinstance(one, TableBlock)]
    shown = [
        [[c.text.replace("\u2060", "") for c in r.cells] for r in t.rows] for t in document.tables
    ]
    assert [len(rows) - 1 for rows in shown] == [len(one.rows) for one in tables]
    for table, rows in zip(tables, shown, strict=True):
        assert [cell[1] for cell in rows[1:]] == [row[1] for row in table.rows]
    heads = [p.text for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert len(heads) == sum(isinstance(one, Heading) for one in blocks)
    text = brief_markdown(own(), lang, private=private)
    assert all(
        one.words.of(lang).split("(")[0].split("（")[0].strip() in text for one in brief_lines()
    )


def test_the_brief_has_no_word_of_the_other_language():
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in brief_markdown(own(), "en"))


def test_from_the_command_line(tmp_path, capsys):
    file = tmp_path / "store.json"
    file.write_text(to_text(own()), encoding="utf-8")
    out = io.StringIO()
    arguments = ["brief", str(file), "--out", str(tmp_path / "made"), "--lang", "zh"]
    assert cli.main(arguments, out=out) == 0
    made = [line for line in out.getvalue().splitlines() if line]
    assert [name.rpartition(".")[2] for name in made] == ["docx", "md"]
    text = (tmp_path / "made").glob("*.md").__next__().read_text(encoding="utf-8")
    assert text == brief_markdown(own(), "zh")
    assert cli.main([*arguments, "--private", "--format", "md"], out=io.StringIO()) == 0
    text = (tmp_path / "made").glob("*.md").__next__().read_text(encoding="utf-8")
    assert COST["zh"] in text
    (tmp_path / "full").write_text("a file, no folder")
    assert cli.main(["brief", str(file), "--out", str(tmp_path / "full")], err=io.StringIO()) == 2
