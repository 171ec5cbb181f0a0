"""What is shipped and how it is installed: one list of dependencies, locks that agree with it, one
version, a changelog that a release can be made from.
"""

import ast
import datetime as dt
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import funnel_sim

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ASKED = [Requirement(text) for text in PYPROJECT["project"]["dependencies"]]
EXTRAS = [
    Requirement(text)
    for texts in PYPROJECT["project"]["optional-dependencies"].values()
    for text in texts
]
# Each lock with the one below it: benchmarks and documentation both stand on the tests' lock.
BELOW = {
    "requirements.lock": "",
    "requirements-dev.lock": "requirements.lock",
    "requirements-bench.lock": "requirements-dev.lock",
    "requirements-docs.lock": "requirements-dev.lock",
}
PIN = re.compile(
    r"^(\S+)==(\S+)(?: ; (?P<when>.+?))? \\\n((?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")


def pins(name):
    """Return the versions that a lock holds, by package."""
    return {
        canonicalize_name(found[1]): Version(found[2])
        for found in PIN.finditer((ROOT / name).read_text("utf-8"))
    }


def versions(name):
    """Return all versions that a lock holds of each package, with the conditions under which it
    holds them.
    """
    found = {}
    for one in PIN.finditer((ROOT / name).read_text("utf-8")):
        found.setdefault(canonicalize_name(one[1]), set()).add((one[2], one["when"]))
    return found


def test_requirements_txt_asks_for_what_pyproject_asks_for():
    lines = [
        line
        for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert lines == PYPROJECT["project"]["dependencies"]


@pytest.mark.parametrize(("name", "below"), list(BELOW.items()))
def test_a_lock_holds_nothing_but_packages_with_their_hashes(name, below):
    text = (ROOT / name).read_text("utf-8")
    rest = [line for line in PIN.sub("", text).splitlines() if not line.startswith("#")]
    assert rest == (
        [f"-r {below}"] if below else []
    )  # so no address of a registry, and no package without a hash
    # a package stands again only where the lock below has it under a condition, and then in the
    # same version
    if below:
        for package, held in versions(name).items():
            under = versions(below).get(package, set())
            assert all(when for _, when in under) and {version for version, _ in under} <= {
                version for version, _ in held
            }, package


def test_the_locks_hold_what_is_asked_for_in_versions_that_are_asked_for():
    held = pins("requirements.lock")
    for one in ASKED:
        assert held[canonicalize_name(one.name)] in one.specifier, one
    groups = PYPROJECT["dependency-groups"]
    for group in ("dev", "bench", "docs"):
        held, layer = {}, f"requirements-{group}.lock"
        while layer:
            held, layer = pins(layer) | held, BELOW[layer]
        for text in groups[group]:
            if isinstance(text, str):
                one = Requirement(text)
                assert held[canonicalize_name(one.name)] in one.specifier, one


def test_what_an_extra_asks_for_is_what_the_tests_run_with():
    assert {one.name for one in EXTRAS} <= set(PYPROJECT["dependency-groups"]["dev"])
    held = pins("requirements-dev.lock")
    assert all(held[canonicalize_name(one.name)] in one.specifier for one in EXTRAS)


def test_two_locks_on_the_same_one_agree():
    """Benchmarks and documentation may be installed side by side."""
    bench, docs = (versions("requirements-bench.lock"), versions("requirements-docs.lock"))
    both = bench.keys() & docs.keys()  # none as long as the tests' lock holds all that both need
    assert bench and docs
    assert {name: bench[name] for name in both} == {name: docs[name] for name in both}


def test_all_that_the_product_imports_is_asked_for():
    """A library that only came along with another would vanish with that one's next version."""
    ours = {canonicalize_name(one.name) for one in (*ASKED, *EXTRAS)}
    homes = packages_distributions()
    files = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "funnel_sim").rglob("*.py")]
    names = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    foreign = names - set(sys.stdlib_module_names) - {"funnel_sim"}
    foreign.remove("pydantic_core")  # pydantic asks for exactly one version of it
    assert "numpy" in foreign
    assert {
        name for name in foreign if not ours & {canonicalize_name(one) for one in homes[name]}
    } == set()


