"""What catalogues read: each file passes the validator of its own kind, and says nothing that is not so."""

import csv
import json

import jsonschema
import mlcroissant
import pyshacl
import pytest
import yaml
from cffconvert import Citation
from conftest import ROOT
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, SDO, SKOS
from test_open import linked_data

from scripts.documents.catalogues import croissant as as_croissant
from scripts.documents.catalogues import dcat as as_dcat
from scripts.documents.citing import bibtex, citation, cite_as

# rdflib's own parser of JSON-LD uses a class that rdflib has deprecated.
pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning")]

DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
NAMES = [resource["name"] for resource in DESCRIPTOR["resources"]]
TEXTS = ["CITATION.cff", ".zenodo.json", "catalogue/dcat.jsonld"]
SPACES = (DCAT, DCTERMS, FOAF, RDFS, SKOS)
VERSION = URIRef(f"{DCAT}version")  # new in DCAT 3; rdflib knows the words of DCAT 2
GOOGLE_ASKS = [
    *("name", "description", "license", "creator", "publisher", "keywords", "version", "distribution", "url"),
    *("identifier", "temporalCoverage", "spatialCoverage", "citation"),
]
SHAPES = ROOT.parent / "shared" / "standards" / "dcat-ap-SHACL.ttl"
HERE = "https://data.example/package/catalogue/one.jsonld"  # an address for files that have none
needs_shapes = pytest.mark.skipif(not SHAPES.is_file(), reason="the shapes of DCAT-AP are not at hand")


def read(name):
    return (ROOT / name).read_text("utf-8")


def graph(told):
    """The statements of JSON-LD; the one context that lies on the web is stood in for."""
    if told["@context"] == "https://schema.org/":
        told["@context"] = {"@vocab": str(SDO)}
    return Graph().parse(data=json.dumps(told), format="json-ld", publicID=HERE)


@pytest.fixture
async def schema_org(site):
    return graph(await linked_data(site, "/"))


@pytest.fixture(scope="session")
def dcat():
    return graph(json.loads(read("catalogue/dcat.jsonld")))


def test_citation_passes_cffconvert():
    assert Citation(read("CITATION.cff")).validate() is None


def test_citation_that_lacks_authors_would_not_pass():
    told = yaml.safe_load(read("CITATION.cff"))
    del told["authors"]
    with pytest.raises(jsonschema.ValidationError):
        Citation(yaml.safe_dump(told)).validate()


def test_zenodo_file_is_what_zenodo_asks_for():
    schema = json.loads((ROOT / "tests" / "zenodo.schema.json").read_text("utf-8"))
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert list(checker.iter_errors(json.loads(read(".zenodo.json")))) == []


async def test_schema_org_uses_its_own_words(schema_org):
    words = {
        word for word in (*schema_org.predicates(), *schema_org.objects(None, RDF.type)) if word != RDF.type
    }
    assert words and [word for word in words if word not in SDO] == []


@pytest.mark.parametrize("name", GOOGLE_ASKS)
async def test_schema_org_says_what_data_set_search_asks_for(schema_org, name):
    (data_set,) = set(schema_org.subjects(SDO.hasPart))
    assert (data_set, SDO[name], None) in schema_org


