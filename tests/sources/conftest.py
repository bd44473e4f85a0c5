"""Servers that the sources are tried on: a real PostgreSQL, and an object store."""

import tempfile
from collections.abc import Iterator

import pgserver
import psycopg
import pytest
from support.object_stores import s3_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the tests."""
    # Not below pytest's own folder: where root runs the tests, the server's user may not go there.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
def database(postgres) -> Iterator[psycopg.Connection]:
    """A connection whose schema ``reports`` is empty."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        # Editions of tests before are of transactions, which keep their tables from being dropped.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA IF EXISTS reports CASCADE")
        connection.execute("CREATE SCHEMA reports")
        connection.execute("SET search_path TO reports")
        yield connection


@pytest.fixture(scope="session")
def object_store() -> Iterator[str]:
    """The address of an S3 server that lives as long as the tests."""
    with s3_server() as address:
        yield address
