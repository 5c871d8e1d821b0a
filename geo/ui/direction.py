"""The direction of the page: from right to left where the language of the interface is written so. Streamlit itself knows one direction."""

from __future__ import annotations

import streamlit as st

from geo import messages
from geo.ui.words import language, say

__all__ = ["apply"]

# Sets what only a script can: the language and direction of the whole page, its menus and dialogs included.
JS = """export default function ({ data }) {
  const page = document.documentElement;
  if (page.lang !== data.lang) page.lang = data.lang;
  if (page.dir !== data.dir) page.dir = data.dir;
}"""
TONGUE = st.components.v2.component("salient_tongue", html="<span hidden></span>", js=JS)

# What is typed or quoted runs as its own letters do. Numbers on a scale, calendars, tables on a canvas and code run from left to right
# in every language of ours. Streamlit slides its sidebar out to the left, whatever side it is on,
# and gives rows of buttons round corners at their left and right ends: such a row is mirrored whole, and each of its words once more.
CSS = """<style>
textarea, [data-testid="stTextInput"] input, [data-testid="stText"], [data-testid="stMarkdownContainer"] blockquote p {
  unicode-bidi: plaintext; text-align: start; }
.st-key-tongue { display: none; }
[dir="rtl"] [data-testid="stSliderThumbValue"] { direction: rtl; }
[dir="rtl"] [data-testid="stMarkdownContainer"] :is(ul, ol) { padding-left: 0; padding-right: 1.3rem; }
[dir="rtl"] [data-testid="stMarkdownContainer"] li { margin-left: 0; margin-right: 0.3rem; }
[dir="rtl"] :is([data-testid="stSlider"], [data-testid="stSelectSlider"]) > div:not(:has(> label)),
[dir="rtl"] :is([data-testid="stDataFrame"], [data-testid="stCode"], [data-testid="stNumberInput"] input, [data-testid="stDateInput"] input,
  [data-baseweb="calendar"], [role="progressbar"]) { direction: ltr; }
[dir="rtl"] :is([data-testid="stNumberInput"] input, [data-testid="stDateInput"] input) { text-align: right; }
[dir="rtl"] [data-testid="stButtonGroup"] [role="radiogroup"] { direction: ltr; transform: scaleX(-1); }
[dir="rtl"] [data-testid="stButtonGroup"] [role="radiogroup"] > button > * { direction: rtl; transform: scaleX(-1); }
[dir="rtl"] [data-testid="stSidebar"][data-collapsed="true"] { visibility: hidden; overflow: hidden; transform: none !important; }
[dir="rtl"] [data-testid="stMarkdown"], [dir="rtl"] [data-testid="stMarkdown"] div { text-align: right; }
[dir="rtl"] [data-testid="stHeading"] :is(h1, h2, h3) { text-align: right; }
[dir="rtl"] [data-testid="stMarkdownContainer"] blockquote { border-left: 0; }
[dir="rtl"] :is(summary, [data-testid="stSidebarCollapseButton"], [data-testid="stExpandSidebarButton"]) [data-testid="stIconMaterial"] {
  transform: scaleX(-1); }
</style>"""


# Streamlit has the words of its button for files in English alone; another language is laid over them. Those who hear the page hear both.
UPLOAD_CSS = """<style>
[data-testid="stFileUploaderDropzone"] button:not([aria-label]) { font-size: 0; gap: 0; }
[data-testid="stFileUploaderDropzone"] button:not([aria-label])::after { content: "WORDS"; font-size: 0.875rem; }
</style>"""


def apply() -> None:
    """Give the page the language and direction of the interface."""
    code = language()
    st.html(CSS)
    if code != messages.DEFAULT:
        st.html(UPLOAD_CSS.replace("WORDS", say("Upload").replace('"', "")))
    TONGUE(key="tongue", data={"lang": code, "dir": "rtl" if code in messages.RTL else "ltr"})
