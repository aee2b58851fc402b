"""What a fresh database is filled with: regions with their governments, posts, who may stand in.

``seed`` may be called at every start and changes nothing when all is there.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts import data
from cohorts.directory.spelling import key_of
from cohorts.directory.tables import MayStandFor, Organisation, Region, Role
from cohorts.ground.base import new_id


def seed(session: Session) -> None:
    """Load regions (38 provinces and 514 regencies and cities), their governments as
    organisations, the roles of protocol, and the defaults of who may stand in for whom."""
    load_regions(session)
    load_roles(session)
    session.flush()


def load_regions(session: Session) -> None:
    """Add or mend every region by its Kemendagri code, and its government. Idempotent."""
    aliases: dict[str, list[str]] = {}
    for row in data.rows("region_aliases.csv"):
        aliases.setdefault(row["code"], []).append(row["alias"])
    short = {row["code"]: row["abbr"] for row in data.rows("province_grid.csv")}
    wanted = [_region(row, aliases, short) for row in data.rows("regions.csv")]
    table = Region.__table__
    known = {row.code: dict(row._mapping) for row in session.execute(sa.select(table))}
    new = [row for row in wanted if row["code"] not in known]
    if new:
        session.execute(sa.insert(Region), new)
    for row in wanted:
        if row["code"] in known and known[row["code"]] != row:
            session.execute(sa.update(Region).where(Region.code == row["code"]).values(**row))
    governed = set(session.scalars(sa.select(Organisation.region_code)))
    missing = [
        {
            "id": new_id(),
            "kind": "region",
            "name": f"Pemerintah {row['full_name']}",
            "region_code": row["code"],
            "search_key": row["search_key"],
            "sample": False,
        }
        for row in wanted
        if row["code"] not in governed
    ]
    if missing:
        session.execute(sa.insert(Organisation), missing)


def load_roles(session: Session) -> None:
    """Add the roles that are missing, and who may stand in where nothing is said yet: the table
    is the organiser's to edit, so what is there stays."""
    known = set(session.scalars(sa.select(Role.key)))
    new = [
        {**row, "protocol_order": int(row["protocol_order"])}
        for row in data.rows("roles.csv")
        if row["key"] not in known
    ]
    if new:
        session.execute(sa.insert(Role), new)
    if session.scalar(sa.select(MayStandFor.role_key).limit(1)) is None:
        session.execute(
            sa.insert(MayStandFor),
            [
                {"role_key": row["role"], "stand_in_key": row["stand_in"]}
                for row in data.rows("may_stand_for.csv")
            ],
        )


def _region(
    row: dict[str, str], aliases: dict[str, list[str]], short: dict[str, str]
) -> dict[str, Any]:
    kind = row["type"].split()[0]
    names = [f"{kind} {row['name']}", row["full_name"], row["code"]]
    for alias in aliases.get(row["code"], []):
        names.append(f"{kind} {alias}")
    if row["type"] == "Provinsi":
        names.append(f"Provinsi {short[row['code']]}")
    return {
        "code": row["code"],
        "type": kind.lower(),
        "name": row["name"],
        "full_name": row["full_name"],
        "province_code": row["province_code"],
        "province_name": row["province_name"],
        "timezone": row["timezone"],
        "autonomous": row["autonomous"] == "1",
        "search_key": key_of(names, most=200),
    }
