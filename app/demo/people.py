"""Sample people: drawn by a seed of their own, and every one of them is called Contoh.

The same region and office give the same person on every machine and in every run.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

FAMILY = "Contoh"


def _names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_MEN = _names(
    "Agus Ahmad Andi Arif Asep Bambang Budi Cecep Darmawan Dedi Deni Edi Eko Fajar Firman "
    "Gunawan Hadi Hasan Hendra Herman Ibrahim Imam Indra Irfan Iwan Joko Kurnia Lukman "
    "Mahendra Mulyadi Nana Nasrullah Nugroho Purnama Rahmat Rudi Ridwan Rizal Saiful Samsul "
    "Slamet Sofyan Subagio Sugeng Suharto Sulaiman Supriadi Surya Syafrizal Syahrul Tatang "
    "Taufik Tri Ujang Wahyu Wawan Yanto Yohanes Yusuf Zainal"
)
_WOMEN = _names(
    "Ani Asri Ayu Citra Dewi Dian Dwi Eka Endang Erna Fatimah Fitri Hartati Indah Ida Kartika "
    "Lestari Lina Maya Maria Mega Murni Nani Nina Nur Nurlaila Puspa Ratna Retno Rina Rosmini "
    "Sari Siti Sri Sulastri Suryani Titin Tuti Umi Wati Wulan Yanti Yulia Yuni"
)
_BACK_LEADER = ("S.IP., M.Si.", "S.E., M.M.", "S.H., M.H.", "S.Sos., M.Si.", "M.Si.", "S.T., M.T.")
_BACK_OFFICER = ("S.Kom.", "S.Kom., M.T.", "S.T.", "S.E.", "S.Sos.", "A.Md.Kom.", "M.Kom.")
_LEADERS = ("bupati", "walikota", "wabup", "wawali", "sekda", "asisten")


@dataclass(frozen=True)
class SamplePerson:
    """Front title, name and back title: three fields, as in every letter."""

    front: str
    name: str
    back: str


def draw(*seed: str) -> random.Random:
    """A generator of the story's own; chance plays no part in what it gives."""
    return random.Random("contoh:" + ":".join(seed))  # noqa: S311 - a story, not a secret


def person(region: str, role: str, number: int = 0) -> SamplePerson:
    """The sample person who holds `role` in `region`; `number` tells successors and pools apart."""
    dice = draw("person", region, role, str(number))
    woman = dice.random() < (0.25 if role in _LEADERS else 0.4)
    given = dice.choice(_WOMEN if woman else _MEN)
    if dice.random() < 0.35:
        given += " " + dice.choice(_WOMEN if woman else _MEN)
    if role in _LEADERS:
        front = dice.choice(("", "Dr. ", "Drs. " if not woman else "Dra. ", "Ir. "))
        if dice.random() < 0.4:
            front += "Hj. " if woman else "H. "
        back = dice.choice(_BACK_LEADER)
    else:
        front = ""
        back = dice.choice(_BACK_OFFICER)
    return SamplePerson(front.strip(), f"{given} {FAMILY}", back)
