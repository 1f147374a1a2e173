"""``migdesk accounts``: who may ask over the web, and the kill switch; each command with its options."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.failures import handled

account_commands = typer.Typer(
    no_args_is_help=True,
    help="Delegations, the people and programs that are let in over the web, and the switch that closes the desk. They "
    "are kept beside the conversations: in a file of the data directory, or in the database that MIGDESK_DATABASE_URL "
    "names. A running desk goes by a change from its next request on.",
)
delegation_commands = typer.Typer(no_args_is_help=True, help="Delegations: whose members read as partner:<short name>.")
key_commands = typer.Typer(no_args_is_help=True, help="Keys, by which programs ask.")
account_commands.add_typer(delegation_commands, name="delegation")
account_commands.add_typer(key_commands, name="key")

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data directory. Default: MIGDESK_DATA, else .migdesk here.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Slug = Annotated[str, typer.Argument(metavar="SHORT_NAME", help="Such as nepal: a to z, digits and hyphens.")]
AccountId = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Its id, as `migdesk accounts list` shows it.")]
Into = Annotated[
    str | None, typer.Option("--delegation", metavar="SHORT_NAME", help="Into this delegation.", show_default=False)
]
Staff = Annotated[bool, typer.Option("--staff", help="As staff.")]
Operator = Annotated[bool, typer.Option("--operator", help="Staff who may run the desk on its admin page.")]
LinkDays = Annotated[int, typer.Option("--days", min=1, max=90, help="For how many days the link is good.")]


@delegation_commands.command("add")
def delegation_add(
    slug: Slug,
    name: Annotated[str, typer.Argument(help="As people read it, such as Nepal.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Add a delegation. Its members see what is public, what all partners share, and what is its own."""
    with handled(as_json):
        from integrations.cli.admitting import run_add_delegation

        run_add_delegation(slug, name, data, as_json)


@delegation_commands.command("list")
def delegation_list(data: Data = None, as_json: Json = False) -> None:
    """List the delegations, closed ones too."""
    with handled(as_json):
        from integrations.cli.admitting import run_list_delegations

        run_list_delegations(data, as_json)


@delegation_commands.command("close")
def delegation_close(slug: Slug, data: Data = None, as_json: Json = False) -> None:
    """Let nobody of a delegation in any more, from now on."""
    with handled(as_json):
        from integrations.cli.admitting import run_close_delegation

        run_close_delegation(slug, data, as_json)


@delegation_commands.command("reopen")
def delegation_reopen(slug: Slug, data: Data = None, as_json: Json = False) -> None:
    """Let its members in again; sessions and keys that have not ended are good again."""
    with handled(as_json):
        from integrations.cli.admitting import run_reopen_delegation

        run_reopen_delegation(slug, data, as_json)


@account_commands.command()
def invite(
    name: Annotated[str, typer.Argument(help="Whom the link is for.")],
    delegation: Into = None,
    staff: Staff = False,
    operator: Operator = False,
    days: LinkDays = 7,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a link that lets one person in, once. It is printed now and never again."""
    with handled(as_json):
        from integrations.cli.admitting import run_invite

        run_invite(name, delegation, staff, operator, days, data, as_json)


@account_commands.command()
def link(account: AccountId, days: LinkDays = 7, data: Data = None, as_json: Json = False) -> None:
    """Make a new sign-in link for somebody who was let in before, in place of open ones."""
    with handled(as_json):
        from integrations.cli.admitting import run_link

        run_link(account, days, data, as_json)


@account_commands.command()
def withdraw(
    invitation: Annotated[str, typer.Argument(metavar="INVITATION", help="Its id, as `migdesk accounts list` shows.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a link that nobody has used good for nothing."""
    with handled(as_json):
        from integrations.cli.admitting import run_withdraw

        run_withdraw(invitation, data, as_json)


@account_commands.command("list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """List who was let in, and the links that are still open."""
    with handled(as_json):
        from integrations.cli.admitting import run_list

        run_list(data, as_json)


@account_commands.command()
def rights(
    account: AccountId,
    delegation: Into = None,
    staff: Staff = False,
    operator: Operator = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Change what somebody may see and do, from their next request on."""
    with handled(as_json):
        from integrations.cli.admitting import run_rights

        run_rights(account, delegation, staff, operator, data, as_json)


@account_commands.command()
def disable(account: AccountId, data: Data = None, as_json: Json = False) -> None:
    """Sign somebody out everywhere and keep them out, until they are enabled again."""
    with handled(as_json):
        from integrations.cli.admitting import run_disable

        run_disable(account, data, as_json)


@account_commands.command()
def enable(account: AccountId, data: Data = None, as_json: Json = False) -> None:
    """Let somebody in again who was disabled. They need a new link to sign in."""
    with handled(as_json):
        from integrations.cli.admitting import run_enable

        run_enable(account, data, as_json)


@account_commands.command()
def remove(
    account: AccountId,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Erase an account for good, with everything that was asked with it. The audit keeps its id."""
    with handled(as_json):
        from integrations.cli.admitting import run_remove

        code = run_remove(account, yes, data, as_json)
    raise typer.Exit(code)


@key_commands.command("make")
def key_make(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    audience: Annotated[
        str, typer.Option("--as", metavar="AUDIENCE", help="Read as public, partner, partner:<delegation> or staff.")
    ] = "public",
    scope: Annotated[
        list[str] | None, typer.Option(help="ask, read or admin; may be given several times. Default: ask and read.")
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="Default: until it is revoked.", show_default=False)
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a key for a program. It is printed now and never again."""
    with handled(as_json):
        from integrations.cli.admitting import run_make_key

        run_make_key(name, audience, scope or ["ask", "read"], days, data, as_json)


@key_commands.command("list")
def key_list(data: Data = None, as_json: Json = False) -> None:
    """List the keys, revoked ones too, without their secrets."""
    with handled(as_json):
        from integrations.cli.admitting import run_list_keys

        run_list_keys(data, as_json)


@key_commands.command("revoke")
def key_revoke(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its id, as `migdesk accounts key list` shows it.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a key good for nothing, for good."""
    with handled(as_json):
        from integrations.cli.admitting import run_revoke_key

        run_revoke_key(key, data, as_json)


@account_commands.command()
def audit(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many to list at most.")] = 50,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List what was done with accounts, newest first. Exit code 1 where the record itself was changed by hand."""
    with handled(as_json):
        from integrations.cli.admitting import run_audit

        code = run_audit(limit, data, as_json)
    raise typer.Exit(code)


@account_commands.command()
def close(
    reason: Annotated[str, typer.Argument(help="Readers see it in place of an answer.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Close the desk: nobody can ask over the web until it is opened again."""
    with handled(as_json):
        from integrations.cli.admitting import run_close

        run_close(reason, data, as_json)


@account_commands.command("open")
def open_(data: Data = None, as_json: Json = False) -> None:
    """Open the desk again."""
    with handled(as_json):
        from integrations.cli.admitting import run_open

        run_open(data, as_json)
