import pytest

from scraper.hints.running_title import run_under_one_name

ONE_NAME = [
    ("Harbour storm live: crane two stands still", "Harbour storm live: the ferry turns back"),
    ("Mayor resigns – harbour politics live", "Mayor stays after all – harbour politics live"),
    ("Nahost-Ticker: Kran steht", "Nahost-Ticker: Fähre kehrt um"),
    ("Tempête au port : la grue à l’arrêt", "Tempête au port : le bac fait demi-tour"),
]
NONE = [
    ("Quay v Pier – as it happened", "Mole v Lock – as it happened"),
    ("Cricket live: Quay v Pier", "Cricket live: Mole v Lock"),
    ("Live updates: crane two stands still", "Live updates: the ferry turns back"),
    ("Harbour storm", "Harbour choir"),
    ("", ""),
    ("LIVE", "LIVE"),
]


@pytest.mark.parametrize(("one", "other"), ONE_NAME)
def test_titles_of_one_series_have_its_name_in_common(one, other):
    assert run_under_one_name(one, other)


@pytest.mark.parametrize(("one", "other"), NONE)
def test_what_any_days_blog_says_of_itself_is_no_name(one, other):
    assert not run_under_one_name(one, other)
