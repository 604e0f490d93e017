import pytest
from archives import a_day

from store.archive.reading import Wanted, find_numbers, read_pages
from store.database import open_database


@pytest.fixture(scope="session")
def day(tmp_path_factory):
    """A day at the harbour: entries a to f as they were read from a store."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('day')}/keywire.db")
    a_day(database)
    with database.read() as connection:
        wanted = Wanted("harbour")
        pages = read_pages(connection, wanted, find_numbers(connection, wanted))
        yield [archived for page in pages for archived in page]
    database.close()