def departures_from_dcat_ap(found):
    """The results of checking a graph by the shapes of DCAT-AP 3."""
    conforms, _, text = pyshacl.validate(found, shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    return "" if conforms else text


@needs_shapes
def test_dcat_conforms_to_dcat_ap(dcat):
    assert departures_from_dcat_ap(dcat) == ""


@needs_shapes
def test_dcat_without_an_address_would_not_conform(dcat):
    without = Graph()
    without += (triple for triple in dcat if triple[1] != DCAT.accessURL)
    assert "accessURL" in departures_from_dcat_ap(without)


def test_dcat_uses_the_words_of_its_vocabularies(dcat):
    words = {word for word in (*dcat.predicates(), *dcat.objects(None, RDF.type)) if word != RDF.type}
    known = [word for word in words if word == VERSION or any(word in space for space in SPACES)]
    assert (len(words) > 10, sorted(known)) == (True, sorted(words))


@pytest.mark.parametrize("word", [DCTERMS.title, DCTERMS.license, DCAT.accessURL, DCAT.mediaType])
def test_dcat_tells_each_distribution(dcat, word):
    found = list(dcat.objects(dcat.value(None, RDF.type, DCAT.Dataset), DCAT.distribution))
    assert len(found) == len(NAMES) and all((one, word, None) in dcat for one in found)


def test_dcat_licence_is_an_address_and_its_date_a_date(dcat):
    data_set = dcat.value(None, RDF.type, DCAT.Dataset)
    file = dcat.value(data_set, DCAT.distribution)
    licence, issued = dcat.value(file, DCTERMS.license), dcat.value(data_set, DCTERMS.issued)
    assert (type(licence), type(issued), str(issued)) == (URIRef, Literal, DESCRIPTOR["created"][:10])


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("made_up", ["doi.org", "orcid", "github.com", "zenodo.org"])
def test_nothing_is_named_that_does_not_exist(name, made_up):
    assert made_up not in read(name).lower()


@pytest.fixture
def croissant(unzipped):
    """The released Croissant file as its own library reads it; raises where it is not valid."""
    return mlcroissant.Dataset(unzipped / "croissant.json")


def test_croissant_has_no_errors_and_no_warnings(croissant):
    issues = croissant.metadata.issues
    assert (issues.errors, issues.warnings) == (set(), set())


def test_croissant_is_of_the_current_version_and_names_a_page(croissant):
    told = croissant.metadata
    assert (told.ctx.conforms_to.value, told.url) == ("http://mlcommons.org/croissant/1.1", "README.md")


def test_croissant_reads_every_table_from_one_data_set(croissant, unzipped):
    resources = json.loads((unzipped / "datapackage.json").read_text("utf-8"))["resources"]
    read = {one["name"]: sum(1 for _ in croissant.records(one["name"])) for one in resources}
    assert read == {one["name"]: one["rows"] for one in resources}


@pytest.mark.parametrize("name", ["pair_events", "casualty_statistics"])
def test_croissant_reads_the_rows_of_the_csv(croissant, unzipped, name):
    with (unzipped / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        keys = [row[0] for row in csv.reader(file)][1:]
    records = list(croissant.records(name))
    assert [next(iter(record.values())).decode() for record in records] == keys


PUBLISHED = DESCRIPTOR | {"homepage": "https://data.example/ties/"}


@pytest.mark.parametrize(
    "text",
    [
        cite_as(PUBLISHED),
        bibtex(PUBLISHED),
        Citation(citation(PUBLISHED)).as_bibtex(),
        Citation(citation(PUBLISHED)).as_apalike(),
        json.dumps(as_dcat(PUBLISHED)),
        json.dumps(as_croissant(PUBLISHED)),
    ],
    ids=[
        "citation",
        "bibtex",
        "bibtex by cffconvert",
        "apa by cffconvert",
        "dcat",
        "croissant",
    ],
)
def test_address_is_told_everywhere_once_the_descriptor_has_one(text):
    assert "https://data.example/ties/" in text


@pytest.mark.parametrize("text", [cite_as(PUBLISHED), bibtex(PUBLISHED), citation(PUBLISHED)])
def test_citation_leads_to_the_pages_of_the_version(text):
    assert f"https://data.example/ties/v/{DESCRIPTOR['version']}/" in text


def test_citation_has_the_doi_of_all_versions():
    told = yaml.safe_load(citation(PUBLISHED | {"id": "https://doi.org/10.5281/zenodo.100"}))
    assert (told["doi"], Citation(yaml.safe_dump(told)).validate()) == ("10.5281/zenodo.100", None)


@pytest.mark.parametrize("field", ["author", "title", "year", "version", "publisher"])
def test_bibtex_has_what_a_journal_asks_for(field):
    assert f"  {field} = {{" in bibtex(DESCRIPTOR)


@pytest.mark.parametrize("word", ["title", "version", "publisher", "year"])
def test_preferred_citation_is_as_complete(word):
    assert yaml.safe_load(read("CITATION.cff"))["preferred-citation"][word]
