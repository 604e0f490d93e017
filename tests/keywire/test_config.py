"""config.yaml: what is understood, and every mistake at once, with its line and the mend."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from keywire.commands.init import EXAMPLE, InitError, write
from keywire.config import load
from keywire.sections.file import schema
from keywire.sections.problems import ConfigError
from store.topics import Match

ROOT = Path(__file__).parents[2]
URL = "https://a.example/live"


def read(tmp_path, text, **environment):
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, environment)


def mistakes(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    return [str(problem) for problem in caught.value.problems]


GOOD = """
store: sqlite:///news.db
site: {listen: "0.0.0.0:80", url: "https://feeds.example.org", title: Feeds}
fetch: {contact: me@example.org, timeout: 5s, max_body: 2MB, allow_private: ["10.0.0.0/8"]}
sources:
  nahost: {url: "https://a.example/live", timezone: Europe/Berlin, every: 15s}
topics:
  middle-east:
    title: Middle East
    follow: [nahost, "https://b.example/live", {url: "https://c.example/live", every: 1s}]
    match: {any: [Syria, '/\\bIDF\\b/'], none: [football]}
  all: {follow: [nahost]}
"""


def test_a_whole_configuration_becomes_values(tmp_path):
    config = read(tmp_path, GOOD)
    assert (config.host, config.port, config.site.url) == (
        "0.0.0.0",  # noqa: S104 - a value, not a socket
        80,
        "https://feeds.example.org",
    )
    assert (config.fetch.timeout, config.fetch.max_body) == (timedelta(seconds=5), 2_000_000)
    assert config.sources["https://a.example/live"].timezone == "Europe/Berlin"
    assert config.sources["https://c.example/live"].every == timedelta(seconds=1)
    topic = config.topics[0]
    assert sorted(topic.follow) == sorted(config.sources)
    assert topic.match == Match(("Syria", r"/\bIDF\b/"), ("football",))
    assert config.topics[1].title == "all"


def test_secrets_come_from_the_environment(tmp_path):
    text = 'topics: {a: {follow: [{url: "https://a.example/", headers: {Key: "${TOKEN}!"}}]}}'
    config = read(tmp_path, text, TOKEN="secret")
    assert config.sources["https://a.example/"].headers == {"Key": "secret!"}
    assert mistakes(tmp_path, text) == [
        "config.yaml:1: topics.a.follow[0].headers.Key: the environment has no TOKEN; "
        "set it, or write the value"
    ]


def test_a_secret_that_the_environment_lacks_is_one_mistake(tmp_path):
    text = """
topics: {a: {follow: ["https://a.example/"]}}
alerts: [{name: x, topics: [a], to: [{webhook: "https://b.example/", secret: "${NONE}"}]}]
"""
    assert mistakes(tmp_path, text) == [
        "config.yaml:3: alerts[0].to[0].secret: the environment has no NONE; "
        "set it, or write the value"
    ]


def test_every_mistake_is_found_at_once_with_its_line(tmp_path):
    said = mistakes(
        tmp_path,
        """store: sqlite:///k.db
site: {listen: "8700", titel: x}
fetch: {timeout: soon, robots: maybe}
sources:
  nahost:
    url: https://x.example/live
    timezone: Mars/Base
    every: 0.2s
topics:
  Bad Name: {follow: []}
  a:
    follow:
      - nahots
      - {url: "ftp://x", evry: 1s}
      - 12
      - file:///etc/passwd
    match: {any: ["/(/"], non: [x]}
  b: {title: X}
""",
    )
    assert [line.split(": ", 2)[:2] for line in said] == [
        ["config.yaml:2", "site.listen"],
        ["config.yaml:2", "site.titel"],
        ["config.yaml:3", "fetch.robots"],
        ["config.yaml:3", "fetch.timeout"],
        ["config.yaml:7", "sources.nahost.timezone"],
        ["config.yaml:8", "sources.nahost.every"],
        ["config.yaml:10", "topics.Bad Name"],
        ["config.yaml:10", "topics.Bad Name.follow"],
        ["config.yaml:13", "topics.a.follow[0]"],
        ["config.yaml:14", "topics.a.follow[1].evry"],
        ["config.yaml:14", "topics.a.follow[1].url"],
        ["config.yaml:15", "topics.a.follow[2]"],
        ["config.yaml:16", "topics.a.follow[3]"],
        ["config.yaml:17", "topics.a.match.any[0]"],
        ["config.yaml:17", "topics.a.match.non"],
        ["config.yaml:18", "topics.b"],
    ]
    assert "did you mean nahost?" in said[8]
    assert "did you mean title?" in said[1]
    assert "write obey or ignore" in said[2]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no settings"),
        ("- a\n- b\n", "holds no settings"),
        ("topics: {a: {follow: [x}}", "is no YAML"),
        ("topics:\n  a: 1\n  a: 2\n", "config.yaml:3: a stands here for the second time"),
        ("store: sqlite:///k.db\n", "topics is missing"),
        ("topics: {}\n", "there are no topics"),
        ("topics: [a]\n", "a group of settings is meant here"),
        ("topics: {a: [x]}\n", "a group of settings is meant here"),
        ("topics: {a: {follow: https://x.example/}}\n", "a list is meant here"),
        ("topics: {a: {follow: ['']}}\n", "no address"),
    ],
)
def test_what_is_no_configuration_is_said_to_be_none(tmp_path, text, says):
    assert says in mistakes(tmp_path, text)[0]


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("fetch: {allow_private: [banana]}", "'banana' is no address; write one like 127.0.0.1"),
        ("retain: {deliveries: 0}", "retain.deliveries: write 1 or more"),
        ("retain: {deliveries: many}", "retain.deliveries: a whole number is meant here"),
        ("retain: {deliveries: 1.5}", "retain.deliveries: a whole number is meant here"),
    ],
)
def test_a_value_that_cannot_be_is_told_with_one_that_can(tmp_path, setting, says):
    (said,) = mistakes(tmp_path, f"{setting}\ntopics: {{a: {{follow: ['https://a.example/']}}}}\n")
    assert says in said


def test_one_address_with_two_sets_of_options_is_a_mistake(tmp_path):
    said = mistakes(
        tmp_path,
        """sources:
  one: {url: "https://a.example/", every: 15s}
