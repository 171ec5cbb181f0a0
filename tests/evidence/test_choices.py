"""Two columns that could be one role: when the second says the same, when it is mostly empty, and
when the user is asked.
"""

import pytest

from funnel_sim.evidence.tables.choices import DATE, NUMBER, TEXT, _alike, _is_lesser, choice
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.reference.reading import share
from funnel_sim.words import Words


def table(first, second):
    rows = "".join(f"{one},{other}\n" for one, other in zip(first, second, strict=True))
    return read_table(f"first,second\n{rows}".encode(), "x.csv")


def alike(kind, first, second):
    found = table(first, second)
    return _alike(found, kind, found.cells["first"], found.cells["second"])


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2026-03-10", "2026-03-10", 1), ("2026-03-10", "2026-03-11", 1),
        ("2026-03-11", "2026-03-10", 1), ("2026-03-10", "2026-03-12", 0),
        # a day lies in its month, at either end too; a month does not lie in its day
        ("2026-03-31", "2026-03", 1), ("2026-03-15", "2026-03", 1), ("2026-03", "2026-03-15", 1),
        ("2026-04-02", "2026-03", 0), ("2026-02-27", "2026-03", 0),
        ("2026-03-31", "2026-02", 0),
    ],
)  # fmt: skip
def test_days_say_the_same_next_to_one_another_and_within_their_month(first, second, same):
    assert alike(DATE, [first], [second]) == same


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("60", "60.00", 1), ("60", "60.0040", 1), ("60", "60.0060", 0),
     ("59.9960", "60", 1), ("59.9940", "60", 0), ("60", "-60", 0)],
)  # fmt: skip
def test_amounts_say_the_same_to_half_a_cent(first, second, same):
    assert alike(NUMBER, [first], [second]) == same
    # the share of the rows: this one and one that is the same
    assert alike(NUMBER, [first, "7"], [second, "7"]) == (1 + same) / 2


def test_names_stand_for_one_another():
    # two names, two numbers, two pairs: each names the other. Then "ann" has 1 and 2: of three
    # pairs only two names
    assert alike(TEXT, ["ann", "bo", "ann"], ["1", "2", "1"]) == 1
    assert alike(TEXT, ["ann", "bo", "ann"], ["1", "3", "2"]) == pytest.approx(2 / 3)
    # whichever of both has fewer: one buyer, three numbers
    assert alike(TEXT, ["ann", "ann", "ann"], ["1", "2", "3"]) == pytest.approx(1 / 3)
    assert alike(TEXT, ["1", "2", "3"], ["ann", "ann", "ann"]) == pytest.approx(1 / 3)


def test_what_cannot_be_read_is_compared_as_it_stands():
    # 1.234,50 and 1,234.50 in one column: its decimal mark is not known, so texts are compared
    rows = "".join(f'"{one}";"{other}"\n' for one, other in (("1.234,50", "1.234,50"),
                                                             ("1,234.50", "1,234.5")))  # fmt: skip
    found = read_table(f"first;second\n{rows}".encode(), "x.csv")
    assert _alike(found, NUMBER, found.cells["first"], found.cells["second"]) == 0.5


def test_a_column_that_is_mostly_empty_is_the_lesser_one():
    """Of the rows where the first says something, the second must fill the share of
    data/reading.toml.
    """
    least = share("choice_filled")
    many = 20
    enough = round(least * many)
    for filled, lesser in ((enough, False), (enough - 1, True)):
        other = [str(1000 + n) if n < filled else "-" for n in range(many)]
        found = table([str(n + 1) for n in range(many)], other)
        assert _is_lesser(found, NUMBER, "first", "second") == lesser, filled
    # where the first says nothing itself, the other is no lesser one
    assert not _is_lesser(table(["-", "-"], ["1", "2"]), NUMBER, "first", "second")
    assert not _is_lesser(table(["-", "-"], ["-", "n/a"]), NUMBER, "first", "second")


def test_only_those_that_are_no_lesser_are_told_beside_the_one_that_is_taken():
    found = read_table(b"a,b,c\n1,1,8\n2,2,9\n", "x.csv")
    name = Words("金额", "Amount")
    assert choice(found, "amount", name, NUMBER, "a", []) is None
    told = choice(found, "amount", name, NUMBER, "a", ["b", "c"])
    assert told.columns == ("a", "c") and not told.clear
    # where none is left all are told, and nobody has to be asked
    told = choice(found, "amount", name, NUMBER, "a", ["b"])
    assert told.columns == ("a", "b") and told.clear
