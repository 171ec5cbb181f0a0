"""A formula that the model has written, in words and today's numbers: the branch that is taken, to
be recomputed by hand.

Of a choice only what holds is said, of several limits the one that counts; what adds nothing is
left out.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from funnel_sim.model.written import Call, Minus, Named, Plain, Term, Work, is_plain, term
from funnel_sim.output.words import formats

_DUST = 1e-9
_FEW = 2
_SIGNS = {"*": " × ", "/": " ÷ ", "+": " + ", "-": " − ", "^": "^"}
_WORK: Mapping[str, Callable[[Any, Any], Any]] = {
    "*": operator.mul,
    "/": operator.truediv,
    "+": operator.add,
    "-": operator.sub,
    "^": operator.pow,
}


class WordedTerm(Named):
    """A number with its text as people read it; `name` is the path of its field, or the key of its
    figure.
    """

    def __init__(self, name: str, value: float, shown: str):
        super().__init__(name, value)
        self.shown = shown

    def formula(self, home: Any) -> str:
        """Return the text."""
        return self.shown


class _Sentence:
    """Where a formula is said: signs as people write them."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def is_writing(self, cell: Term) -> bool:
        """Nothing stands in cells here."""
        return False

    def sign(self, sign: str) -> str:
        """Return a sign with its blanks."""
        return _SIGNS.get(sign, f" {sign} ")

    def function(self, name: str, parts: list[str]) -> str:
        """Return a function with its parts."""
        return f"{name.lower()}({', '.join(parts)})"


def said(written: Any) -> str:
    """Return the formula of a number as it is today; figures that have a name in it are said by
    their value.

    >>> price, rate = WordedTerm("price", 30.0, "€30.00"), WordedTerm("rate", 0.15, "15%")
    >>> said(price * rate), said(-(price + 0.0))
    ('€30.00 × 15%', '−€30.00')
    """
    return taken(term(written)).formula(_Sentence())


def sources(written: Any, *, deep: bool = False) -> list[str]:
    """Return the names of the numbers that a formula rests on today, in their order, each once;
    `deep`: of what it calls by name, its own.

    Args:
        written: what the model made with terms in place of numbers.

    >>> sources(WordedTerm("price", 30.0, "€30.00") * WordedTerm("rate", 0.15, "15%") + 0.0)
    ['price', 'rate']
    """
    return list(dict.fromkeys(leaf.name for leaf in _leaves(taken(term(written), deep=deep))))


def is_bare(written: Any) -> bool:
    """Say whether nothing is worked out: today it is one number."""
    return isinstance(taken(term(written)), Named | Plain)


def in_steps(written: Any, shown: Callable[[float], str]) -> list[str]:
    """Return a formula step by step, the last one being what it comes to: a sum of several amounts
    within it is worked out first.

    Args:
        written: what the model made with terms in place of numbers.
        shown: a number as text.

    >>> a, b, c = (
    ...     WordedTerm(name, value, f"${value:g}")
    ...     for name, value in (("a", 1.0), ("b", 2.0), ("c", 3.0))
    ... )
    >>> in_steps(WordedTerm("rate", 0.5, "50%") * (a + b + c), lambda value: f"${value:g}")
    ['$1 + $2 + $3 = $6', '50% × $6']
    """
    steps: list[str] = []
    last = _worked_out(taken(term(written)), shown, steps, within=False)
    return [*steps, last.formula(_Sentence())]


def _worked_out(
    part: Term, shown: Callable[[float], str], steps: list[str], *, within: bool
) -> Term:
    """Return a formula in which sums of several amounts stand as their results, each with its step;
    `within`: another sign or function takes it as a whole.
    """
    if isinstance(part, Minus):
        return -_worked_out(part.inner, shown, steps, within=True)
    if isinstance(part, Call):
        return Call(
            part.name,
            [_worked_out(one, shown, steps, within=True) for one in part.parts],
            part.value,
        )
    if not isinstance(part, Work):
        return part
    adds = part.sign in ("+", "-")
    left = _worked_out(part.left, shown, steps, within=not adds)
    right = _worked_out(part.right, shown, steps, within=not adds or part.sign == "-")
    made = Work(part.sign, left, right)
    if not (within and adds and _amounts(made) > _FEW):
        return made
    result = shown(float(made.value))
    steps.append(f"{made.formula(_Sentence())} = {result}")
    return WordedTerm("step", float(made.value), result)


def _amounts(part: Term) -> int:
    """Return how many amounts a sum adds or takes off."""
    return (
        _amounts(part.left) + _amounts(part.right)
        if isinstance(part, Work) and part.sign in ("+", "-")
        else 1
    )


