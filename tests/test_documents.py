"""Documents: what was written, by whom, when."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.datelines import read_date, read_head
from geo.documents import SUFFIXES, from_text, load, load_bytes, sentences
from geo.errors import InputError

STORY = "Fighting went on in Idlib on Monday. Two convoys crossed the border."


def split(text: str) -> list[str]:
    document = from_text(text)
    return [document.text[sentence.start : sentence.end] for sentence in sentences(document)]


@given(st.text(min_size=1).filter(lambda text: text.replace("\x00", "").strip()))
def test_any_text_becomes_a_document_whose_text_is_the_text_given(text: str) -> None:
    document = from_text(text)
    assert document.text == text.replace("\x00", "")
    assert len(document.reading) == len(document.text)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.replace("\x00", "").strip()))
def test_sentences_are_ordered_disjoint_and_leave_out_only_blanks(text: str) -> None:
    document = from_text(text)
    found = sentences(document)
    ends = [0]
    for sentence in found:
        assert ends[-1] <= sentence.start < sentence.end <= len(document.text)
        assert not document.reading[ends[-1] : sentence.start].strip()
        ends.append(sentence.end)
    assert not document.reading[ends[-1] :].strip()
    assert [s.paragraph for s in found] == sorted(s.paragraph for s in found)


def test_a_text_file_is_kept_as_it_stands(tmp_path: Path) -> None:
    text = " first line \r\nsecond\tline\n\n– end\n"
    path = tmp_path / "report.txt"
    path.write_bytes(text.encode())
    assert load(path).text == text


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_with_its_mark_is_read(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes("Сраки и Идлиб – إدلب".encode(codec))
    assert load(path).text == "Сраки и Идлиб – إدلب"


def test_another_encoding_is_read_when_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes("“Malé” fell".encode("cp1252"))
    assert load(path, encoding="cp1252").text == "“Malé” fell"


def test_front_matter_gives_title_source_and_date_and_leaves_the_text() -> None:
    data = b"---\ntitle: Talks\ndate: 2020-03-05\npublisher: The Paper\nsources:\n  - A\n---\n\nMOSCOW - Talks began.\n"
    document = load_bytes(data, "talks.md")
    assert (document.title, document.source, document.published) == ("Talks", "The Paper", dt.date(2020, 3, 5))
    assert document.text == "MOSCOW - Talks began.\n"


def test_markdown_marks_are_blank_in_the_reading_and_kept_in_the_text() -> None:
    document = load_bytes(b"# Talks\n\nThe **M5** was cut.", "a.md")
    assert "**M5**" in document.text
    assert "  M5  " in document.reading
    assert document.title == "Talks"


def test_a_page_gives_its_story_title_and_date() -> None:
    page = f"""<!doctype html><html><head><title>Idlib burns</title>
    <meta property="og:site_name" content="The Paper">
    <meta property="article:published_time" content="2020-03-05T10:00:00Z"></head>
    <body><nav><a href="/">Home</a></nav>
    <article><h1>Idlib burns</h1><p>{STORY}</p><p>{STORY} Nobody answered.</p></article>
    <script>var x = "{{{{7*7}}}}";</script></body></html>"""
    document = load_bytes(page.encode(), "page.html")
    assert STORY in document.text
    assert "var x" not in document.text
    assert (document.title, document.source, document.published) == ("Idlib burns", "The Paper", dt.date(2020, 3, 5))


def test_a_word_file_gives_its_paragraphs_and_tables_in_order() -> None:
    made = docx.Document()
    made.core_properties.title = "Situation report"
    made.add_paragraph("5 March 2020")
    made.add_paragraph(STORY)
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Saraqib", "contested"
    made.add_paragraph("End.")
    buffer = io.BytesIO()
    made.save(buffer)
    document = load_bytes(buffer.getvalue(), "report.docx")
    assert document.text == f"5 March 2020\n{STORY}\nSaraqib | contested\nEnd."
    assert (document.title, document.published) == ("Situation report", dt.date(2020, 3, 5))


def pdf(lines: list[str]) -> bytes:
    """A one-page PDF, written by hand."""
    words = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {words}ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)


def test_the_printed_lines_of_a_pdf_are_joined() -> None:
    lines = ["Fighting went on around the town of Saraqib on Monday and the", "motorway was cut. Two convoys crossed the border."]
    assert load_bytes(pdf(lines), "report.pdf").text == " ".join(lines)


def test_standard_input_is_told_by_its_content(monkeypatch: pytest.MonkeyPatch) -> None:
    for data, text in [(STORY.encode(), STORY), (pdf(["Idlib fell."]), "Idlib fell."), (b"---\ntitle: T\n---\nBody.", "Body.")]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert load("-").text == text


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "a.txt", r"a\.txt is empty; give a report"),
        (b" \n\t ", "a.txt", "is empty"),
        (b"\x00\x00\x00", "a.txt", "a.txt is binary"),
        (bytes(range(256)) * 40, "a.txt", "is binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a.txt", r"a\.txt is a picture \(PNG\) and not text"),
        (b"%PDF-1.4 ...", "a.txt", "is a PDF file and not text"),
        ("“Malé”".encode("cp1252"), "a.txt", "is not UTF-8 text; save it as UTF-8, or name its encoding"),
        ("Идлиб".encode("cp1251"), "a.md", "is not UTF-8 text"),
        ("Idlib".encode("utf-16")[2:], "a.txt", "is binary, or text in an encoding"),
        (b"text", "a.xyz", r"a\.xyz has the suffix \.xyz, .* allowed are \.txt, \.md"),
        (b"text", "report", "has no suffix"),
        (b"not a zip", "a.docx", "is damaged or no DOCX file"),
        (b"PK\x03\x04 broken", "a.docx", "is damaged or no DOCX file"),
        (b"not a pdf", "a.pdf", "is damaged or no PDF file"),
        (b"<html><body><img src=x></body></html>", "a.html", "is a page without text"),
        (b"---\ntitle: [unclosed\n---\ntext", "a.md", r"front matter of a\.md is not YAML \(line \d+\)"),
        (b"---\n- a\n- b\n---\ntext", "a.md", "holds no fields"),
        (b"x" * 6_000_000, "a.txt", r"a\.txt is larger than 5 MB; split it"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(data: bytes, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        load_bytes(data, name)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_a_directory_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory"):
        load(tmp_path)
    with pytest.raises(InputError, match="There is no file"):
        load(tmp_path / "none.txt")


@given(st.binary(max_size=400), st.sampled_from(sorted(SUFFIXES)))
def test_any_bytes_give_a_document_or_an_input_error(data: bytes, suffix: str) -> None:
    try:
        document = load_bytes(data, f"report{suffix}")
    except InputError:
        return
    assert document.text.strip()


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("March 5, 2020", (2020, 3, 5)), ("5 March 2020", (2020, 3, 5)), ("Thursday, 5th of March, 2020", (2020, 3, 5)),
        ("2020-03-05", (2020, 3, 5)),
        ("05.03.2020", (2020, 3, 5)), ("25/03/2020", (2020, 3, 25)), ("03/25/2020", (2020, 3, 25)), ("20200305", (2020, 3, 5)),
        ("Sept. 1, 1939", (1939, 9, 1)), ("05/03/2020", None), ("31 February 2020", None), ("in 2020", None), ("March 2020", None),
    ],
)
def test_a_date_is_read_only_where_it_is_certain(words: str, date: tuple[int, int, int] | None) -> None:
    assert read_date(words) == (dt.date(*date) if date else None)


@pytest.mark.parametrize(
    ("text", "title", "source", "published"),
    [
        ("date 2020-03-05 MOSCOW – Mr. Putin met the Turk. Then he left.", "Mr. Putin met the Turk", "", "2020-03-05"),
        ("BEIRUT, Lebanon, March 5, 2020 (Reuters) - Turkey struck.", "Turkey struck", "Reuters", "2020-03-05"),
        ("BEIRUT, March 5 (Reuters) - Turkey struck.", "Turkey struck", "Reuters", None),
        ("KHARTOUM (AFP) — Shells fell.", "Shells fell", "AFP", None),
        ("Talks in Moscow\nBy A. Writer, The Paper\n5 March 2020\n\nThe leaders met on 6 April 2019.", "Talks in Moscow", "", "2020-03-05"),
        ("Title: Talks\nDate: 2020-03-05\nSource: Reuters\n\nThey met.", "Talks", "Reuters", "2020-03-05"),
        ("Published: 5 March 2020, 10:15 GMT\nThey met.", "They met", "", "2020-03-05"),
        ("The war began on 5 March 2019 in Grozny - a city. So.", "The war began on 5 March 2019 in Grozny - a city", "", None),
        ("They met on 5 March 2020. It rained.", "They met on 5 March 2020", "", None),
        ("Moscow - a city of 12 million - is big.", "Moscow - a city of 12 million - is big", "", None),
    ],
)
def test_the_head_gives_title_source_and_date(text: str, title: str, source: str, published: str | None) -> None:
    head = read_head(text)
    assert (head.title, head.source, head.published and head.published.isoformat()) == (title, source, published)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Gen. Mark A. Milley flew to the U.S. on Jan. 5. He spoke.", 2),
        ("Vladimir V. Putin of St. Petersburg met K.G.B. men at 5 p.m. in room No. 5.", 1),
        ("It cost 3.5 million. “We won.” He left.", 3),
        ("He said.She went.", 2),
        ("“Is it over?” he asked. Nobody knew!", 2),
        ("They fled to the U.S. The army stayed.", 2),
        ("See example.com or www.Example.Org for it.", 1),
        ("- Idlib fell.\n- The M5 was cut.\n\n1. Talks. 2 of them.", 4),
        ('He is safer than Erdogan. "', 1),
        ("They left. al-Nusra stayed.", 2),
        ("First line\nSecond line", 2),
        ("He left Norman, Okla. and Melville, Sask. He died.", 2),
        ("They saw a man. Police came. She was ill. Doctors helped.", 4),
        ("Nothing . . . was left.", 1),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, count: int) -> None:
    assert len(split(text)) == count, split(text)


def test_a_wrapped_text_is_read_across_its_lines() -> None:
    text = (
        "The army moved north on Tuesday towards the town of\nSaraqib, which lies on the M5 motorway south of the city of\n"
        "Aleppo. Rebels said they had held it. The government denied\nthat and said that it had taken three villages.\n\nTurkey sent more."
    )
    document = from_text(text)
    assert [sentence.paragraph for sentence in sentences(document)] == [0, 0, 0, 1]
