"""Words are complete: both catalogues alike, every key that the code says exists, every declaration speaks both languages."""

import ast
import re
import string
from pathlib import Path

import pytest

from funnel_sim.decisions.levers import LEVERS
from funnel_sim.inputs.scenario import LISTS, SECTIONS, Scenario, specs_of
from funnel_sim.model.metrics import FORMULAS, FUNNEL_WORDS
from funnel_sim.output.explain import words_of
from funnel_sim.output.tables import glossary
from funnel_sim.ui.method import definitions
from funnel_sim.words import LANGS, catalogue, say

ROOT = Path(__file__).resolve().parents[1]
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
    assert [key for key in en if CJK.search(en[key])] == ["door.quote_text"]  # 代运营 is named there on purpose


def said_keys() -> set[str]:
    keys = set()
    for path in (ROOT / "funnel_sim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say" and len(node.args) > 1:
                if isinstance(node.args[1], ast.Constant):
                    keys.add(node.args[1].value)
    return keys


def test_every_key_that_the_code_says_exists():
    assert said_keys() <= set(catalogue("en"))


def test_no_sentence_is_left_over():
    text = "\n".join(p.read_text("utf-8") for p in (ROOT / "funnel_sim").rglob("*.py"))
    made = re.compile(r"(?:say\([^)]*?, f\"|\bf\")([a-z_]+)\.")  # families built with an f-string: origin.{kind}
    families = set(made.findall(text)) | {"rule"}
    left = {key for key in catalogue("en") if f'"{key}"' not in text and f"'{key}'" not in text and key.split(".")[0] not in families}
    assert not left


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