def held_at_nothing(written: Any, shown: Callable[[float], str]) -> list[str] | None:
    """Return, step by step, the comparison by which an amount is nothing today: what is never below
    zero, and would be.

    Args:
        written: what the model made with terms in place of numbers.
        shown: a number as text.

    >>> from funnel_sim.model.written import largest
    >>> held_at_nothing(
    ...     largest(WordedTerm("floor", 5.0, "$5") - WordedTerm("fee", 8.0, "$8"), 0.0), str
    ... )
    ['$5 ≤ $8']
    """
    one = term(written)
    if isinstance(one, Call) and one.name == "MAX" and one.value == 0.0:
        inner = next((part for part in one.parts if not is_plain(part, 0.0)), None)
        bare = taken(inner) if inner is not None else Plain(0.0)
        if isinstance(bare, Work) and bare.sign == "-":
            steps: list[str] = []
            left, right = (
                _worked_out(side, shown, steps, within=True).formula(_Sentence())
                for side in (bare.left, bare.right)
            )
            return [*steps, f"{left} ≤ {right}"]
        if isinstance(bare, Named):
            return [f"{said(bare)} ≤ 0"]
    inside = (
        (one.left, one.right)
        if isinstance(one, Work)
        else one.parts
        if isinstance(one, Call)
        else [one.inner]
        if isinstance(one, Minus)
        else []
    )
    return next(
        (found for part in inside if (found := held_at_nothing(part, shown)) is not None), None
    )


def parts_of(written: Any) -> list[Term]:
    """Return what a sum adds up, as far as the parts have no name."""
    one = term(written)
    if isinstance(one, Work) and one.sign == "+":
        sides = [
            [side] if side.cell is not None else parts_of(side) for side in (one.left, one.right)
        ]
        return [*sides[0], *sides[1]]
    return [] if is_plain(one, 0.0) else [one]


def call_it(written: Any, key: str, shown: str) -> None:
    """Give a formula a name: where others are made of it, they say its value, and nothing where
    that is nothing.

    Args:
        written: what the model made with terms in place of numbers.
        key: the name that the formula gets.
        shown: what its amount is called where it is spoken of.
    """
    if isinstance(written, Work | Call | Minus) and abs(float(written.value)) <= _DUST:
        written.cell = Plain(0.0)
    elif isinstance(written, Work | Call | Minus) and written.cell is None:
        written.cell = WordedTerm(key, float(written.value), shown)


def taken(part: Term, *, deep: bool = False) -> Term:
    """Return a formula with only the branches that hold; `deep`: also inside what has a name."""
    match part:
        case Call(name="IF"):
            return _inside(part.parts[1] if part.parts[0].value == 1.0 else part.parts[2], deep)
        case Call(name="MIN" | "MAX"):
            return _limit(part, deep)
        case Work() if part.sign in _WORK:
            left, right = _inside(part.left, deep), _inside(part.right, deep)
            if part.sign == "*" and (is_plain(left, 0.0) or is_plain(right, 0.0)):
                return Plain(0.0)
            if (
                part.sign == "+"
                and isinstance(right, WordedTerm)
                and formats.is_negative(right.shown)
            ):
                return left - WordedTerm(
                    right.name, -float(right.value), formats.unsigned(right.shown)
                )
            out: Term = _WORK[part.sign](left, right)
            return out
        case Minus():
            return -_inside(part.inner, deep)
    return part


def _inside(part: Term, deep: bool) -> Term:
    return part.cell if part.cell is not None and not deep else taken(part, deep=deep)


def _limit(part: Call, deep: bool) -> Term:
    """Return what the largest or the smallest is today; with the others where a bare limit holds
    back or lifts what was worked out.
    """
    every = [_inside(one, deep) for one in part.parts]
    best = next((one for one in every if one.value == part.value), part)
    bare = isinstance(best, Named | Plain) and not is_plain(best, 0.0)
    return (
        Call(part.name, every, part.value)
        if bare and not all(isinstance(one, Named | Plain) for one in every)
        else best
    )


def _leaves(part: Term) -> Iterator[WordedTerm]:
    if isinstance(part, WordedTerm):
        yield part
    inner = (
        (part.left, part.right)
        if isinstance(part, Work)
        else (
            part.parts
            if isinstance(part, Call)
            else [part.inner]
            if isinstance(part, Minus)
            else []
        )
    )
    for one in inner:
        yield from _leaves(one)