topics:
  t: {follow: [one, "https://a.example/", {url: "https://a.example/", every: 9s}]}
""",
    )
    assert said == [
        "config.yaml:4: topics.t.follow[2]: https://a.example/ has other options elsewhere; "
        "give it one set, in sources:"
    ]


def test_a_missing_file_and_a_directory_are_named(tmp_path):
    with pytest.raises(ConfigError, match="no such file; keywire init writes one"):
        load(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="is a directory"):
        load(tmp_path)


def test_the_example_is_what_the_repository_runs_and_is_good():
    assert (ROOT / "config.yaml").read_text() == EXAMPLE.read_text()
    assert load(EXAMPLE).topics[0].name == "middle-east"


def test_the_example_is_good_with_everything_in_it_put_in_force(tmp_path):
    lines = []
    for line in EXAMPLE.read_text().splitlines():
        bare = line.lstrip()
        is_setting = bare.startswith("# ") and (":" in bare.split(" #")[0] or "- {" in bare)
        prose = bare.startswith("# ") and bare[2:3].isupper()
        lines.append(line.replace("# ", "", 1) if is_setting and not prose else line)
    text = "\n".join(line for line in lines if not line.lstrip().startswith("# "))
    secrets = {"TOKEN": "x", "GUARDIAN_KEY": "y", "KEYWIRE_KEY": "k" * 16}
    secrets["WEBHOOK_SECRET"] = "whsec_" + "A" * 32
    secrets["DISCORD_HOOK"] = "https://discord.com/api/webhooks/1/x"
    config = read(tmp_path, text, **secrets)
    assert [topic.name for topic in config.topics][1:] == ["hormuz", "turning-points", "staging"]


def test_a_key_of_ones_own_is_an_option_and_a_secret(tmp_path):
    text = (
        'sources: {g: {url: "https://www.theguardian.com/uk", guardian_key: "${GUARDIAN_KEY}"}}\n'
        "topics: {a: {follow: [g]}}"
    )
    config = read(tmp_path, text, GUARDIAN_KEY="1234-5678")
    (options,) = config.sources.values()
    assert options.keys == {"guardian": "1234-5678"}
    assert "1234-5678" in config.secrets
    assert "1234-5678" not in repr(config) + repr(options)


def test_every_option_is_documented_in_the_example():
    text = EXAMPLE.read_text()
    for section, properties in _options(schema()):
        for name in properties:
            assert f"{name}:" in text, f"{section} has {name}, and the example does not show it"


def _options(described):
    yield "the file", described["properties"]
    for name, section in described["$defs"].items():
        yield name, section["properties"]


def test_the_shipped_schema_is_that_of_the_code():
    shipped = json.loads((ROOT / "keywire" / "config.schema.json").read_text())
    assert shipped == json.loads(json.dumps(schema()))


def test_init_never_overwrites(tmp_path):
    path = tmp_path / "config.yaml"
    write(path)
    assert path.read_text() == EXAMPLE.read_text()
    path.write_text("mine")
    with pytest.raises(InitError, match="is there already"):
        write(path)
    assert path.read_text() == "mine"


def test_the_key_of_the_site_is_a_secret_however_it_was_written(tmp_path):
    rest = "topics: {a: {follow: ['https://a.example/']}}"
    key = "0123456789abcdef"
    written = read(tmp_path, f"site: {{key: {key}}}\n{rest}")
    assert (written.site.key, written.secrets[key]) == (key, "…")
    filled = read(tmp_path, f'site: {{key: "${{KEY}}"}}\n{rest}', KEY=key)
    assert (filled.site.key, filled.secrets[key]) == (key, "${KEY}")


@pytest.mark.parametrize("key", ["short", "with spaces in it all", "ümläute-are-no-signs-here"])
def test_a_key_that_is_none_is_told(tmp_path, key):
    with pytest.raises(ConfigError, match=r"site\.key: 16 letters") as told:
        read(tmp_path, f"site: {{key: {key}}}\ntopics: {{a: {{follow: ['https://a.example/']}}}}")
    assert key not in str(told.value)


def test_an_origin_that_is_none_is_told(tmp_path):
    with pytest.raises(ConfigError, match=r"site.cors\[1\]: 'example.org' is no origin"):
        read(
            tmp_path,
            "site: {cors: ['https://a.example', example.org]}\n"
            "topics: {a: {follow: ['https://a.example/']}}",
        )


def test_every_configuration_that_a_document_shows_is_good(tmp_path):
    documents = [ROOT / "README.md", *ROOT.glob("docs/*.md")]
    shown = [
        block
        for document in documents
        for block in re.findall(r"```yaml\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
    ]
    assert len(shown) > 2
    for text in shown:
        base = (
            "" if text.startswith("topics:") else f"topics: {{middle-east: {{follow: [{URL}]}}}}\n"
        )
        assert read(tmp_path, base + text, WEBHOOK_SECRET=f"whsec_{'A' * 32}").topics
