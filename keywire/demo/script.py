"""The story of `keywire demo`, in three quarters of a minute: a lighthouse moves inland.

The town, its people and its newspaper are invented.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from keywire.demo.blog import (
    Blog,
    Kind,
    Picture,
    add,
    block,
    close,
    edit,
    named,
    pin,
    promote,
    retract,
)

MARA, TOBY = "Mara Quill", "Toby Fenwick"
TITLE = "Otter Head lighthouse begins its 60-metre journey inland"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the publisher does, `at` seconds after the demo began.

    `says` describes it in one line; `change` returns the blog's next state from its last and the
    time.
    """

    at: float
    says: str
    change: Callable[[Blog, datetime], Blog]


def opening(now: datetime) -> Blog:
    """Return the blog at the start of the demo: four blocks, the newest six minutes old."""
    blog = Blog(
        path=f"/live/{now:%Y}/{now:%b}/{now:%d}/otter-head-lighthouse-moves".lower(),
        title=f"{TITLE} – live",
        standfirst="The cliff is coming closer, so the old light is going the other way. Follow it"
        " here, one jack stroke at a time",
        opened=now - timedelta(minutes=52),
        page_size=6,
        author=MARA,
        series="Otter Head on the move",
    )
    return add(
        blog,
        block(
            "welcome",
            now - timedelta(minutes=52),
            "<p>Good morning from Otter Head, where the wind has dropped, the kettle is on, and a"
            " lighthouse of 490 tonnes is waiting to go for a walk.</p>",
            "<p>The sea has taken eleven metres of this cliff in ten years. By this evening, if all"
            " goes well, the tower will stand 60 metres further from it, for the first time since"
            " it was lit in 1874.</p>",
            authors=(MARA,),
        ),
        block(
            "how",
            now - timedelta(minutes=38),
            "<p>How do you move a lighthouse? <strong>Slowly</strong>. The tower has been cut from"
            " its footing and rests on a frame of steel beams.</p>",
            "<ul><li><p>Eight hydraulic jacks push the frame along two rails.</p></li>"
            "<li><p>Each stroke takes it 1.2 metres; then the jacks are drawn up and set"
            " again.</p></li><li><p>Fifty strokes make the journey.</p></li></ul>",
            title="How it works",
        ),
        block(
            "lamp",
            now - timedelta(minutes=21),
            "<p>The lamp has been switched off for the first time since the storm of 1953. A buoy"
            " with a white light is standing in for it, a mile offshore.</p>",
            "<blockquote><p>It feels rude, like asking your grandmother to hold her breath.</p>"
            "</blockquote>",
            "<p>So says Edda Loveday, who kept the light for 31 years.</p>",
            title="The lamp goes dark",
            kind=Kind.KEY_EVENT,
            authors=(TOBY,),
        ),
        block(
            "crowd",
            now - timedelta(minutes=6),
            "<p>Some two hundred people have gathered behind the rope. The primary school has come"
            " with a banner that reads <em>Bon voyage</em>, and with sandwiches.</p>",
        ),
    )


def _jacks(blog: Blog, now: datetime) -> Blog:
    return add(
        blog,
        block(
            "jacks",
            now,
            "<p>All eight jacks are under pressure. The engineers have walked the rails once more"
            " and found one pebble, which is now in somebody’s pocket.</p>",
            authors=(TOBY,),
        ),
    )


def _moves(blog: Blog, now: datetime) -> Blog:
    return add(
        blog,
        block(
            "moves",
            now,
            "<p>It is moving. You cannot see it and then you can: a finger’s width of daylight"
            " between the tower and the chalk line on the grass.</p>",
            "<p>The first stroke of 1.2 metres took four minutes. Nothing creaked but the"
            " bystanders.</p>",
            title="The lighthouse moves",
            kind=Kind.KEY_EVENT,
            authors=(MARA,),
        ),
    )


def _correction(blog: Blog, now: datetime) -> Blog:
    return edit(
        blog,
        named(blog, "welcome"),
        now,
        "<p>Good morning from Otter Head, where the wind has dropped, the kettle is on, and a"
        " lighthouse of 940 tonnes is waiting to go for a walk.</p>",
        "<p>The sea has taken eleven metres of this cliff in ten years. By this evening, if all"
        " goes well, the tower will stand 60 metres further from it, for the first time since"
        " it was lit in 1874.</p>",
        "<p><em>Corrected: an earlier version gave the tower’s weight as 490 tonnes. It is"
        " 940.</em></p>",
    )


def _pinned(blog: Blog, _: datetime) -> Blog:
    return pin(blog, named(blog, "how"))


def _rumour(blog: Blog, now: datetime) -> Blog:
    return add(
        blog,
        block(
            "rumour",
            now,
            "<p>We hear that the move has been stopped for today because a jack is leaking. More on"
            " this as soon as we have it.</p>",
        ),
    )


def _promotion(blog: Blog, _: datetime) -> Blog:
    return promote(blog, named(blog, "jacks"), title="All eight jacks under pressure")


def _retraction(blog: Blog, _: datetime) -> Blog:
    return retract(blog, named(blog, "rumour"))


def _picture(blog: Blog, now: datetime) -> Blog:
    return add(
        blog,
        block(
            "halfway",
            now,
            "<p>Thirty metres: the tower stands exactly between where it was and where it will be,"
            " and the school is singing to it.</p>",
            Picture(
                "/media/halfway.svg",
                alt="A white lighthouse with two red bands on a pair of rails in the grass",
                caption="Half-way, and upright.",
                credit="Drawing: Otter Head Observer",
            ),
            title="Half-way",
            authors=(MARA,),
        ),
    )


def _summary(blog: Blog, now: datetime) -> Blog:
    return add(
        blog,
        block(
            "summary",
            now,
            "<ul><li><p>The lighthouse has arrived, 60 metres further inland and 4 millimetres out"
            " of plumb, which is less than before.</p></li><li><p>No one was hurt. One pebble was"
            " kept.</p></li><li><p>The lamp will be lit again at dusk.</p></li></ul>",
            "<p>That is all from Otter Head. Thank you for standing behind the rope with us.</p>",
            title="What happened today",
            kind=Kind.SUMMARY,
            authors=(MARA,),
        ),
    )


def _closing(blog: Blog, _: datetime) -> Blog:
    return close(blog, title="Otter Head lighthouse arrives 60 metres inland – as it happened")


SCRIPT = (
    Step(5, "writes a new entry", _jacks),
    Step(10, "writes a key event: the lighthouse moves", _moves),
    Step(15, "corrects a figure in the first entry", _correction),
    Step(19, "pins the entry that explains how it works", _pinned),
    Step(23, "writes an entry that is only a rumour; the oldest leaves page one", _rumour),
    Step(28, "makes an earlier entry a key event and gives it a title", _promotion),
    Step(32, "takes the rumour away without a word", _retraction),
    Step(38, "writes an entry with a picture", _picture),
    Step(43, "writes a closing summary", _summary),
    Step(48, "closes the blog and rewrites its headline", _closing),
)
