"""The embedded transport: each message becomes a file that the organiser can read.

No server, no account, nothing to configure: `LAB_HOME/outbox` holds one .eml per
message, sortable by its name, openable by any mail program.
"""

from __future__ import annotations

import os
import re
from datetime import UTC
from pathlib import Path

from app.adapters.mime import Mail, Receipt, as_bytes

_SAFE_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class FileTransport:
    """Writes messages into one folder; safe to call twice with the same message."""

    name = "files"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail: Mail) -> Receipt:
        """Write the message atomically and durably; the receipt names the file.

        The name comes from the message's time and id. A message that is sent again
        after a crash lands on the same name when its time is the same, so a kill
        between writing and noting leaves no second copy.
        """
        if not _SAFE_ID.fullmatch(mail.id):
            raise ValueError("a message's id names its file")
        data = as_bytes(mail)
        name = f"{mail.dated.astimezone(UTC):%Y%m%dT%H%M%SZ}-{mail.id}.eml"
        self._folder.mkdir(parents=True, exist_ok=True)
        for earlier in self._folder.glob(f"*-{mail.id}.eml"):
            if earlier.name != name:
                earlier.unlink(missing_ok=True)
        draft = self._folder / f".{name}.{os.getpid()}.part"
        try:
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / name)
        finally:
            draft.unlink(missing_ok=True)
        return Receipt(self.name, name)

    def rest(self) -> None:
        """Nothing is kept open between messages."""
