import pytest

from scraper.markup.shadow_dom import unfolded

CASES = {
    "a shadow tree": (
        b'<a-b><template shadowrootmode="open"><p>x</p></template></a-b>',
        b"<a-b><div><p>x</p></div></a-b>",
    ),
    "a template of scripts": (
        b"<template id=x><p>x</p></template><!-- shadowroot -->",
        b"<template id=x><p>x</p></template><!-- shadowroot -->",
    ),
    "one within another": (
        b"<template shadowrootmode=open><template><i>x</i></template><b>y</b></template>",
        b"<div><template><i>x</i></template><b>y</b></div>",
    ),
    "an end without a beginning": (
        b"</template><template shadowroot=open>x",
        b"</template><div>x",
    ),
    "a page without any": (b"<p>x</p>", b"<p>x</p>"),
}


@pytest.mark.parametrize(("markup", "plain"), CASES.values(), ids=CASES)
def test_shadow_trees_become_the_page_and_other_templates_stay(markup, plain):
    assert unfolded(markup) == plain
