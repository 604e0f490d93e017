"""config.yaml after `keywire add`: what it said, to the byte, and one source more."""

import os
import stat

import pytest

from keywire.commands.config_edit import Addition, add_source
from keywire.commands.init import EXAMPLE
from keywire.config import load
from keywire.sections.problems import ConfigError

URL = "https://news.example/live/2026/may/04/harbour"
ONE = "https://news.example/live/one"
FILE = f"""# Mine.
store: sqlite:///mine.db   # kept here

topics:
  # The first.
  harbour:
    title: 'The harbour'
    follow:
      - {ONE}     # the first source
      - url: https://news.example/live/two
        every: 30s

  # The second.
  lights:
    follow: [{ONE}]

# The end.
"""


def added(text, tmp_path, addition):
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    assert add_source(path, addition)
    return path.read_bytes().decode()


def put_in(before, after):
    """Give the lines that were put in; fail where anything else moved."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    more = []
    for line in new:
        if old and line == old[0]:
            old.pop(0)
        else:
            more.append(line)
    assert old == []
    return more


def test_a_source_goes_to_the_end_of_a_topic_s_list_and_nothing_else_moves(tmp_path):
    after = added(FILE, tmp_path, Addition(URL, "harbour"))
    assert put_in(FILE, after) == [f"      - {URL}\n"]
    config = load(tmp_path / "config.yaml")
    assert config.topics[0].follow[-1] == URL
    assert config.sources["https://news.example/live/two"].every.total_seconds() == 30


def test_a_new_topic_goes_behind_the_last_one(tmp_path):
    after = added(FILE, tmp_path, Addition(URL, "tides", title='Tides: "high" & ${low}'))
    assert put_in(FILE, after) == [
        "  tides:\n",
        '    title: "Tides: \\"high\\" & $ {low}"\n',
        "    follow:\n",
        f"      - {URL}\n",
    ]
    assert load(tmp_path / "config.yaml").topics[-1].title == 'Tides: "high" & $ {low}'


def test_options_stand_with_the_source(tmp_path):
    after = added(FILE, tmp_path, Addition(URL, "harbour", timezone="Europe/Berlin"))
    assert put_in(FILE, after) == [f'      - {{url: "{URL}", timezone: Europe/Berlin}}\n']


def test_line_ends_of_other_systems_and_a_file_without_a_last_one_are_kept(tmp_path):
    text = FILE.replace("\n", "\r\n")
    assert put_in(text, added(text, tmp_path, Addition(URL, "harbour"))) == [f"      - {URL}\r\n"]
    short = f"topics:\n  harbour:\n    follow:\n    - {ONE}"
    assert added(short, tmp_path, Addition(URL, "harbour")) == f"{short}\n    - {URL}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"[{ONE}]", f"[{ONE}, {URL}]"),
        (f"[ {ONE} ]  # mine", f"[ {ONE}, {URL} ]  # mine"),
        (f"[{ONE}, ]", f"[{ONE}, {URL}, ]"),
        (f'["{ONE}"]', f'["{ONE}", {URL}]'),
        (f"[{{url: {ONE}, every: 30s}}]", f"[{{url: {ONE}, every: 30s}}, {URL}]"),
        (f"[\n      {ONE},\n    ]", f"[\n      {ONE}, {URL},\n    ]"),
    ],
)
def test_a_list_in_brackets_is_written_into_where_it_ends(tmp_path, before, after):
    text = f"topics:\n  lights:\n    follow: {before}\n  # the end\n"
    told = added(text, tmp_path, Addition(URL, "lights"))
    assert told == text.replace(before, after)


def test_topics_in_brackets_are_left_to_a_person_and_the_file_as_it_is(tmp_path):
    path = tmp_path / "config.yaml"
    text = f"topics: {{harbour: {{follow: [{ONE}]}}}}\n"
    path.write_text(text)
    with pytest.raises(ConfigError, match="by hand"):
        add_source(path, Addition(URL, "lights"))
    assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


def test_a_configuration_with_mistakes_is_not_touched(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(FILE.replace("30s", "never"))
    with pytest.raises(ConfigError):
        add_source(path, Addition(URL, "harbour"))
    assert "never" in path.read_text()
    assert list(tmp_path.iterdir()) == [path]


def test_an_addition_that_would_not_be_read_again_changes_nothing(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(FILE)
    with pytest.raises(ConfigError):
        add_source(path, Addition(URL, "harbour", timezone="Nowhere/At_All"))
    assert path.read_text() == FILE
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_followed_already_is_not_added_again(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(FILE)
    assert not add_source(path, Addition(ONE, "harbour"))
    assert path.read_text() == FILE


def test_rights_are_kept_and_a_link_stays_one(tmp_path):
    real, link = tmp_path / "real.yaml", tmp_path / "config.yaml"
    real.write_text(FILE)
    real.chmod(0o640)
    link.symlink_to(real)
    add_source(link, Addition(URL, "harbour"))
    assert link.is_symlink()
    assert stat.S_IMODE(os.stat(real).st_mode) == 0o640  # noqa: PTH116 - of the file itself
    assert URL in real.read_text()


def test_without_a_configuration_one_is_made_of_the_example(tmp_path):
    path = tmp_path / "config.yaml"
    add_source(path, Addition(URL, "harbour", title="The harbour"))
    config = load(path)
    assert [(topic.name, topic.follow) for topic in config.topics] == [("harbour", (URL,))]
    kept = path.read_text().splitlines()
    lost = [line for line in EXAMPLE.read_text().splitlines() if line not in kept]
    assert lost[0] == "  middle-east:"
    assert all(line.startswith("    ") for line in lost[1:])


def test_an_address_with_odd_characters_is_quoted(tmp_path):
    odd = "https://news.example/live?q={a},[b]"
    after = added(FILE, tmp_path, Addition(odd, "harbour"))
    assert put_in(FILE, after) == [f'      - "{odd}"\n']


def test_secrets_of_the_environment_stay_names(tmp_path):
    path = tmp_path / "config.yaml"
    text = FILE.replace("every: 30s", 'headers: {Authorization: "Bearer ${TOKEN}"}')
    path.write_text(text)
    add_source(path, Addition(URL, "harbour"), {"TOKEN": "s3cret"})
    assert "s3cret" not in path.read_text()
    assert put_in(text, path.read_text()) == [f"      - {URL}\n"]
