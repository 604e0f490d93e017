"""The commands about alerts and their deliveries."""

import asyncio
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from keywire.commands.context import CONFIG, ConfigPath, load_config, reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from keywire.config import Config
    from store.alerting.alerts import AlertRule
    from store.alerting.notices import Listed
    from store.alerting.watch import WatchRule

    Rule = TypeVar("Rule", AlertRule, WatchRule)

alerts = typer.Typer(help="Try out the alerts of the configuration.", no_args_is_help=True)
deliveries = typer.Typer(
    help="Show what alerts sent, and send it again.", invoke_without_command=True
)


@deliveries.callback()
def _show(
    context: typer.Context,
    config: ConfigPath = CONFIG,
    *,
    limit: Annotated[int, typer.Option(help="Show at most so many.", min=1)] = 20,
    held: Annotated[bool, typer.Option("--held", help="Also what was held back, and why.")] = False,
) -> None:
    """Show what is waiting, parked, or was delivered lately."""
    context.obj = config
    if context.invoked_subcommand is not None:
        return
    from keywire.commands.notice_table import show_deliveries
    from store.alerting.notices import survey

    loaded = load_config(config)
    with reading(loaded) as connection:
        surveyed = survey(connection, limit, held=held)
    lanes = [lane for one in loaded.telling for lane, _ in one.targets]
    show_deliveries(surveyed, lanes)


@deliveries.command()
def retry(
    context: typer.Context,
    which: Annotated[
        int | None, typer.Argument(metavar="ID", help="The id of one delivery.")
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="All that are waiting or parked.")
    ] = False,
) -> None:
    """Send again what is parked or waiting.

    It is sent as soon as keywire runs; targets that were stopped are resumed.
    """
    from keywire.clock import clock
    from store.alerting import deliveries as kept

    if (which is None) is not everything:
        raise typer.BadParameter("give the number of a delivery, or --all", param_hint="ID")
    with writing(load_config(context.obj)) as connection:
        many = kept.retry(connection, which, clock())
    told = "1 delivery" if many == 1 else f"{many} deliveries"
    typer.echo(f"{told} will be sent again as soon as keywire runs.")


@alerts.command(name="test")
def rehearse(
    config: ConfigPath = CONFIG,
    *,
    hours: Annotated[int, typer.Option(help="How far back.", min=1, max=24 * 31)] = 24,
) -> None:
    """Show what alerts would have sent in the last day, and what not and why; send nothing.

    Of sources it shows what would be told now.
    """
    from keywire.alerting.watching import watch_rules
    from keywire.clock import clock
    from keywire.commands.notice_table import show_lookout, show_rehearsal
    from store.alerting.rehearsal import rehearse as look_back
    from store.alerting.watching import look_out

    loaded = load_config(config)
    rules = [alert.rule for alert in loaded.alerts]
    matches = {topic.name: topic.match for topic in loaded.topics}
    now, watches = clock(), watch_rules(loaded)
    with reading(loaded) as connection:
        found = look_back(connection, rules, matches, now - timedelta(hours=hours))
        standing = look_out(connection, watches, now)
    if not rules and not watches:
        typer.echo(f"{config} names no alerts; alerts: in keywire init's example shows how.")
        return
    show_lookout(standing, watches)
    show_rehearsal(found, rules, hours)


def explain(
    of: Annotated[
        str,
        typer.Argument(
            metavar="ENTRY|SOURCE",
            help="An entry's number, tag: id or address, or a source's name or address.",
        ),
    ],
    alert: Annotated[str, typer.Option("--alert", help="Only this alert.")] = "",
    config: ConfigPath = CONFIG,
) -> None:
    """Show why alerts reported an entry or a source, or why not."""
    from keywire.commands.notice_table import show_explanation, show_watches
    from store import sources
    from store.alerting import notices
    from store.archive.entry_history import find_entry

    loaded = load_config(config)
    with reading(loaded) as connection:
        source = sources.polled_at(connection, loaded.address(of))
        if source is not None:
            show_watches(source, *_watched(connection, loaded, source.id, alert))
            return
        rules = _chosen([one.rule for one in loaded.alerts], alert)
        stored = find_entry(connection, of)
        topics = notices.topics_of(connection, stored.number)
        rows = [(rule, notices.of_entry(connection, stored.number, rule.name)) for rule in rules]
    show_explanation(stored, topics, rows)


def _watched(
    connection: "Connection", loaded: "Config", source: int, alert: str
) -> "tuple[list[Listed], list[tuple[WatchRule, str]]]":
    """Return what watches reported about a source, and what each would say of it now."""
    from keywire.alerting.watching import watch_rules
    from keywire.clock import clock
    from store.alerting import notices, watching

    rules = _chosen(watch_rules(loaded), alert)
    rows = notices.of_source(connection, source, limit=20)
    return rows, watching.explain_one(connection, rules, source, clock())


def _chosen(rules: "Sequence[Rule]", name: str) -> "list[Rule]":
    """Return the rule of that name, or all for ""; raises UnknownError where there is none."""
    from store.errors import UnknownError

    if chosen := [rule for rule in rules if name in {"", rule.name}]:
        return chosen
    known = ", ".join(rule.name for rule in rules) or "none"
    raise UnknownError(f"no alert {name!r} is configured for that; there are: {known}")


def listen(
    port: Annotated[int, typer.Option(help="The port, on this machine only.")] = 8788,
    secret: Annotated[
        str, typer.Option(envvar="WEBHOOK_SECRET", help="The secret that messages are signed with.")
    ] = "",
    *,
    whole: Annotated[bool, typer.Option("--whole", help="Print messages as they arrive.")] = False,
) -> None:
    """Receive webhooks on this machine, verify and print them."""
    from feeds.push.signing import read_secret
    from keywire.commands.listen import Receiver, make_secret, serve
    from keywire.process.server import listen as bind

    key = secret or make_secret()
    try:
        read_secret(key)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--secret") from None
    listener = bind("127.0.0.1", port, mend="or give another --port")
    if not whole:
        typer.echo(f"Listening at {listener.url}/ until Ctrl-C.")
        if not secret:
            typer.echo(f"No secret was given, so here is one: export WEBHOOK_SECRET={key}")
        typer.echo(f'to: [{{webhook: "{listener.url}/", secret: "${{WEBHOOK_SECRET}}"}}]')
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(Receiver(key, typer.echo, whole=whole), listener.bound))


def add_to(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.add_typer(deliveries, name="deliveries")
    app.add_typer(alerts, name="alerts")
    app.command()(explain)
    app.command()(listen)
