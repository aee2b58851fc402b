"""Every component of the face, on one page, through the checks that every page passes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask, render_template_string
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FileField,
    RadioField,
    SelectField,
)
from wtforms.validators import InputRequired

from app import charts, status
from app.forms import Form, options, paragraph, text
from app.guard import open_to
from app.refusals import say
from cohorts.ground.refusal import Refusal
from tests.web.pages import Pages

GALLERY = Path(__file__).with_name("gallery.html")


class Everything(Form):
    """One field of each kind."""

    name = text("Na")
    day = DateField("Da", [InputRequired()])
    kind = SelectField("Ki", choices=options([("a", "Aa"), ("b", "Bb")]))
    note = paragraph("Nx", optional=True)
    answer = RadioField(
        "An", choices=options([("yes", "Ye"), ("no", "Noo")]), validators=[InputRequired()])
    agree = BooleanField("Ag")
    letter = FileField("Le")
    amount = DecimalField("Am", [InputRequired()])


def gallery(app: Flask) -> None:
    """Serve the gallery at /gallery, for this test only."""

    @app.route("/gallery", methods=["GET", "POST"])
    @open_to("public")
    def show() -> str:
        form = Everything()
        form.validate_on_submit()
        stops = [
            charts.Stop("AA", "1 Nov 2022", 0, 74, 0, 0),
            charts.Stop("BB", "9 Nov 2022", 62, 130, 11, 1),
            charts.Stop("CC", "21 Nov 2022", 160, 132, 40, 4),
            charts.Stop("DD", "14 Mar 2023", 208, 12, 118, 10),
            charts.Stop("EE", "30 Jun 2023", 195, 0, 141, 12),
        ]
        return render_template_string(
            GALLERY.read_text(), form=form, day=date(2023, 6, 30),
            now=datetime(2022, 11, 21, 1, 0, tzinfo=UTC), kinds=status.KINDS,
            said=say(Refusal("ground.file_size", limit=5_000_000)),
            map=charts.tile_map([("32", 3), ("32", 0), ("33", 1), ("73", 2)]),
            strips=charts.strips({"AA": [3, 0, 1], "BB": [2] * 12}), river=charts.flow(stops),
            lines=charts.survival([("AA", [(30, 0.66), (90, 0.54), (241, 0.39)])], 245))


def test_every_component_passes_the_checks_of_a_page(app: Flask, either: Pages) -> None:
    gallery(app)
    page = either.get("/gallery")
    assert len(page.all(".badge")) > 20


def test_what_is_wrong_stands_beside_the_field_and_in_the_summary(app: Flask,
                                                                  pages: Pages) -> None:
    gallery(app)
    page = pages.submit(pages.get("/gallery"), name="", day="2023-02-31", amount="x")
    summary = page.one(".error-summary")
    assert summary.get("tabindex") == "-1"
    assert summary.has_attr("autofocus")
    links = [a["href"] for a in summary.select("a")]
    assert links == ["#name", "#day", "#answer-0", "#amount"]
    day = page.one("#day")
    assert day["aria-invalid"] == "true"
    assert page.one(f"#{day['aria-describedby'].split()[0]}").get_text(strip=True) == (
        "Tanggal ini tidak ada. Contoh: 2023-02-28.")
    assert page.one("#day")["value"] == "2023-02-31", "what was typed is not lost"


def test_markup_in_a_name_is_shown_and_not_obeyed(app: Flask, pages: Pages) -> None:
    gallery(app)
    page = pages.submit(pages.get("/gallery"), name="<b onclick=x>Contoh</b>" + '"' * 3)
    assert page.one("#name")["value"] == '<b onclick=x>Contoh</b>"""'
    assert not page.all("b")


def test_a_name_of_five_hundred_characters_is_refused_in_words(app: Flask,
                                                               pages: Pages) -> None:
    gallery(app)
    page = pages.submit(pages.get("/gallery"), name="a" * 500)
    assert "Paling panjang 200 huruf." in page.text
