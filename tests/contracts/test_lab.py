"""The commands of ./lab: what they promise to somebody with a fresh machine."""

from __future__ import annotations

import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from tests.product import free_port

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-test.txt", "requirements-node.txt", "package-lock.json")


@pytest.fixture(scope="module")
def lab() -> ModuleType:
    """The command as a module: it has no ending, so it is loaded by hand."""
    loader = SourceFileLoader("lab_command", str(ROOT / "lab"))
    spec = spec_from_loader("lab_command", loader)
    assert spec
    module = module_from_spec(spec)
    remembered, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = remembered
    return module


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_hashes_and_neither_host_nor_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    if name.endswith(".json"):
        packages = json.loads(text)["packages"]
        assert all("integrity" in one for path, one in packages.items() if path)
    else:
        pins = re.findall(r"^\S+==\S+", text, re.M)
        assert pins
        assert len(pins) == len(re.findall(r"^\S+==\S+[^\\]*\\\n\s+--hash=sha256:", text, re.M))


def test_alone_it_lists_the_commands_and_the_documents_know_them_all(lab: ModuleType) -> None:
    shown = subprocess.run([ROOT / "lab"], capture_output=True, text=True, check=True).stdout
    told = (ROOT / "docs" / "developers.md").read_text()
    for name in lab.COMMANDS:
        assert f"./lab {name}" in shown
        assert f"`./lab {name}" in told


def test_an_unknown_command_is_answered_with_the_list() -> None:
    done = subprocess.run([ROOT / "lab", "fly"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "./lab run" in done.stdout


def test_ci_calls_exactly_the_test_command() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[-1] == "exec ./lab test"


def test_it_needs_nothing_but_the_standard_library(lab: ModuleType) -> None:
    head = (ROOT / "lab").read_text().split("ROOT =")[0]
    imported = re.findall(r"^import (\w+)", head, re.M)
    assert set(imported) <= sys.stdlib_module_names


TOGETHER = """
import importlib.machinery, importlib.util, sys
loader = importlib.machinery.SourceFileLoader("lab_command", sys.argv[1])
lab = importlib.util.module_from_spec(importlib.util.spec_from_loader("lab_command", loader))
sys.dont_write_bytecode = True
loader.exec_module(lab)
programs = {"web server": ["sleep", "321"], "worker": sys.argv[2:]}
raise SystemExit(lab.together(programs, "http://127.0.0.1:9", None))
"""


def sleepers(of: int) -> list[int]:
    """Children of a process that still run."""
    found = Path(f"/proc/{of}/task/{of}/children")
    return [int(one) for one in found.read_text().split()] if found.exists() else []


def test_when_one_of_the_two_ends_the_other_is_stopped() -> None:
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", TOGETHER, str(ROOT / "lab"), "false"],
                          capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "worker ended by itself" in done.stdout
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_told_to_stop_stops_both(number: signal.Signals) -> None:
    command = [sys.executable, "-c", TOGETHER, str(ROOT / "lab"), "sleep", "322"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        while len(children := sleepers(running.pid)) < 2:
            assert running.poll() is None
        running.send_signal(number)
        said, _ = running.communicate(timeout=20)
    assert running.returncode == 0
    assert "stopped; the data stays" in said
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def start(home: Path, url: str, port: int, *options: str) -> tuple[subprocess.Popen[str], str]:
    """Run ./lab run until it says where it is; returns it and what it said."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"LAB_HOME": str(home), "DATABASE_URL": url, "PORT": str(port)}
    if "--https" not in options:  # a public address: no demo, and so a quick start
        environment["BASE_URL"] = "https://lab.example"
    running = subprocess.Popen([ROOT / "lab", "run", *options], env=environment, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert running.stdout
    said = ""
    for line in running.stdout:
        said += line
        if "Ctrl-C" in line:
            return running, said
    running.communicate()
    raise AssertionError(said)


def stop(running: subprocess.Popen[str]) -> None:
    """Stop it as a supervisor does."""
    running.terminate()
    said, _ = running.communicate(timeout=30)
    assert running.returncode == 0, said


def test_a_second_start_has_nothing_to_do_and_keeps_the_data(
    tmp_path: Path, database_url: str
) -> None:
    home, port = tmp_path / "home", free_port()
    first, said = start(home, database_url, port)
    stop(first)
    assert "migrate the database" in said
    secret = (home / "keys" / "secret.key").read_bytes()
    again, said = start(home, database_url, port)
    stop(again)
    assert (home / "keys" / "secret.key").read_bytes() == secret
    for step in ("pip install", "npm ci", "migrate", "load the"):  # what makes it quick
        assert step not in said


def test_with_https_it_answers_under_a_certificate_of_its_own(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    running, _ = start(home, "", port, "--https")
    try:
        trust = ssl.create_default_context(cafile=str(home / "tls" / "cert.pem"))
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                             urllib.request.HTTPSHandler(context=trust))
        url = f"https://127.0.0.1:{port}/static/dist/manifest.json"
        with opener.open(url, timeout=10) as answer:
            assert answer.status == 200
        assert (home / "tls" / "key.pem").stat().st_mode & 0o077 == 0
    finally:
        stop(running)
