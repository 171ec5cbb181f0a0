"""Months of each channel from a file that names it in a column."""

from funnel_sim.evidence.store.channels import by_channel, channel_column
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import FIGURES
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.output.workbook.template import months_template


def table(text):
    return read_table(text.encode(), "x.csv")


def test_each_channel_has_its_own_sums():
    found = by_channel(
        table("月份,渠道,点击量,花费\n2026-01,搜索,5,10\n2026-01,搜索,6,12\n2026-02,推荐,3,4\n")
    )
    assert found["搜索"].figures["clicks"].tolist() == [11]
    assert found["搜索"].figures["ad_spend"].tolist() == [22]
    assert found["推荐"].months == ("2026-02",)


def test_a_file_without_such_a_column_has_no_channels():
    assert channel_column(table("month,clicks\n2026-01,5\n")) is None
    assert by_channel(table("month,clicks\n2026-01,5\n")) == {}


def test_a_channel_without_a_figure_is_left_out():
    found = by_channel(table("month,channel,clicks\n2026-01,ads,5\n2026-01,mail,\n"))
    assert list(found) == ["ads"]


def test_the_workbook_to_fill_in_reads_back_whole():
    for lang in ("zh", "en"):
        found = history(read_table(months_template(lang), "months.xlsx"))
        assert tuple(found.figures) == FIGURES and len(found.months) == 3
