"""Phrases made of others, coasts and their sides, words that point back, unread names and distances that are set otherwise."""

from __future__ import annotations

import pytest

from geo import where
from geo.gazetteer import open_gazetteer
from geo.phrases import describe
from tests.test_phrases import phrases, read, recipes

SY_TR = 'Border("country:SY", "country:TR")'


@pytest.mark.parametrize(
    ("marked", "words", "recipe"),
    [
        (
            "Troops dig in around [Homs|P SY] and [Hama|P SY].",
            "around Homs and Hama",
            'Union(Around("geonames:169577"), Around("geonames:170017"))',
        ),
        ("They hold the [M4|R SY] and [M5|R SY] highways.", "the M4 and M5 highways", 'Union("road:sy-m4", "road:sy-m5")'),
        (
            "They met halfway between [Homs|P SY] and [Hama|P SY].",
            "halfway between Homs and Hama",
            'Part(Between("geonames:169577", "geonames:170017"), "central")',
        ),
        (
            "The tri-border area between [Mali|C ML], [Niger|C NE] and [Burkina Faso|C BF] burns.",
            "The tri-border area between Mali, Niger and Burkina Faso",
            'Intersection(Buffer("country:ML", 80), Buffer("country:NE", 80), Buffer("country:BF", 80))',
        ),
        (
            "[Turkish|D TR] troops pushed 30 km into [Syria|C SY].",
            "30 km into Syria",
            f'Strip({SY_TR.replace("SY", "XX").replace("TR", "SY").replace("XX", "TR")}, 30, "country:SY")',
        ),
        (
            "A zone 20 miles deep on the [Syrian|D SY] side of the border with [Turkey|C TR] was agreed.",
            "A zone 20 miles deep on the Syrian side of the border with Turkey",
            f'Strip({SY_TR}, 32.19, "country:SY")',
        ),
        ("Shells hit the [Syrian|D SY] north-east.", "the Syrian north-east", 'Part("country:SY", "northeast")'),
        (
            "Mines lie off the west coast of [Korea|C KR].",
            "off the west coast of Korea",
            'Strip(Part(Coast("", "country:KR"), "west"), 40, "sea")',
        ),
        (
            "The east coast of [Spain|C ES] burned.",
            "The east coast of Spain",
            'Strip(Part(Coast("", "country:ES"), "east"), 10, "country:ES")',
        ),
        ("They crossed to the left bank of the [Dnieper|V].", "the left bank of the Dnieper", 'Strip("river:dnieper", 5, "left")'),
        ("Ships sank in waters off [Yemen|C YE].", "waters off Yemen", 'Strip(Coast("", "country:YE"), 40, "sea")'),
        (
            "Jets flew north of the 36th parallel in [Iraq|C IQ].",
            "north of the 36th parallel in Iraq",
            'Intersection("country:IQ", Box(-180, 36, 180, 90))',
        ),
        (
            "They hold the coast from [Sidon|P LB] to [Tyre|P LB].",
            "the coast from Sidon to Tyre",
            'Strip(Section(Coast("", "country:LB"), "geonames:268064", "geonames:267008"), 10, "country:LB")',
        ),
        ("They hold [Mosul|P IQ] west of the [Tigris|V].", "Mosul west of the Tigris", 'Side("river:tigris", "geonames:99072", "west")'),
        (
            "They shut the [M4|R SY] in [Idlib|A SY] province.",
            "the M4 in Idlib province",
            'Intersection("road:sy-m4", "admin1:SY-ID")',
        ),
        (
            "A ship burned 12 nautical miles south of [Odesa|P UA].",
            "12 nautical miles south of Odesa",
            'Direction("geonames:698740", "south", 22.22)',
        ),
        (
            "Rebels are 60 km north of the capital, [Juba|P SS].",
            "60 km north of the capital, Juba",
            'Direction("geonames:373303", "north", 60)',
        ),
        (
            "[South Sudan|C SS] burns. Rebels are 60 km north of the capital.",
            "60 km north of the capital",
            'Direction("geonames:373303", "north", 60)',
        ),
        ("[Sudan|C SD] is at war. The west of the country starves.", "The west of the country", 'Part("country:SD", "west")'),
        ("[Idlib|P SY] fell. Shells hit villages near the city.", "near the city", 'Around("geonames:169389")'),
        ("[Idlib|P SY] fell. They hold the outskirts of the city.", "the outskirts of the city", 'Outskirts("geonames:169389")'),
        ("[Idlib|X SY] mourned. Shells hit the hills around the city.", "around the city", 'Around("geonames:169389")'),
        ("Mines drift in the [Strait of Hormuz|W]. The strait is shut.", "The strait", 'Named("sea:hormuz")'),
    ],
)
def test_words_become_this_recipe(marked: str, words: str, recipe: str) -> None:
    found = recipes(marked)
    assert found[next(text for text in found if words in text)] == recipe


@pytest.mark.parametrize(
    ("marked", "words", "recipe"),
    [
        ("[Warsaw|P PL] closed the [Polish|D PL]-Belarusian border.", "the Polish-Belarusian border", 'Border("country:PL", "country:BY")'),
        ("[Beirut|P LB] said the land south of the Litani is mined.", "the land south of the Litani", "river:litani-lb"),
        ("They hold the west bank of the Volga.", "the west bank of the Volga", 'Strip("river:volga", 5, "west")'),
        ("Mines lie off [Turkey|C TR]'s Aegean coast.", "off Turkey's Aegean coast", "sea:aegean"),
        ("[Damascus|P SY] said that the M5 is shut.", "M5", "road:sy-m5"),
    ],
)
def test_a_name_that_was_not_read_is_known_by_its_neighbours(marked: str, words: str, recipe: str) -> None:
    marked = marked if "[" in marked.split(" ")[0] else f"[Moscow|P RU] is quiet. {marked}"
    found = recipes(marked)
    assert recipe in found[next(text for text in found if words in text)]


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("He called off [Syria|C SY] talks.", "off Syria"),
        ("The army cut off [Latakia|P SY].", "off Latakia"),
        ("It is a day's march from [Homs|P SY].", "a day's march"),
        ("Fire came from off [Damascus|P SY].", "off Damascus"),
        ("[Damascus|P SY] said he carried the M4 carbine.", "M4"),
        ("[Homs|P SY] fell. The city council met outside the city hall.", "the city hall"),
        ("Shells hit near [Homs|P SY] and [Hama|P SY] was quiet.", "Hama"),
        ("[Homs|P SY] is quiet. The strait is closed.", "The strait"),
    ],
)
def test_what_is_no_area_is_left_alone(marked: str, words: str) -> None:
    assert [phrase.text for phrase in phrases(marked) if words in phrase.text] == []


def test_a_distance_that_is_set_is_written_into_the_recipe() -> None:
    document, mentions, places = read("Troops dig in near [Homs|P SY] and patrol along the [M4|R SY].")
    found = describe(
        document, mentions=mentions, places=places, gazetteer=open_gazetteer(view="de_facto"), defaults={"around_km": 7, "along_km": 2}
    )
    assert [where.text(phrase.where) for phrase in found] == ['Around("geonames:169577", 7)', 'Strip("road:sy-m4", 2)']


def test_the_distance_that_is_taken_is_told() -> None:
    assert where.words(where.parse('Around("geonames:169577")'), open_gazetteer()) == "around Homs (within 15 km)"
