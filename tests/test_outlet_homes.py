"""Laws of outlets: whose home is known, whose is not, and what is no outlet at all."""

from __future__ import annotations

import pytest

from geo.corpus import parse_lines
from geo.documents import from_text
from geo.gazetteer import open_gazetteer
from geo.outlets import KEYS, home_of, is_outlet, outlet_named

TEXT = "A spokesman said on Monday that nothing had happened."


def home(source: str, text: str = TEXT) -> str | None:
    found = home_of(from_text(text, source=source), gazetteer=open_gazetteer())
    return found.id if found is not None else None


@pytest.mark.parametrize("source", ["LGL", "lgl", "gwn", "trnews", "TR-News", "conflict_re3d", "tud", "wiktor", "geocorpora", "",
                                    "the text itself", "https://[", "//", "a.b", "Salient", "written for a test", "x" * 2000, "..."])
def test_what_is_no_outlet_says_nothing(source: str) -> None:
    assert not is_outlet(source)
    assert home(source) is None
    assert outlet_named({"source": source}) == ""


@pytest.mark.parametrize("source", ["Reuters", "https://www.reuters.com/world/story", "Al Jazeera", "AFP", "https://edition.cnn.com/2020/story"])
def test_an_outlet_of_the_world_is_at_home_nowhere(source: str) -> None:
    assert is_outlet(source)
    assert home(source) is None


@pytest.mark.parametrize(
    ("source", "feature"),
    [
        ("The Oregonian", "geonames:5746545"), ("https://www.oregonlive.com/news/x", "geonames:5746545"),
        ("bangor daily news", "geonames:4957280"), ("https://www.startribune.com/local/1", "geonames:5037649"),
        ("The Scotsman", "geonames:2650225"), ("Newcastle Herald", "geonames:2155472"),
        ("SANA", "country:SY"), ("https://sana.sy/en/?p=1", "country:SY"), ("Le Monde", "country:FR"),
        ("news.nation.africa", "country:KE"), ("Hurriyet", "country:TR"),
    ],
)
def test_an_outlet_of_the_table_is_known_by_its_name_and_its_host(source: str, feature: str) -> None:
    assert home(source) == feature


@pytest.mark.parametrize(
    ("source", "text", "feature"),
    [
        ("Springfield Gazette", "Police in Illinois said so.", "geonames:4250542"),
        ("springfieldgazette.com", "Police in Missouri said so.", "geonames:4409896"),
        ("https://www.paris-beacon.com/news/1", "The county in Texas was flooded.", "geonames:4717560"),
        ("lasvegasherald.com", "The state of Nevada votes.", "geonames:5506956"),
        ("The Medina Post", "Saudi Arabia said so.", "geonames:109223"),
        ("Aleppo Today", TEXT, "geonames:170063"),
        ("www.cambridge-mail.co.uk", TEXT, "geonames:2653941"),
    ],
)
def test_a_town_in_the_name_of_an_outlet_is_its_home_where_the_report_tells_which(source: str, text: str, feature: str) -> None:
    assert home(source, text) == feature


@pytest.mark.parametrize("source", ["Springfield Gazette", "springfieldgazette.com", "Daily News", "The Evening Post", "dailystar.com"])
def test_a_town_that_could_be_many_or_none_is_no_home(source: str) -> None:
    assert home(source) is None


def test_the_first_field_that_names_an_outlet_counts() -> None:
    given = dict.fromkeys(KEYS, "no outlet") | {"url": "https://www.bangordailynews.com/x", "source": "LGL"}
    assert outlet_named(given) == "https://www.bangordailynews.com/x"
    assert outlet_named({"publisher": "Le Monde", "url": 7, "source": None}) == "Le Monde"


def test_lines_of_json_may_name_their_outlet() -> None:
    lines = ['{"id": 1, "text": "A man from Hampden was held.", "source": "Bangor Daily News"}',
             '{"id": 2, "text": "A man from Hampden was held.", "source": "LGL"}']
    first, second = (line["toponyms"][0] for line in parse_lines(lines, gazetteer=open_gazetteer()))
    assert "outlet" not in first
    assert round(first["lat"]) == 45
    assert second["lat"] is None or round(second["lat"]) != 45
