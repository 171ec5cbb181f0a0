"""How every benchmark reports: its figure, the goal, and "met" or "missed"; CHECK=1 makes a miss
end with 1.
"""

import os
import sys


def report(name: str, figure: float, goal: float, *, unit: str = "×", at_most: bool = True) -> bool:
    """Print one figure against its goal and return whether it was met."""
    met = figure <= goal if at_most else figure >= goal
    sign = "≤" if at_most else "≥"
    sys.stdout.write(
        f"{name}: {figure:.3g} {unit} (goal {sign} {goal:g} {unit}): {'met' if met else 'missed'}\n"
    )
    return met


def finish(results: list[bool]) -> None:
    """End the script: with 1 on a miss where CHECK=1 is set."""
    sys.exit(1 if os.environ.get("CHECK") == "1" and not all(results) else 0)
