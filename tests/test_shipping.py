"""How keywire is shipped: the image, its compose files and the service of systemd.

No engine is needed: what is written is read, held against the program, and its commands are run
where they can be (.ci/run does the image's own pip steps).
"""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import dockerfile
import pytest
from ruamel.yaml import YAML
from running import KEYWIRE, Keywire, free_port

from keywire.config import load

ROOT = Path(__file__).parents[1]
BUILD, FINAL = dockerfile.read(ROOT / "Dockerfile")
SERVICE = ROOT / "packaging" / "keywire.service"
COMPOSED = ("compose.yaml", "compose.postgresql.yaml")


def steps(name, stage=FINAL):
    return [step for step in stage if step.name == name]


def only(name):
    (step,) = steps(name)
    return step


def composed(name):
    return YAML(typ="safe").load((ROOT / name).read_text("utf-8"))


# --- the image ---


def test_every_file_that_the_image_is_built_from_exists_and_is_not_ignored():
    ignored = [
        line
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert ignored[0] == "*"
    sources = [word for step in steps("COPY", BUILD) for word in step.words[:-1]]
    assert {"keywire", "scraper", "store", "feeds", "constraints.txt"} <= set(sources)
    for source in sources:
        assert (ROOT / source).exists()
        assert f"!{source}" in ignored
    assert len([line for line in ignored if line.startswith("!")]) == len(sources)
    for secret in ("config.yaml", "keywire.db", ".env", ".git"):
        assert not any(fnmatch(secret, line[1:]) for line in ignored if line.startswith("!"))


def test_the_image_takes_from_its_build_only_what_was_installed():
    (copied,) = steps("COPY")
    assert copied.options == {"from": "build"}
    assert copied.words == ["/opt/keywire", "/opt/keywire"]
    assert steps("FROM", BUILD)[0].argument == "python:3.12-slim AS build"
    assert only("FROM").argument == "python:3.12-slim"


def test_every_install_in_the_image_keeps_to_the_constraints():
    runs = [step.argument for step in steps("RUN", BUILD)]
    installs = [run for run in runs if re.search(r"pip (install|wheel)", run)]
    assert len(installs) == 3
    for install in installs:
        assert re.search(r"--(build-)?constraint constraints\.txt", install), install
        assert "--no-cache-dir" in install
    assert "dist/keywire-*.whl)[postgresql]" in installs[-1]
    assert not any("pip" in step.argument for step in steps("RUN"))


def test_the_image_runs_as_nobody_in_particular_in_its_volume():
    user = only("USER").argument
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert f"--uid {user.partition(':')[0]} " in only("RUN").argument
    assert only("VOLUME").argument == only("WORKDIR").argument == "/data"
    assert only("STOPSIGNAL").argument == "SIGTERM"
    names = [step.name for step in FINAL]
    assert names.index("RUN") < names.index("USER") < names.index("ENTRYPOINT")


def test_the_image_runs_a_command_that_there_is_on_the_port_that_it_exposes(tmp_path):
    entry, arguments = only("ENTRYPOINT").words, only("CMD").words
    assert entry == ["keywire"]
    assert arguments == ["run", "--config", "/data/config.yaml"]
    config = load(
        ROOT / "packaging" / "docker" / "config.yaml",
        {"KEYWIRE_STORE": f"sqlite:///{tmp_path}/keywire.db"},
    )
    assert (config.host, str(config.port)) == ("0.0.0.0", only("EXPOSE").argument)  # noqa: S104 - meant
    assert "KEYWIRE_STORE=sqlite:////data/" in only("ENV").argument


def health_command(port):
    command = only("HEALTHCHECK").argument.partition("CMD ")[2]
    name, flag, code = dockerfile.Instruction("CMD", command).words
    assert (name, flag) == ("python", "-c")
    assert f", {only('EXPOSE').argument}, " in code
    assert "'/healthz'" in code
    return [sys.executable, "-c", code.replace(only("EXPOSE").argument, str(port))]


def test_the_health_check_succeeds_where_keywire_serves_and_fails_where_it_does_not(tmp_path):
    mine = Keywire(tmp_path, ["http://127.0.0.1:9/live"])
    mine.start()
    try:
        environment = {**os.environ, "http_proxy": "http://127.0.0.1:9"}
        served = subprocess.run(health_command(mine.port), env=environment, check=False)
    finally:
        mine.kill()
    dead = subprocess.run(health_command(free_port()), capture_output=True, check=False)
    assert served.returncode == 0
    assert dead.returncode == 1


# --- compose ---


@pytest.mark.parametrize("name", COMPOSED)
def test_compose_serves_this_machine_only_with_few_rights(name):
    service = composed(name)["services"]["keywire"]
    port = only("EXPOSE").argument
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert service["build"] == "."
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert "./keywire.yaml:/data/config.yaml:ro" in service["volumes"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", COMPOSED)
def test_every_volume_of_compose_is_declared_and_keeps_the_data(name):
    file = composed(name)
    used = {
        volume.partition(":")[0]
        for service in file["services"].values()
        for volume in service.get("volumes", ())
        if not volume.startswith(".")
    }
    assert used == set(file["volumes"])
    if name == "compose.yaml":
        assert "keywire:/data" in file["services"]["keywire"]["volumes"]


@pytest.mark.parametrize("name", COMPOSED)
def test_compose_files_hold_no_secret_and_tell_the_files_that_they_need(name):
    text = (ROOT / name).read_text("utf-8")
    for password in re.findall(r"PASSWORD: (.*)", text):
        assert password.startswith("${POSTGRES_PASSWORD:?")
    for source in re.findall(r"^#   cp (\S+) ", text, re.MULTILINE):
        assert (ROOT / source).is_file()
    assert "cp packaging/docker/config.yaml keywire.yaml" in text


def test_compose_waits_for_a_postgresql_that_answers_and_keywire_gets_its_address():
    services = composed("compose.postgresql.yaml")["services"]
    assert services["keywire"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert services["postgres"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    variables = services["postgres"]["environment"]
    address = services["keywire"]["environment"]["KEYWIRE_STORE"]
    written = re.sub(r"\$\{[^}]*\}", "hunter22", address)
    config = load(ROOT / "packaging" / "docker" / "config.yaml", {"KEYWIRE_STORE": written})
    user, database = variables["POSTGRES_USER"], variables["POSTGRES_DB"]
    assert config.store == f"postgresql+psycopg://{user}:hunter22@postgres:5432/{database}"
    assert "hunter22" in config.secrets
    example = (ROOT / "packaging" / "docker" / "postgresql.env.example").read_text("utf-8")
    assert re.search(r"^POSTGRES_PASSWORD=$", example, re.MULTILINE)


# --- systemd ---


def service_options():
    return re.findall(r"^(\w+)=(.*)$", SERVICE.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Type", "notify"),
        ("WatchdogSec", "60"),
        ("Restart", "on-failure"),
        ("DynamicUser", "yes"),
        ("StateDirectory", "keywire"),
        ("ProtectSystem", "strict"),
        ("NoNewPrivileges", "yes"),
    ],
)
def test_the_service_is_watched_and_hardened(name, value):
    assert (name, value) in service_options()


def test_no_option_of_the_service_says_two_things():
    names = [name for name, _ in service_options()]
    twice = {name for name in names if names.count(name) > 1}
    assert twice <= {"SystemCallFilter"}


@pytest.fixture
def analyze(tmp_path):
    """Run systemd-analyze on the service, with the keywire that is under test in it."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / "keywire.service"
    text = SERVICE.read_text("utf-8").replace("/opt/keywire/bin/keywire run", f"{KEYWIRE} run")
    assert KEYWIRE in text
    unit.write_text(text, encoding="utf-8")

    def run(*arguments):
        return subprocess.run(
            [program, *arguments, unit], capture_output=True, text=True, check=False, timeout=60
        )

    return run


def test_systemd_finds_nothing_wrong_with_the_service(analyze):
    verdict = analyze("verify")
    assert verdict.returncode == 0, verdict.stderr
    assert "keywire.service" not in verdict.stderr


def test_systemd_finds_the_service_little_exposed(analyze):
    verdict = analyze("security", "--offline=yes", "--threshold=20")
    if "offline" in verdict.stderr:
        pytest.skip("this systemd cannot judge a file")
    assert verdict.returncode == 0, verdict.stdout
    assert re.search(r"Overall exposure level .*: [01]\.\d OK", verdict.stdout)
