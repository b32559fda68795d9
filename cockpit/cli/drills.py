"""`drill`: practise on a scenario or a past incident, against a clock, and get a debrief."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cockpit.cli.completing import Offers, Scene, offer
from cockpit.cli.options import json_option
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.debrief_scene import Debrief
    from cockpit.domain.drill import Due, Scenario
    from cockpit.service.drills import Drill

_RUN, _DEBRIEF = "run", "debrief"
_LOOK_SECONDS = 0.2


def _offers(scene: Scene) -> Offers:
    from cockpit.service.scenarios import read_scenarios

    first = {_RUN: "without the app", _DEBRIEF: "how it went"} if not scene.typed else {}
    known = {each.id: each.title for each in read_scenarios(scene.shell.paths)}
    return {**first, **known, **scene.incidents()}


@click.command(name="drill")
@click.argument(
    "words", nargs=-1, metavar="[run|debrief] [SCENARIO|REF]", shell_complete=offer(_offers)
)
@click.option("--speed", type=float, metavar="N", help="Its clock runs so many times as fast.")
@click.option("--list", "listed", is_flag=True, help="List the scenarios, and the drills begun.")
@click.option("--fresh", is_flag=True, help="Start anew, even if one can be gone on with.")
@click.option(
    "-o", "--out", "target", metavar="FILE", type=click.Path(path_type=Path),
    help="Write the debrief to a file, as Markdown.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@json_option
@click.pass_context
def drill_command(
    ctx: click.Context,
    words: tuple[str, ...],
    speed: float | None,
    listed: bool,
    fresh: bool,
    target: Path | None,
    force: bool,
    as_json: bool,
) -> int | None:
    """Practise on a scenario, or replay a past incident, in the app.

    You run it as a real one, in a home of its own; its clock stands still while nobody runs it.
    Without a name the latest drill goes on. `drill run` lets things come in without the app,
    `drill debrief` says how it went.
    """
    shell: Shell = ctx.obj
    verb, name = _split(words)
    if (target or force) and verb != _DEBRIEF:
        raise click.UsageError("--out and --force belong to the debrief: cockpit drill debrief.")
    if listed:
        _list(shell, as_json)
        return None
    if verb == _DEBRIEF:
        _print_debrief(shell, name, target, force, as_json)
        return None
    drill = _find_or_start(shell, name, speed, fresh)
    if drill is None:
        _list(shell, as_json)
        return None
    return _run_shown(drill, shell, speed) if verb == _RUN else _open(drill, shell, speed)


def _split(words: tuple[str, ...]) -> tuple[str, str]:
    """Return whether to run or to look back, and the name that follows."""
    verb = words[0] if words and words[0] in (_RUN, _DEBRIEF) else ""
    rest = words[1:] if verb else words
    if len(rest) > 1:
        raise click.UsageError("Name one scenario, or one incident.")
    return verb, rest[0] if rest else ""


def _is_reference(name: str) -> bool:
    from cockpit.domain.reference import parse_reference

    return parse_reference(name) is not None


def _find_or_start(shell: Shell, name: str, speed: float | None, fresh: bool) -> Drill | None:
    """Return the drill to go on with, or a new one; None when there is nothing to go on with."""
    from cockpit.cli import output
    from cockpit.errors import IncidentNotFoundError
    from cockpit.service import drills
    from cockpit.service.drill_state import check_speed, is_drill, read_state

    shell.refuse_readonly()
    if speed is not None:
        check_speed(speed)
    if is_drill(shell.paths):
        if name:
            raise click.UsageError("This is the home of a drill: unset COCKPIT_HOME first.")
        return drills.Drill(shell.paths, read_state(shell.paths))
    if not fresh:
        try:
            found = drills.find_drill(shell.paths, name, unfinished=True)
        except IncidentNotFoundError:
            if not name:
                return None
        else:
            minute = found.state.elapsed / 60
            output.say(f"“{found.state.scenario.title}” goes on at minute {minute:.0f}.")
            return found
    elif not name:
        raise click.UsageError("Say which scenario to start anew.")
    scenario = _scenario(shell, name)
    shell.close()
    return drills.start(shell.paths, shell.config, scenario, speed or 1.0)


def _scenario(shell: Shell, name: str) -> Scenario:
    from cockpit.service import scenarios

    known = [each.id for each in scenarios.read_scenarios(shell.paths)]
    if name not in known and _is_reference(name):
        return scenarios.replay(shell.session, name)
    return scenarios.find_scenario(shell.paths, name)


def _open(drill: Drill, shell: Shell, speed: float | None) -> int | None:
    """Open the app on a drill for as long as somebody stays in it."""
    from cockpit.cli import output
    from cockpit.cli.root import has_terminal

    if not has_terminal():
        output.say(f"“{drill.state.scenario.title}” is ready in {drill.paths.data_dir}.")
        _say_how(drill)
        return None
    from cockpit.app import run_app
    from cockpit.service.drill_runner import DrillRunner

    shell.close()
    with DrillRunner(drill.paths, shell.config, speed=speed) as runner:
        inc = drill.state.incident
        code = run_app(drill.paths, shell.config, incident=inc, clock=runner.clock)
    if not runner.state.over:
        output.say("The drill waits; cockpit drill goes on with it.")
    output.say("How it went: cockpit drill debrief")
    return code


def _run_shown(drill: Drill, shell: Shell, speed: float | None) -> int | None:
    """Run a drill here and print what comes in, until it is over or somebody interrupts it."""
    from cockpit.cli import output
    from cockpit.domain.drill import ENDING
    from cockpit.service.drill_runner import DrillRunner

    ended = threading.Event()

    def heard(came: tuple[Due, ...]) -> None:
        for each in came:
            output.say(f"{each.minute:5.0f} min  {each.inject.by}: {each.inject.text}")
            if each.name == ENDING:
                ended.set()

    _say_how(drill)
    shell.close()
    with DrillRunner(drill.paths, shell.config, speed=speed, heard=heard) as runner:
        while not ended.is_set() and not runner.state.over:
            ended.wait(_LOOK_SECONDS)
    return None


def _say_how(drill: Drill) -> None:
    from cockpit.cli import output

    output.say(f"To run it from a shell: export COCKPIT_HOME={drill.paths.data_dir}")


def _print_debrief(
    shell: Shell, name: str, target: Path | None, force: bool, as_json: bool
) -> None:
    from cockpit.cli import output
    from cockpit.domain.debrief_text import debrief_lines, debrief_markdown

    found = _debrief(shell, name)
    if target is not None:
        from cockpit.service.whole_files import write_export

        write_export(target, debrief_markdown(found, shell.zone), force)
        output.warn(f"Written to {target}.")
    elif as_json:
        from cockpit.cli.drill_shapes import debrief_shape

        output.dump(debrief_shape(found))
    else:
        output.say_lines(debrief_lines(found, shell.zone))


def _debrief(shell: Shell, name: str) -> Debrief:
    """Return the debrief of the drill whose home this is, of the latest, or of the one named."""
    from cockpit.errors import IncidentNotFoundError
    from cockpit.service import drills
    from cockpit.service.drill_state import clock_for, is_drill
    from cockpit.service.session import open_session

    if is_drill(shell.paths):
        return drills.debrief_of(shell.session, zone=shell.zone)
    try:
        drill = drills.find_drill(shell.paths, name)
    except IncidentNotFoundError:
        if not name or not _is_reference(name):
            raise
        return drills.debrief_of(shell.session, shell.find(name), shell.zone)
    with open_session(drill.paths, shell.config, clock=clock_for(drill.paths)) as session:
        return drills.debrief_of(session, zone=shell.zone)


def _list(shell: Shell, as_json: bool) -> None:
    from cockpit.cli import output
    from cockpit.service.drills import list_drills
    from cockpit.service.scenarios import read_scenarios

    found, begun = read_scenarios(shell.paths), list_drills(shell.paths)
    if as_json:
        from cockpit.cli.drill_shapes import list_shape

        output.dump(list_shape(found, begun))
        return
    rows = [(each.id, each.severity, f"{each.minutes:g} min", each.title) for each in found]
    output.table(rows, ("SCENARIO", "SEVERITY", "LASTS", "TITLE"), flexible=3)
    if begun:
        output.say()
        lines = [
            (
                each.state.scenario.id,
                f"{each.state.began.astimezone(shell.zone):%Y-%m-%d %H:%M}",
                "over" if each.state.over else f"at minute {each.state.elapsed / 60:.0f}",
                each.state.scenario.title,
            )
            for each in begun
        ]
        output.table(lines, ("BEGUN", "AT", "STATE", "TITLE"), flexible=3)
    output.say()
    output.say("cockpit drill SCENARIO starts one; cockpit drill INC-42 replays an incident.")
