"""Starting the app: where it lies, and what is refused before anything is started.

That it starts and stops: tests/browser and `make dist`.
"""

import io
import socket

import pytest
from streamlit.runtime.pages_manager import PagesManager

from funnel_sim.cli import main
from funnel_sim.ui.server.home import HOME, PACKAGE
from funnel_sim.ui.server.serve import pages_of_the_script_only


def run(*arguments):
    err = io.StringIO()
    return main(["serve", *arguments], io.StringIO(), err), err.getvalue()


def test_the_app_lies_at_the_top_of_a_checkout():
    assert (
        PACKAGE.parent == HOME
        and (HOME / "app.py").is_file()
        and (HOME / "pages" / "start.py").is_file()
    )


@pytest.mark.parametrize("port", ["0", "65536", "-1", "８５０１", "85 01", "", "9" * 5000])
def test_what_is_no_port_is_refused(port):
    code, said = run(f"--port={port}")
    assert (
        code == 2 and said.startswith("port: ") and said.endswith("must lie between 1 and 65535\n")
    )


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "is in use by another program"), ("zh", "已被其他程序占用")]
)
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # what is asked for
def test_a_port_that_is_taken_is_refused_at_once(lang, words, address):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, said = run(
            "--port", str(other.getsockname()[1]), "--address", address, "--lang", lang
        )
    assert code == 2 and words in said


@pytest.mark.parametrize(
    "address", ["203.0.113.7", "300.1.1.1", "::ffff:zz", "x" * 300]
)  # the first is kept for documents: nobody has it
def test_an_address_of_another_machine_is_refused(address):
    code, said = run("--address", address)
    assert (
        code == 2
        and said.startswith("address: ")
        and said.endswith("is no address of this machine\n")
    )


def test_a_process_that_serves_leaves_the_folder_of_pages_alone_from_its_first_visitor(monkeypatch):
    """Else Streamlit answers the first address by the names of the files (ADR 0004)."""
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    pages_of_the_script_only()
    PagesManager(str(HOME / "app.py"))
    assert PagesManager.uses_pages_directory is False
