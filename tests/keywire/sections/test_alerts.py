"""`alerts:` of config.yaml: what it makes, what is wrong with it, and what of it is secret."""

from datetime import time, timedelta

import pytest
from telling import OTHER, SECRET

from keywire.alerting.targets import make_channels
from keywire.alerting.watching import watch_rules
from keywire.config import load
from keywire.reload import ConfigFile
from keywire.sections.problems import ConfigError
from store.alerting.alerts import Cap, Edits, Quiet
from store.decision.history import ChangeType
from store.topics import Match

TOPICS = 'topics: {a: {follow: ["https://a.example/live"]}, b: {follow: ["https://b.example/"]}}\n'
HOOK = f'{{webhook: "https://desk.example/hook", secret: "{SECRET}"}}'


def read(folder, text, **environment):
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, environment)


def mistakes(folder, text):
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    return [str(problem) for problem in caught.value.problems]


def alert(*lines, to=HOOK, name="desk"):
    """A configuration with one alert, one of its keys a line from line 4 on."""
    more = "".join(f"    {line}\n" for line in lines)
    return f"{TOPICS}alerts:\n  - name: {name}\n    topics: [a]\n{more}    to: [{to}]\n"


def test_an_alert_becomes_a_rule_and_its_targets(tmp_path):
    config = read(
        tmp_path,
        alert(
            "when: {any: [Aleppo, /x/i], none: [football], key_event: true}",
            "types: [entry.published, entry.promoted]",
            "publishers: [www.theguardian.com]",
            "edits: all",
            "max_age: 2h",
            "cap: 5 in 10m",
            'quiet_hours: {from: "23:00", to: "06:30", zone: Europe/Berlin}',
        ),
    )
    (made,) = config.alerts
    rule = made.rule
    assert (rule.name, rule.topics) == ("desk", ("a",))
    assert rule.when == Match(("Aleppo", "/x/i"), ("football",), key_event=True)
    assert rule.types == {ChangeType.PUBLISHED, ChangeType.PROMOTED}
    assert rule.publishers == ("theguardian.com",)
    assert (rule.edits, rule.max_age) == (Edits.ALL, timedelta(hours=2))
    assert rule.cap == Cap(5, timedelta(minutes=10))
    assert rule.quiet == Quiet(time(23), time(6, 30), "Europe/Berlin")
    ((lane, section),) = made.targets
    assert lane.startswith("webhook:desk.example/")
    assert rule.targets[0].lane == lane
    assert section.secret == [SECRET]


def test_what_is_off_by_default_is_off(tmp_path):
    rule = read(tmp_path, alert()).alerts[0].rule
    assert (rule.summaries, rule.backfill, rule.edits) == (False, False, Edits.MATERIAL)
    assert rule.max_age == timedelta(hours=1)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (('name: "Bad Name"',), None),
        (("when: {any: ['/(/']}",), "config.yaml:5: alerts[0].when.any[0]: /(/ is no regular"),
        (("when: {anny: [x]}",), "alerts[0].when.anny: there is no such setting; did you mean any"),
        (("types: [entry.publisht]",), "alerts[0].types[0]: write entry.published, "),
        (("cap: many",), "alerts[0].cap: 'many' is no cap; write one like 5 in 10m"),
        (("cap: 0 in 10m",), "alerts[0].cap: '0 in 10m' is no cap"),
        (("max_age: soon",), "alerts[0].max_age: 'soon' is no duration"),
        (("quiet_hours: {from: late, to: '06:00', zone: UTC}",), "'late' is no time of day"),
        (("quiet_hours: {from: '23:00', to: '06:00', zone: X}",), "'X' is no time zone"),
        (("quiet_hours: {from: '23:00', to: '06:00'}",), "quiet_hours: zone is missing"),
        (("edits: some",), "alerts[0].edits: write material, all or none"),
        (("quiet: x",), "alerts[0].quiet: there is no such setting; did you mean quiet_hours?"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_mend(tmp_path, lines, says):
    text = alert(*lines) if says else alert(name='"Bad Name"')
    (said,) = mistakes(tmp_path, text)
    assert (says or "config.yaml:3: alerts[0].name: an alert's name has small letters") in said


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("{}", "alerts[0].to[0]: name one of webhook"),
        ("{mail: x}", "alerts[0].to[0]: name one of webhook"),
        ('{webhook: "ftp://x", secret: ""}', "only http and https are read"),
        ('{webhook: "https://x.example/"}', "alerts[0].to[0]: secret is missing"),
        ('{webhook: "https://x.example/", secret: hunter2}', "a secret is whsec_ and base64"),
        ('{webhook: "https://x.example/", secret: whsec_AAAA}', "a secret is whsec_ and base64"),
        ('{webhook: "https://x.example/", secrets: x}', "did you mean secret?"),
    ],
)
def test_a_mistaken_target_is_told_and_its_secret_is_not(tmp_path, to, says):
    said = mistakes(tmp_path, alert(to=to))
    assert any(says in line for line in said)
    assert not any("hunter2" in line or "AAAA" in line for line in said)


def test_an_alert_without_targets_is_a_mistake(tmp_path):
    assert "there are no targets; name at least one" in mistakes(tmp_path, alert(to=""))[0]


def test_a_topic_that_is_none_and_a_name_used_twice_are_told(tmp_path):
    text = alert().replace("topics: [a]", "topics: [a, zz]") + alert().partition("alerts:\n")[2]
    assert mistakes(tmp_path, text) == [
        "config.yaml:4: alerts[0].topics[1]: 'zz' is no topic; there are a, b",
        "config.yaml:6: alerts[1].name: there is another alert called desk",
    ]


