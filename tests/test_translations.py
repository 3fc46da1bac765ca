"""The interface in the languages of its catalogues: complete, chosen by address and browser, never mixed."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from jinja2 import Environment

from kg.downloads.forms import FORMS
from web.translations import LANGUAGES, SOURCE, catalogue, name_of, of_scripts, translations
from web.translations.extraction import WEB, is_missing, texts

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

OTHERS = [lang for lang in LANGUAGES if lang != SOURCE]
PLACE = re.compile(r"%\(\w+\)s|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")
HIDDEN = re.compile(r"<(code|pre|script|style|textarea)\b.*?</\1>|<!--.*?-->", re.DOTALL)
SAID = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')
ELEMENT = re.compile(r"<[^>]*>")
WORD = re.compile(r"[A-Za-z]{2,}")
# Names, units, a class of CSS, and a sample of letters.
SAME_EVERYWHERE = {"GET", "JSON", "CSV", "N-Quads", "SHA-256", "ms", "wide", "Aa", 'lang="§"'}
SERVICES = ("shipped_service", "lighthouse_service")
SWITCHER = re.compile(r'<nav class="interfaces".*?</nav>', re.DOTALL)


@pytest.fixture(scope="module")
def found() -> Catalog:
    return texts()


def forms(text) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_the_languages_are_those_of_the_catalogues() -> None:
    assert LANGUAGES == ("en", "de", "es", "fr", "it")
    assert [name_of(lang, lang) for lang in LANGUAGES] == [
        "English",
        "Deutsch",
        "Español",
        "Français",
        "Italiano",
    ]


@pytest.mark.parametrize("lang", OTHERS)
def test_every_text_is_translated(lang: str, found: Catalog) -> None:
    held = catalogue(lang)
    missing = []
    for message in found:
        if message.id:
            other = held.get(forms(message.id)[0])
            if (
                other is None
                or other.fuzzy
                or is_missing(other.string)
                or type(other.id) is not type(message.id)
            ):
                missing.append((forms(message.id)[0], sorted({path for path, _ in message.locations})))
    assert not missing, f"{lang}.po lacks these; see web/translations/README.md"


def test_the_forms_of_dumps_are_texts_too(found: Catalog) -> None:
    assert {form.title for form in FORMS.values()} <= {message.id for message in found}


def plain(template: str) -> str:
    """What stands in a template outside of expressions and {% trans %}, with § for each expression."""
    found, block, is_translated = [], "", False
    for _, kind, text in Environment().lex(template):
        if kind == "block_begin":
            block = ""
        elif kind == "block_end":
            word = block.split()[0]
            is_translated = word == "trans" or (is_translated and word != "endtrans")
        elif kind == "data" and not is_translated:
            found.append(text)
        elif kind == "variable_begin":
            found.append("§")
        block += text if kind not in ("block_begin", "data") else ""
    return "".join(found)


@pytest.mark.parametrize("path", sorted((WEB / "templates").glob("*.html")), ids=lambda path: path.name)
def test_no_text_stands_in_a_template_without_being_translated(path: Path) -> None:
    shown = HIDDEN.sub("", plain(path.read_text(encoding="utf-8")))
    pieces = [*SAID.findall(shown), *ELEMENT.sub("\n", shown).split("\n")]
    untold = [piece.strip() for piece in pieces if WORD.search(piece)]
    assert not set(untold) - SAME_EVERYWHERE, "write these as {{ _('…') }}; see web/translations/README.md"


@pytest.mark.parametrize("lang", OTHERS)
def test_translations_keep_the_places_of_variables(lang: str) -> None:
    wrong = []
    for message in catalogue(lang):
        if not message.id or is_missing(message.string):
            continue
        allowed = {place for text in forms(message.id) for place in PLACE.findall(text)}
        needed = set(PLACE.findall(forms(message.id)[-1])) - {"%(num)s"}
        for text in forms(message.string):
            places = set(PLACE.findall(text))
            if not needed <= places <= allowed:
                wrong.append((forms(message.id)[0], text))
    assert not wrong


@pytest.mark.parametrize("lang", OTHERS)
def test_translations_keep_the_elements(lang: str) -> None:
    wrong = [
        (forms(message.id)[0], text)
        for message in catalogue(lang)
        if message.id and not is_missing(message.string)
        for text in forms(message.string)
        if Counter(TAG.findall(text)) != Counter(TAG.findall(forms(message.id)[-1]))
    ]
    assert not wrong


@pytest.mark.parametrize("lang", OTHERS)
def test_plural_forms_are_two_and_both_say_something(lang: str) -> None:
    assert catalogue(lang).num_plurals == 2
    assert translations(lang).ngettext("%(num)s source", "%(num)s sources", 1) != translations(lang).ngettext(
        "%(num)s source", "%(num)s sources", 7
    )


def test_scripts_have_their_own_texts_only() -> None:
    assert "Suggestions" in of_scripts("de")
    assert "Skip to content" not in of_scripts("de")
    assert of_scripts(SOURCE) == {}


# Negotiation


def shown(response: httpx.Response) -> str:
    match = re.search(r'<html lang="([a-z]+)"', response.text)
    assert match
    return match[1]


@pytest.mark.parametrize(
    ("address", "accepted", "lang"),
    [
        ("/", "", "en"),
        ("/", "it", "it"),
        ("/", "it-CH, fr;q=0.5", "it"),
        ("/", "fr;q=0.3, de;q=0.9, en;q=0.1", "de"),
        ("/", "fi, es;q=0.4, en;q=0.3", "es"),
        ("/", "de;q=0, fr;q=0.1", "fr"),
        ("/", "fi, sv", "en"),
        ("/", "*", "en"),
        ("/", "<script>", "en"),
        ("/?lang=es", "de", "es"),
        ("/?lang=ES-mx", "de", "es"),
        ("/?lang=fi", "de", "de"),
        ("/?lang=fi", "", "en"),
        ("/?lang=%22%3E", "fr", "fr"),
    ],
)
@pytest.mark.parametrize("service", SERVICES, indirect=True)
def test_the_address_and_then_the_browser_choose_the_language(service, address, accepted, lang) -> None:
    response = service.client.get(address, headers={"Accept": "text/html", "Accept-Language": accepted})
    assert shown(response) == lang
    assert response.headers["Content-Language"] == lang
    assert "Accept-Language" in response.headers["Vary"]


def paths(service) -> list[str]:
    return [
        "/",
        f"/doc/{service.thing}",
        "/search?q=a",
        "/sparql",
        "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+3",
        "/sparql?query=nonsense",
        "/ontology",
        "/changes",
        "/dumps/",
        "/graphs",
        "/api",
        f"/history/{service.thing}",
        "/doc/there-is-no-such-thing",
        "/there-is-no-such-page",
    ]


def page(service, path: str, lang: str) -> httpx.Response:
    joint = "&" if "?" in path else "?"
    return service.client.get(
        f"{path}{joint}lang={lang}", headers={"Accept": "text/html"}, follow_redirects=True
    )


@pytest.mark.parametrize("service", SERVICES, indirect=True)
def test_every_page_is_in_the_language_and_leads_to_the_others(service) -> None:
    for path in paths(service):
        response = page(service, path, "de")
        assert shown(response) == "de", path
        assert translations("de").gettext("Skip to content") in response.text, path
        (switcher,) = SWITCHER.findall(response.text)
        assert re.findall(r'lang="([a-z]+)" hreflang', switcher) == list(LANGUAGES), path
        assert re.findall(r'hreflang="([a-z]+)" aria-current="true"', switcher) == ["de"], path
        for lang in OTHERS:
            assert f'<link rel="alternate" hreflang="{lang}" href="http' in response.text, path


@pytest.mark.parametrize("service", SERVICES, indirect=True)
def test_links_keep_the_language_of_the_address(service) -> None:
    text = page(service, f"/doc/{service.thing}", "es").text
    inside = re.findall(r'href="(/(?:doc|source|search|sparql|ontology|changes)[^"#]*)', text)
    assert inside
    assert not [address for address in inside if "lang=" not in address and not re.search(r"\.\w+$", address)]
    plainly = service.client.get(
        f"/doc/{service.thing}", headers={"Accept": "text/html", "Accept-Language": "es"}
    )
    others = re.findall(r'<a href="(/[^"]*[?&]lang=[^"]*)"(?![^>]* hreflang)', plainly.text)
    assert not others


def test_a_page_is_never_given_in_the_language_of_someone_else(shipped_service) -> None:
    client = shipped_service.client
    for path in paths(shipped_service):
        seen: dict[str, tuple[str, str]] = {}
        for lang in (*LANGUAGES, *LANGUAGES):  # the second time from what is remembered
            headers = {"Accept": "text/html", "Accept-Language": lang}
            response = client.get(path, headers=headers, follow_redirects=True)
            assert shown(response) == lang, path
            body, tag = re.sub(r"\d", "", response.text), response.headers.get("ETag", "")
            before = seen.setdefault(lang, (body, tag))
            assert before[1] == tag, path
            others = [one for other, one in seen.items() if other != lang]
            assert not tag or tag not in [one[1] for one in others], path
            for _, other_tag in others:
                again = client.get(path, headers={**headers, "If-None-Match": other_tag or '"none"'})
                assert again.status_code != 304, path


def test_programs_are_answered_in_english(shipped_service) -> None:
    response = shipped_service.client.get(
        "/there-is-nothing", headers={"Accept": "application/json", "Accept-Language": "it"}
    )
    assert response.json()["detail"] == "There is nothing at this address."


def test_what_is_told_of_an_error_is_in_the_language_or_marked_as_english(shipped_service) -> None:
    told = page(shipped_service, "/there-is-no-such-page", "fr").text
    assert "<p>Il n’y a rien à cette adresse.</p>" in told
    refused = page(shipped_service, "/search?class=nothing-of-the-kind", "fr").text
    assert re.search(r'<p lang="en">“nothing-of-the-kind” names nothing', refused)


# Numbers, dates and names


def test_numbers_and_dates_are_written_as_the_language_does(shipped_service) -> None:
    quads = f"{shipped_service.release.manifest.counts['quads']:,}"
    for lang, comma in (("en", ","), ("de", r"\."), ("fr", r"\s")):
        assert re.search(quads.replace(",", comma), page(shipped_service, "/", lang).text)


def test_a_name_in_another_language_is_marked(shipped_service) -> None:
    text = page(shipped_service, "/doc/cineca", "de").text
    assert re.search(r'<abbr class="tongue" lang="de" title="Englisch">en</abbr>', text)
    assert 'class="tongue"' not in page(shipped_service, "/doc/italy", "en").text


def test_what_is_remembered_names_no_other_host(lighthouse_service) -> None:
    for path in (f"/doc/{lighthouse_service.thing}", "/ontology"):
        for host in ("one.example", "two.example"):
            text = lighthouse_service.client.get(path, headers={"Accept": "text/html", "Host": host}).text
            assert f"http://{host}{path}?lang=de" in text
