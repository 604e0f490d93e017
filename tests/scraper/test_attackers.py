"""Who would have keywire reach what it must not, in bulk; a weak fetcher fails each check."""

import asyncio
import itertools
import random
import re
from dataclasses import replace
from ipaddress import ip_address

import pytest
from fetching import CLOSED, RULES, fetching, names, serving_tls, trusting
from origin import Origin, answer, redirect
from spellings import spellings

from scraper.errors import AddressError, DeadlineError, FetchError
from scraper.page import Page
from scraper.transport import client, hop
from scraper.transport.connect import GuardedBackend

BRIEF = replace(CLOSED, timeout=1)
SECRET = answer(200, b"secret")


def listener():
    """Listen where nothing must ever be accepted; 127.0.0.1 stands for the public network."""
    return Origin({"*": SECRET, "/robots.txt": SECRET}, host="127.0.0.2")


def elsewhere(url):
    return url.replace("127.0.0.1", "127.0.0.2").replace("7f00:1", "7f00:2")


# Private addresses: by configuration, by redirect of page and robots.txt, typed or not, by name


async def check_spellings(limit=None):
    """Tell which spellings of a URL were not refused, or reached a private listener."""
    wrong = []
    async with Origin({"*": SECRET}) as private:
        urls = spellings(private.port)[:limit]
        for rules in (BRIEF, replace(BRIEF, obey_robots=False)):
            async with fetching(rules, resolve=None) as fetcher:
                for url in urls:
                    try:
                        wrong.append((url, await fetcher.fetch(url)))
                    except AddressError:
                        continue
                    except FetchError as error:
                        wrong.append((url, error))
        return [*wrong, *(["accepted"] if private.accepted else [])]


async def check_redirects(*, typed, path, limit=None):
    """Tell which redirects to a private address were followed."""
    wrong = []
    rules = BRIEF if typed else replace(RULES, timeout=1)
    async with listener() as private, Origin({"/live": answer(200, b"x")}) as origin:
        for url in map(elsewhere, spellings(private.port)[:limit]):
            if re.search(r"[\0\n]", url):
                continue  # no header can hold these
            origin.routes[path] = redirect(url.encode())
            async with fetching(rules) as fetcher:
                try:
                    came = await fetcher.fetch(origin.url("/live"), typed=typed)
                except FetchError as error:
                    came = error
            # what was read as a path of the origin is no way out of it: there is no robots.txt
            fine = isinstance(came, FetchError) and not isinstance(came, DeadlineError)
            fine = fine or (path == "/robots.txt" and getattr(came, "body", b"") == b"x")
            if not fine or private.accepted:
                wrong.append((url, came))
        return wrong


async def check_names(limit=None):
    """Tell which addresses a name may have that are connected to all the same."""
    wrong = []
    async with Origin({"*": SECRET}) as private:
        hosts = [found[1] for url in spellings(private.port)
                 if (found := re.match(r"http://\[?([0-9a-f:.]+?)\]?:\d+/live", url))]  # fmt: skip
        for host in [host for host in hosts if _is_address(host)][:limit]:
            async with fetching(BRIEF, resolve=names(news_test=[host])) as fetcher:
                try:
                    wrong.append((host, await fetcher.fetch(private.url("/live", "news.test"))))
                except AddressError:
                    continue
                except FetchError as error:
                    wrong.append((host, error))
        return [*wrong, *(["accepted"] if private.accepted else [])]


def _is_address(text):
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def test_no_spelling_of_a_private_address_is_ever_connected_to():
    assert len(set(spellings(1))) >= 150
    assert asyncio.run(check_spellings()) == []
    assert asyncio.run(check_names()) == []


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize("path", ["/live", "/robots.txt"])
def test_no_redirect_leads_to_a_private_address(typed, path):
    assert asyncio.run(check_redirects(typed=typed, path=path)) == []


def test_a_guard_that_knows_only_the_usual_spellings_fails_these_checks(monkeypatch):
    for module in ("scraper.transport.client", "scraper.transport.connect"):
        monkeypatch.setattr(
            f"{module}.why_refused",
            lambda address, _=(): "private" if str(address) in {"10.0.0.1", "::1"} else "",
        )
    assert asyncio.run(check_spellings(10)) != []
    assert asyncio.run(check_names(10)) != []
    for path in ("/live", "/robots.txt"):
        assert asyncio.run(check_redirects(typed=False, path=path, limit=4)) != []


# DNS rebinding: 127.0.0.1 stands for the public address, 127.0.0.2 for the private one

CLOSED_ADDRESSES = [
    *("127.0.0.2", "10.0.0.1", "::1", "::ffff:127.0.0.2", "169.254.1.1", "fe80::1%lo", "fd00::1"),
    *("0.0.0.0", "64:ff9b::7f00:2", "2002:7f00:2::1", "::", "192.168.0.1", "100.64.0.1"),  # noqa: S104 - nothing is bound
]