def test_the_version_stands_in_one_place_and_in_the_changelog():
    assert PYPROJECT["project"]["dynamic"] == ["version"] and "version" not in PYPROJECT["project"]
    first = re.search(
        r"^## \[(\d.*)\] - ", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert first is not None and first[1] == funnel_sim.__version__


def test_the_changelog_has_the_form_that_a_release_needs():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert sections[0] == "[Unreleased]"
    released = [
        re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", one) for one in sections[1:]
    ]
    assert all(released)
    versions = [(Version(one[1]), dt.date.fromisoformat(one[2])) for one in released]
    assert versions == sorted(versions, reverse=True) and len(
        {version for version, _ in versions}
    ) == len(versions)
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= set(KINDS)
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[
        2:
    ]:  # of what is released, everything stands under a kind
        assert not re.search(r"^- ", part.split("\n### ")[0], re.MULTILINE), part[:40]


def test_every_python_that_is_promised_is_tried():
    promised = [
        one.rsplit(" ", 1)[1]
        for one in PYPROJECT["project"]["classifiers"]
        if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", one)
    ]
    tried = re.search(
        r"python: \[(.+)\]", (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    )
    assert tried is not None and re.findall(r"3\.\d+", tried[1]) == promised
    assert PYPROJECT["project"]["requires-python"] == f">={promised[0]}"


def repository(folder, changelog):
    """Make a repository with the two files that a release changes."""
    (folder / "funnel_sim").mkdir()
    (folder / "funnel_sim" / "__init__.py").write_text(
        '"""A package."""\n\n__version__ = "0.6.0"\n', "utf-8"
    )
    (folder / "CHANGELOG.md").write_text(changelog, "utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "first")


def git(folder, *arguments):
    who = {
        f"GIT_{role}_{part}": "tester"
        for role in ("AUTHOR", "COMMITTER")
        for part in ("NAME", "EMAIL")
    }
    plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = arguments if Path(arguments[0]).is_absolute() else ("git", *arguments)
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | who | plain,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def release(folder, version):
    return git(folder, sys.executable, str(ROOT / "scripts" / "release.py"), version)


CHANGELOG = (
    "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A new page.\n\n## [0.6.0] - 2026-11-27\n\n###"
    " Added\n\n- The old one.\n"
)


def test_a_release_sets_the_version_dates_the_changelog_commits_and_tags(tmp_path):
    repository(tmp_path, CHANGELOG)
    done = release(tmp_path, "0.7.0")
    assert done.returncode == 0, done.stderr
    assert '__version__ = "0.7.0"\n' in (tmp_path / "funnel_sim" / "__init__.py").read_text("utf-8")
    said = (tmp_path / "CHANGELOG.md").read_text("utf-8")
    assert re.search(
        r"## \[Unreleased\]\n\n## \[0\.7\.0\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- A new"
        r" page\.\n\n## \[0\.6\.0\] - 2026-11-27\n",
        said,
    )
    assert git(tmp_path, "status", "--porcelain").stdout == ""
    assert git(tmp_path, "log", "-1", "--format=%s").stdout == "Release 0.7.0\n"
    assert git(tmp_path, "tag", "--points-at", "HEAD").stdout == "v0.7.0\n"
    again = release(tmp_path, "0.8.0")
    assert again.returncode == 1 and "says nothing under" in again.stderr


@pytest.mark.parametrize(
    ("version", "changelog", "words"),
    [
        ("0.6.0", CHANGELOG, "does not come after 0.6.0"),
        ("0.5.9", CHANGELOG, "does not come after 0.6.0"),
        ("0.7", CHANGELOG, "is no version"),
        ("0.07.0", CHANGELOG, "is no version"),
        ("v0.7.0", CHANGELOG, "is no version"),
        ("0.7.0", CHANGELOG.replace("- A new page.\n", ""), "says nothing under"),
        ("0.7.0", CHANGELOG.replace("[Unreleased]", "Soon"), "needs one line"),
        ("0.7.0", CHANGELOG.replace("[0.6.0]", "[0.7.0]"), "has a section of 0.7.0 already"),
    ],
)
def test_what_cannot_be_released_is_refused_and_changes_nothing(
    tmp_path, version, changelog, words
):
    repository(tmp_path, changelog)
    done = release(tmp_path, version)
    assert done.returncode == 1 and words in done.stderr
    assert git(tmp_path, "status", "--porcelain").stdout == "" and git(tmp_path, "tag").stdout == ""


def test_a_tree_with_changes_or_a_tag_that_is_there_is_not_released(tmp_path):
    repository(tmp_path, CHANGELOG)
    git(tmp_path, "tag", "v0.7.0")
    assert "The tag v0.7.0 is there already" in release(tmp_path, "0.7.0").stderr
    (tmp_path / "new.txt").write_text("new", "utf-8")
    assert "not committed" in release(tmp_path, "0.8.0").stderr
