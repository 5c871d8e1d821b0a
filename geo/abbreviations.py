"""Which words end in a stop that ends no sentence.

Usage of English-language news: titles and ranks, months, measures and forms of company; small letters, without the stop.
"""

from __future__ import annotations

__all__ = ["ABBREVIATIONS", "BEFORE_NAME", "BEFORE_NUMBER", "STARTERS", "STATES"]


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


BEFORE_NAME = _words(
    "mr mrs ms messrs mme mlle dr drs prof rev fr hon pres gov govs sen sens rep reps amb sec min gen gens lt col cols maj capt cpt sgt "
    "cpl pvt brig adm vadm radm cmdr comdr cdr cmd sqn wg spc pfc supt insp det st ste mt ft sr jr vs msgr pt cape ave"
)
"""Titles, ranks and first parts of place names: the name follows."""

BEFORE_NUMBER = _words(
    "no nos jan feb mar apr jun jul aug sept sep oct nov dec fig figs art arts para paras ch vol pp op approx ca bn res"
)
"""Words whose stop ends no sentence when a number follows."""

ABBREVIATIONS = BEFORE_NAME | BEFORE_NUMBER | _words(
    "km kms mi sq lb lbs kg hrs hr mins inc ltd co corp cos bros dept est etc al cf ed eds esp viz ie eg am pm ad bc a.m p.m e.g i.e u.s "
    "u.k u.n e.u d.c k.g.b univ assn govt natl intl mil int ext misc ret div bde regt rgt btn plt tel mon tue tues wed thu thur thurs fri "
    "sat sun"
)
"""Every word whose stop may stand inside a sentence."""

STATES = _words(
    "Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Kans Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn Tenn Tex Va Vt "
    "Wash Wis Wyo Alta Man Nfld Ont Que Sask Twp Snr Jnr"
)
"""Names cut short that are words of their own in small letters, so the capital counts: states, provinces, townships."""

STARTERS = _words(
    "a an the this that these those he she it they we you i his her its their our but and or so yet in on at by for from to of with as if "
    "when while after before since until although though because however meanwhile moreover there here what who why how where one two some "
    "many most all both each no not mr mrs ms president general officials according only even still also then now"
)
"""Words that often begin a sentence; after an initial or an acronym they show that one began."""
