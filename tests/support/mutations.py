"""Changes that publishers make to their pages overnight: functions of markup and seeded chance."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

TAG = re.compile(r"<([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'))?)*)\s*>")
ATTRIBUTE = re.compile(r"\s+([\w:-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'))?")
SCRIPT = re.compile(r"(<script.*?</script>)", re.DOTALL)
ISO = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
EPOCH = re.compile(r"(=[\"'])(1[789]\d{8})(?=[\"'])")


def in_markup(markup, change):
    """Change the markup outside of scripts."""
    parts = SCRIPT.split(markup)
    return "".join(part if part.startswith("<script") else change(part) for part in parts)


def with_attributes(markup, change):
    """Change the attributes of each tag; `change` gets its name, and pairs of name and value."""

    def changed(found):
        told = [(a[1], a[2]) for a in ATTRIBUTE.finditer(found[2])]
        kept = change(found[1], told)
        stated = "".join(f" {name}" + (f"={value}" if value else "") for name, value in kept)
        return f"<{found[1]}{stated}>"

    return in_markup(markup, lambda part: TAG.sub(changed, part))


def classes_renamed(markup, chance):
    names = {}

    def change(_, told):
        return [
            (name, '"' + " ".join(renamed(each) for each in value[1:-1].split()) + '"')
            if name == "class" and value
            else (name, value)
            for name, value in told
        ]

    def renamed(name):
        return names.setdefault(name, f"c{chance.randrange(16**6):06x}")

    return with_attributes(markup, change)


def classes_suffixed(markup, chance):
    suffix = f"-v{chance.randrange(2, 9)}"
    return with_attributes(
        markup,
        lambda _, told: [
            (n, v[:-1] + suffix + v[-1] if n == "class" and v else v) for n, v in told
        ],
    )


def classes_gone(markup, _):
    return with_attributes(markup, lambda _, told: [(n, v) for n, v in told if n != "class"])


def attributes_turned(markup, _):
    return with_attributes(markup, lambda _, told: told[::-1])


def quotes_turned(markup, _):
    def turned(value):
        return f"'{value[1:-1]}'" if value and "'" not in value[1:-1] else value

    return with_attributes(markup, lambda _, told: [(n, turned(v)) for n, v in told])


def tags_shouted(markup, _):
    return in_markup(
        markup, lambda part: re.sub(r"</?[a-z][a-z0-9]*", lambda found: found[0].upper(), part)
    )


def ids_gone(markup, _):
    return with_attributes(
        markup, lambda _, told: [(n, v) for n, v in told if not n.endswith("id")]
    )


def ids_renamed(markup, _):
    return with_attributes(
        markup,
        lambda _, told: [
            (f"data-x{n[4:]}" if n.startswith("data-") and n.endswith("-id") else n, v)
            for n, v in told
        ],
    )


def data_renamed(markup, _):
    """Rename a publisher's own data attributes; `data-sort-time` is AMP's."""

    def renamed(name):
        ours = name.startswith("data-") and name != "data-sort-time"
        return name.replace("data-", "data-qa-", 1) if ours else name

    return with_attributes(markup, lambda _, told: [(renamed(n), v) for n, v in told])


def headings_lowered(markup, _):
    return in_markup(markup, lambda part: re.sub(r"(</?h)[2345]\b", r"\g<1>6", part))


def headings_gone(markup, _):
    return in_markup(
        markup, lambda part: re.sub(r"<h[2-6]\b[^>]*>.*?</h[2-6]>", "", part, flags=re.DOTALL)
    )


def articles_to_boxes(markup, _):
    return in_markup(markup, lambda part: re.sub(r"(</?)(?:article|section)\b", r"\g<1>div", part))


def wrapped(markup, chance):
    deep = chance.randrange(1, 6)
    return in_markup(
        markup,
        lambda part: part.replace("<main>", "<main>" + "<div>" * deep).replace(
            "</main>", "</div>" * deep + "</main>"
        ),
    )


def articles_wrapped(markup, _):
    def change(part):
        opened = re.sub(r"(<(?:article|section)\b)", r"<div><div>\1", part)
        return re.sub(r"(</(?:article|section)\s*>)", r"\1</div></div>", opened)

    return in_markup(markup, change)


def lists_to_boxes(markup, _):
    return in_markup(markup, lambda part: re.sub(r"(</?)(?:ul|ol|li)\b", r"\g<1>div", part))


def paragraphs_wrapped(markup, _):
    return in_markup(
        markup, lambda part: re.sub(r"<p>(.*?)</p>", r"<div><p>\1</p></div>", part, flags=re.DOTALL)
    )


def spaced(markup, _):
    return in_markup(markup, lambda part: part.replace("><", ">\n      <"))


def comments_between(markup, _):
    return in_markup(markup, lambda part: part.replace("><", "><!-- x --><"))


def offsets_written(markup, _):
    return ISO.sub(lambda found: found[0].replace("Z", "+00:00"), markup)


def zones_written(markup, chance):
    zone = timezone(timedelta(minutes=30 * chance.randrange(-16, 24)))

    def moved(found):
        if not found[0].endswith("Z"):
            return found[0]
        return datetime.fromisoformat(found[0]).astimezone(zone).isoformat()

    return ISO.sub(moved, markup)


def mail_dates_written(markup, _):
    def written(found):
        at = datetime.fromisoformat(found[0])
        return found[0] if at.microsecond else format_datetime(at)

    return in_markup(markup, lambda part: ISO.sub(written, part))


def blanks_for_t(markup, _):
    return in_markup(markup, lambda part: ISO.sub(lambda found: found[0].replace("T", " "), part))


def fractions_written(markup, _):
    def more(found):
        if "." in found[0]:
            return found[0]
        at = datetime.fromisoformat(found[0]).astimezone(UTC)
        return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"

    return ISO.sub(more, markup)


def milliseconds_written(markup, _):
    return in_markup(markup, lambda part: EPOCH.sub(r"\g<1>\g<2>000", part))


def epochs_written(markup, _):
    def epoch(found):
        return str(int(datetime.fromisoformat(found[0]).timestamp()))

    return in_markup(markup, lambda part: ISO.sub(epoch, part))


def times_gone(markup, _):
    markup = in_markup(markup, lambda part: re.sub(r"<time\b.*?</time>", "", part, flags=re.DOTALL))
    return with_attributes(
        markup, lambda _, told: [(n, v) for n, v in told if "time" not in n and "date" not in n]
    )


def scripts_gone(markup, _):
    return SCRIPT.sub("", markup)


def head_gone(markup, _):
    return in_markup(markup, lambda part: re.sub(r"<(?:meta|link)\b[^>]*>", "", part))


def figures_gone(markup, _):
    return in_markup(
        markup, lambda part: re.sub(r"<figure\b.*?</figure>", "", part, flags=re.DOTALL)
    )


def linked_data_gone(markup, _):
    return re.sub(r'<script type="application/ld\+json">.*?</script>', "", markup, flags=re.DOTALL)


def a_time_gone(markup, chance):
    found = list(re.finditer(r'\sdatetime="[^"]*"', markup))
    if not found:
        return markup
    one = chance.choice(found)
    return markup[: one.start()] + markup[one.end() :]


def cut_short(markup, chance):
    return markup[: chance.randrange(len(markup) // 2, len(markup) - 20)]


MUTATIONS = (
    classes_renamed,
    classes_suffixed,
    classes_gone,
    attributes_turned,
    quotes_turned,
    tags_shouted,
    ids_gone,
    ids_renamed,
    data_renamed,
    headings_lowered,
    headings_gone,
    articles_to_boxes,
    wrapped,
    articles_wrapped,
    lists_to_boxes,
    paragraphs_wrapped,
    spaced,
    comments_between,
    offsets_written,
    zones_written,
    mail_dates_written,
    blanks_for_t,
    fractions_written,
    milliseconds_written,
    epochs_written,
    times_gone,
    scripts_gone,
    head_gone,
    figures_gone,
    linked_data_gone,
    a_time_gone,
    cut_short,
)
