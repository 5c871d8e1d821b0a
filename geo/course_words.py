"""Which words tell of a course: prepositions of origin and goal, verbs of leaving and shooting, and those whose journeys are none.

General knowledge of English; `geo.courses` reads sentences with them.
"""

from __future__ import annotations

import re

__all__ = [
    "AHEAD", "ALSO", "AT", "AWAY", "CARRIED", "CLOSE", "COMING", "COMPASS", "FIRED", "FOLLOWING", "LEAVING", "LEFT_FOR",
    "OUT_OF", "PEACEFUL", "PLATFORMS", "SHOOTING", "UNARMED",
]

COMPASS = re.compile(r"(north|south)(?:[-\s]?(east|west))?(?:wards?)?\b|(east|west)(?:wards?)?\b", re.IGNORECASE)
AHEAD = frozenset({"to", "toward", "towards", "into", "onto", "on to", "up to", "back to", "back into", "as far as", "in to"})
FOLLOWING = frozenset({"along", "via", "up", "down", "on", "by"})
OUT_OF = ("from", "out of")
AT = frozenset({"on", "at", "against", "in", "near", "upon"})
ALSO = re.compile(r"\s*(?:,\s*and|,|and|or)\s+(?:also\s+)?(?:from\s+)?(?:the\s+)?(?=north|south|east|west)", re.IGNORECASE)
"""What joins one side to the next ("from the north, the east and the south-west")."""
AWAY = re.compile(
    r"(?:\b(?:far|away|apart|aside|remote|distant|kilomet(?:re|er)s?|kms?|miles?|metres?|meters?|yards?|feet|minutes?|hours?|days?|"
    r"distance|drive|march|range)|\d)\s+$",
    re.IGNORECASE,
)
"""Words before "from" that measure how far away something is."""
LEAVING = re.compile(
    r"withdr|pull|retreat|f[ea]ll|flee|fled|evacuat|driv|drov|expel|expul|forc|oust|eject|dislodg|evict|thr[eo]w|rout|chas|push|beat|left|"
    r"leav|quit|slip|disengag|redeploy|decamp|depart|br[eo]ak|melt|re-?embark|roll|mov|went|gone|march|sail|fl[eoy]w|ship|bus|walk|fil|"
    r"abandon|airlift|ferri|truck|escort|recall|exfiltrat|took flight|retir|peel|dr[aeo]w|back|r[au]n|flight|pull-?out",
    re.IGNORECASE,
)
"""Withdrawals in which somebody goes, and does not only lose or yield."""
LEFT_FOR = re.compile(r"left|leav|depart|abandon|quit|flee|fled", re.IGNORECASE)
"""Withdrawals of which "for" names the goal."""
SHOOTING = re.compile(
    r"shell|bomb|pound|mortar|strafe|rocket|missile|str[iu][ck]k|strike|air|fire|firing|drone|artillery|\bhit|barrage|salvo|volley|sort|"
    r"explo|detonat|hammer|batter|blast|pelt|pepper|shot|shoot|torpedo|gun|target|destroy|flatten|level",
    re.IGNORECASE,
)
CLOSE = frozenset("attack attacks attacker raid raids tank tanks gunmen vehicle".split())
"""Of the nouns that strike, those of people who come close: no fire from afar."""
FIRED = re.compile(r"fir|launch|shot|shoot|com|flew|fl[yi]|tak|took|operat", re.IGNORECASE)
"""What weapons and aircraft do from where they stand ("rockets fired from Gaza")."""
COMING = re.compile(r"c[ao]me|coming|advanc|attack|mov|cross|march|arriv|push|driv|operat|infiltrat", re.IGNORECASE)
"""What those who attack do from where they come ("attacked by combatants coming from Sudan")."""
UNARMED = frozenset(
    """
    civilian civilians resident residents refugee refugees people family families villager villagers inhabitant inhabitants population
    populations citizen citizens nationals woman women child children patient patients wounded injured sick casualties migrant
    migrants evacuee evacuees person persons household households diplomat diplomats journalist journalists reporter reporters
    worker workers hostage hostages prisoner prisoners detainee detainees doctors nurses teachers monks nuns pilgrims crowd crowds
    protesters demonstrators tourists president minister ambassador envoy envoys delegation
    """.split()
)
"""Those whose journeys are no military movement."""
CARRIED = frozenset(
    """
    aid food grain oil gas fuel goods supplies supply weapons arms ammunition equipment headquarters capital government embassy mission
    office offices seat body bodies money funds staff team teams
    """.split()
)
"""What is only carried or moved house."""
PLATFORMS = frozenset(
    "ship ships warship warships vessel vessels submarine submarines frigate frigates boat boats carrier carriers".split()
)
"""From where shells and aircraft come, wherever that is ("launched from ships in the Caspian")."""
PEACEFUL = frozenset("aid relief humanitarian medical food fuel supply refugee rescue peace civilian".split())
"""What sort of convoys, flights and teams are no military movement."""
