"""How long 10,000 rows of people and offices take, and how much memory, as CSV and as a workbook.

    python -m bench.importing [rows]

Each kind of file goes through the pages in a process of its own, on an empty SQLite database:
upload, check, save, and the same file once more, which must change nothing. Prints a line for each.
"""

from __future__ import annotations

import io
import json
import logging
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROWS = 10_000
WITHIN = 30.0  # seconds of CPU, from the upload to the saved page
MEMORY = 300.0  # MB, the whole process
POSTS = (
    "Kepala Daerah", "Wakil Kepala Daerah", "Sekretaris Daerah", "Kadiskominfo", "Sekretaris Dinas",
    *(f"Kepala Bidang Contoh {n}" for n in range(20)),
)
HEAD = ["kode", "jabatan", "nama", "nip", "mulai", "surel_jabatan", "wa"]


def table(rows: int) -> list[list[str]]:
    """So many different posts over the regencies and cities, each with a holder and two addresses;
    the telephone numbers as Excel leaves them."""
    from cohorts import data

    codes = [row["code"] for row in data.rows("regions.csv") if row["type"].startswith("K")]
    made = []
    for n in range(rows):
        code, post = codes[n % len(codes)], POSTS[n // len(codes) % len(POSTS)]
        made.append([
            code, post, f"Dr. Contoh {n}, M.Si.", f"1980{n % 12 + 1:02}{n % 28 + 1:02}{n:09}1",
            "2021-02-26", f"jabatan{n}@contoh.example", f"8{1200000000 + n}",
        ])
    return made


def as_file(kind: str, rows: list[list[str]]) -> bytes:
    """The table as a file; numbers are numbers in the workbook."""
    import openpyxl

    from app.adapters.sheets import write_csv

    if kind == "csv":
        return write_csv(HEAD, rows)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Pejabat")
    sheet.append(HEAD)
    for row in rows:
        sheet.append([*row[:-1], int(row[-1])])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def measure(kind: str, file: Path) -> dict[str, Any]:
    """Take the file over in this process: seconds of CPU by step and of the clock for the whole,
    and the peak of memory in MB."""
    from app import create_app
    from app.extensions import db
    from app.filters import utc_now
    from app.unit import unit
    from cohorts.directory import accounts, importing
    from cohorts.directory.intake import seed
    from cohorts.ground.access import COMMAND
    from tests.databases import migrate, settings_for

    logging.disable()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = settings_for(home, f"sqlite:///{home / 'lab.db'}")
        migrate(settings)
        app = create_app(settings, testing=True)
        with app.app_context(), unit() as session:
            seed(session)
            user = accounts.add_account(
                session, email="bench@contoh.example", name="Contoh", actor=COMMAND, now=utc_now(),
                role="admin", scope="all", scope_id="", region_code=None, sample=True)
            identity = f"{user.id}.{user.session_generation}"
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = identity, True
        data, took, clock = file.read_bytes(), {}, {}

        def timed(step: str, work: Callable[[], Any]) -> Any:
            began, own = time.perf_counter(), time.process_time()
            answer = work()
            took[step] = round(time.process_time() - own, 2)
            clock[step] = round(time.perf_counter() - began, 2)
            return answer

        def token(page: str) -> str:
            return re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]

        def sent() -> tuple[str, str]:
            form = client.get("/o/directory/import").get_data(as_text=True)
            answer = timed("upload", lambda: client.post("/o/directory/import", data={
                "file": (io.BytesIO(data), f"x.{kind}"), "csrf_token": token(form)}))
            if answer.location.endswith("/columns"):
                page = client.get(answer.location).get_data(as_text=True)
                chosen = {
                    name: (re.findall(r"<option selected>(\w+)</option>", options) or [""])[0]
                    for name, options in re.findall(
                        r'<select class="select" name="([\w-]+)".*?>(.*?)</select>', page)
                }
                answer = client.post(answer.location, data={
                    **chosen, "begins": "2", "csrf_token": token(page)})
            where = answer.location
            return where, timed("check", lambda: client.get(where).get_data(as_text=True))

        where, page = sent()
        write = importing.import_rows

        def written(*given: Any, **more: Any) -> Any:
            return timed("write", lambda: write(*given, **more))

        importing.import_rows = written
        seen = re.findall(r'name="seen" value="(\w+)"', page)[0]
        timed("save", lambda: client.post(
            f"{where}/save", data={"seen": seen, "csrf_token": token(page)}))
        lock, clock_lock = took.pop("write"), clock.pop("write")
        whole = round(sum(took.values()), 2)
        first = {**took, "clock": round(sum(clock.values()), 2), "lock": max(lock, clock_lock)}
        _where, page = sent()
        assert "Semua isinya sudah tercatat" in page
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"kind": kind, **first, "whole": whole, "again": took["upload"] + took["check"],
            "memory": round(peak, 1)}


def run(rows: int = ROWS) -> list[dict[str, Any]]:
    """Measure both kinds of file, each in a process of its own."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("csv", "xlsx"):
            file = Path(folder) / f"rows.{kind}"
            file.write_bytes(as_file(kind, table(rows)))
            done = subprocess.run(
                [sys.executable, "-m", "bench.importing", "--one", kind, str(file)],
                capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
            found.append(json.loads(done.stdout.splitlines()[-1]))
    return found


def main() -> int:
    """Measure, print, and fail where it took too long or too much."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], Path(sys.argv[3]))))
        return 0
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    worst = 0
    for one in run(rows):
        print(f"{one['kind']}, {rows} rows: {one['whole']} s of CPU (upload {one['upload']}, check "
              f"{one['check']}, save {one['save']}, of which {one['lock']} s hold the lock), "
              f"{one['clock']} s by the clock; the same file again {one['again']:.2f} s; "
              f"{one['memory']} MB")
        worst |= one["whole"] > WITHIN or one["memory"] > MEMORY
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
