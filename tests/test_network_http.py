"""What links two things and who shares what, over real HTTP, on both graphs."""

from __future__ import annotations

import io

import networkx as nx
import pytest

PATHS = {"cineca": ("cineca", "bsc"), "bell-rock": ("Bell Rock Lighthouse", "skerryvore")}
NETWORKS = {
    "cineca": {"class": "organisation", "via": "AI Factory"},
    "bell-rock": {"class": "lighthouse"},
}


def asked(service, path, **parameters):
    return service.client.get(path, params=parameters)


def drawn(service, **parameters):
    response = asked(service, "/api/network", **NETWORKS[service.thing], **parameters)
    assert response.status_code == 200, response.text
    return response


def test_what_links_two_things_is_told_in_words_with_sources(service):
    start, end = PATHS[service.thing]
    found = asked(service, "/api/path", **{"from": start, "to": end}).json()
    assert 1 <= len(found["explanations"]) <= 5
    first = found["explanations"][0]
    assert first["sentence"].startswith(found["from"]["label"])
    assert first["sentence"].endswith(found["to"]["label"])
    for step in first["steps"]:
        assert all(step["labels"][place] in first["sentence"] for place in "so")
        assert all(source["iri"] and source["title"] for source in step["sources"])
        assert step["sources"]


def test_a_way_is_told_in_the_language_that_is_asked_for(shipped_service):
    found = asked(shipped_service, "/api/path", **{"from": "cineca", "to": "bsc", "lang": "it"}).json()
    told = [one["sentence"] for one in found["explanations"]]
    # By the name of the inverse, rather than “← ospitato da —”.
    assert any(sentence.startswith("CINECA — ospita → Leonardo — fornito da → Atos") for sentence in told)
    assert not any("←" in sentence for sentence in told)


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ({"from": "cineca"}, 400, "“to” is missing"),
        ({"from": "cineca", "to": "bsc", "most": "0"}, 400, "from 1 to 50"),
        ({"from": "cineca", "to": "no such thing"}, 404, "no such thing"),
    ],
)
def test_a_way_that_cannot_be_told_says_why(shipped_service, parameters, status, words):
    response = asked(shipped_service, "/api/path", **parameters)
    assert response.status_code == status
    assert words in response.json()["detail"]


def test_a_network_has_who_shares_what_by_which_statements_of_which_sources(service):
    found = drawn(service).json()
    nodes = {node["id"]: node for node in found["nodes"]}
    things = {thing["id"]: thing for thing in found["shared"]}
    sources = {source["id"] for source in found["sources"]}
    assert len(found["edges"]) > 2
    for edge in found["edges"]:
        assert edge["weight"] == len(edge["shared"]) > 0
        for thing in edge["shared"]:
            for end in (edge["source"], edge["target"]):
                stated = [found["statements"][place] for place in things[thing]["sharers"][end]]
                assert stated
                assert all({end, thing} == {one["s"], one["o"]} for one in stated)
                assert all(one["sources"] and set(one["sources"]) <= sources for one in stated)
    assert {edge["source"] for edge in found["edges"]} <= set(nodes)
    assert all(node["label"] and node["classes"] for node in nodes.values())
    assert [node["pagerank"] for node in found["nodes"]] == sorted(
        (node["pagerank"] for node in found["nodes"]), reverse=True
    )


def test_each_community_has_a_name_and_its_members_by_rank(service):
    found = drawn(service, measure="degree").json()
    rank = {node["id"]: place for place, node in enumerate(found["nodes"])}
    of = {node["id"]: node["community"] for node in found["nodes"]}
    assert found["communities"]
    for community in found["communities"]:
        places = [rank[member] for member in community["members"]]
        assert places == sorted(places)
        assert community["label"]
        assert {of[member] for member in community["members"]} == {community["id"]}
    assert 0 < found["modularity"] < 1


def test_names_are_in_the_language_that_is_asked_for(shipped_service):
    labels = {node["label"] for node in drawn(shipped_service, lang="it").json()["nodes"]}
    assert "Impresa comune europea per il calcolo ad alte prestazioni" in labels


def test_a_query_chooses_the_network(service):
    pairs = {
        "cineca": "?a aif:hostedBy ?via . ?b aif:hostedBy ?via",
        "bell-rock": "?a lh:kept_by ?via . ?b lh:kept_by ?via",
    }
    query = f"SELECT ?a ?b ?via {{ {pairs[service.thing]} FILTER(?a != ?b) }}"
    found = asked(service, "/api/network", query=query).json()
    assert found["edges"]
    assert all(edge["shared"] for edge in found["edges"])
    assert found["statements"]
    assert all(one["sources"] for one in found["statements"])


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_a_file_of_the_network_is_read_by_networkx(service, form):
    response = drawn(service, format=form)
    assert response.headers["Content-Type"] == f"application/{form}+xml"
    read = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}[form](io.BytesIO(response.content))
    found = drawn(service).json()
    assert {name: data["label"] for name, data in read.nodes(data=True)} == {
        node["id"]: node["label"] for node in found["nodes"]
    }
    assert {frozenset(pair): data["weight"] for *pair, data in read.edges(data=True)} == {
        frozenset((edge["source"], edge["target"])): edge["weight"] for edge in found["edges"]
    }


def test_without_a_choice_it_is_the_network_of_all_entities(service):
    found = asked(service, "/api/network").json()
    assert all(edge["statements"] for edge in found["edges"])
    assert service.thing in {node["id"].rsplit("/", 1)[-1] for node in found["nodes"]}


def test_the_same_network_need_not_be_sent_again(service):
    tag = drawn(service).headers["ETag"]
    parameters = NETWORKS[service.thing]
    again = service.client.get("/api/network", params=parameters, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert drawn(service, lang="de").headers["ETag"] != tag


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ({"format": "svg"}, 400, "json, graphml, gexf"),
        ({"measure": "beauty"}, 400, "pagerank, degree"),
        ({"class": "unicorn"}, 404, "unicorn"),
        ({"class": "height"}, 400, "no class"),
        ({"via": "engineer"}, 400, "Name the class"),
        ({"class": "lighthouse", "query": "SELECT ?a ?b {}"}, 400, "not by both"),
        ({"query": "ASK {}"}, 400, "SELECT"),
        ({"query": "SELECT ?x { ?x ?y ?z }"}, 400, "columns ?x"),
        ({"query": "SELECT ?a ?b { ?a lh:height ?b }"}, 400, "only things with an IRI"),
        ({"query": "SELECT ?a ?b {"}, 400, "line 1"),
        ({"query": "SELECT ?a ?b { SERVICE <http://127.0.0.1/> { ?a ?p ?b } }"}, 422, "SERVICE"),
    ],
)
def test_a_network_that_cannot_be_drawn_says_why(lighthouse_service, parameters, status, words):
    response = asked(lighthouse_service, "/api/network", **parameters)
    assert response.status_code == status, response.text
    assert words in response.json()["detail"]
