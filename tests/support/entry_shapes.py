# ruff: noqa: E501 - markup as newsrooms have it
"""Shapes of entries beyond paragraphs: each prints the same entry in another way."""


def told(entry):
    more = f"<p>{entry.more}</p>" if entry.more else ""
    return f"<p>{entry.words}</p>{more}"


def picture_above(entry):
    caption = "<figcaption>The quay at noon. Photo: Kim Ngo</figcaption>"
    return (
        f'<figure><img src="https://img.example/1.jpg" alt="A quay">{caption}</figure>{told(entry)}'
    )


def quotation_above(entry):
    return f"<blockquote><p>We go when we see where we go.</p></blockquote>{told(entry)}"


def scores_above(entry):
    return f"<table><tr><th>Team</th><th>Points</th></tr><tr><td>Quay</td><td>3</td></tr></table>{told(entry)}"


def heading_within(entry):
    return f"{told(entry)}<h3>What it means</h3><ul><li>One thing of the day</li><li>Another of it</li></ul>"


def related_below(entry):
    link = '<a href="/news/other-story">Another story of that day</a>'
    return f'{told(entry)}<aside class="related"><h4>Related</h4><ul><li>{link}</li></ul></aside>'


def post_below(entry):
    link = '<a href="https://twitter.com/h/status/1">November 18, 2026</a>'
    return f'{told(entry)}<blockquote class="twitter-tweet"><p lang="en">Fog at the pier</p>&mdash; Harbour {link}</blockquote>'


def bold_beginning(entry):
    first = entry.words.split(",")[0]
    return f"<p><strong>{first}</strong>{entry.words[len(first) :]}</p>"


def list_alone(entry):
    return f"<ul><li>{entry.words}</li><li>And a second point of it.</li></ul>"


def blanks_above(entry):
    return f"<p></p><p>&nbsp;</p>{told(entry)}"


def film_above(entry):
    return f'<iframe src="https://www.youtube.com/embed/x"></iframe>{told(entry)}'


def advertisement_below(entry):
    return f'{told(entry)}<div class="advert" id="ad-slot-3"><span>Advertisement</span></div>'


def more_to_read(entry):
    return f'{told(entry)}<p><strong>Read more:</strong> <a href="/news/x">Another story</a></p>'


def times_within(entry):
    return f"{told(entry)}<p>At 14:30 the pumps stop, at 15.10 they start again.</p>"


SHAPES = (
    *(picture_above, quotation_above, scores_above, heading_within, related_below, post_below),
    *(bold_beginning, list_alone, blanks_above, film_above, advertisement_below, more_to_read),
    times_within,
)
# Those in which nothing with words comes before the entry's own words.
WORDS_FIRST = frozenset(SHAPES) - {quotation_above, scores_above}
