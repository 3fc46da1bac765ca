"""Requests as clients send them by mistake or by malice: valid ones of each address, and mutations of these.

A request is drawn as bytes, so that it may be what no library for HTTP would send.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias
from urllib.parse import quote, unquote_to_bytes

from hypothesis import strategies as st

Pairs: TypeAlias = tuple[tuple[bytes, bytes], ...]
Draw: TypeAlias = Callable[[st.SearchStrategy], object]

# What stands in a request for the secret of whoever sends it, and for the address of the service.
MARK = "canary" + "0" * 18
PLACE = "host.example"
LONGEST = 40_000  # bytes of a request, about
FORM = "application/x-www-form-urlencoded"
SELECTED, UPDATED = "application/sparql-query", "application/sparql-update"
MULTIPART = "multipart/form-data; boundary=frontier"
BEARER = f"Bearer {MARK}"
SELECT = f'SELECT ?s ?o {{ ?s ?p ?o FILTER(?o != "{MARK}") }} ORDER BY ?s ?o LIMIT 9'
CONSTRUCT = "CONSTRUCT { ?s a ?kind } WHERE { ?s a ?kind } ORDER BY ?s LIMIT 9"
PAIRS = f'SELECT ?a ?b ?via {{ ?a ?via ?b FILTER(ISIRI(?b)) FILTER(?a != "{MARK}") }} LIMIT 9'
BATCH = f"""{{"q0": {{"query": "Bell Rok {MARK}", "type": ["lighthouse"], "type_strict": "should", "limit": 3,
 "properties": [{{"pid": "rdfs:label", "v": ["Scotland", 1811, true, {{"id": "scotland", "name": ""}}]}}]}},
 "q1": {{"properties": [{{"pid": "rdfs:label", "v": "Bell Rock"}}]}}}}"""
EXTENSION = f"""{{"ids": ["bell-rock", "{MARK}"], "properties": [{{"id": "rdfs:label",
 "settings": {{"limit": "2", "content": "literal", "lang": "en"}}}}, {{"id": "nothing"}}]}}"""
INSERT = f'INSERT DATA {{ <urn:a> <urn:b> "{MARK}"@en , 1.50 }}'
TURTLE = f'@prefix ex: <urn:ex:> . ex:a ex:b "{MARK}"@it , 5 , [ ex:c ( 1 2 ) ] .'
FILES = f"""--frontier
Content-Disposition: form-data; name="file"; filename="a.ttl"
Content-Type: text/turtle

{TURTLE}
--frontier
Content-Disposition: form-data; name="other"

