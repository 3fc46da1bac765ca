"""Files of documents: what is read from each kind, how text is cut, and what is refused in words."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents import named
from kg.errors import ForeignDataError, ReleaseError
from kg.text.manuscript import Manuscript
from kg.text.passages import passages, sentences
from kg.text.reading import Paper, ReadingLimits, papers, read_papers
from kg.text.texts import Texts

PROSE = "The lamp was lit in 1811. It has burned ever since! Who would put it out? Nobody dares to. "


def read(path: Path, limits: ReadingLimits | None = None) -> Manuscript:
    [found] = read_papers([Paper(path, path.name)], limits or ReadingLimits())
    return found


def refused(path: Path, limits: ReadingLimits | None = None) -> str:
    with pytest.raises(ForeignDataError) as error:
        read(path, limits)
    return str(error.value)


def pdf(*pages: str, info: str = "") -> bytes:
    """A PDF with a line of text on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 20 700 Td ({text}) Tj ET"
        resources = "/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 600 800]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {5 + 2 * number} 0 R >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return assembled(*(one.encode() for one in objects), info=info)


def assembled(*objects: bytes, info: str = "") -> bytes:
    found, places = b"%PDF-1.4\n", []
    for number, one in enumerate([*objects, f"<< {info} >>".encode()], start=1):
        places.append(len(found))
        found += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(places) + 1
    start = f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    end = f"trailer\n<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>"
    return found + f"{start}{end}\nstartxref\n{len(found)}\n%%EOF".encode()


# Kinds of files


def test_plain_text_stays_as_it_is_and_its_first_line_is_its_title(tmp_path):
    text = f"A tower in the sea\n\n{PROSE}\n"
    (tmp_path / "tower.txt").write_text(text)
    assert read(tmp_path / "tower.txt") == Manuscript(text, "A tower in the sea")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-32", "cp1252", "iso-8859-15"]
)
def test_text_is_read_in_the_encoding_that_it_is_in(tmp_path, encoding):
    text = "Perché la città è così bella? L’università lo dirà: già nel Settecento c’erano più navi.\n" * 5
    text = text.replace("’", "'") if encoding == "iso-8859-15" else text
    data = b"\xff\xfe" + text.encode("utf-16-le") if "bom" in encoding else text.encode(encoding)
    (tmp_path / "a.txt").write_bytes(data)
    assert read(tmp_path / "a.txt").text == text


def test_a_web_page_gives_its_article_and_what_it_says_of_itself(tmp_path):
    page = f"""<!doctype html><html lang="en-GB"><head><meta charset="iso-8859-1">
    <title>Bell Rock &amp; sea</title><style>p {{ color: red }}</style>
    <meta property="article:published_time" content="2025-03-01T09:00:00Z"></head>
    <body><nav><a href="/">Home</a></nav><header>Our site</header><main><article><h1>Bell Rock</h1>
    <p>{PROSE}</p><!-- hidden --><ul><li>caf\u00e9</li><li>two</li></ul><script>alert("x")</script></article>
    </main>    <footer>All rights</footer></body></html>"""
    (tmp_path / "a.html").write_bytes(page.encode("iso-8859-1"))
    found = read(tmp_path / "a.html")
    assert (found.title, found.date, found.lang) == ("Bell Rock & sea", "2025-03-01", "en-GB")
    assert found.text == f"Bell Rock\n\n{PROSE.strip()}\n\ncafé\n\ntwo"


def test_markdown_gives_its_words_without_the_marks(tmp_path):
    front = '---\ntitle: "The Rock"\ndate: 2025-03\nlang: en\n---\n'
    source = f"{front}# Heading\n\n{PROSE}\nIt **is** [high](http://a).\n\n- one\n- two\n"
    (tmp_path / "a.md").write_text(source)
    found = read(tmp_path / "a.md")
    assert (found.title, found.date, found.lang) == ("The Rock", "2025-03", "en")
    assert found.text.startswith(f"Heading\n\n{PROSE.strip()} It is high.")
    assert "**" not in found.text
    (tmp_path / "b.md").write_text("# *Only* a heading\n\nText.")
    assert read(tmp_path / "b.md").title == "Only a heading"


def test_a_pdf_gives_the_text_of_its_pages_with_title_and_date(tmp_path):
    info = "/Title (The Rock) /CreationDate (D:20250301120000Z)"
    (tmp_path / "a.pdf").write_bytes(pdf("The first page.", "The second page.", info=info))
    found = read(tmp_path / "a.pdf")
    assert found.text == "The first page.\n\nThe second page."
    assert (found.title, found.date) == ("The Rock", "2025-03-01")


