import pytest
from inventions import INVENTED
from inventions_fourth import FOURTH
from inventions_more import MORE
from inventions_third import THIRD
from mutations import MUTATIONS
from newsrooms import NAMED
from newsrooms_more import MORE_NAMED
from overnight import TAKING, entries, mutated, wrongs

MADE = [make() for make in (*NAMED, *MORE_NAMED, *INVENTED, *MORE, *THIRD, *FOURTH)]
STORIES = [story for story in MADE if story.kind]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_page_that_changed_overnight_is_read_right_or_not_at_all(mutation):
    found = {}
    for story in STORIES:
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
