"""Words are complete: both catalogues alike, every key that the code says exists, every declaration
speaks both languages.
"""

import re
import string
from typing import get_args

import pytest

from funnel_sim.decisions.economics.levers import LEVERS
from funnel_sim.decisions.quote import moves
from funnel_sim.decisions.review import drivers, measured_drivers, month_drivers
from funnel_sim.evidence.orders import orders
from funnel_sim.evidence.store.months import FIGURES
from funnel_sim.model.funnel_words import FUNNEL_WORDS
from funnel_sim.model.metrics import FORMULAS
from funnel_sim.output.exports import FORMATS
from funnel_sim.output.words.figure_names import words_of
from funnel_sim.output.words.tables import glossary
from funnel_sim.reference.provenance import Evidence
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.kpi_metrics import OPERATIONAL
from funnel_sim.scenario.paths import LISTS, SECTIONS, specs_of
from funnel_sim.scenario.quote_effect import KIND_WORDS
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.pages import unit_economics
from funnel_sim.ui.pages.method_and_sources import definitions
from funnel_sim.ui.widgets import knowing
from funnel_sim.words import LANGS, catalogue, say
from tests.keys import families, given_to, written_keys

CJK = re.compile(r"[\u4e00-\u9fff]")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_catalogues_hold_the_same_keys():
    assert set(catalogue("zh")) == set(catalogue("en"))


def test_a_sentence_has_the_same_parts_in_both_languages():
    """One test for all of them: two thousand took as long to hand to the workers as to run."""
    zh, en = catalogue("zh"), catalogue("en")
    assert [key for key in en if placeholders(zh[key]) != placeholders(en[key])] == []
    assert [key for key in en if not zh[key].strip() or not en[key].strip()] == []
    assert [key for key in en if CJK.search(en[key])] == [
        "door.quote_text"
    ]  # 代运营 is named there on purpose


NEVER = {
    "target.found",
    "target.found_met",
    "target.jump_met",
    "target.idle_met",  # asked where there is no value, and with _met where the kind is "none"
    "rates.verdict_unclear_from_none",  # an unclear verdict has sentences of its own
    "kpi.suffix_usual",
    "kpi.basis_sales_usual",
    "kpi.basis_tax_usual",  # "usual" is resolved to what it means first
    "quote.short_free_middle",
    "quote.short_free_own",
    "quote.short_free_own_middle",
    "quote.short_own_middle",
    "quote.spare_own_middle",  # one ending after another: the conditions exclude each other
    "quote.change_nothing",
    "quote.change_nothing_own",  # nothing has to change: the sentence is not asked for
    "quote.change_below_cost_own",
    "quote.change_doubt_own",
    "quote.change_fee_own",
    "quote.change_form_own",  # an option that is not paid has no fee to change
    "line.course_crosses",
    "quote.turns_crosses",  # then there is an effect at which it turns, told otherwise
    "quote.error",
    "workbook.s_better",
    "workbook.s_break_even",
    "workbook.s_fees",
    "workbook.s_gain",
    "workbook.s_option",
    "workbook.s_own",  # one of two families, by what the first has
    "workbook.cover_lead",  # the first sheet has none
    "workbook.unit_money",
    "workbook.unit_cost_money",
    "workbook.unit_contract_money",
    "workbook.unit_rate",
    "workbook.unit_text",  # shown as a currency, as % or not at all
    "workbook.aov_boost",  # the figures' own words come first
    "known.unit_sales",  # sales are in a currency
    "number.ask_",  # asked only where there is a reason to ask
    "range.low_help",
    "range.likely_help",
    "range.high_help",  # only a width has a help of its own
}
"""Keys that the types allow and a condition beside the expression excludes."""

NARROWED = {
    "f'counter.{move.key}'": {
        f"counter.{one}"
        for one in (*moves.RESULTS, *moves.CLAUSES)
        if one not in ("stop_loss", "trial", "baseline", "season", "clawback", "rebate")
    },  # these are told by their clause's name
    "f'customers.column_{role}'": {f"customers.column_{one}" for one in orders.ROLES},
    "f'drivers.{driver.id}'": {
        f"drivers.{one}"
        for one in (
            *(row["id"] for row in drivers._data()["driver"]),
            drivers.REST,
            drivers.OTHER,
            drivers.COMMISSION,
            *measured_drivers.FACTORS,
            *month_drivers.FEES,
            measured_drivers.ORDER_VALUE,
        )
    },
    "f'drivers.seen_{name}'": {f"drivers.seen_{one}" for one in measured_drivers.MEASURED},
    "f'quote.clause_{move.key}'": {f"quote.clause_{one}" for one in moves.FEES},
    "f'known.{name}_{one}'": {
        *(f"known.sales_{one}" for one in knowing.KNOWN),
        *(f"known.ads_{one}" for one in knowing.ADS),
    },
}
"""Of expressions that a condition around them narrows, or whose parts belong together: what they
can be.
"""

LISTED = {
    "f'evidence.{self.evidence}'": {f"evidence.{one}" for one in get_args(Evidence)},
    "f'take_away.{one}'": {f"take_away.{one}" for one in FORMATS},
    "f'target_metric.{metric}'": {
        f"target_metric.{one}" for one in unit_economics._TARGETS if one != "gmv"
    },
    "f'history.figure_{name}'": {f"history.figure_{one}" for one in FIGURES},
    "f'history.figure_{self.role}'": {f"history.figure_{one}" for one in FIGURES},
    "f'kpi.counts_{kpi.metric}'": {f"kpi.counts_{one}" for one in OPERATIONAL},
    "f'quote.kind_{kind}'": {
        f"quote.kind_{one}" for one in alternatives._data() if one not in KIND_WORDS
    },
}
"""Of expressions that the source leaves open: what they can be, from where the program lists it."""


