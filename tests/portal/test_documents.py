"""Every page's document, held against the schema."""

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate

from portal.documents import FOLDER, document, names


@pytest.fixture(scope="module")
def contract() -> GraphQLSchema:
    from schema import printed  # noqa: PLC0415  # building the schema takes a moment that most tests need not wait

    return build_schema(printed())


def operations(name: str) -> list[OperationDefinitionNode]:
    return [d for d in parse(document(name)).definitions if isinstance(d, OperationDefinitionNode)]


@pytest.mark.parametrize("name", names())
def test_a_page_asks_only_for_what_the_schema_has(name: str, contract: GraphQLSchema) -> None:
    assert validate(contract, parse(document(name))) == []


@pytest.mark.parametrize("name", names())
def test_a_document_holds_one_named_operation(name: str) -> None:
    found = operations(name)

    assert len(found) == 1
    assert found[0].name is not None


def test_operations_have_names_of_their_own() -> None:
    found = [operation.name.value for name in names() for operation in operations(name) if operation.name]

    assert len(found) == len(set(found))


def test_every_page_has_its_template() -> None:
    pages = [name for name in names() if not name.endswith((".act", ".live"))]

    assert [name for name in pages if not (FOLDER / f"{name}.html").exists()] == []
