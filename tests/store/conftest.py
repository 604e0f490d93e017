import pytest

from store.database import open_database


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """The address of a store that is not there yet, on each database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/keywire.db"
    return request.getfixturevalue("postgresql")()


@pytest.fixture
def database(address):
    database = open_database(address)
    yield database
    database.close()
