"""Which edits matter to whoever was told of an entry, and which only mend its wording."""

from datetime import UTC, datetime

import pytest

from store.alerting.materiality import material
from store.entry import Entry

AT = datetime(2026, 5, 4, tzinfo=UTC)


def entry(text, title=""):
    return Entry("https://a.example/", "1", AT, title=title, text=text)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("11 killed in the blast", "17 killed in the blast", "figures: 11 → 17"),
        ("At least four are missing", "At least nine are missing", "figures: four → nine"),
        ("It cost £1.5 million", "It cost £1.5 billion", "figures: million → billion"),
        ("Police have found him", "Police have not found him", "negation: not came"),
        ("He resigned today", "He hasn’t resigned today", "negation"),
        ("Die Brücke ist gesperrt", "Die Brücke ist nicht gesperrt", "negation: nicht came"),
        ("Trois blessés, selon la police", "Quatre blessés, selon la police", "figures"),
        ("The army of Iran moved", "The army of Iraq moved", "names: Iran → Iraq"),
        ("A plane left Austria", "A plane left Australia", "names: Austria → Australia"),
        ("Troops are in Homs", "Troops are in Homs and Hama", "names: Hama came"),
        ("Three people were killed", "Three people were injured", "killed → injured"),
        ("The bridge is closed", "The bridge is closed, according to police", "attribution"),
        ("Der Zug steht", "Der Zug steht, laut Polizei", "attribution: laut came"),
        ("It weighs a lot", "It weighs a lot. This was amended.", "corrected"),
        ("It weighs a lot", "Correction: it weighs a lot", "corrected"),
        ("The vote was won", "The vote was lost", "won → lost"),
    ],
)
def test_this_matters(old, new, says):
    assert says in "; ".join(material(entry(old), entry(new)))


def test_a_title_matters_as_the_text_does():
    assert material(entry("x", "11 dead"), entry("x", "12 dead"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The goverment has met", "The government has met"),
        ("Shelling near Alepo today", "Shelling near Aleppo today"),
        ("President Zelensky spoke", "President Zelenskiy spoke"),
        ("It is closed", "It is closed."),
        ("the bridge is closed", "The bridge is closed"),
        ("He told reporters that it was over", "He told reporters it was over"),
        ("Talks in Geneva went on", "In Geneva, talks went on"),
        ("a “quiet” night", 'a "quiet" night'),
        ("same", "same"),
    ],
)
def test_this_is_wording_alone(old, new):
    assert material(entry(old), entry(new)) == ()
