import pytest
from sites import Station

from store.database import open_database


@pytest.fixture
def database(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    yield database
    database.close()


@pytest.fixture
def station(database):
    return Station(database)
