"""The product as it really runs: web server and worker as processes, on a free port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
STARTS_WITHIN = 30  # seconds; two seconds are usual, tests on two cores share them


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Product:
    """A running product. `home` is its LAB_HOME, `url` its address without a slash at the end."""

    home: Path
    database_url: str
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)  # further settings

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see: nothing of the caller's settings."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "LAB_HOME": str(self.home), "DATABASE_URL": self.database_url, "PORT": str(self.port),
            "BASE_URL": self.url, "PYTHONUNBUFFERED": "1", "LOG_FORMAT": "text",
        } | self.more

    def flask(self, *command: str, within: float = 120) -> str:
        """Run a product command; return what it printed. Raises when it fails, and says why."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command], cwd=ROOT, timeout=within,
            env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, f"flask {' '.join(command)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, name: str, *command: str | Path) -> subprocess.Popen[bytes]:
        """Start a process of this product; its output goes to LAB_HOME/<name>.log."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / f"{name}.log").open("ab") as log:
            made = subprocess.Popen([str(part) for part in command], cwd=ROOT, stdout=log,
                                    stderr=subprocess.STDOUT, env=self.environment)
        self.processes[name] = made
        return made

    def serve(self, workers: int = 1) -> None:
        """Start the web server and wait until it answers."""
        self.start("web", BIN / "granian", "--interface", "wsgi", "--no-ws", "--port",
                   str(self.port), "--workers", str(workers), "--blocking-threads", "6",
                   "--backpressure", "64", "--log-level", "warning", "wsgi:app")
        until = time.monotonic() + STARTS_WITHIN
        while not self.answers():
            assert self.processes["web"].poll() is None, self.log("web")
            assert time.monotonic() < until, self.log("web")
            time.sleep(0.05)

    def work(self) -> None:
        """Start the worker."""
        self.start("worker", sys.executable, "-m", "flask", "--app", "wsgi", "worker")

    def answers(self) -> bool:
        """Whether the web server answers at all."""
        try:
            urllib.request.urlopen(f"{self.url}/", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def log(self, name: str) -> str:
        """What a process has written so far."""
        return (self.home / f"{name}.log").read_text(errors="replace")

    def stop(self) -> None:
        """Stop all processes in the order in which a person would, and wait for them."""
        for one in self.processes.values():
            if one.poll() is None:
                one.send_signal(signal.SIGTERM)
        for one in self.processes.values():
            try:
                one.wait(15)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
        self.processes.clear()


@contextlib.contextmanager
def running(home: Path, database_url: str, *, demo: bool = False,
            workers: int = 1) -> Iterator[Product]:
    """Run the product on a migrated database; with `demo`, the Living Lab's story is loaded."""
    product = Product(home, database_url)
    if demo:
        product.flask("demo")
    try:
        product.serve(workers)
        product.work()
        yield product
    finally:
        product.stop()