def test_secrets_are_known_as_such_wherever_they_are_written(tmp_path):
    config = read(
        tmp_path,
        alert(to=f'{{webhook: "https://x.example/", secret: [{SECRET}, "${{S}}"]}}'),
        S=OTHER,
    )
    assert {SECRET, OTHER} <= set(config.secrets)
    assert SECRET not in repr(config.alerts[0].rule)


def test_a_changed_secret_keeps_the_lane_and_another_address_does_not(tmp_path):
    def lane(to):
        return read(tmp_path, alert(to=to)).alerts[0].rule.targets[0].lane

    assert lane(HOOK) == lane(HOOK.replace(SECRET, OTHER))
    assert lane(HOOK) != lane(HOOK.replace("/hook", "/other"))


def test_a_changed_alert_is_taken_while_keywire_runs(tmp_path):
    path = tmp_path / "config.yaml"
    used = read(tmp_path, alert())
    file = ConfigFile(path, used)
    path.write_text(alert("max_age: 3h", "when: {any: [x]}"), encoding="utf-8")
    loaded = file.look(anyway=True)
    assert loaded.alerts[0].rule.max_age == timedelta(hours=3)


CHATS = """{discord: "https://discord.com/api/webhooks/17/hunter2", mention: "<@&1>"},
 {slack: C01, token: hunter3, mention: "<!here>"}, {telegram: -100123, token: hunter4},
 {matrix: "!r:example.org", server: "https://m.example.org", token: hunter5, mention: "@room"},
 {ntfy: "https://ntfy.sh/hunter6", token: hunter7, priority: 5}"""


def test_chats_are_targets_whose_lanes_and_rules_hold_no_secret(tmp_path):
    config = read(tmp_path, alert(to=CHATS))
    (made,) = config.alerts
    lanes = [target.lane for target in made.rule.targets]
    assert [lane.partition("/")[0] for lane in lanes] == [
        "discord:17",
        "slack:C01",
        "telegram:-100123",
        "matrix:!r:example.org",
        "ntfy:ntfy.sh",
    ]
    assert [target.edits for target in made.rule.targets] == [True, True, True, True, False]
    hidden = " ".join(config.secrets)
    for n in range(2, 8):
        assert f"hunter{n}" in hidden
        assert f"hunter{n}" not in repr(made.rule)
    assert len(make_channels(config.alerts)) == 5


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ('{discord: "https://d.example/w/1/x", mention: bob}', "'bob' is no mention; write <@123>"),
        ("{slack: C01}", "alerts[0].to[0]: token is missing"),
        ('{slack: C01, token: ""}', "alerts[0].to[0].token"),
        ('{matrix: "!r:x", token: x}', "server is missing"),
        ('{ntfy: "https://ntfy.sh/x", priority: 9}', "alerts[0].to[0].priority"),
        ("{telegram: x, tokn: y, token: z}", "did you mean token?"),
    ],
)
def test_a_mistaken_chat_is_told(tmp_path, to, says):
    assert any(says in line for line in mistakes(tmp_path, alert(to=to)))


def test_a_plain_text_is_an_address_of_apprises(tmp_path):
    config = read(tmp_path, alert(to='"tgram://hunter2/123", {apprise: "json://x.example"}'))
    (made,) = config.alerts
    assert [lane.partition("/")[0] for lane, _ in made.targets] == ["apprise:tgram", "apprise:json"]
    assert "hunter2/123" in config.secrets
    assert "hunter2" not in repr(made.rule)
    assert len(make_channels(config.alerts)) == 2
    said = mistakes(tmp_path, alert(to='"not an address"'))
    assert "write one like mailto://…" in said[0]


def watch(*lines, to=HOOK):
    more = "".join(f"    {line}\n" for line in lines)
    return f"{TOPICS}alerts:\n  - name: health\n{more}    to: [{to}]\n"


def test_a_watch_is_over_the_sources_of_its_topics(tmp_path):
    config = read(tmp_path, watch("topics: [b]", "watch: {broken: 2m, silent: 1h}"))
    assert config.alerts == ()
    (rule,) = watch_rules(config)
    assert rule.follow == {"https://b.example/"}
    assert (rule.broken, rule.silent) == (timedelta(minutes=2), timedelta(hours=1))
    assert rule.cap == Cap(5, timedelta(minutes=10))
    assert len(make_channels(config.watches)) == 1
    (everywhere,) = watch_rules(read(tmp_path, watch("watch: {}")))
    assert (everywhere.follow, everywhere.silent) == (None, None)


def test_a_heartbeat_asks_for_addresses_that_are_secret(tmp_path):
    to = '{ping: "https://hc.example/hunter2"}'
    config = read(tmp_path, watch("heartbeat: 5m", to=to))
    (beat,) = config.heartbeats
    assert (beat.every, beat.urls) == (timedelta(minutes=5), ("https://hc.example/hunter2",))
    assert "hunter2" in config.secrets


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (watch("watch: {brokn: 5m}"), "alerts[0].watch.brokn: there is no such setting; did you"),
        (watch("watch: {silent: soon}"), "alerts[0].watch.silent: 'soon' is no duration"),
        (watch("watch: {}", "topics: [zz]"), "'zz' is no topic"),
        (watch("watch: {}", "when: {any: [x]}"), "alerts[0].when: there is no such setting; known"),
        (watch("heartbeat: 0s", to='{ping: "https://x.example/"}'), "one second is the shortest"),
        (watch("heartbeat: 5m"), "alerts[0].to[0]: ping is missing"),
        (watch("watch: {}", to='{ping: "https://x.example/"}'), "alerts[0].to[0]: name one of"),
    ],
)
def test_a_mistaken_watch_or_heartbeat_is_told(tmp_path, text, says):
    assert any(says in line for line in mistakes(tmp_path, text))
