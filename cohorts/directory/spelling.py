"""How names are compared: case, spaces, hyphens, marks and the usual abbreviations do not count.

A search key is a row of folded spellings; a folded spelling has only letters and digits, so that
it can stand in a LIKE pattern as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

_WORDS = {
    "kab": "kabupaten",
    "regency": "kabupaten",
    "city": "kota",
    "prov": "provinsi",
    "propinsi": "provinsi",
    "province": "provinsi",
    "kep": "kepulauan",
    "adm": "administrasi",
    "sumatra": "sumatera",
    "jogja": "yogya",
    "jogjakarta": "yogyakarta",
    "yogja": "yogya",
    "djakarta": "jakarta",
    "kotamadya": "kota",
}
_PAIRS = {("wali", "kota"): "walikota", ("d", "i"): "di", ("d", "k", "i"): "dki"}
_TITLES = """
prof dr drs dra ir h hj kh tgk rd raden kombes brigjen kolonel pol sip msi se mm sh mh ssos
st mt mtech skom mkom sp mp spd mpd sstp map mpa msc mba phd md ph bc amd amdkom ssi mhum
spt mpi ssn skep skm mkes drg apt akt ak cpa ca lc ma sag spi shut mkn ners
"""
TITLES = frozenset(_TITLES.split())
_PLAIN = re.compile("[a-z0-9]+")


def words(text: str) -> list[str]:
    """The words of a text: no marks or accents, lower case, abbreviations written out."""
    if text.isascii():  # nearly all there is, and whole files pass here
        found = _PLAIN.findall(text.lower().replace("'", ""))
    else:
        plain = unicodedata.normalize("NFKD", text.casefold())
        kept = "".join(c for c in plain if not unicodedata.combining(c))
        spaced = "".join(c if c.isalnum() or c in "'’" else " " for c in kept)
        found = spaced.replace("'", "").replace("’", "").split()
    for pair, one in _PAIRS.items():
        if pair[0] in found:
            found = _joined(found, pair, one)
    return [_WORDS.get(word, word) for word in found]


def _joined(found: list[str], pair: tuple[str, ...], one: str) -> list[str]:
    out: list[str] = []
    at = 0
    while at < len(found):
        if tuple(found[at : at + len(pair)]) == pair:
            out.append(one)
            at += len(pair)
        else:
            out.append(found[at])
            at += 1
    return out


def fold(text: str) -> str:
    """One spelling for all that are meant alike: ``"Kab. Toli-Toli"`` is ``kabupatentolitoli``."""
    return "".join(words(text))


def key_of(names: Iterable[str], *, most: int) -> str:
    """A search key of several spellings, each once, at most ``most`` characters."""
    found: list[str] = []
    for name in names:
        folded = fold(name)
        if folded and folded not in found:
            found.append(folded)
    return " ".join(found)[:most]


def without_titles(name: str) -> str:
    """A person's name as it is compared: folded, without "Dr.", "H.", "S.IP.", "M.Si." and kin.
    A name that is nothing but titles is kept."""
    heard = [chunk for chunk in name.replace(",", " ").split() if fold(chunk) not in TITLES]
    return fold(" ".join(heard)) or fold(name)


def person_words(query: str) -> list[str]:
    """What somebody typed to find a person, word by word, titles left out."""
    heard = [fold(c) for c in query.replace(",", " ").split() if fold(c) not in TITLES]
    return [word for word in heard if word]


def fits(key: InstrumentedAttribute[str], words: list[str]) -> sa.ColumnElement[bool]:
    """Whether a column of search keys holds the words in one piece, or each of them somewhere.
    Single letters and digits only count in one piece: they are everywhere."""
    whole = key.contains("".join(words))
    if len(words) < 2 or any(len(word) < 2 for word in words):
        return whole
    return sa.or_(whole, sa.and_(*(key.contains(word) for word in words)))
