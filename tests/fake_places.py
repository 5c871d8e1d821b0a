"""The places, roads and parties of the situations made by hand, with simple shapes."""

from __future__ import annotations

from typing import Any

from shapely import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.errors import UnknownPlace
from geo.records import Actor, Feature

IDLIB_CITY = Point(36.6317, 35.9306)
GOVERNORATE = Polygon(
    [
        (36.36, 35.98),
        (36.42, 36.23),
        (36.65, 36.24),
        (36.67, 36.33),
        (36.95, 36.10),
        (37.12, 35.93),
        (37.21, 35.66),
        (36.98, 35.42),
        (36.66, 35.36),
        (36.36, 35.47),
        (36.25, 35.62),
        (36.35, 35.80),
        (36.17, 35.85),
    ]
)
TO_THE_BORDER = Polygon(
    [
        (36.72, 35.90),
        (36.70, 35.99),
        (36.62, 36.13),
        (36.57, 36.23),
        (36.42, 36.21),
        (36.37, 36.04),
        (36.28, 35.96),
        (36.20, 35.93),
        (36.30, 35.87),
        (36.52, 35.86),
        (36.64, 35.86),
    ]
)
STRIP = Polygon(
    [
        (36.17, 35.85),
        (36.20, 35.95),
        (36.36, 36.02),
        (36.42, 36.26),
        (36.65, 36.27),
        (36.66, 36.41),
        (36.55, 36.40),
        (36.30, 36.28),
        (36.24, 36.06),
        (36.05, 35.93),
    ]
)
M5 = LineString(
    [
        (36.29, 33.51),
        (36.60, 33.74),
        (36.73, 34.02),
        (36.72, 34.73),
        (36.73, 34.93),
        (36.75, 35.13),
        (36.65, 35.44),
        (36.67, 35.64),
        (36.81, 35.86),
        (36.95, 36.0),
        (37.16, 36.2),
    ]
)
M4 = LineString(
    [
        (35.78, 35.52),
        (36.05, 35.68),
        (36.32, 35.81),
        (36.60, 35.81),
        (36.81, 35.86),
        (37.16, 36.2),
        (37.95, 36.53),
        (38.85, 36.18),
        (40.36, 36.66),
        (41.22, 37.04),
        (42.05, 36.85),
    ]
)
HMEIMIM = Point(35.9487, 35.4011)

RUSSIA = Actor(id="russia", name="Russia", kind="state", country="RU", colour="#b8443c")
TURKEY = Actor(id="turkey", name="Turkey", kind="state", country="TR", colour="#d08a1d")
SYRIA = Actor(id="syria-government", name="Syrian government", kind="state", country="SY", colour="#8c2f5e")
REBELS = Actor(id="syrian-opposition", name="Syrian opposition", kind="armed_group", country="SY", colour="#2f7d4f")

SHAPES: dict[str, BaseGeometry] = {
    "geonames:169389": IDLIB_CITY,
    "admin1:SY-ID": GOVERNORATE,
    "geonames:170063": Point(37.1612, 36.2012),
    "geonames:170654": Point(36.2912, 33.5102),
    "geonames:524901": Point(37.6156, 55.7522),
    "geonames:491422": Point(39.7303, 43.6),
    "geonames:300797": Point(36.5673, 36.2692),
    "base:hmeimim": HMEIMIM,
    "sea:black-sea": Polygon([(28, 42), (28, 44.5), (31, 46.3), (33.5, 45), (37, 44.8), (41.5, 42), (38, 41), (33, 42), (30, 41.2)]),
    "country:SY": box(35.7, 32.3, 42.3, 37.3),
    "country:TR": box(26, 36, 44.8, 42),
    "road:sy-m4": M4,
    "road:sy-m5": M5,
}
FEATURES = {
    feature.id: feature
    for feature in (
        Feature(id="geonames:169389", name="Idlib", kind="populated", lon=36.63, lat=35.93, country="SY", population=128840),
        Feature(id="admin1:SY-ID", name="Idlib", kind="admin", lon=36.6, lat=35.8, country="SY"),
        Feature(id="geonames:170063", name="Aleppo", kind="populated", lon=37.16, lat=36.2, country="SY"),
        Feature(id="geonames:170654", name="Damascus", kind="populated", lon=36.29, lat=33.51, country="SY"),
        Feature(id="geonames:524901", name="Moscow", kind="populated", lon=37.6, lat=55.75, country="RU"),
        Feature(id="geonames:491422", name="Sochi", kind="populated", lon=39.73, lat=43.6, country="RU"),
        Feature(id="geonames:300797", name="Reyhanlı", kind="populated", lon=36.57, lat=36.27, country="TR"),
        Feature(id="base:hmeimim", name="Hmeimim air base", kind="base", code="air_base", lon=35.95, lat=35.4, country="SY"),
        Feature(id="sea:black-sea", name="Black Sea", kind="water", lon=34, lat=43.5),
        Feature(id="country:SY", name="Syria", kind="country", lon=38.5, lat=35, code="SY"),
        Feature(id="country:TR", name="Turkey", kind="country", lon=35, lat=39),
        Feature(id="road:sy-m4", name="M4", kind="road", lon=38, lat=36.3),
        Feature(id="road:sy-m5", name="M5", kind="road", lon=36.7, lat=35),
    )
}


class FakeGazetteer:
    """The few features of this file, with their shapes."""

    view = "de_facto"

    def get(self, feature_id: str) -> Feature:
        if feature_id not in FEATURES:
            raise UnknownPlace(f"no feature {feature_id}")
        return FEATURES[feature_id]

    def shape(self, feature: Any) -> BaseGeometry:
        return SHAPES[getattr(feature, "id", feature)]
