"""Settings: one list, checked, documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.arguments import parser
from geo.errors import SettingError
from geo.settings import DEFAULTS, SETTINGS, Setting, settings

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_readme_documents_every_setting(setting: Setting) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    row = next((line for line in readme.splitlines() if line.startswith(f"| `{setting.option}`")), "")
    assert setting.help in row
    assert setting.allowed() in row


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_default_is_allowed_and_survives_reading(setting: Setting) -> None:
    assert setting.read(setting.default) == setting.default
    assert settings({})[setting.name] == setting.default == DEFAULTS[setting.name]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_an_option_of_map(setting: Setting) -> None:
    given = parser().parse_args(["map", "a.txt", "-o", "a.html", setting.option, "x"])
    assert getattr(given, setting.name) == "x"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("view", "martian", r"view cannot be 'martian'; choose one of de_facto, de_jure, neutral\."),
        ("cell_km", "0", r"cell_km is 0; it must lie within 1 to 25 km\."),
        ("cell_km", "wide", r"cell_km is 'wide'; it must be a number"),
        ("cell_km", "nan", "cell_km is nan; it must lie within"),
        ("as_of", "yesterday", r"as_of is 'yesterday'; give a date such as"),
        ("colour", "red", "There is no setting 'colour'; the settings are along_km, around_km, as_of"),
    ],
)
def test_a_value_out_of_bounds_is_named_with_what_is_allowed(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        settings({name: value})
