"""A relative KPI says its baseline, the months of it and the target beside what was attained."""

import pytest

from funnel_sim.decisions.review.standing import standing
from funnel_sim.output.json.review import standing_json
from funnel_sim.output.words.kpi_baselines import baseline_sentences
from funnel_sim.words import LANGS
from tests.pages.after_signing import store

GROWTH = {"id": "g", "metric": "gmv", "target": 0.3, "relative": True, "window": "average",
          "month_to": 4}  # fmt: skip
PLAIN = {"id": "p", "metric": "gmv", "target": 13000.0, "window": "average", "month_to": 4}


def told(lang, **kpi):
    scenario = store(kpis=[GROWTH | kpi, PLAIN])
    found = standing(scenario, scenario.options[0], paths=64)
    return found, baseline_sentences(found, scenario, lang)


@pytest.mark.parametrize("lang", LANGS)
def test_the_months_of_the_history_and_the_amounts(lang):
    """(10,400 + 9,700 + 10,200) / 3 = 10,100; + 30 % = 13,130; June came to 14,900, 113.5 %."""
    found, [sentence] = told(lang)
    base = found.rows[0].baseline
    assert base.value == pytest.approx(10100) and len(base.months) == 3
    assert found.rows[1].baseline is None
    for text in ("10,100", "13,130", "+30", "2025-12", "2026-01", "2026-02", "113"):
        assert text in sentence
    [first, second] = standing_json(found)["kpis"]
    assert first["baseline"] == {
        "value": pytest.approx(10100),
        "source": "history",
        "months": ["2025-12", "2026-01", "2026-02"],
    }
    assert second["baseline"] is None


@pytest.mark.parametrize("lang", LANGS)
def test_a_typed_baseline_says_that_its_months_are_not_known(lang):
    _, [sentence] = told(lang, baseline=9000.0)  # 9,000 · 1.3 = 11,700
    assert "9,000" in sentence and "11,700" in sentence
    assert {"en": "were not typed", "zh": "未填"}[lang] in sentence
