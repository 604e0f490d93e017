import pytest
from inventions import INVENTED
from inventions_fourth import FOURTH
from inventions_more import MORE
from inventions_third import THIRD
from mutations import MUTATIONS
from newsrooms import NAMED
from newsrooms_more import MORE_NAMED
from overnight import TAKING, entries, mutated, wrongs

STORIES = [story for make in (*NAMED, *INVENTED, *MORE) if (story := make()).kind]
# A third of these is tried with each mutation, for the sake of time.
LATER = [make() for make in (*MORE_NAMED, *THIRD, *FOURTH)]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_page_that_changed_overnight_is_read_right_or_not_at_all(mutation):
    found = {}
    some = LATER[MUTATIONS.index(mutation) % 3 :: 3]
    for story in (*STORIES, *some):
        meant = entries(story.html, story)
        markup = mutated(story, mutation)
        read_now = entries(markup, story)
        if read_now is not None:
            whole = mutation not in TAKING
            found[story.name] = wrongs(read_now, meant, whole=whole)
    assert not {name: told for name, told in found.items() if told}
    assert len(found) > len(STORIES) // 3


def test_a_wrong_entry_would_be_noticed():
    story, other = STORIES[0], "Something else altogether"
    meant = entries(story.html, story)
    markup = story.html.replace(":34:59", ":35:59")
    for said in (story.entries[2].words, story.entries[2].title):
        markup = markup.replace(said, other)
    assert len(wrongs(entries(markup, story), meant)) == 2
