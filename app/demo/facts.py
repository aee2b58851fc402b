"""What is true of the Living Lab, and what the demo adds to it as a sample.

True: the three convenings with their dates, places, zones and guests, the reference
index 3.52, the means 2.24 and 3.5, 62 regions of which about 52 had visited, and that
another minister opened the third convening. Sample: who the 62 are, every person,
every reply, every item and its fate, and the fourth convening.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

REFERENCE_CODE = "32.11"  # Kabupaten Sumedang
REFERENCE_INDEX = "3.52"
REFERENCE_SOURCE = "Kementerian PANRB, hasil evaluasi SPBE 2021"
MEAN_INDEX, MEAN_TARGET, TARGET_YEAR = "2.24", "3.5", 2025
VISITORS, HIGH_PERFORMERS = 52, 10

PASSWORD = "contoh-living-lab-2022"  # noqa: S105 - published on purpose, refused on https
ORGANISER = ("sekretariat@contoh.id", "Rina Contoh")
MENTOR = ("pemeriksa@contoh.id", "Ratna Contoh")
DOOR = ("pintu@contoh.id", "Dewi Contoh")


@dataclass(frozen=True)
class Place:
    """A venue and the hours of its convening, in its own zone."""

    name: str
    address: str
    zone: str


@dataclass(frozen=True)
class Planned:
    """One convening of the series, as it was planned."""

    number: int
    title: str
    purpose: str
    place: Place
    day: date
    last_day: date
    start: time
    end: time
    roles: tuple[tuple[str, int], ...]
    """Who is invited: (role of the office, seats); `head` is bupati or wali kota."""
    policy: str
    hosts: str
    opener: str
    opened_by: str
    """Who in the event opened it."""
    dress: str
    programme: tuple[tuple[time, str, str], ...]


JAKARTA = Place(
    "Hotel Grand Mercure Kemayoran, Jakarta", "Kemayoran, Jakarta Pusat", "Asia/Jakarta"
)
JATINANGOR = Place(
    "Puri Khatulistiwa, Jatinangor", "Kabupaten Sumedang, Jawa Barat", "Asia/Jakarta"
)
BALI = Place("Kampus UID, Bali", "Serangan, Kota Denpasar", "Asia/Makassar")
SUMEDANG = Place("Gedung Negara, Sumedang", "Kabupaten Sumedang, Jawa Barat", "Asia/Jakarta")

CONVENINGS = (
    Planned(
        1,
        "Satu pandangan tentang Living Lab",
        "Menyamakan pandangan tentang Living Lab dan cara kerjanya.",
        JAKARTA,
        date(2022, 11, 1),
        date(2022, 11, 1),
        time(9),
        time(15, 30),
        (("sekda", 1), ("kadiskominfo", 1)),
        "one_level_down",
        "Kementerian Dalam Negeri",
        "Kementerian Dalam Negeri",
        "Kementerian Dalam Negeri",
        "Batik lengan panjang",
        (
            (time(9), "Pembukaan", "Kementerian Dalam Negeri"),
            (time(10), "Perjalanan digital Sumedang", "Kabupaten Sumedang"),
            (time(13), "Cara kerja Living Lab", "Sekretariat"),
            (time(15), "Kesepakatan tindak lanjut", "Sekretariat"),
        ),
    ),
    Planned(
        2,
        "Lokakarya: indeks dari 2,24 ke 3,5",
        "Menyusun langkah menaikkan rata-rata indeks SPBE dari 2,24 menjadi 3,5 pada 2025.",
        JATINANGOR,
        date(2022, 11, 7),
        date(2022, 11, 9),
        time(8, 30),
        time(16),
        (("kabid", 1), ("operator", 1)),
        "assign",
        "Kabupaten Sumedang",
        "Bupati Sumedang",
        "Bupati Sumedang",
        "Batik",
        (
            (time(8, 30), "Yang dibawa dari Pertemuan ke-1", "Sekretariat"),
            (time(9, 30), "Penilaian mandiri, indikator demi indikator", "Kabupaten Sumedang"),
            (time(13), "Memilih satu praktik untuk ditiru", "Semua daerah"),
        ),
    ),
    Planned(
        3,
        "Penandatanganan Komitmen Bersama",
        "Menyusun dan menandatangani Komitmen Bersama.",
        BALI,
        date(2022, 11, 21),
        date(2022, 11, 21),
        time(9),
        time(16),
        (("head", 1),),
        "one_level_down",
        "Kementerian Dalam Negeri",
        "Menteri Dalam Negeri",
        "Menteri lain",
        "Batik lengan panjang",
        (
            (time(9), "Pembukaan", "Pembawa acara"),
            (time(9, 15), "Yang dibawa dari Pertemuan ke-2", "Sekretariat"),
            (time(10), "Arahan", "Menteri Dalam Negeri (rencana)"),
            (time(10, 45), "Pembacaan naskah Komitmen Bersama", "Bupati Sumedang"),
            (time(11, 15), "Penandatanganan", "Bupati dan wali kota"),
            (time(13, 30), "Rencana aksi per daerah", "Sekretariat"),
        ),
    ),
    Planned(
        4,
        "Berbagi hasil tiga bulan pertama",
        "Berbagi hasil, kendala, dan jalan keluar setelah tiga bulan.",
        SUMEDANG,
        date(2023, 3, 14),
        date(2023, 3, 14),
        time(9),
        time(15),
        (("sekda", 1),),
        "one_level_down",
        "Kabupaten Sumedang",
        "Bupati Sumedang",
        "Bupati Sumedang",
        "Batik lengan panjang",
        (
            (time(9), "Yang dibawa dari Pertemuan ke-3", "Sekretariat"),
            (time(10, 30), "Berbagi hasil", "Daerah peserta"),
            (time(13), "Kendala dan jalan keluar", "Daerah peserta"),
        ),
    ),
)


@dataclass(frozen=True)
class Template:
    """One action for every member, raised in a convening."""

    convening: int
    role: str
    title: str
    criterion: str
    due: date


TEMPLATES = (
    Template(
        1,
        "sekda",
        "Tim koordinasi SPBE ditetapkan",
        "Keputusan kepala daerah tentang Tim Koordinasi SPBE bernomor, salinannya diunggah.",
        date(2022, 11, 15),
    ),
    Template(
        2,
        "kadiskominfo",
        "Penilaian mandiri SPBE diisi",
        "Lembar penilaian mandiri lengkap, ditandatangani Kadiskominfo.",
        date(2022, 11, 30),
    ),
    Template(
        2,
        "kabid",
        "Satu praktik dipilih untuk ditiru",
        "Surat minat kepada daerah pemilik praktik, bertanggal dan ditandatangani.",
        date(2022, 12, 9),
    ),
)

MEETING_ITEMS: dict[int, tuple[tuple[str, str], ...]] = {
    1: (
        ("Narahubung program ditunjuk", "Nama dan jabatan narahubung terdaftar."),
        ("Dua operator didaftarkan", "Kedua operator terdaftar dan mengikuti pengarahan."),
        ("Peta rencana SPBE dilampirkan", "Dokumen peta rencana diunggah."),
        ("Data kunjungan dirapikan", "Daftar kunjungan dengan tanggal dan sumber diserahkan."),
        ("Jaringan antar-OPD dipetakan", "Peta jaringan diunggah."),
        ("Anggaran 2023 dikunci untuk SPBE", "Nomor kegiatan dalam RKPD disebutkan."),
    ),
    2: (
        ("Pelatihan e-Office dijadwalkan", "Jadwal pelatihan disetujui Sekda."),
        ("Portal layanan disambungkan", "Satu layanan dapat dibuka dari portal."),
        ("Katalog aplikasi disusun", "Katalog memuat pemilik dan keadaan tiap aplikasi."),
    ),
    3: (
        ("SK tim diserahkan ke sekretariat", "Salinan SK bernomor diterima sekretariat."),
        ("Jadwal pendampingan disusun", "Jadwal disepakati kedua daerah."),
        ("Berbagi kode sumber aplikasi", "Repositori dapat dibuka daerah lain."),
        ("Kode kegiatan diseragamkan", "Kode kegiatan sama dipakai dalam RKPD."),
    ),
    4: (
        ("Kendala pusat data dibawa ke provinsi", "Surat ke provinsi bernomor."),
        ("Pendampingan putaran kedua", "Berita acara pendampingan diunggah."),
        ("Hasil uji coba dipublikasikan", "Laporan uji coba dapat dibaca umum."),
    ),
}

PLEDGE_TITLE = (
    "Komitmen Bersama Implementasi Platform Kolaboratif Indonesia Digital Services Living Lab"
)
PLEDGE_PREAMBLE = (
    "Dalam rangka mempercepat pemerintahan berbasis elektronik yang terpadu dan dirasakan "
    "manfaatnya oleh masyarakat, kami, para Bupati dan Wali Kota peserta Living Lab, dengan ini "
    "menyatakan komitmen untuk:"
)
PLEDGE_CLAUSES = (
    "menerapkan sekurang-kurangnya satu praktik baik dari daerah lain;",
    "menetapkan Tim Koordinasi SPBE yang dipimpin Sekretaris Daerah;",
    "menyusun rencana aksi dan melaksanakannya sesuai tenggat;",
    "berbagi aplikasi, data, dan pengalaman dengan daerah lain;",
    "melaporkan kemajuan apa adanya pada setiap pertemuan; dan",
    "saling mendukung secara gotong royong.",
)
PLEDGE_CLOSING = (
    "Komitmen ini kami buat dengan penuh kesadaran dan tanggung jawab untuk dilaksanakan "
    "sebagaimana mestinya."
)

PLEDGE_PROMISES = (
    (
        "Rencana aksi 2023 disusun",
        "Rencana aksi ditetapkan kepala daerah dan diunggah.",
        "sekda",
        date(2023, 1, 20),
        "",
        "belum ada",
        "ditetapkan",
    ),
    (
        "Satu praktik baik diterapkan",
        "Praktik berjalan di sedikitnya satu perangkat daerah, dengan berita acara.",
        "kadiskominfo",
        date(2023, 6, 30),
        "praktik",
        "0",
        "1",
    ),
)
"""Title, criterion, owner's post, due date, unit, baseline, target: an item each when signed."""
