import pytest

from store.database import open_database


@pytest.fixture
def database(address):
    database = open_database(address)
    yield database
    database.close()