# What is refused


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b"   \n\t", "has no text"),
        ("a.pdf", b"", "is empty"),
        ("a.pdf", b"no pdf at all", "is no PDF"),
        ("a.pdf", b"%PDF-1.4\n1 0 obj <<", "broken PDF"),
        ("a.pdf", pdf("Text.")[:-200], "broken PDF"),
        ("a.txt", bytes(range(256)) * 40, "binary"),
        ("a.bin", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("a.html", b"<html><body><script>x()</script></body></html>", "is empty"),
        ("a.txt", b"\xff\xfe\x00\xd8\x41\x00", "is not utf-16"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_name(tmp_path, name, data, words):
    (tmp_path / name).write_bytes(data)
    told = refused(tmp_path / name)
    assert told.startswith(f"{name} ")
    assert words in told


def test_an_encrypted_pdf_is_refused(tmp_path):
    from pypdf import PdfReader, PdfWriter

    (tmp_path / "open.pdf").write_bytes(pdf("A secret."))
    writer = PdfWriter(PdfReader(tmp_path / "open.pdf"))
    writer.encrypt("password", algorithm="RC4-128")
    writer.write(tmp_path / "a.pdf")
    assert "is encrypted; save a copy without a password" in refused(tmp_path / "a.pdf")


def test_a_pdf_that_unpacks_to_gigabytes_is_refused_in_bounded_time(tmp_path):
    packed = zlib.compress(zlib.compress(b"\0" * 400_000_000, 9), 9)
    stream = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (
        len(packed),
        packed,
    )
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    (tmp_path / "a.pdf").write_bytes(assembled(b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, stream))
    assert refused(tmp_path / "a.pdf").startswith("a.pdf ")


def test_a_text_beyond_the_limit_is_refused_with_the_limit(tmp_path):
    (tmp_path / "a.txt").write_text(PROSE * 600_000)
    told = refused(tmp_path / "a.txt")
    assert "and may have 5,000,000; split it" in told


def test_a_file_that_takes_too_long_is_told_by_name(tmp_path):
    (tmp_path / "a.html").write_text("<div><p>x" * 400_000)
    assert "a.html takes longer than 0.3 s" in refused(tmp_path / "a.html", ReadingLimits(seconds=0.3))


def test_all_files_that_cannot_be_read_are_told_together(tmp_path):
    for name, data in (("a.txt", b""), ("b.txt", b"Fine."), ("c.pdf", b"%PDF-1.7 x")):
        (tmp_path / name).write_bytes(data)
    with pytest.raises(ForeignDataError) as error:
        list(read_papers(papers([tmp_path]), ReadingLimits()))
    assert [line.split()[0] for line in str(error.value).split("\n")] == ["a.txt", "c.pdf"]


def test_a_folder_gives_its_documents_by_their_place_in_it(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("b.txt", "a.md", "in/a.md", "data.csv"):
        (tmp_path / name).write_text("x")
    assert [paper.name for paper in papers([tmp_path])] == ["a.md", "b.txt", "in/a.md"]
    with pytest.raises(ForeignDataError, match="does not exist"):
        papers([tmp_path / "nothing"])


def test_names_are_those_of_the_files_and_stay(tmp_path):
    files = ["Città d'arte.it.txt", "in/a.md", "a.md", "日本.txt"]
    assert named(files, {}) == ["citta-d-arte-it", "a", "a-2", "document"]
    assert named(["a.md", "b.md"], {"a.md": "a-2", "in/a.md": "a"}) == ["a-2", "b"]


# Passages


@pytest.mark.parametrize(
    ("lang", "text", "count"),
    [
        ("en", "Dr. Smith met Mr. J. R. Jones at 3.5 p.m. on the rock. It cost 1.5 million. Fine!", 3),
        ("it", "Il dott. Rossi, ing. della S.p.A., parte alle 9. Poi torna. Il prof. Bianchi resta.", 3),
        ("de", "Am 3. Mai kam Dr. Meyer, z.B. mit 2 Mio. Euro. Er blieb.", 2),
        ("fr", "M. Dupont arrive avec Mme. Durand. « Bonjour ! » dit-il. Voilà.", 3),
        ("es", "El Sr. García vive en la avda. Mayor. ¿Quién lo sabe? Nadie.", 3),
        ("en", "A heading\n\nThe first sentence\nruns over two lines. The second.\n- an item\n- another", 5),
    ],
)
def test_sentences_end_where_a_reader_would_say(lang, text, count):
    assert len(list(sentences(text, lang))) == count


@given(
    st.text(alphabet=st.sampled_from("aB .!?\n-éß1。「,"), max_size=600), st.sampled_from(["en", "de", ""])
)
def test_passages_hold_all_of_a_text_but_blanks(text, lang):
    found = passages(text, lang)
    between = 0
    for span in found:
        assert not text[between : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip() != ""
        between = span.end
    assert not text[between:].strip()


def test_passages_have_about_a_hundred_words():
    text = PROSE * 200
    sizes = [len(text[span.start : span.end].split()) for span in passages(text, "en")]
    assert all(80 <= size <= 160 for size in sizes)


# Private texts


def test_a_kept_text_comes_back_and_a_missing_or_changed_one_is_told(tmp_path):
    texts = Texts(tmp_path)
    digest = texts.put("Perché?\n")
    assert texts.get(digest) == "Perché?\n"
    assert texts.put("Perché?\n") == digest
    (tmp_path / "texts" / f"{digest}.txt").write_text("Other?\n")
    with pytest.raises(ReleaseError, match="not as it was written"):
        texts.get(digest)
    with pytest.raises(ReleaseError, match="ingest its document again"):
        texts.get("0" * 64)
    with pytest.raises(ReleaseError, match="is not the SHA-256"):
        texts.get("../../etc/passwd")
