"""What catalogues read: each file passes the validator of its own kind, and says nothing that is not so."""

import csv
import json

import jsonschema
import mlcroissant
import pytest
import yaml
from cffconvert import Citation
from conftest import ROOT
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SDO

# rdflib's own parser of JSON-LD uses a class that rdflib has deprecated.
pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning")]

DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
NAMES = [resource["name"] for resource in DESCRIPTOR["resources"]]
TEXTS = ["CITATION.cff", ".zenodo.json", "catalogue/schema-org.jsonld", "catalogue/dcat.jsonld"]
SPACES = (DCAT, DCTERMS, FOAF)
VERSION = URIRef(f"{DCAT}version")  # new in DCAT 3; rdflib knows the words of DCAT 2
GOOGLE_ASKS = ["name", "description", "license", "creator", "keywords", "version", "distribution"]


def read(name):
    return (ROOT / name).read_text("utf-8")


def graph(name):
    """The statements of a JSON-LD file; the one context that lies on the web is stood in for."""
    told = json.loads(read(name))
    if told["@context"] == "https://schema.org/":
        told["@context"] = {"@vocab": str(SDO)}
    return Graph().parse(data=json.dumps(told), format="json-ld")


@pytest.fixture(scope="session")
def schema_org():
    return graph("catalogue/schema-org.jsonld")


@pytest.fixture(scope="session")
def dcat():
    return graph("catalogue/dcat.jsonld")


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


def test_schema_org_uses_its_own_words(schema_org):
    words = {
        word for word in (*schema_org.predicates(), *schema_org.objects(None, RDF.type)) if word != RDF.type
    }
    assert words and [word for word in words if word not in SDO] == []


@pytest.mark.parametrize("name", GOOGLE_ASKS)
def test_schema_org_says_what_data_set_search_asks_for(schema_org, name):
    data_set = schema_org.value(None, RDF.type, SDO.Dataset)
    assert (data_set, SDO[name], None) in schema_org


def test_dcat_uses_the_words_of_its_vocabularies(dcat):
    words = {word for word in (*dcat.predicates(), *dcat.objects(None, RDF.type)) if word != RDF.type}
    known = [word for word in words if word == VERSION or any(word in space for space in SPACES)]
    assert (len(words) > 10, sorted(known)) == (True, sorted(words))


@pytest.mark.parametrize("word", [DCTERMS.title, DCTERMS.description, DCTERMS.license, DCAT.mediaType])
def test_dcat_tells_each_distribution(dcat, word):
    found = list(dcat.objects(dcat.value(None, RDF.type, DCAT.Dataset), DCAT.distribution))
    assert len(found) == len(NAMES) and all((one, word, None) in dcat for one in found)


def test_dcat_licence_is_an_address_and_its_date_a_date(dcat):
    data_set = dcat.value(None, RDF.type, DCAT.Dataset)
    licence, issued = dcat.value(data_set, DCTERMS.license), dcat.value(data_set, DCTERMS.issued)
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


@pytest.mark.parametrize("name", ["pair_events", "casualty_statistics"])
def test_croissant_reads_the_rows_of_the_csv(croissant, unzipped, name):
    with (unzipped / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        keys = [row[0] for row in csv.reader(file)][1:]
    records = list(croissant.records(name))
    assert [next(iter(record.values())).decode() for record in records] == keys
