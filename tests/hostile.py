"""Strings that must run nothing, crash nothing and be shown as written, wherever a report's words can go.

`HOSTILE` are some of every kind, for tests that go through them one by one; `FAMILIES` has all, `EVERY` as one row. What would run is made
to tell: it calls alert or sets `CANARY` in the page, asks for an address, or leaves `PRODUCT` where a template was worked out.
"""

from __future__ import annotations

import unicodedata
from types import MappingProxyType

__all__ = ["CANARY", "EVERY", "FAMILIES", "HOSTILE", "PRODUCT", "loaded", "visible"]

CANARY = "hacked"
"""The name of what a script of a hostile string would set in a page."""

PRODUCT = "5764801"
"""Seven times itself eight times: stands in no file unless a template was worked out."""

HOSTILE = (
    "{{7*7}}",
    "{{ cycler.__init__.__globals__ }}",
    "{% for x in y %}",
    "{% x %}",
    "{# a comment",
    "{{ '{{' }}",
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "<!--<script>",
    "]]><svg onload=alert(3)>",
    '"><img src=x onerror=alert(4)>',
    "' onmouseover='alert(5)",
    "`${alert(6)}`",
    "${1}",
    "\\u003cscript\\u003ealert(7)",
    "&lt;b&gt; &amp; &#60;",
    "quotes ' \" “ ”",
    "\u202eright-to-left override\u202c",
    "إدلب وحلب",
    "zero\u200bwidth\u2060joiner\ufeff",
    "line\u2028separator\u2029paragraph",
    "javascript:alert(8)",
    "${jndi:ldap://127.0.0.1/a}",
    "%s %d {0} {name}",
    "=HYPERLINK(1)",
)

_SEVENS = "7*7*7*7*7*7*7*7"

