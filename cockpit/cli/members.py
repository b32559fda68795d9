"""`sync invite`, `members`, `revoke`: who belongs to a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cockpit.cli.completing import complete_incident, plain_words
from cockpit.cli.options import json_option, pass_shell
from cockpit.cli.sharing import open_home_vault, workspace_option
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.wire import Member, Role

_ROLES = ("owner", "editor", "reader")


@click.command(name="invite")
@click.option(
    "--role",
    default="editor",
    show_default=True,
    metavar="ROLE",
    shell_complete=plain_words(*_ROLES),
    help="owner, editor or reader.",
)
@click.option(
    "--guest",
    metavar="REF",
    shell_complete=complete_incident,
    help="For this one incident only: a guest sees and writes nothing else.",
)
@click.option("--for", "member", metavar="NAME", help="Another device of a member, such as yours.")
@click.option(
    "--within", metavar="TIME", default="24h", show_default=True, help="How long it holds."
)
@workspace_option
@json_option
@pass_shell
def invite_command(
    shell: Shell,
    role: str,
    guest: str | None,
    member: str | None,
    within: str,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Make an invite to pass on: good once, and for a day.

    Whoever holds it can use it: send it to one person, not to a channel.
    """
    from cockpit.cli import output
    from cockpit.domain.clock import from_ms
    from cockpit.domain.times import format_stamp, parse_duration
    from cockpit.service import sync_members
    from cockpit.service.sync_access import pick_workspace

    minutes = int(parse_duration(within).total_seconds() // 60)
    remote = pick_workspace(shell.session, workspace)
    made = sync_members.invite(
        shell.session,
        remote,
        open_home_vault(shell),
        role=_read_role(role),
        inc=shell.find(guest) if guest else "",
        member=member or "",
        minutes=minutes,
    )
    if as_json:
        expires = from_ms(made.expires)
        output.dump({"address": made.address, "role": made.role.value, "expires_at": expires})
        return
    until = format_stamp(from_ms(made.expires), shell.zone)
    output.warn(f"An invite to “{remote.title}” as {made.role.value}, good once, until {until}:")
    output.say(made.address)
    output.warn("Join with: cockpit sync join, which asks for it.")
    if made.sealed:
        output.warn("It carries the key of this encrypted workspace: send it by a safe way.")


@click.command(name="members")
@workspace_option
@json_option
@pass_shell
def members_command(shell: Shell, workspace: str | None, as_json: bool) -> None:
    """List the members of a workspace and their devices; the server is asked."""
    from cockpit.cli import output
    from cockpit.service import sync_members
    from cockpit.service.sync_access import pick_workspace

    remote = pick_workspace(shell.session, workspace)
    members = sync_members.list_members(shell.session, remote, open_home_vault(shell))
    if as_json:
        output.dump([_member_shape(each) for each in members])
        return
    rows = [row for each in members for row in _member_rows(shell, each)]
    output.table(rows, ("Name", "Role", "Device", "Joined", "Last seen"), flexible=0)


@click.command(name="revoke")
@click.argument("who", metavar="NAME|DEVICE")
@workspace_option
@pass_shell
def revoke_command(shell: Shell, who: str, workspace: str | None) -> None:
    """Take a member out, or one device: it receives and sends nothing more, at once.

    What it has received before stays on it.
    """
    from cockpit.cli import output
    from cockpit.service import sync_members
    from cockpit.service.sync_access import pick_workspace

    remote = pick_workspace(shell.session, workspace)
    member, count = sync_members.revoke(shell.session, remote, open_home_vault(shell), who)
    devices = "1 device" if count == 1 else f"{count} devices"
    output.say(f"Took {devices} of {member} out of “{remote.title}”.")
    if remote.sealed:
        output.warn("They still have the key that they had: it opens what they received before.")


def _read_role(word: str) -> Role:
    from cockpit.domain.nearest import expected
    from cockpit.domain.wire import Role

    if word.lower() not in _ROLES:
        raise expected("a role", word, _ROLES)
    return Role(word.lower())


def _member_rows(shell: Shell, member: Member) -> list[tuple[str, ...]]:
    from cockpit.domain.clock import from_ms
    from cockpit.domain.times import format_stamp

    def when(ms: int) -> str:
        return format_stamp(from_ms(ms), shell.zone) if ms else "never"

    role = member.role.value
    working = [each for each in member.devices if not each.revoked]
    if not working:
        return [(member.member, role, "taken out", "", "")]
    return [(member.member, role, each.dev, when(each.made), when(each.seen)) for each in working]


def _member_shape(member: Member) -> dict[str, object]:
    from cockpit.domain.clock import from_ms

    return {
        "name": member.member,
        "role": member.role.value,
        "guest_of": member.inc,
        "devices": [
            {
                "id": each.id,
                "device": each.dev,
                "joined_at": from_ms(each.made),
                "seen_at": from_ms(each.seen) if each.seen else None,
                "revoked_at": from_ms(each.revoked) if each.revoked else None,
            }
            for each in member.devices
        ],
    }
