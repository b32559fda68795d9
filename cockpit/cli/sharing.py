"""`sync join`, `create`, `share`, `leave`, `status`, `now`: workspaces, and what is in them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cockpit.cli.completing import complete_incident, offer
from cockpit.cli.options import json_option, pass_shell
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from cockpit.cli.completing import Offers, Scene
    from cockpit.domain.remotes import Remote
    from cockpit.service.secrets import Vault
    from cockpit.service.sharing import Joining
    from cockpit.service.sync_now import Exchanged, Round
    from cockpit.service.sync_status import Standing


def _workspaces(scene: Scene) -> Offers:
    from cockpit.service.sync_access import joined

    return {each.title: each.url for each in joined(scene.shell.session)} if scene.exists else {}


def workspace_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --workspace."""
    return click.option(
        "-w",
        "--workspace",
        metavar="TITLE",
        shell_complete=offer(_workspaces),
        help="Its title or id; not needed while there is only one of a team.",
    )(function)


def file_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --store-in-file."""
    return click.option(
        "--store-in-file",
        "in_file",
        is_flag=True,
        help="Keep the token in a private file (0600), not in the system's keyring.",
    )(function)


@click.command(name="join")
@click.argument("invite", metavar="[INVITE]", default="")
@click.option("--name", metavar="NAME", help="How the others see you; your author's name if not.")
@file_option
@pass_shell
def join_command(shell: Shell, invite: str, name: str | None, in_file: bool) -> int:
    """Join a workspace with an invite, which is good once.

    Without one it is asked for and not shown; - reads it from standard input. An invite among the
    words of a command stays in the shell's history, and others on this machine can read it. What
    is shared there comes to this machine at once. Incidents that are here already stay here:
    cockpit sync share puts them there.
    """
    from cockpit.cli import output
    from cockpit.service import sharing

    shell.refuse_readonly()
    address = _read_invite() if invite in ("", "-") else invite
    vault = open_home_vault(shell)
    in_file = in_file or _agrees_to_file(shell, vault)
    member = name or shell.config.author
    joining = sharing.join(shell.session, address, member, vault, in_file=in_file)
    remote = joining.remote
    what = f"guest of one incident in “{remote.title}”" if remote.inc else f"“{remote.title}”"
    output.say(f"Joined {what} as {remote.member} ({remote.role.value}).")
    output.say(f"The token is kept in {joining.kept}.")
    if remote.sealed and not remote.kid:
        output.warn("This workspace is encrypted, and the invite had no key: nothing can be read.")
        output.warn("Ask for an invite with its whole address, with the part after the point.")
    waiting = len(sharing.list_unshared(shell.session))
    if waiting and remote.role.value in ("owner", "editor"):
        word = "incident is" if waiting == 1 else "incidents are"
        output.say(f"{waiting:,} {word} on this machine alone: cockpit sync share shares them.")
    return _exchange(shell, [remote], vault)


def _read_invite() -> str:
    """Return the invite from standard input; a person is asked for it, and does not see it."""
    if sys.stdin.isatty():
        asked: str = click.prompt("Invite", hide_input=True, err=True)
        return asked.strip()
    return sys.stdin.readline(4096).strip()


@click.command(name="create")
@click.argument("title")
@click.option("--encrypted", is_flag=True, help="With a key that the server never sees.")
@workspace_option
@file_option
@pass_shell
def create_command(
    shell: Shell, title: str, encrypted: bool, workspace: str | None, in_file: bool
) -> None:
    """Make another workspace on the server of one that you joined, and own it."""
    from cockpit.cli import output
    from cockpit.service import sharing
    from cockpit.service.sync_access import pick_workspace

    shell.refuse_readonly()
    beside, vault = pick_workspace(shell.session, workspace), open_home_vault(shell)
    in_file = in_file or _agrees_to_file(shell, vault)
    made = sharing.create(shell.session, beside, title, vault, sealed=encrypted, in_file=in_file)
    output.say(f"Made “{made.remote.title}”; you own it. The token is kept in {made.kept}.")
    _say_key(made)


@click.command(name="share")
@click.argument("references", nargs=-1, metavar="[REF]…", shell_complete=complete_incident)
@click.option("--all", "everything", is_flag=True, help="All but private incidents and drills.")
@click.option("--apart", is_flag=True, help="In a workspace of its own, for who is invited there.")
@click.option("--encrypted", is_flag=True, help="With --apart: with a key that no server sees.")
@workspace_option
@file_option
@pass_shell
def share_command(
    shell: Shell,
    references: tuple[str, ...],
    everything: bool,
    apart: bool,
    encrypted: bool,
    workspace: str | None,
    in_file: bool,
) -> int:
    """Share incidents that are on this machine alone, with all that was written in them.

    New incidents are shared by themselves (see the setting `share`), private ones and drills only
    so. What is shared cannot be called back from the machines of others.
    """
    from cockpit.cli import output
    from cockpit.service import sharing
    from cockpit.service.sync_access import pick_workspace

    shell.refuse_readonly()
    if bool(references) == everything or (encrypted and not apart):
        raise click.UsageError("Name incidents, or --all. --encrypted goes with --apart.")
    remote, vault = pick_workspace(shell.session, workspace), open_home_vault(shell)
    incs = [shell.find(each) for each in references]
    if apart:
        return _share_apart(shell, incs, remote, vault, encrypted=encrypted, in_file=in_file)
    if everything:
        shared = sharing.share_all(shell.session, remote)
    else:
        shared = sharing.share(shell.session, incs, remote)
    names = ", ".join(shared.refs[:5]) + (" …" if len(shared.refs) > 5 else "")
    output.say(f"Shared in “{remote.title}”: {names or 'nothing, all is shared already'}.")
    if left := _left_out(shared.private, shared.drills):
        output.say(f"Left here: {left}; name those that belong there.")
    return _exchange(shell, [remote], vault)


def _share_apart(
    shell: Shell,
    incs: Sequence[str],
    beside: Remote,
    vault: Vault,
    *,
    encrypted: bool,
    in_file: bool,
) -> int:
    from cockpit.cli import output
    from cockpit.service import sharing

    if len(incs) != 1:
        raise click.UsageError("--apart shares one incident at a time.")
    in_file = in_file or _agrees_to_file(shell, vault)
    made = sharing.share_apart(
        shell.session, incs[0], beside, vault, sealed=encrypted, in_file=in_file
    )
    output.say(f"“{made.remote.title}” is a workspace of its own now; you own it.")
    output.say(f"Let others in: cockpit sync invite -w {made.remote.title}")
    _say_key(made)
    return _exchange(shell, [made.remote], vault)


@click.command(name="leave")
@workspace_option
@pass_shell
def leave_command(shell: Shell, workspace: str | None) -> None:
    """Leave a workspace: what is here stays here, and nothing more is exchanged."""
    from cockpit.cli import output
    from cockpit.service import sharing
    from cockpit.service.sync_access import pick_workspace

    shell.refuse_readonly()
    remote = pick_workspace(shell.session, workspace)
    unsent = shell.session.store.remotes.standing(remote.ws).unsent
    told = sharing.leave(shell.session, remote, open_home_vault(shell))
    output.say(f"Left “{remote.title}”. Its incidents stay here.")
    if unsent:
        output.say(f"{unsent:,} events had not been sent; they go out if you join it again.")
    if not told:
        output.warn("The server was not told: ask an owner to take this device out.")


@click.command(name="status")
@json_option
@pass_shell
def status_command(shell: Shell, as_json: bool) -> None:
    """Say how it stands with each workspace; no server is asked."""
    from cockpit.cli import output
    from cockpit.cli.shapes import plain
    from cockpit.service.sync_access import HOW_TO_JOIN, NOT_SHARED
    from cockpit.service.sync_status import list_standings

    standings = list_standings(shell.session)
    if as_json:
        output.dump([plain(each) for each in standings])
        return
    if not standings:
        output.say(f"{NOT_SHARED} {HOW_TO_JOIN}")
    for each in standings:
        _say_standing(shell, each)
    if standings:
        _say_share(shell)


@click.command(name="now")
@click.option("--again", is_flag=True, help="Try once more what the server did not take.")
@workspace_option
@json_option
@pass_shell
def now_command(shell: Shell, again: bool, workspace: str | None, as_json: bool) -> int:
    """Exchange events with the server now: the one named, or all of them.

    The app does so by itself, all the time; this is for the shell, and for a machine without one.
    """
    from cockpit.service.sync_access import joined, pick_workspace

    shell.refuse_readonly()
    session = shell.session
    remotes = list(joined(session))
    if workspace or not remotes:
        remotes = [pick_workspace(session, workspace)]
    if again:
        for each in remotes:
            session.store.remotes.release(each.ws, by_person=True)
    return _exchange(shell, remotes, open_home_vault(shell), as_json=as_json)


def open_home_vault(shell: Shell) -> Vault:
    """Return the secrets of this home."""
    from cockpit.service.secrets import open_vault

    return open_vault(shell.paths)


def _exchange(
    shell: Shell, remotes: Sequence[Remote], vault: Vault, *, as_json: bool = False
) -> int:
    from cockpit.cli import output
    from cockpit.cli.shapes import plain
    from cockpit.errors import SyncError
    from cockpit.service.sync_now import sync_now

    found = sync_now(shell.session, remotes, vault)
    if as_json:
        output.dump([plain(each) for each in found.workspaces])
    else:
        _say_round(found)
    return SyncError.exit_code if any(each.trouble for each in found.workspaces) else 0


def _say_round(found: Round) -> None:
    from cockpit.cli import output
    from cockpit.domain.sync_words import skew_words

    for each in found.workspaces:
        if each.trouble:
            output.warn(f"“{each.title}”: {each.trouble} {each.hint}".rstrip())
        output.say(f"“{each.title}”: {_counts(each)}.")
        if words := skew_words(each.skew_ms):
            output.warn(words)
    if found.renamed:
        output.say(found.renamed)


def _counts(each: Exchanged) -> str:
    parts = []
    if not each.trouble:
        parts = [f"{each.received:,} received", f"{each.sent:,} sent"]
    if each.unsent:
        parts.append(f"{each.unsent:,} to send")
    if each.held:
        parts.append(f"{each.held:,} set aside (cockpit sync status)")
    return ", ".join(parts) or "nothing waits here"


def _say_standing(shell: Shell, each: Standing) -> None:
    from cockpit.cli import output
    from cockpit.domain.sync_words import skew_words
    from cockpit.domain.times import format_words

    marks = [each.role.value]
    marks += ["encrypted"] if each.encrypted else []
    marks += ["of one private incident"] if each.private else []
    output.say(f"{each.title}   {each.member}, {', '.join(marks)}   {each.url}")
    ago = "never synced"
    if each.synced_at is not None:
        ago = f"synced {format_words(shell.now() - each.synced_at)} ago"
    waits = f"{each.unsent:,} to send" if each.unsent else "nothing to send"
    count = f"{each.incidents:,} incident{'' if each.incidents == 1 else 's'} shared"
    output.say(f"  {ago}, {waits}, {count}")
    for held in each.held:
        side = "not taken" if held.outgoing else "not readable"
        output.say(f"  ! {held.id[:8]} {side}: {held.words}")
    if words := skew_words(each.skew_ms):
        output.say(f"  ! {words}")


def _say_share(shell: Shell) -> None:
    from cockpit.cli import output
    from cockpit.errors import InvalidInputError
    from cockpit.service.sync_status import share_words

    try:
        words = share_words(shell.session)
    except InvalidInputError as error:
        words = f"! {error.message} {error.hint}"
    output.say(f"{words[:1].upper()}{words[1:]}")


def _agrees_to_file(shell: Shell, vault: Vault) -> bool:
    """Ask whether a file will do where no keyring is; without a terminal nobody is asked.

    Who agreed for one workspace of this home has agreed for the others.
    """
    if vault.has_keyring():
        return False
    if vault.has_files():
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm(
        f"No keyring answers here. Keep the token in a private file in {shell.paths.secrets}?",
        default=False,
        err=True,
    )


def _say_key(made: Joining) -> None:
    from cockpit.cli import output

    if made.remote.sealed:
        output.say("Its key is on this machine and in the invites that you make, nowhere else.")
        output.say("If every machine that has it is lost, what was written there is lost, too.")


def _left_out(private: int, drills: int) -> str:
    parts = [f"{private:,} private"] if private else []
    parts += [f"{drills:,} drill{'' if drills == 1 else 's'}"] if drills else []
    return ", ".join(parts)