<urn:a> <urn:b> <urn:c> .
--frontier--
""".replace("\n", "\r\n")


@dataclass(frozen=True)
class Request:
    """A request. The parameters of its address are percent-encoded; of its length it tells what is true."""

    method: bytes
    path: bytes
    parameters: Pairs
    headers: Pairs
    body: bytes
    version: bytes = b"HTTP/1.1"

    def __bytes__(self) -> bytes:
        asked = b"&".join(map(b"=".join, self.parameters))
        target = self.path + (b"?" + asked if asked else b"")
        told = list(self.headers)
        if self.body and not {name.lower() for name, _ in told} & {b"content-length", b"transfer-encoding"}:
            told.append((b"Content-Length", b"%d" % len(self.body)))
        lines = [b" ".join((self.method, target, self.version)), *map(b": ".join, told)]
        return b"\r\n".join([*lines, b"", self.body])


def request(method: str, path: str, body: str | bytes = b"", kind: str = "", **headers: str) -> Request:
    """A valid request, of which what follows the question mark of `path` is not percent-encoded yet."""
    bare, _, asked = path.partition("?")
    pairs = (one.partition("=")[::2] for one in asked.split("&") if one)
    told = {"Host": PLACE, "Connection": "close", **headers, **({"Content-Type": kind} if kind else {})}
    return Request(
        method.encode(),
        bare.encode(),
        tuple((name.encode(), quote(value, safe="").encode()) for name, value in pairs),
        tuple((name.replace("_", "-").encode(), value.encode()) for name, value in told.items()),
        body.encode() if isinstance(body, str) else body,
    )


def gets(*paths: str) -> tuple[Request, ...]:
    """Valid requests that ask for something, and no more."""
    return tuple(request("GET", path) for path in paths)


# Of each rule of the service.
VALID: Mapping[str, tuple[Request, ...]] = {
    "/": (*gets("/", "/?lang=it"), request("HEAD", "/"), request("OPTIONS", "/")),
    "/.well-known/void": gets("/.well-known/void"),
    "/<path:path>": gets("/example/builder?lang=en", "/shapes?format=ttl", f"/{MARK}", "/shapes/named.nt"),
    **{
        f"/about{part}": gets(f"/about{part}?lang=fr&x={MARK}")
        for part in ("", "/accessibility", "/ask", "/data", "/design", "/docs", "/making", "/privacy")
    },
    "/about/docs/<path:name>": gets("/about/docs/search?lang=it", f"/about/docs/{MARK}", "/about/docs/../x"),
    "/about/query": gets("/about/query?lang=es"),
    "/about/who": gets("/about/who"),
    "/api": gets("/api?lang=de"),
    "/api/ask": gets(
        "/api/ask?q=Who built Bell Rock Lighthouse?",
        f"/api/ask?q=How tall is {MARK}?&lang=en&state=&meant=",
    ),
    "/api/curie": gets("/api/curie?curie=rdfs:label", f"/api/curie?iri=http://example.org/{MARK}"),
    "/api/lookup": gets(f"/api/lookup?q=Bell Rok {MARK}&type=lighthouse&limit=5&lang=it"),
    "/api/network": gets(
        "/api/network?class=lighthouse&via=built by&measure=closeness&format=json",
        f"/api/network?query={PAIRS}",
    ),
    "/api/openapi.json": gets("/api/openapi.json"),
    "/api/path": gets("/api/path?from=bell-rock&to=scotland&most=3&lang=en"),
    "/api/schema": gets("/api/schema", f"/api/schema?lang={MARK}"),
    "/api/search": gets(
        f"/api/search?q=tower {MARK}&kind=entity&class=lighthouse&source=atlas-of-lights&lang=en",
        "/api/search?linked=scotland&year=1811&start=0&limit=3",
    ),
    "/api/similar": gets("/api/similar?iri=bell-rock&limit=3&lang=fr"),
    "/api/suggest": gets(f"/api/suggest?q=who built {MARK} be&in=question&limit=5", "/api/suggest?q=be"),
    "/ask": gets(f"/ask?q=Who built Bell Rock {MARK}?&lang=en&state=&meant="),
    "/ask.csv": gets(f"/ask.csv?q=Which lighthouses are of granite {MARK}?&lang=en"),
    "/changes": (
        *gets(f"/changes?class=lighthouse&entity=bell-rock&from=1&to=1&page=1&lang={MARK}"),
        request("GET", "/changes?page=1", Accept="application/activity+json", If_None_Match='"x"'),
        request("GET", "/changes?from=1&to=1", Accept="application/rdf-patch"),
    ),
    "/changes.<suffix>": gets(
        "/changes.atom?page=1", "/changes.rdfp?from=1&entity=bell-rock", "/changes.json"
    ),
    "/compare": gets(
        f"/compare?thing=bell-rock&thing=eddystone&only=differences&lang={MARK}", f"/compare?thing={MARK}"
    ),
    "/context.jsonld": gets("/context.jsonld"),
    "/data.nq": (request("GET", "/data.nq", Range="bytes=0-99"), request("HEAD", "/data.nq", If_Match="*")),
    "/dataset": (request("GET", "/dataset?format=ttl"), request("GET", "/dataset", Accept="text/html")),
    "/describe": gets("/describe?iri=http://www.w3.org/2000/01/rdf-schema#label&format=nt&lang=en"),
    "/doc/<path:slug>": (
        *gets("/doc/bell-rock?lang=en&format=html", "/doc/bell-rock.jsonld", f"/doc/{MARK}"),
        request("GET", "/doc/bell-rock", Accept="text/turtle, text/html;q=0.5"),
        request("GET", "/doc/bell-rock?release=1", If_None_Match='"x"'),
        request("GET", "/doc/bell-rock", Accept_Datetime="Thu, 31 May 2007 20:35:00 GMT"),
    ),
    "/dumps/": (*gets("/dumps/?format=json"), request("GET", "/dumps/", Accept="text/html")),
    "/dumps/latest/": gets("/dumps/latest/?format=json"),
    "/dumps/latest/<path:path>": (
        request("GET", "/dumps/latest/graph.nq.gz", Range="bytes=0-99"),
        request("GET", f"/dumps/latest/{MARK}"),
    ),
    "/dumps/<int:version>/": gets("/dumps/1/?format=json", "/dumps/99999999999999999999/"),
    "/dumps/<int:version>/<path:path>": (
        request("GET", "/dumps/1/csv/entities.csv", Range="bytes=5-", If_Range='"x"'),
        request("HEAD", "/dumps/1/graph.db", If_None_Match="*"),
        request("GET", f"/dumps/1/../{MARK}"),
    ),
    "/graphs": (
        request("GET", "/graphs?default&format=trig", Accept_Encoding="gzip"),
        request("GET", "/graphs?graph=source/atlas-of-lights&release=1", If_None_Match='"x"'),
        request("GET", "/graphs?format=json"),
        request(
            "PUT", f"/graphs?graph=urn:{MARK}", TURTLE, "text/turtle", Authorization=BEARER, If_Match="*"
        ),
        request(
            "PUT", "/graphs?default", gzip.compress(TURTLE.encode()), "text/turtle", Content_Encoding="gzip"
        ),
        request("POST", "/graphs", FILES, MULTIPART, Authorization=BEARER),
        request("POST", "/graphs?graph=urn:g", '{"@id":"urn:a","urn:b":5}', "application/ld+json"),
        request("PATCH", "/graphs?graph=urn:g", INSERT, UPDATED),
        request("DELETE", "/graphs?graph=urn:g"),
    ),
    "/graphs/<path:path>": (
        request("GET", "/graphs/source/atlas-of-lights"),
        request("PUT", f"/graphs/graphs/{MARK}", TURTLE, "text/turtle", Authorization=BEARER),
    ),
    "/explore": gets(
        f"/explore?view=table&class=lighthouse&sort=label&page=2&q={MARK}",
        "/explore?view=network&class=lighthouse&by=lh:builtBy",
        "/explore?view=timeline&on=lh:lit&lang=de",
    ),
    "/explore.csv": gets(f"/explore.csv?class=lighthouse&lang={MARK}"),
    "/health": gets("/health"),
    "/health/live": gets("/health/live"),
    "/health/ready": gets("/health/ready"),
    "/history": gets("/history?iri=http://www.w3.org/2000/01/rdf-schema#label&format=json&lang=en"),
    "/history/<path:slug>": gets(f"/history/bell-rock?lang=de&x={MARK}", "/history/bell-rock.json"),
    "/id/<path:slug>": gets(f"/id/bell-rock?lang=en&x={MARK}"),
    "/metrics": gets("/metrics"),
    "/ontology": gets("/ontology?lang=it&format=html", f"/ontology?term=lh:{MARK}"),
    "/ontology.<suffix>": gets("/ontology.ttl"),
    "/ontology/<path:name>": gets(f"/ontology/{MARK}", "/ontology/near_town.ttl", "/ontology/2.0"),
    "/opensearch.xml": gets("/opensearch.xml"),
    "/opensearch/suggest": gets(f"/opensearch/suggest?q=be{MARK}"),
    "/reconcile": (
        *gets("/reconcile", "/reconcile?lang=it", f"/reconcile?queries={BATCH}", f"/reconcile?query={MARK}"),
        request("GET", f"/reconcile?extend={EXTENSION}", Accept_Language="it"),
        request("POST", "/reconcile", f"queries={quote(BATCH)}", FORM, Origin="http://elsewhere.example"),
        request("POST", "/reconcile", f"extend={quote(EXTENSION)}", FORM),
        request("OPTIONS", "/reconcile", Origin="http://elsewhere.example"),
    ),
    "/reconcile/flyout/<any(entity, type, property):kind>": gets(
        "/reconcile/flyout/entity?id=bell-rock", "/reconcile/flyout/property?id=rdfs:label"
    ),
    "/reconcile/preview": gets("/reconcile/preview?id=bell-rock&lang=de", f"/reconcile/preview?id={MARK}"),
    "/reconcile/properties": gets("/reconcile/properties?type=lighthouse&limit=9"),
    "/reconcile/suggest/<any(entity, type, property):kind>": gets(
        f"/reconcile/suggest/entity?prefix=be{MARK}&cursor=0", "/reconcile/suggest/type?prefix=li&cursor=3"
    ),
    "/reconcile/view": gets(f"/reconcile/view?id={MARK}", "/reconcile/view?id=bell-rock&lang=fr"),
    "/ro-crate-metadata.json": gets("/ro-crate-metadata.json"),
    "/robots.txt": gets("/robots.txt"),
    "/outlines.json": (request("GET", "/outlines.json", If_None_Match='"x"'),),
    "/release/<name>": gets("/release/1", "/release/1.ttl", f"/release/{MARK}"),
    "/search": gets(
        f"/search?q=granite {MARK}&kind=entity&class=lighthouse&year=1811&source=atlas-of-lights&page=1",
        "/search?like=bell-rock&lang=de",
    ),
    "/service-shapes": gets("/service-shapes?format=ttl"),
    "/sitemap.xml": (request("GET", "/sitemap.xml", Accept_Encoding="gzip"),),
    "/sitemap/<name>.xml": gets("/sitemap/things-1.xml", "/sitemap/pages.xml", f"/sitemap/{MARK}.xml"),
    "/source/<path:identifier>": gets("/source/atlas-of-lights.ttl", "/source/atlas-of-lights?lang=fr"),
    "/sparql": (
        request("GET", f"/sparql?query={SELECT}&format=csv&query-id={MARK}"),
        request("GET", f"/sparql?query={CONSTRUCT}&release=1&default-graph-uri=urn:g&named-graph-uri=urn:h"),
        request("GET", f"/sparql?query={CONSTRUCT}", Accept="text/turtle;version=1.1", If_None_Match="*"),
        request("GET", f"/sparql?query={SELECT}", Accept="text/html", Accept_Language="it, en;q=0.5"),
        request("GET", f"/sparql?query={SELECT}&explain&output=json"),
        request("GET", "/sparql", Accept_Datetime="Thu, 31 May 2007 20:35:00 GMT"),
        request("POST", "/sparql", SELECT, SELECTED, X_Query_ID=MARK),
        request("POST", "/sparql", f"query={quote(CONSTRUCT)}&format=nq", FORM, Accept_Encoding="gzip"),
        request(
            "POST", "/sparql", f"update={quote(INSERT)}&using-graph-uri=urn:g", FORM, Authorization=BEARER
        ),
        request("POST", "/sparql?using-named-graph-uri=urn:g", INSERT, UPDATED, If_Match="*"),
        request("QUERY", "/sparql", SELECT, SELECTED, Accept="text/tab-separated-values"),
    ),
    "/sparql/check": (request("POST", "/sparql/check", f"query={quote(SELECT)}{MARK}", FORM),),
    "/sparql/layout": (request("POST", "/sparql/layout", f"query={quote(CONSTRUCT)}{MARK}", FORM),),
    "/sparql/queries": (
        request("GET", "/sparql/queries"),
        request("GET", "/sparql/queries", Authorization=BEARER),
    ),
    "/sparql/queries/<identifier>": (request("DELETE", f"/sparql/queries/{MARK}"),),
    "/sparql/timemap": gets(f"/sparql/timemap?query={SELECT}"),
    "/timemap/<path:path>": gets(
        "/timemap/doc/bell-rock", "/timemap/describe?iri=urn:x", f"/timemap/source/{MARK}"
    ),
    "/static/<path:filename>": (
        request("GET", "/static/style.css"),
        request("GET", "/static/icon.svg", Range="bytes=5-"),
    ),
}


def listed(text: str, *more: str, coding: str = "utf-8") -> tuple[bytes, ...]:
    """No value, those in a text with the escapes of Python, between which are several blanks, and more."""
    found = re.split(r" *\n *| {2,}", text.strip().replace("MARK", MARK))
    read = [one.encode("latin-1", "backslashreplace").decode("unicode_escape") for one in ("", *found)]
    return tuple(one.encode(coding) for one in (*read, *more))


DIGITS = "9" * 5000
WORDS = listed(
    r"""
    \x20  \0  \t\r\n  \x7f  '  "  \\  *  #  ?  &  [  ^  $  ~  :  ://  .  null  []  {}  true  k  html  .ttl
    W10  e30=  {  }  {0}  {x}  {method.__class__}  %s  %n  %(a)s  ${x}  {{ 7*7 }}  {% x %}  -1  0  1  2  1.5
    1e309  NaN  0x1  \u0663  \xb2  \uff11  \u0130  \xdf  \ufb00  \ufeff  \u202e  \ufffe  \U0010ffff
    \U0001f600  \x85  \u65e5\u672c  ../../../etc/passwd  file:///etc/passwd  http://127.0.0.1:9/  http://[::1
    http://a/%  a b  a:b:c  _:b  <>  <a b>  urn:x  urn:  urn:\0  bell-rock  scotland  id:bell-rock
    lighthouse|built by  a OR b AND NOT c  "a b" -c  2000..1900  <MARK>  "><MARK>  'onx=MARK  \r\nMARK: 1
    \r\n\r\n<MARK>  javascript:MARK  MARK  </script><MARK>  {"a":"MARK"}  SELECT * {?s ?p ?o}  ASK {}
    DESCRIBE <urn:x>  DROP ALL  SELECT * { SERVICE <http://127.0.0.1:9/> {} }
    SELECT * FROM <file:///etc/passwd> {}  LOAD <file:///etc/passwd>
    """,
    *(DIGITS, f"-{DIGITS}", "૯" * 4400, "a" * 3000, "(" * 99, "e\u0301" * 99),
)
ESCAPES = listed(
    r"""
    %  %0  %GG  %00  %0D%0A  %C3  %C0%AF  %ED%A0%80  %F5%80%80%80  %FF  %2F  %25  %u0041  %E2%80%AE  %EF%BF%BE
    %7B%7D  +  =  &  ;  \xc3\xa9  \xff  /  //  /.  /..  /../..  /./  /%2e%2e/  %2F..%2F  /..;/  \\..\\  ;a=b
    .  *  :  @  .ttl  .html  .nq  .exe  #  ?  ??  %3F
    """,
    *("a" * 5000, "/a" * 2000, "/" * 3000),
    coding="latin-1",
)
TARGETS = listed(
    r"""
    *  /  //evil.example/  http://evil.example/  http://host.example/health  evil.example:1  http:/  http://
    sparql  https://evil.example:99999/sparql  ?query=ASK{}  /nowhere  /%  /favicon.ico  /robots.txt  /.env
    /.git/config  /static/../templates/base.html  /static/%2e%2e/templates/base.html
    /id/http://www.example.org/  /doc/a/b/c.ttl
    """
)
METHODS = listed(
    r"""
    GET  HEAD  POST  PUT  DELETE  PATCH  OPTIONS  QUERY  TRACE  CONNECT  PROPFIND  get  G-T  GET\0  G{T}  PRI
    {0}  M\xe9  MARK
    """,
    "A" * 300,
)
VERSIONS = listed("HTTP/1.0  HTTP/1.1  HTTP/0.9  HTTP/2.0  HTTP/1.2  HTTP/1  http/1.1  ICY  HTTP/1.1 x")
DATES = listed(
    r"""
    Thu, 31 May 2007 20:35:00 GMT  Mon, 01 Jan 0001 00:00:00 GMT  Fri, 31 Dec 9999 23:59:59 -2359  Thu
    1 1 1 1 1  Thu, 31 May 99999 20:35:00 GMT  Thu, 32 May 2007 20:35:00 GMT  2007-05-31T20:35:00Z  a b c d  0
    Mon, 01 Jan 0001 00:00:00 +2359  Thu, 31 May 2007 20:35:00 +999999  Thu, 31 May 2007 99:99:99
    """
)
TAGS = listed(r'*  "x"  W/"x"  "  "a", W/"b", *  x  "\\"  "\xe9"', '"a"' * 900, "," * 900)
CODINGS = listed(
    r"""
    gzip  br  identity  *  gzip, br;q=0.5  identity;q=0  gzip;q=0, *;q=0  *;q=0  x-gzip  {0}  deflate
    gzip, gzip  \xe9  gzip;q=2  gzip;q=-1  gzip;q=0.00000000001
    """,
    *("gzip;q=" + "9" * 999, ";" * 999),
)
HEADERS: Mapping[str, Sequence[bytes]] = {
    "Accept": listed(
        r"""
        */*  text/html  application/json  application/problem+json  text/turtle  application/trig  text/csv  *
        /  a/b  ,  ;q=  text/html;q=0  */*;q=0  text/html;q=1.5  text/*;q=a  */html  text/turtle;version="1.2
        {0}  \xe9/\xe9  text/turtle;version=9  application/n-quads;version=1.1  application/sparql-results+xml
        text/plain  \x01/\x01  text/html;level=1;q=0.9,text/*;q=0.1,*/*;q=0
        application/openmetrics-text;version=x
        """,
        *(",;" * 3000, "a" * 3000, 'a/b;c="' + "\\" * 3000),
    ),
    "Accept-Charset": listed("utf-16  *"),
    "Accept-Datetime": DATES,
    "Accept-Encoding": CODINGS,
    "Accept-Language": listed(
        r"it  *  -  en;q=-1  en;q=a  ,;=  \xe9  zh-Hant-TW  {0}  \u017f", "de-" + "x-" * 900
    ),
    "Authorization": listed(
        r"""
        Bearer MARK  Bearer  bearer  Bearer MARK b  Bearer MARK==  Bearer \xe9  Basic MARK  Basic !
        Digest a=b  {0}  Token \x01  ,  =  \xe9
        """,
        *("Bearer " + "a" * 3000, "Bearer kg_" + "a" * 43),
    ),
    "Connection": listed("keep-alive  close  upgrade  te, close  x"),
    "Content-Disposition": listed("form-data; name=a; filename=../../x  attachment; filename*=UTF-8''%FF"),
    "Content-Encoding": CODINGS,
    "Content-Length": listed(r"0  1  5  -1  +1  1 1  0x10  1,1  1.5  \u0663  000000005", "9" * 20, "9" * 999),
    "Content-Range": listed("bytes 0-1/5  x"),
    "Content-Type": listed(
        rf"""
        {FORM}  {SELECTED}  {UPDATED}  text/turtle  application/trig  application/n-quads  application/ld+json
        application/rdf+xml  application/json  text/plain  multipart/form-data  {MULTIPART}
        multipart/mixed; boundary=x  multipart/form-data; boundary="  application/octet-stream  /  ;
        {{x}}/{{y}}  text/turtle; charset=utf-7  {SELECTED}; charset=\xe9  {FORM}; charset=utf-16
        a/b; c=*''%FF  text/turtle; charset*=utf-8''%C3  text/turtle; charset*0=a; charset*1=b
        """,
        "multipart/form-data; boundary=" + "a" * 300,
    ),
    "Cookie": listed(r"session=MARK  =  a=\\  \xe9=\xe9", ";" * 900),
    "Expect": listed("100-continue  200-ok"),
    "Forwarded": listed("for=MARK  for=1.2.3.4;proto=https;host=evil.example  ;"),
    "Host": listed(
        r"""
        evil.example  [::1  [::1]  a:99999  a:b  a@b  a/b  a b  \xe9  a:  a?b  a#b  <MARK>  a\\b  {0}  %41
        xn--  a..b  .  _  -  host.example:80
        """,
        "a" * 300,
    ),
    "HTTP2-Settings": listed("AAMAAABkAARAAAAAAAIAAAAA"),
    "If-Match": TAGS,
    "If-Modified-Since": DATES,
    "If-None-Match": TAGS,
    "If-Range": (*DATES, *TAGS),
    "If-Unmodified-Since": DATES,
    "Origin": listed(r"null  http://evil.example  \xe9  http://host.example"),
    "Prefer": listed("return=minimal  respond-async"),
    "Range": listed(
        r"bytes=0-  bytes=-1  bytes=5-1  bytes=0-0,2-3,5-  bytes=-  bytes=  items=0-1  bytes=a-b  ="
        r"  bytes=\u0663-",
        *(f"bytes={DIGITS}-", f"bytes=-{DIGITS}", "bytes=" + "0-0," * 900),
    ),
    "Referer": listed(r"http://evil.example/MARK  \xe9"),
    "Sec-Fetch-Site": listed("cross-site  same-origin"),
    "Transfer-Encoding": listed(
        r"chunked  Chunked  gzip, chunked  chunked, identity  identity  \x0bchunked  x"
    ),
    "Trailer": listed("Content-Length  X"),
    "Upgrade": listed("h2c  websocket"),
    "User-Agent": listed(r"MARK  \xe9  {0}", "a" * 3000),
    "X-Forwarded-For": listed(
        r"203.0.113.7  ::1  [::1]:80  1.2.3.4:5  unknown  MARK  ,  ::ffff:9.9.9.9", "1.2.3.4," * 500
    ),
    "X-Forwarded-Host": listed(r"evil.example  \xe9"),
    "X-Forwarded-Prefix": listed("/evil"),
    "X-Forwarded-Proto": listed("https  x"),
    "X-HTTP-Method-Override": listed("DELETE"),
    "X-Query-ID": listed(r"MARK  short", *("a" * 129, "~" * 22, "é" * 30, "../" * 9, "{0}" * 9)),
    "X_Query_ID": listed("MARK"),
}
# Headers on which no answer depends, so that one that was remembered may be given to several clients.
CARRIERS = listed("User-Agent  X-Forwarded-For  X-Request-ID  Via  traceparent  Cookie  Referer")[1:]
BODIES = (
    *listed(
        r"""
        \0  \xff\xfe  {  []  null  query=  query=%  update=%FF  \x1f\x8b  <rdf:RDF/>  \r\n\r\n  0\r\n\r\n
        -1\r\n  5\r\nhello\r\n0\r\n\r\n  5\r\nhello\r\n0  FFFFFFFFFFFFFFFF\r\n
        5;x=y\r\nhello\r\n0\r\nX: y\r\n\r\n  GET / HTTP/1.1\r\n\r\n
        <!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><rdf:RDF>&b;</rdf:RDF>
        {"@context":"http://127.0.0.1:9/","@id":"urn:a"}
        """,
        *(
            INSERT,
            TURTLE,
            SELECT,
            FILES,
            FILES[:-20],
            FILES[:90],
            "a=b&" * 2000,
            "&=&" * 999,
            '{"@graph":' * 900,
        ),
        *("@prefix : <urn:" + "a" * 9999, "<urn:a> <urn:b> <urn:c> .\n" * 99),
        coding="latin-1",
    ),
    *(gzip.compress(TURTLE.encode())[:-9], gzip.compress(b" " * (8 << 20))),
)
JUNK = listed(
    r"""
    \r\n  \n  \r  \0  \x20  \t  :  \r\n\r\n  \r\n x  \xff  %  =  &  {  }  "  SELECT  *  ?x  (  )  <  >  <<(
    []  UNION  FILTER  BIND  SERVICE  GRAPH  ^^  @en--ltr  \\u0000  \\uD800  VALUES  UNDEF  GROUP BY  HAVING
    /  |  ^  +  !  .  1e999  '''  BASE <x>  PREFIX : <  #  CONSTRUCT  INSERT  WHERE  CLEAR  {|  ~  ,  ;  SUM(
    REGEX  MARK  Transfer-Encoding: chunked\r\n  Content-Length: 5\r\n  Host: a\r\n  GET / HTTP/1.1\r\n
    """,
    coding="latin-1",
)
PIECE = re.compile(rb"\w+|\W", re.ASCII)
PARAMETERS = sorted(
    {name for valid in VALID.values() for one in valid for name, _ in one.parameters}
    | {b"access_token", b"update", b"k", b""}
)
VALUES = st.one_of(
    st.sampled_from(ESCAPES),
    st.one_of(st.sampled_from(WORDS), st.text(max_size=20)).map(lambda value: quote(value, safe="").encode()),
)
JUNK_OR_BYTES = st.one_of(st.sampled_from(JUNK), st.binary(min_size=1, max_size=9))
HOW = ("without", "twice", "often", "cut", "swapped", "added", "replaced", "flipped")


def mutated(rules: Iterable[str]) -> st.SearchStrategy[bytes]:
    """Requests to the addresses of these rules, each a valid one that has been changed, or not."""
    return _mutated(st.sampled_from([one for rule in rules for one in VALID[rule]]))


@st.composite
def _mutated(draw: Draw, valid: st.SearchStrategy[Request]) -> bytes:
    changed = draw(valid)
    for _ in range(draw(st.sampled_from((0, 1, 1, 2, 2, 3, 4)))):
        changed = draw(st.sampled_from(CHANGES))(draw, changed)
    data = bytes(changed)
    for _ in range(draw(st.sampled_from((0, 0, 0, 0, 1, 1, 2)))):
        data = mangled(draw, data)
    return data


def mangled(draw: Draw, data: bytes) -> bytes:
    """Data of which some pieces (words or single bytes) were taken out, repeated, exchanged or added to."""
    pieces = PIECE.findall(data) or [b""]
    place = draw(st.integers(0, len(pieces) - 1))
    end = place + draw(st.integers(1, 9))
    before, taken, after = pieces[:place], pieces[place:end], pieces[end:]
    how = draw(st.sampled_from(HOW))
    if how in ("twice", "often"):
        taken *= 2 if how == "twice" else draw(st.integers(3, 300))
    elif how in ("without", "cut"):
        taken, after = [], after if how == "without" else []
    elif how == "swapped":
        taken, after = after[:9] + taken, after[9:]
    elif how == "flipped":
        taken = [bytes([taken[0][0] ^ 1 << draw(st.integers(0, 7))]), *taken[1:]] if taken[0] else []
    else:
        taken = [*(taken if how == "added" else []), draw(JUNK_OR_BYTES)]
    return b"".join(before + taken + after)[:LONGEST]


def _one(draw, items):
    return draw(st.sampled_from(items))


def _method(draw, request):
    return replace(request, method=_one(draw, METHODS))


def _version(draw, request):
    return replace(request, version=_one(draw, VERSIONS))


def _target(draw, request):
    return replace(request, path=_one(draw, TARGETS))


def _other_target(draw, request):
    """What is asked of one address, asked of another."""
    return replace(request, path=_one(draw, [one.path for valid in VALID.values() for one in valid]))


def _step(draw, request):
    """Something put into the path, with the rest of it or without."""
    place = draw(st.integers(0, len(request.path)))
    rest = request.path[place:] if draw(st.booleans()) else b""
    return replace(request, path=request.path[:place] + draw(VALUES) + rest)


def _parameter(draw, request):
    """A value that nobody expects for some parameter, instead of the one there is or beside it."""
    name = _one(draw, PARAMETERS)
    kept = _others(request.parameters, name) if draw(st.booleans()) else request.parameters
    return replace(request, parameters=(*kept, (name, draw(VALUES))))


def _own_parameter(draw, request):
    """One of the parameters left out, begun, mangled, or given a value that nobody expects."""
    if not request.parameters:
        return _parameter(draw, request)
    name, value = _one(draw, request.parameters)
    how = _one(draw, ("without", "begun", "mangled", "other"))
    if how == "begun":
        value = value[: draw(st.integers(0, len(value)))]
    elif how == "mangled":
        value = quote(mangled(draw, unquote_to_bytes(value)), safe="").encode()
    elif how == "other":
        value = draw(VALUES)
    added = () if how == "without" else ((name, value),)
    return replace(request, parameters=(*_others(request.parameters, name), *added))


def _header(draw, request):
    """A header with a value that nobody expects, instead of the one there is or beside it."""
    name = _one(draw, sorted(HEADERS))
    kept = _others(request.headers, name.encode()) if draw(st.booleans()) else request.headers
    return replace(request, headers=(*kept, (name.encode(), _one(draw, HEADERS[name]))))


def _fewer_headers(draw, request):
    if not request.headers:
        return request
    return replace(request, headers=_others(request.headers, _one(draw, request.headers)[0]))


def _carrier(draw, request):
    """The secret of the client in a header on which nothing depends."""
    return replace(request, headers=(*request.headers, (_one(draw, CARRIERS), MARK.encode())))


def _body(draw, request):
    body = draw(st.one_of(st.sampled_from(BODIES), st.binary(max_size=99)))
    return replace(request, body=body, method=_one(draw, (b"POST", b"PUT", request.method)))


def _mangled_body(draw, request):
    return replace(request, body=mangled(draw, request.body))


def _zipped(draw, request):
    headers = (*request.headers, (b"Content-Encoding", b"gzip"))
    return replace(request, body=gzip.compress(request.body, mtime=0), headers=headers)


def _chunked(draw, request):
    size = draw(st.integers(1, 99))
    chunks = [request.body[place : place + size] for place in range(0, len(request.body), size)]
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in [*chunks, b""])
    return replace(request, body=body, headers=(*request.headers, (b"Transfer-Encoding", b"chunked")))


def _others(pairs, name):
    return tuple(pair for pair in pairs if pair[0].lower() != name.lower())


CHANGES = (
    *(
        _parameter,
        _own_parameter,
        _own_parameter,
        _header,
        _header,
        _carrier,
        _body,
        _mangled_body,
        _mangled_body,
    ),
    *(_method, _version, _step, _target, _other_target, _fewer_headers, _zipped, _chunked),
)