FAMILIES = MappingProxyType({
    "some of every kind": HOSTILE,
    "templates": (
        "{{" + _SEVENS + "}}", "{{ " + _SEVENS + " }}", "{%- if 1 -%}" + "x{%- endif -%}", "{% raw %}", "{% endraw %}{{1}}",
        "{% include '/etc/passwd' %}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{config}}",
        "{{ self._TemplateReference__context }}", "{{ super() }}", "{% extends \"layout\" %}", "{#", "#}", "{%", "%}", "}}{{",
        "<%= " + _SEVENS + " %>", "<?php echo " + _SEVENS + "; ?>", "#{" + _SEVENS + "}", "[[${" + _SEVENS + "}]]",
        "@(" + _SEVENS + ")", "{" + _SEVENS + "}", "${{" + _SEVENS + "}}", "*{" + _SEVENS + "}", "{php}echo 1;{/php}",
        "{{constructor.constructor('alert(9)')()}}",
    ),
    "scripts": (
        "<script>window.hacked=1</script>", "<SCRIPT SRC=//127.0.0.1/x.js></SCRIPT>", "<scr<script>ipt>alert(10)</scr</script>ipt>",
        "<script type=module>window.hacked=1</script>", "<svg><script>window.hacked=1</script></svg>",
        "<img src=x onerror=window.hacked=1>", "<img src=//127.0.0.1/pixel.png>", "<svg/onload=window.hacked=1>",
        "<body onload=window.hacked=1>", "<details open ontoggle=alert(11)>", "<input autofocus onfocus=window.hacked=1>",
        "<video><source onerror=alert(12)></video>", "<iframe srcdoc='<script>parent.hacked=1</script>'>",
        "<iframe src=javascript:alert(13)>", "<object data=javascript:alert(14)>", "<embed src=javascript:alert(15)>",
        "<math><mi xlink:href=javascript:alert(16)>x</mi></math>", "<a href=javascript:window.hacked=1>x</a>",
        "<link rel=stylesheet href=//127.0.0.1/x.css>", "<style>*{background:url(//127.0.0.1/x)}</style>",
        "<style>@import '//127.0.0.1/x';</style>", "<meta http-equiv=refresh content=0;url=//127.0.0.1/>", "<base href=//127.0.0.1/>",
        "<form action=//127.0.0.1/><button>x</button>", "<noscript><p title=\"</noscript><img src=x onerror=window.hacked=1>\">",
        "<template><script>window.hacked=1</script></template>", "<foreignObject><body onload=alert(17)></foreignObject>",
        "<animate onbegin=alert(18) attributeName=x dur=1s>", "<set attributeName=href to=javascript:alert(19)>",
        "<use href=\"data:image/svg+xml,<svg id='x' onload='alert(20)'/>#x\"/>", "<marquee onstart=alert(21)>",
        "<x onclick=alert(22) tabindex=1>y</x>",
    ),
    "ends of what holds them": (
        "</script>", "</SCRIPT >", "</script\n>".replace("\n", " "), "<!--", "-->", "--!><script>alert(23)</script>", "]]>",
        "<![CDATA[", "]]]]><![CDATA[>", "</textarea><script>alert(24)</script>", "</title><script>alert(25)</script>",
        "</style><script>alert(26)</script>", "</svg>", "</text></g></svg><script>alert(27)</script>", "</description></Placemark>",
        "</kml>", "</a:t></a:r></a:p>", "</p:txBody></p:sp></p:spTree>", "</desc></title>", "</body></html>", "<plaintext>", "<xmp>",
        "*/alert(28)/*", "//-->",
    ),
    "quotes": (
        "'", '"', "`", "''", '""', '"""', "'''", "\\", "\\\\", "\\'", '\\"', "\\`", "\"' onfocus=alert(29) autofocus x='",
        "';alert(30)//", "\";alert(31)//", "`;alert(32)//", "\\u0022;alert(33)//", "\\x3cscript\\x3ealert(34)",
        "“curly” ‘single’ «angle»", "${window.hacked=1}", "`${window.hacked=1}`", "\\${1}", "$&", "$1$`$'", "&quot;",
        "&#x27;onclick=alert(35)",
    ),
    "addresses": (
        "https://127.0.0.1/a?b=c&d=<e>", "JaVaScRiPt:alert(36)", " javascript:alert(37)", "java\tscript:alert(38)",
        "vbscript:msgbox(1)", "data:text/html,<script>parent.hacked=1</script>",
        "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "file:///etc/passwd", "//127.0.0.1/x",
        "http://user:pass@127.0.0.1:99999/", "http://[::1", "https://127.0.0.1/\u202egnp.exe", "blob:null/1",
        "mailto:a@b?subject=x%0Abcc:c@d",
    ),
    "XML": (
        "&xxe;", "&amp;amp;", "&#0;", "&#xD800;", "&nbsp;", "<!DOCTYPE x [<!ENTITY a 'b'>]>",
        "<!ENTITY % x SYSTEM 'file:///etc/passwd'>%x;", "<?xml version='1.0'?>", "<?xml-stylesheet href='//127.0.0.1/x'?>",
        "<xi:include href='file:///etc/passwd'/>", "<a:hlinkClick r:id='rId1' action='ppaction://program'/>",
        "<v:shape onclick='alert(39)'/>", "<v:imagedata src='//127.0.0.1/x'/>", "<p:oleObj/>", "<w:instrText>INCLUDETEXT</w:instrText>",
        "_x0000_ _x000D_", "ppaction://macro?name=x", "xmlns:x='urn:x'",
    ),
    "spreadsheets": (
        "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|'/c calc'!A0", "=DDE(\"cmd\";\"/c calc\";\"x\")", "\t=1+1", "＝1+1", "＋1", "－1",
        "＠SUM(A1)", "=WEBSERVICE(\"http://127.0.0.1\")", "=IMPORTXML(\"http://127.0.0.1\",\"//a\")", "a,b;c\td", "\"a\",=1", ",=1+1",
        ";=1+1", "'=1+1", "%0A=1+1",
    ),
    "databases, paths, programs": (
        "'; DROP TABLE places;--", "\" OR \"\"=\"", "1; ATTACH DATABASE '/srv/x' AS y", "') UNION SELECT 1--", "../../../etc/passwd",
        "..\\..\\windows", "/dev/null", "C:\\con\\con", "name.html/../x", "~root", "$(touch /srv/x)", "; rm -rf /", "| cat", "&& id",
        "%s%s%s%n", "%(name)s", "{0.__class__}", "{!r}", "{:>99999999}", "%99999999d", "[% @project_path %]", "[%eval('1')%]",
        "\"name\" || 'x'", "$[name]", "$[description]$[id]", "$[Layer/geDirections]", "__import__('os')", "eval(1)",
        "{\"__proto__\": {\"hacked\": 1}}", "__proto__", "constructor", "toString", "hasOwnProperty", "null", "NaN", "undefined",
        "[object Object]", "True", "1e999", "0x41", "-0",
    ),
    "typesetting": (
        "$x^2$", "$\\frac{1}{0}$", "$$", "$", "\\$5 and $6", "a_b^c", "\\input{/etc/passwd}", "\\write18{id}", "\\begin{document}",
        "# heading", "[link](javascript:alert(40))", "![x](//127.0.0.1/x.png)", "**bold** _it_ ~~no~~", "| a | b |",
        "```\ncode\n```".replace("\n", " "), "> quote", "- item", "1. item", "<b>bold</b>", "*{}", "%%EOF", "(a) Tj ET",
        "endstream endobj", "<< /JS (app.alert(1)) >>", "\\(paren\\", "%PDF-1.7",
    ),
    "letters": (
        "\u0301alone", "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308", "Z\u0351\u036b\u0343a\u0349\u0338l\u034eg\u0321o",
        "\u2067isolate\u2069", "\u202bembedded\u202c", "\u202e\u202d\u202e", "\u200f\u200e\u061c", "\u200d\u200c\ufeff\u00ad",
        "مرحبا 123 abc", "דמשק וירושלים", "大马士革", "ダマスカス", "다마스쿠스", "दमिश्क", "ดามัสกัส", "Δαμασκός", "Дамаск",
        "👩‍👩‍👧‍👦🇸🇾🏳️‍🌈", "𝕳𝖆𝖈𝖐",
        "ﷺ", "ﬁ ﬀ", "İstanbul ıI", "ß ẞ", "\u00a0nbsp\u00a0", "\u3000wide\u3000space", "a\u0300" * 60, "\U000e0041\U000e0042", "\ufffd",
        "\ue000private", "\uffff\ufffe", "ab\u0000c", "half\ud800", "\udc00half", "\u0001\u0007\u0008\u001b[31mred\u001b[0m",
        "a\u000b\u000cb", "a\u0085b", "\u007f", "caf\u00e9 cafe\u0301",
    ),
    "long": (
        "W" * 10_000, "ب" * 3_000, "é" * 2_000, "{{" * 500, "<b>" * 300, "a " * 800,
    ),
})
"""All hostile strings, by what they attack."""

EVERY = tuple(dict.fromkeys(words for family in FAMILIES.values() for words in family))
"""All of them, each once."""


def loaded(words: str) -> str:
    """What is left of a string after a document of it was loaded: NUL and halves of characters go."""
    return "".join(letter for letter in words if letter != "\0" and unicodedata.category(letter) != "Cs")


def visible(words: str) -> str:
    """What can be seen of a string, for comparing what two formats show: no spaces, control characters or non-characters."""
    return "".join(
        letter for letter in words
        if not letter.isspace() and unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp") and ord(letter) & 0xFFFE != 0xFFFE
    )