def rebindings():
    """List what a lying name server answers, time after time: addresses, some of them private."""
    chance = random.Random(7)
    public = "127.0.0.1"
    scripts = [[[private]] for private in CLOSED_ADDRESSES]
    for private in CLOSED_ADDRESSES:
        scripts += [
            [[public], [private]],
            [[private], [public]],
            [[private, public]],
            [[public, private], [private]],
        ]
    while len(scripts) < 110:
        answers = [
            chance.sample([public, *CLOSED_ADDRESSES], chance.randint(1, 4))
            for _ in range(chance.randint(2, 5))
        ]
        scripts.append(answers)
    return scripts


async def check_rebinding(scripts):
    """Tell which answers led to the private listener, or came from it."""
    wrong = []
    async with (
        Origin({"/live": answer(200, b"x", Connection="close")}) as public,
        Origin({"*": SECRET}, host="127.0.0.2", port=public.port) as private,
    ):
        for script in scripts:
            told = itertools.chain(script, itertools.repeat(script[-1]))
            async with fetching(
                replace(RULES, timeout=1), resolve=names(news_test=lambda told=told: next(told))
            ) as fetcher:
                for _ in range(4):
                    try:
                        came = await fetcher.fetch(public.url("/live", "news.test"))
                    except AddressError:
                        continue
                    except FetchError as error:
                        came = error
                    if not isinstance(came, Page) or came.body != b"x":
                        wrong.append((script, came))
            if private.accepted:
                wrong.append((script, "accepted"))
                private.accepted = 0
    return wrong


def test_a_name_that_changes_its_mind_leads_only_to_what_was_checked():
    scripts = rebindings()
    assert len({str(script) for script in scripts}) >= 100
    assert asyncio.run(check_rebinding(scripts)) == []


def test_checking_a_name_and_connecting_to_it_later_fails_this_check(monkeypatch):
    first_said = {}
    sound = GuardedBackend._permit

    def permit(self, host, addresses):
        sound(self, host, first_said.setdefault(id(self), addresses))
        return list(addresses)

    monkeypatch.setattr(GuardedBackend, "_permit", permit)
    assert asyncio.run(check_rebinding([[["127.0.0.1"], ["127.0.0.2"]]])) != []


# Credentials on the way

SECRETS = {"Authorization": "Bearer s3cret", "Cookie": "k=s3cret", "X-Key": "s3cret"}


async def check_credentials():
    """Tell where credentials arrived outside their origin, or did not within; count the ways."""
    wrong, ways = [], 0
    resolve = names(**{name: ["127.0.0.1"] for name in ("news_test", "www_news_test", "evil_test")})
    async with (
        Origin({}) as first,
        Origin({}) as port,
        Origin({}, tls=serving_tls()) as secure,
        fetching(resolve=resolve, tls=trusting()) as fetcher,
    ):
        there = {
            "another port": port.url("/end", "news.test"),
            "another scheme": secure.url("/end", "news.test"),
            "another host": first.url("/end", "evil.test"),
            "a host below": first.url("/end", "www.news.test"),
            "its address": first.url("/end"),
            "by // ": f"//evil.test:{first.port}/end",
            "and back": port.url("/back", "evil.test"),
            "in three steps": "/step",
        }
        here = {
            "a path": "/end",
            "itself": first.url("/end", "news.test"),
            "in capitals": first.url("/end", "NEWS.test."),
        }
        for origin in (first, port, secure):
            origin.routes["/end"] = answer(200, b"x")
        port.routes["/back"] = redirect(first.url("/end", "news.test"))
        first.routes["/step"] = redirect(port.url("/back", "news.test"))
        for status in (301, 302, 303, 307, 308):
            for name, location in {**there, **here}.items():
                ways += 1
                first.routes["/live"] = redirect(location, status)
                for origin in (first, port, secure):
                    origin.asked.clear()
                await fetcher.fetch(first.url("/live", "news.test"), headers=SECRETS)
                asked = [each for origin in (first, port, secure) for each in origin.asked]
                told = {
                    each.path
                    for each in asked
                    if any(b"s3cret" in value for _, value in each.headers)
                }
                wanted = {"/live", "/end"} if name in here else {"/live"}
                if told != (wanted | {"/step"} if location == "/step" else wanted):
                    wrong.append((status, name, told))
    return wrong, ways


def test_credentials_stop_at_the_origin_and_never_come_back():
    wrong, ways = asyncio.run(check_credentials())
    assert ways >= 24
    assert wrong == []


@pytest.mark.parametrize("weakness", ["everywhere", "same host", "back home"])
def test_weak_fetchers_fail_the_check_of_credentials(monkeypatch, weakness):
    sound = hop.redirect

    def leak(before, status, location):
        after = sound(before, status, location)
        same_host = after.target.host == before.target.host
        home = "news.test" in after.target.host
        leaky = {"everywhere": True, "same host": same_host, "back home": home}[weakness]
        return replace(after, headers=SECRETS if leaky else after.headers)

    monkeypatch.setattr(client, "redirect", leak)
    assert asyncio.run(check_credentials())[0] != []