def test_every_key_that_the_code_can_ask_for_exists():
    """Every text, f-string and variable that `say` is given: all that it can be where the source
    tells, the product's own list where it does not, else its shape.
    """
    there, wrong = set(catalogue("en")), {}
    for family in families():
        keys = NARROWED.get(family.text) or family.keys or LISTED.get(family.text)
        if family.said and keys is not None and keys - there - NEVER:
            wrong[family.place] = sorted(keys - there - NEVER)
        elif family.said and keys is None and not any(map(family.shape.fullmatch, there)):
            wrong[family.place] = [family.text]
    assert wrong == {}


def test_what_is_declared_of_keys_is_about_expressions_that_are_there():
    """A declared list that no expression uses any more would keep sentences alive; so would a key
    declared as never asked that no expression can build.
    """
    said = [family for family in families() if family.said]
    texts = {family.text for family in said}
    assert set(LISTED) | set(NARROWED) <= texts
    assert all(
        family.keys is None or family.text in NARROWED
        for family in said
        if family.text in LISTED or family.text in NARROWED
    )
    built = set().union(*(family.keys for family in said if family.keys is not None))
    assert set(catalogue("en")) >= NEVER & set(catalogue("en")) == set()
    assert built >= NEVER


def test_the_source_says_of_nearly_all_what_they_can_be():
    """Else the test above looks at nothing: of 2,039 expressions 50 are open, some of them listed
    above; and some families, by text.
    """
    said = [family for family in families() if family.said]
    assert len(said) > 1_500
    assert sum(family.keys is None for family in said) / len(said) < 0.03
    built = {one.text: one.keys for one in said if one.keys is not None}
    assert built["f'kpi.{check.verdict}'"] == {
        "kpi.safe",
        "kpi.realistic",
        "kpi.stretch",
        "kpi.unrealistic",
    }
    assert built["f'risk.view_{view}'"] == {
        "risk.view_odds",
        "risk.view_drivers",
        "risk.view_events",
        "risk.view_compare",
    }  # a lambda of a widget's options
    assert built["f'workbook.use_{number}'"] == {f"workbook.use_{one}" for one in range(1, 7)}
    assert built["f'sheet.a_{name}'"] >= {"sheet.a_model", "sheet.a_seed"}  # rows, one added later


def test_every_rule_that_refuses_has_its_sentence():
    """What is handed to `refuse` and `Problem` becomes `rule.…`; a few hand on what they got."""
    given = given_to({"refuse", "refuse_file", "refused", "Problem"}, 2, "rule")
    named = {f"rule.{one}" for rules in given.values() if rules is not None for one in rules}
    assert len(named) > 80
    assert named - set(catalogue("en")) == set()


def test_every_finding_about_a_table_has_its_sentence():
    """What is handed to `Finding` and `counted` becomes `history.found_…`."""
    given = given_to({"Finding", "counted"}, 0, "kind")
    named = {f"history.found_{one}" for kinds in given.values() if kinds for one in kinds}
    assert len(named) > 10
    assert named - set(catalogue("en")) == {"history.found_of_file"}  # tells what it holds


def test_no_sentence_is_left_over():
    """A sentence is asked for in full, by an expression that can be it, or has the shape of one
    that is open and listed nowhere.
    """
    asked, shapes = written_keys(), []
    for one in families():
        keys = NARROWED.get(one.text) or one.keys or LISTED.get(one.text)
        if keys is not None:
            asked |= keys
        elif one.shape.pattern != r"[\w.]+":  # a variable: its keys stand where it is given them
            shapes.append(one.shape)
    assert [
        key
        for key in catalogue("en")
        if key not in asked and not any(shape.fullmatch(key) for shape in shapes)
    ] == []


@pytest.mark.parametrize("section", [Scenario, *LISTS.values(), *SECTIONS.values()])
def test_every_field_is_declared_with_words_and_help(section):
    for name, spec in specs_of(section).items():
        assert CJK.search(spec.zh) or spec.zh.isascii(), name
        assert spec.en and not CJK.search(spec.en), name
        assert bool(spec.help_zh) == bool(spec.help_en), name
        for words in spec.choices.values():
            assert words.zh and words.en


def test_every_declared_field_of_a_section_is_a_field_of_the_model():
    for section in (Scenario, *LISTS.values(), *SECTIONS.values()):
        undeclared = set(section.model_fields) - set(specs_of(section)) - set(SECTIONS)
        assert not undeclared, section


def test_symbols_are_unique_across_the_sections():
    symbols = [name for cls in SECTIONS.values() for name in specs_of(cls)]
    assert len(symbols) == len(set(symbols))


def test_figures_and_levers_speak_both_languages():
    for key in (*FORMULAS, *FUNNEL_WORDS):
        words = words_of(key)
        assert words.zh and words.en and not CJK.search(words.en), key
    for lever in LEVERS:
        assert lever.words.zh and lever.words.en


def test_metrics_carry_the_names_of_the_glossary():
    for key, words in glossary().items():
        ours = words_of(key)
        if ours is not None and key != "landed_cost":  # the figure is per unit and says so
            assert ours == words, key


def test_definitions_are_complete_in_both_languages():
    rows = definitions()
    assert len({row["id"] for row in rows}) == len(rows) >= 20
    for row in rows:
        for lang in LANGS:
            assert row[f"name_{lang}"] and row[f"choice_{lang}"] and row[f"others_{lang}"]


def test_a_missing_key_is_an_error_not_a_blank():
    with pytest.raises(KeyError):
        say("en", "no.such_key")
