"""Houses for the tests of documents: one as it comes, and one that answers nothing but what it knows."""

import json
from collections.abc import AsyncIterator

import pytest

from rotunda import postgres
from tests.living import Home, Street, planted, shared_home, street

__all__ = ("shared_home", "street")

REGISTERED = "query Registered { cities(first: 2) { nodes { id } } }"
LISTENING = "subscription Registered { eventPostponed { __typename } }"


@pytest.fixture(scope="module")
async def strict_home(
    street: Street,
    cluster: postgres.Cluster,
    planted_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Home]:
    """A house that answers registered documents only, and tells nobody of its schema."""
    documents = tmp_path_factory.mktemp("documents")
    (documents / "registered.graphql").write_text(REGISTERED)
    (documents / "manifest.json").write_text(json.dumps({"listening-1": LISTENING}))
    chosen = {
        "documents": documents,
        "documents_only": True,
        "introspection": "closed",
        "heartbeat_seconds": 0.2,
    }
    async with (
        planted(cluster, planted_template) as dsn,
        street.home(dsn, tmp_path_factory.mktemp("var"), **chosen) as home,
    ):
        yield home
