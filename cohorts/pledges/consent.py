"""The sentence a signatory agrees to. It is law, not interface: the page prints exactly these words
and the evidence holds their hash, so both languages stand here and not in a catalogue.

A change of words is a new VERSION.
"""

from __future__ import annotations

from cohorts.ground.canonical import canonical, sha256

VERSION = 1

OWN = {
    "id": "Saya, {name}, {post}, telah membaca {title} versi {version} dan setuju "
    "menandatanganinya secara elektronik. Saya memahami bahwa ini tanda tangan elektronik tidak "
    "tersertifikasi menurut PP 71/2019 pasal 60, yang dicatat oleh platform.",
    "en": "I, {name}, {post}, have read {title} version {version} and agree to sign it "
    "electronically. I understand that this is an uncertified electronic signature under "
    "Government Regulation (PP) 71/2019 article 60, recorded by the platform.",
}
FOR_ANOTHER = {
    "id": "Saya, {name}, {post}, bertindak atas nama {office} berdasarkan penugasan yang diterima, "
    "telah membaca {title} versi {version} dan setuju menandatanganinya secara elektronik dengan "
    "nama saya sendiri. Saya memahami bahwa ini tanda tangan elektronik tidak tersertifikasi "
    "menurut PP 71/2019 pasal 60, yang dicatat oleh platform.",
    "en": "I, {name}, {post}, acting on behalf of the {office} under an accepted assignment, have "
    "read {title} version {version} and agree to sign it electronically in my own name. I "
    "understand that this is an uncertified electronic signature under Government Regulation (PP) "
    "71/2019 article 60, recorded by the platform.",
}


def words(
    lang: str, *, name: str, post: str, office: str, title: str, version: int, on_behalf: bool
) -> str:
    """The sentence in the reader's language (``id`` or ``en``)."""
    table = FOR_ANOTHER if on_behalf else OWN
    sentence = table.get(lang, table["id"])
    return sentence.format(name=name, post=post, office=office, title=title, version=version)


def digest(sentence: str) -> str:
    """Hex SHA-256 of the sentence as it was shown, with the version of its words."""
    return sha256(canonical({"version": VERSION, "words": sentence}))
