"""Laws of coordinates: which numbers are a place, where it lies, how exact it is, and what it says of the name beside it."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo import situation
from geo.coordinates import fix_of, fixes
from geo.documents import from_text
from geo.errors import InputError, UnknownPlace
from geo.gazetteer import open_gazetteer
from geo.geocoding import GeopyGazetteer, OfflineGeocoder
from geo.grid import from_mgrs, from_utm, to_mgrs, zone_of
from geo.points import extent_km, is_point, point, point_id, precision
from geo.projections import great_circle_km, utm_degrees, utm_metres
from geo.recognition import recognise
from geo.records import Mention, Place
from geo.resolution import candidates, precision_of, resolve
from geo.where import geometry, parse

# One place, written in every way that a report may use; to 2 km where the form itself is no finer.
SAME_PLACE = [
    "36.2012, 37.1612", "36.2012,37.1612", "36.2012; 37.1612", "(36.2012, 37.1612)", "36.2012 37.1612",
    "36.2012° N, 37.1612° E", "36.2012°N 37.1612°E", "36.2012N 37.1612E", "N36.2012 E37.1612", "N 36.2012°, E 37.1612°",
    "36,2012° N, 37,1612° E", "36.2012°, 37.1612°", "37.1612 E, 36.2012 N", "E 37.1612, N 36.2012",
    "36.2012 degrees north, 37.1612 degrees east", "36.2012° North and 37.1612° East", "latitude 36.2012° N, longitude 37.1612° E",
    "lat 36.2012, lon 37.1612", "Latitude: 36.2012, Longitude: 37.1612", "lat=36.2012 lng=37.1612", "lon 37.1612, lat 36.2012",
    "lat/lon 36.2012, 37.1612", "(lon, lat): (37.1612, 36.2012)",
    "36°12'04\"N 37°09'40\"E", "N 36°12'04\" E 37°09'40\"", "N 36°12′04″, E 37°09′40″", "36° 12’ 04” N, 37° 09’ 40” E",
    "36°12'04.3\" North, 37°09'40.3\" East", "36d12m04s N 37d09m40s E", "36 deg 12 min 04 sec N, 37 deg 09 min 40 sec E",
    "36°12.07'N 37°09.67'E", "36-12-04N 037-09-40E", "36:12:04N 37:09:40E", "N 36 12.072 E 037 09.672",
    "361204N 0370940E", "N361204 E0370940",
    "37S CA 34686 07831", "37SCA3468607831", "37S CA 3468 0783", "37SCA346078", "37S 334686 4007831", "37S 334686mE 4007831mN",
    "geo:36.2012,37.1612", "geo:36.2012,37.1612;u=35", "https://www.google.com/maps/@36.2012,37.1612,12z",
    "https://www.google.com/maps/place/X/@36.4,37.4,17z/data=!3m1!4b1!3d36.2012!4d37.1612", "https://maps.google.com/?q=36.2012,37.1612",
    "https://www.openstreetmap.org/?mlat=36.2012&mlon=37.1612#map=12/36.2012/37.1612", "https://www.openstreetmap.org/#map=12/36.2012/37.1612",
    "https://yandex.ru/maps/?ll=37.1612%2C36.2012&z=12", "https://bing.com/maps?cp=36.2012~37.1612", "POINT(37.1612 36.2012)",
    "36.2012 с. ш. 37.1612 в. д.", "36.2012° пн. ш., 37.1612° сх. д.", "36,2012° Nord, 37,1612° Est", "٣٦٫٢٠١٢° شمالاً، ٣٧٫١٦١٢° شرقاً",
]

NO_PLACE = [
    "Shares rose 10.5, 12.7 per cent.", "It cost $36.201, $37.161.", "The rates were 1.0845, 1.2673 dollars.", "12.03.2022, 13.03.2022",
    "at 10.30, 11.45", "won 6-4, 7-5", "call +963 11 222 3333", "version 10.15.7, 11.2.3", "odds of 1.5:2.5", "0.123, 0.456, 0.789",
    "36.2°C, 37.1°C", "temperatures of 36.2°, 37.1°", "95.2012, 37.1612", "36.2012, 190.1612", "the 38th parallel", "on the M4 and M5",
    "12,345, 67,890", "3.14159", "12.345 kg, 13.456 kg", "scores of 9.125, 9.250 points", "between 34 and 36 degrees north",
    "born 1.2.1990, died 3.4.2000", "192.168.1.1, 10.0.0.1", "2 S, 3 E", "by 36.201, 37.161%", "7.62 mm, 5.56 mm", "5.56, 7.62 and 12.7 mm",
    "Psalm 36:12, 37:9", "36N 37", "61SBV1234", "37IBV1234", "37SBV123", "EUR 12.345, 67.890", "36°72'N 37°09'E", "36°12'N 190°09'E",
    "36.2 N, 37.1 N", "a ratio of 1.234, 5.678 respectively", "the 36.2 and the 37.1",
    "12:30, 13:45", "Fig. 1.2, 3.4", "from 12.345 to 23.456",
    "Tel. 030.1234, 030.5678.9", "32XNG1234", "36.2,37.1",
    "12:08:36 UTC2014-11-01 22:08", "at 10:36 NAB 1234-56", "Table 2.1, 3.2",
]


def resolved(text: str) -> dict[str, Place]:
    gazetteer, report = open_gazetteer(), from_text(text)
    named = recognise(report, gazetteer=gazetteer)
    found = resolve(report, candidates(named, gazetteer=gazetteer), mentions=named, gazetteer=gazetteer)
    return {mention.text: place for place in found for mention in place.mentions}


@pytest.mark.parametrize("written", SAME_PLACE)
def test_every_way_of_writing_one_place_finds_it(written: str) -> None:
    text = f"They met there: {written}. Then they left."
    found = fixes(text)
    assert len(found) == 1, found
    km = float(great_circle_km(found[0].lon, found[0].lat, 37.1612, 36.2012))
    assert km <= max(0.002, found[0].radius_m / 1000)


@pytest.mark.parametrize("written", NO_PLACE)
def test_prices_dates_scores_times_and_versions_are_no_coordinates(written: str) -> None:
    assert [fix for fix in fixes(written) if fix.sure] == []


@pytest.mark.parametrize("written", NO_PLACE)
def test_what_is_no_coordinate_is_no_place_either(written: str) -> None:
    named = recognise(from_text(f"Officials said: {written}"), gazetteer=open_gazetteer())
    assert [mention for mention in named if mention.recogniser == "coordinates"] == []


@pytest.mark.parametrize(
    "cue", ["coordinates", "Coordinates:", "located at", "GPS:", "geolocated to", "координаты:", "coordonnées :", "grid"]
)
def test_a_pair_with_few_decimals_needs_a_cue(cue: str) -> None:
    assert [(fix.lat, fix.lon) for fix in fixes(f"It was {cue} 36.2, 37.1 today.")] == [(36.2, 37.1)]
    assert fixes("It was 36.2, 37.1 today.") == ()


def test_a_bare_pair_far_from_any_land_is_no_place() -> None:
    def found(text: str) -> list[str]:
        return [mention.text for mention in recognise(from_text(text), gazetteer=open_gazetteer()) if mention.recogniser == "coordinates"]

    assert found("The index stood at 1.234, 0.567 then.") == []
    assert found("The ship sank at coordinates 1.234, 0.567 then.") == ["1.234, 0.567"]
    assert found("The village is at 15.234, 44.567 there.") == ["15.234, 44.567"]


@pytest.mark.parametrize(
    ("written", "metres", "grade"),
    [
        ("36.2012345, 37.1612345", 1, 1), ("36.2012, 37.1612", 10, 1), ("36.201, 37.161", 100, 1), ("coordinates 36.2, 37.1", 10_000, 2),
        ("36°N, 37°E", 100_000, 4), ("36°12'N 37°09'E", 2_000, 1), ("36°12'04\"N 37°09'40\"E", 30, 1), ("37SCA3407", 1_000, 1),
        ("37SCA346078", 100, 1), ("37SCA34680783", 10, 1), ("37SCA3468607831", 1, 1), ("geo:36.2,37.1;u=400", 400, 1),
    ],
)
def test_precision_follows_the_digits(written: str, metres: int, grade: int) -> None:
    fix = fixes(written)[0]
    feature = open_gazetteer().get(point_id(fix.lon, fix.lat, radius_m=fix.radius_m))
    assert extent_km(feature.id) * 1000 == metres
    assert precision_of(feature) == precision(feature.id) == grade


# Computed with the program of the standard (GEOTRANS, through the package mgrs 1.5.0); 38SMB and 4QFJ are in textbooks, too.
GRID = [
    (-33.8568, 151.2153, "56HLH3490052288"), (51.5007, -0.1246, "30UXC9956709427"), (36.2012, 37.1612, "37SCA3468607831"),
    (-1.2921, 36.8219, "37MBU5763457079"), (60.3913, 5.3221, "32VKN9735300648"), (78.2232, 15.6267, "33XWG1427883355"),
    (-54.8019, -68.3030, "19FEV4480527029"), (35.6762, 139.6503, "54SUE7785548874"), (48.5953, 37.9999, "37UDP2625982951"),
    (16.2666, -0.0450, "30QZD1585600708"), (-17.7333, 178.0, "60KXF0602539038"), (79.0, 8.5, "31XFH1698975490"),
    (79.0, 22.0, "35XLH9361974533"), (79.0, 35.0, "37XDH1485972892"), (33.3, 44.4, "38SMB4414084706"),
    (38.8977, -77.0365, "18SUJ2339407395"),
]


@pytest.mark.parametrize(("lat", "lon", "reference"), GRID)
def test_grid_references_agree_with_the_standard(lat: float, lon: float, reference: str) -> None:
    assert to_mgrs(lon, lat) == reference
    zone, letters, digits = int(reference[:2]), reference[2:5], reference[5:]
    square = from_mgrs(zone, letters, digits)
    assert square is not None
    assert float(great_circle_km(square.lon, square.lat, lon, lat)) < 0.0015


@pytest.mark.parametrize(
    ("lon", "lat", "zone"),
    [(2.9, 60.0, 31), (3.0, 60.0, 32), (5.9, 60.0, 32), (5.9, 55.9, 31), (8.9, 75.0, 31), (9.0, 75.0, 33), (21.0, 75.0, 35),
     (33.0, 75.0, 37), (41.9, 75.0, 37), (-180.0, 0.0, 1), (179.9, 0.0, 60), (180.0, 0.0, 1)],
)
def test_zones_have_the_exceptions_of_norway_and_svalbard(lon: float, lat: float, zone: int) -> None:
    assert zone_of(lon, lat)[0] == zone


@given(st.floats(-180, 180), st.floats(-80, 84), st.sampled_from([4, 6, 8, 10]))
@example(-180.0, 0.0, 10)
@example(180.0, -80.0, 10)
@example(0.0, 84.0, 10)
@example(5.9999999, 55.9999999, 10)
def test_a_grid_reference_leads_back_to_its_square(lon: float, lat: float, digits: int) -> None:
    reference = to_mgrs(lon, lat, digits=digits)
    fix = fix_of(reference)
    assert fix is not None
    assert float(great_circle_km(fix.lon, fix.lat, lon, lat)) <= 0.001 * fix.radius_m * math.sqrt(0.5) * 1.01 + 0.0002


@given(st.floats(-180, 180), st.floats(-80, 84))
def test_utm_leads_there_and_back(lon: float, lat: float) -> None:
    zone, _ = zone_of(lon, lat)
    easting, northing = utm_metres(lon, lat, zone=zone, south=lat < 0)
    back = utm_degrees(easting, northing, zone=zone, south=lat < 0)
    assert float(great_circle_km(*back, lon, lat)) < 0.0001


def test_the_letter_of_utm_is_a_band_where_it_can_be_and_a_hemisphere_else() -> None:
    asked = ((37, "S", 312345, 4012345), (37, "N", 312345, 4012345), (33, "S", 500000, 8000000))
    band, north, south = (from_utm(*reference) for reference in asked)
    assert band == north
    assert south is not None
    assert south.lat < -18


@pytest.mark.parametrize(("lon", "lat", "digits"), [(0.0, 85.0, 10), (0.0, -80.1, 10), (181.0, 0.0, 10), (0.0, 0.0, 5), (0.0, 0.0, 12)])
def test_what_has_no_grid_reference_is_an_error(lon: float, lat: float, digits: int) -> None:
    with pytest.raises(InputError, match="give"):
        to_mgrs(lon, lat, digits=digits)


@given(st.floats(-90, 90).map(lambda x: round(x, 5)), st.floats(-180, 180).map(lambda x: round(x, 5)))
def test_an_id_leads_back_to_its_point(lat: float, lon: float) -> None:
    feature = point(point_id(lon, lat, radius_m=1))
    assert (feature.lat, feature.lon) == (lat, lon)


@pytest.mark.parametrize(
    "feature_id", ["point:", "point:91,0", "point:0,181", "point:a,b", "point:1,2;u=", "point:1;2", "point:" + "1" * 400]
)
def test_an_id_that_is_no_point_is_unknown(feature_id: str) -> None:
    with pytest.raises(UnknownPlace, match="no point"):
        open_gazetteer().get(feature_id)


@given(st.text(alphabet="0123456789.,-°'\"NSEW gridlaton:@/()\n", max_size=80))
def test_any_text_is_read_without_overlaps_and_on_the_globe(text: str) -> None:
    end = 0
    for fix in fixes(text):
        assert end <= fix.start < fix.end <= len(text)
        assert abs(fix.lat) <= 90
        assert abs(fix.lon) <= 180
        assert fix.radius_m > 0
        assert text[fix.start : fix.end] == text[fix.start : fix.end].strip()
        end = fix.end


@pytest.mark.parametrize(
    "unit", ["36° ", "36.2012, 37.1612 ", "1", "@36.2,37.1", "lat 36.2 ", "37S BV 12345 ", "coordinates 36.2 ", "N 36 12 "]
)
def test_reading_takes_time_by_the_length_of_the_text(unit: str) -> None:
    def seconds(length: int) -> float:
        text, took = (unit * length)[:length], []
        for _ in range(3):  # the least: a round of the collector may fall into any of them
            start = time.process_time()
            fixes(text)
            took.append(time.process_time() - start)
        return min(took)

    assert seconds(32_000) < 8 * seconds(8_000) + 0.2


def test_coordinates_are_literal_places_of_their_country_with_a_reason() -> None:
    place = resolved("Jets struck 15.3547 N, 44.2066 E in Yemen.")["15.3547 N, 44.2066 E"]
    assert (place.feature.country, place.feature.kind, place.precision) == ("YE", "other", 1)
    assert place.reason == "written as coordinates; good to about 10 m"
    assert {mention.use for mention in place.mentions} == {"literal"}
    assert 0.9 < place.confidence <= 1


@pytest.mark.parametrize(
    ("text", "name", "feature"),
    [
        ("A blast hit Kafr Nabl (35.614, 36.561).", "Kafr Nabl", "geonames:168661"),
        ("Floods reached Springfield (39.9242, -83.8088) at noon.", "Springfield", "geonames:4525353"),
        ("Floods reached Springfield (37.2153, -93.2983) at noon.", "Springfield", "geonames:4409896"),
        ("Gunmen fired on Tripoli (34.4367, 35.8497).", "Tripoli", "geonames:266826"),
        ("Gunmen fired on Tripoli, 32.8874° N, 13.1873° E.", "Tripoli", "geonames:2210247"),
        ("The clinic in Rafah at coordinates 31.287, 34.259 closed.", "Rafah", "geonames:281102"),
        ("At 48.5953, 37.9999 (Bakhmut) a bridge fell.", "Bakhmut", "geonames:713174"),
        ("Police in Valencia, Carabobo (10.162, -68.0077), said so.", "Valencia", "geonames:3625549"),
    ],
)
def test_of_the_places_of_a_name_the_one_at_the_coordinates_beside_it_is_meant(text: str, name: str, feature: str) -> None:
    place = resolved(text)[name]
    assert place.feature.id == feature
    assert "coordinates beside the name" in place.reason


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rebels in Syria hold Kafr Xyzov (35.7123, 36.5612) now.", "Kafr Xyzov"),
        ("A drone hit the village of Novoxyzivka (48.6512, 38.0512), Ukrainian officials said.", "Novoxyzivka"),
        ("A blast hit San Antonio (10.2341, -67.9123) in Venezuela.", "San Antonio"),
        ("Lima is located at 35°10′24″N 96°35′54″W, the county says.", "Lima"),
    ],
)
def test_a_name_with_no_place_near_takes_the_coordinates_beside_it(text: str, name: str) -> None:
    place = resolved(text)[name]
    assert is_point(place.feature.id)
    assert place.feature.name == name
    assert f"no {name} is known there" in place.reason


@pytest.mark.parametrize(
    "text", ["They met near Aleppo at coordinates 35.1012, 38.5012.", "A camp in Aleppo is located at 35.1012, 38.5012."]
)
def test_coordinates_of_something_near_a_name_are_not_those_of_the_name(text: str) -> None:
    assert not is_point(resolved(text)["Aleppo"].feature.id)


@pytest.mark.parametrize("text", ["Syria (35.0, 38.0) is at war. Coordinates 35.0, 38.0.", "Trade with Turkey (36.2012, 37.1612) fell."])
def test_a_country_stays_a_country_whatever_stands_beside_it(text: str) -> None:
    assert next(iter(resolved(text).values())).feature.kind == "country"


@pytest.mark.parametrize(
    "text", ["Figure (36.201, 37.161) shows it.", "Mr. Karim Haddad (36.201, 37.161) left.", "See Table (36.201, 37.161)."]
)
def test_things_and_people_are_no_places_for_having_coordinates(text: str) -> None:
    assert list(resolved(text)) == ["36.201, 37.161"]


def test_opposite_signs_are_opposite_places() -> None:
    found = resolved("They struck coordinates -15.2012, 37.1612 and coordinates 15.2012, 37.1612.")
    assert {place.feature.lat for place in found.values()} == {-15.2012, 15.2012}


@pytest.mark.parametrize(
    "text",
    ["The hill is at 35°10′24″N 96°35′54″W (35.173362, -96.598337).", "Grid 37SCA3407 / 36.1976° N, 37.1595° E was hit.",
     "The wreck lies at 14°01'N 042°58'E (14.0167, 42.9667), officials said."],
)
def test_one_place_written_twice_side_by_side_is_one_place(text: str) -> None:
    found = resolved(text)
    assert len(found) == 2
    assert len({place.feature.id for place in found.values()}) == 1
    assert next(iter(found.values())).precision == 1


def test_given_spans_may_be_coordinates() -> None:
    report = from_text("At 36.2012, 37.1612 it burned.")
    given_span = (Mention(document_id=report.id, start=3, end=19, text="36.2012, 37.1612", kind="other", recogniser="given"),)
    gazetteer = open_gazetteer()
    found = resolve(report, candidates(given_span, gazetteer=gazetteer), mentions=given_span, gazetteer=gazetteer)
    assert [place.feature.id for place in found] == ["point:36.2012,37.1612;u=10"]


@pytest.mark.parametrize("query", ["36.2, 37.1", "36.2012° N, 37.1612° E", "37SCA3468607831", "geo:36.2,37.1", "36, 37"])
def test_coordinates_can_be_searched_like_a_name(query: str) -> None:
    hits = open_gazetteer().search(query)
    assert [hit.feature.country for hit in hits] == ["SY"]
    assert OfflineGeocoder().geocode(query).latitude == pytest.approx(36.2, abs=0.21)


def test_a_service_for_names_is_not_asked_for_coordinates(tmp_path: Path) -> None:
    gazetteer = GeopyGazetteer(OfflineGeocoder(), cache=tmp_path / "answers.sqlite")
    hit = gazetteer.search("36.2012, 37.1612")[0]
    assert gazetteer.get(hit.feature.id) == hit.feature
    assert (hit.feature.lat, hit.feature.lon) == (36.2012, 37.1612)


@pytest.mark.parametrize("query", ["95.2, 37.1", "36.2, 190.5", "36.2"])
def test_numbers_that_are_nowhere_find_nothing(query: str) -> None:
    assert fix_of(query) is None
    assert not [hit for hit in open_gazetteer().search(query) if is_point(hit.feature.id)]


def test_vague_coordinates_are_drawn_as_vague_as_they_are() -> None:
    gazetteer = open_gazetteer()
    sharp, vague = gazetteer.shape("point:36.2012,37.1612;u=10"), gazetteer.shape("point:36.2,37.2;u=10000")
    assert sharp.geom_type == "Point"
    west, _, east, _ = vague.bounds
    assert float(great_circle_km(west, 36.2, east, 36.2)) == pytest.approx(20, rel=0.02)
    assert not geometry(parse('"point:36.2012,37.1612;u=10"'), gazetteer).is_empty


def test_claims_about_coordinates_are_drawn_there() -> None:
    report = from_text("Turkish forces captured 36.5123, 37.9512 in Syria on 5 March 2020. "
                       "Rebels control the area 5 km north of 35.9301, 36.6342.")
    read = situation.read([report], gazetteer=open_gazetteer())
    drawn = [shape for claim in read.claims if (shape := read.geometry(claim)) is not None]
    assert any(shape.distance(geometry(parse("Point(37.9512, 36.5123)"), read.gazetteer)) < 0.01 for shape in drawn)
    assert any("Direction" in str(type(phrase.where).__name__) for phrase in read.phrases)


def test_the_command_line_geocodes_coordinates(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "geo", "geocode", "--json", "36.2, 37.1", "37S CA 34686 07831"],
        cwd=root, capture_output=True, text=True, check=True,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["country"], round(row["lat"], 1), round(row["lon"], 1)) for row in rows] == [("SY", 36.2, 37.1), ("SY", 36.2, 37.2)]
