"""Keys, their documentation and the JSON Schema never drift apart."""

import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from psbuddy.catalogue import json_schema
from psbuddy.catalogue import schema as sections

ROOT = Path(__file__).parents[3]
MODELS = [
    sections.HostEntry,
    sections.StoreSpec,
    sections.ApplicationEntry,
    sections.LogSpec,
    sections.TransactionSpec,
    sections.CheckSpec,
    sections.JobSpec,
    sections.Schedule,
    sections.ChangeSpec,
    sections.SloSpec,
]


def documented_tables() -> list[set[str]]:
    """First cells of every table of docs/catalogue.md, in order."""
    text = (ROOT / "docs" / "catalogue.md").read_text()
    tables = re.findall(r"\| key \| value \| default \|\n\|[-|]+\|\n((?:\|.*\n)+)", text)
    return [set(re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE)) for table in tables]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_documented_and_every_documented_key_exists(model: type[BaseModel]) -> None:
    assert documented_tables()[MODELS.index(model)] == set(model.model_fields)


def test_the_sections_of_a_file_are_documented() -> None:
    text = (ROOT / "docs" / "catalogue.md").read_text()
    for name in sections.CatalogueFile.model_fields:
        assert f"## {name}\n" in text


@pytest.mark.parametrize(
    "model", [*MODELS, sections.CatalogueFile], ids=lambda model: model.__name__
)
def test_every_key_says_in_the_editor_what_it_is(model: type[BaseModel]) -> None:
    silent = [name for name, field in model.model_fields.items() if not field.description]
    assert silent == []


def test_the_shipped_schema_is_the_one_of_the_code() -> None:
    shipped = json.loads((ROOT / "resources" / "catalogue.schema.json").read_text())
    assert shipped == json_schema(), "psbuddy catalogue schema > resources/catalogue.schema.json"


def test_the_schema_refuses_unknown_keys_and_knows_no_null() -> None:
    text = json.dumps(json_schema())
    assert '"null"' not in text
    definitions = json_schema()["$defs"]
    open_ = [name for name, each in definitions.items()
             if "properties" in each and each.get("additionalProperties") is not False]  # fmt: skip
    assert open_ == []
    kinds = [each.get("type") for each in
             definitions["LogSpec"]["properties"]["transactions"]["anyOf"]]  # fmt: skip
    assert "boolean" in kinds
