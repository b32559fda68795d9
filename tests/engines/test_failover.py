"""The database fails over while a team works: nothing is lost, and nobody has to do anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from cockpit.domain.wire import Joined
from tests.engines.patroni_cluster import TTL, PatroniCluster
from tests.engines.servers import TeamServer, found_team
from tests.engines.team_at_work import NAMES, Outcome, TeamAtWork
from tests.engines.waiting import wait_for

pytestmark = pytest.mark.xdist_group("failover")

LONGEST_OUTAGE = 3 * TTL + 6
"""Seconds without a push; a machine that has time needs one TTL at most."""
ROUNDS = 6

Note = Callable[[str], None]


@pytest.fixture(scope="module")
def cluster() -> Iterator[PatroniCluster]:
    """Three synchronous nodes."""
    started = PatroniCluster()
    yield started
    started.close()


@pytest.fixture(scope="module")
def servers(cluster: PatroniCluster) -> Iterator[list[TeamServer]]:
    """Two servers in front of them."""
    started = [TeamServer(cluster.dsn()) for _ in range(2)]
    yield started
    for server in started:
        server.close()


@pytest.fixture(scope="module")
def owner(servers: list[TeamServer]) -> Joined:
    """The owner of the first workspace."""
    return found_team(servers[-1])


@pytest.fixture
def team(cluster: PatroniCluster, servers: list[TeamServer], owner: Joined) -> Iterator[TeamAtWork]:
    """Three people at work, once all nodes are there."""
    wait_for(cluster.is_whole, 60, "three nodes", cluster.last_words, 0.2)
    with TeamAtWork(servers, owner) as working:
        working.work()
        yield working


def check(outcome: Outcome, *, rewinds: int = 0) -> None:
    """Nothing is missing anywhere, all are equal, and nothing waits."""
    assert outcome.missing == 0
    assert (len(outcome.states), len(outcome.cursors)) == (1, 1)
    assert (outcome.unsent, outcome.held) == (0, 0)
    assert outcome.rewinds == [rewinds] * len(NAMES)


def describe(outcome: Outcome, outage: float) -> str:
    return (
        f"{outcome.saved} events saved, {outcome.missing} missing, {len(outcome.states)} state, "
        f"no push for {outage:.1f} s (ttl {TTL} s)"
    )


def test_the_leader_is_killed(cluster: PatroniCluster, team: TeamAtWork, note_figure: Note) -> None:
    killed = time.monotonic()
    node = cluster.kill_leader()
    team.work()
    outage = team.outage_since(killed)
    cluster.revive(node)
    outcome = team.finish()
    note_figure(describe(outcome, outage))
    check(outcome)
    assert outage <= LONGEST_OUTAGE


def test_the_leader_freezes(cluster: PatroniCluster, team: TeamAtWork, note_figure: Note) -> None:
    frozen = time.monotonic()
    node = cluster.freeze_leader()
    team.work()
    outage = team.outage_since(frozen)
    cluster.thaw(node)
    team.work()
    outcome = team.finish()
    note_figure(describe(outcome, outage))
    check(outcome)
    assert outage <= LONGEST_OUTAGE


def test_the_leader_hands_over(
    cluster: PatroniCluster, team: TeamAtWork, note_figure: Note
) -> None:
    began = time.monotonic()
    cluster.switchover()
    team.work()
    outage = team.outage_since(began)
    outcome = team.finish()
    note_figure(describe(outcome, outage))
    check(outcome)
    assert outage <= LONGEST_OUTAGE


def test_nobody_knows_who_leads(
    cluster: PatroniCluster, team: TeamAtWork, note_figure: Note
) -> None:
    """Without etcd no node dares to lead: pushes stop, the team goes on writing, all is sent."""
    stopped = time.monotonic()
    cluster.stop_etcd()
    wait_for(lambda: team.sent_since(time.monotonic() - 2) == 0, 30, "pushes to stop")
    before = len(team.saved())
    wait_for(lambda: len(team.saved()) > before + 50, 30, "people to go on")
    cluster.start_etcd()
    team.work()
    outage = team.outage_since(stopped)
    outcome = team.finish()
    note_figure(describe(outcome, outage))
    check(outcome)


def test_acknowledged_events_are_destroyed(
    cluster: PatroniCluster, team: TeamAtWork, note_figure: Note
) -> None:
    """An asynchronous leader dies with what no other node has: the team gives it back."""
    cluster.be_asynchronous()
    cluster.stall_followers()
    team.work(pushes=20)
    killed = time.monotonic()
    cluster.kill_leader_for_good()
    team.work()
    outage = team.outage_since(killed)
    outcome = team.finish()
    note_figure(describe(outcome, outage))
    # Each had seen events that the server has no more, and noticed it.
    check(outcome, rewinds=1)
    assert outage <= LONGEST_OUTAGE


@pytest.mark.slow(100)
def test_everything_fails_again_and_again(
    cluster: PatroniCluster, servers: list[TeamServer], team: TeamAtWork, note_figure: Note
) -> None:
    """Leaders, servers and members die in turn; in the end all members die, and begin again."""
    outages = []
    for server in servers:
        server.leash.supervise()
    for number in range(ROUNDS):
        wait_for(cluster.is_whole, 60, "three nodes", cluster.last_words, 0.2)
        began = time.monotonic()
        team.kill_member(number % len(NAMES))
        node = cluster.freeze_leader() if number % 2 else cluster.kill_leader()
        servers[number % len(servers)].kill()
        team.work()
        outages.append(team.outage_since(began))
        cluster.thaw(node)
        if not number % 2:
            cluster.revive(node)
    for number in range(len(NAMES)):
        team.kill_member(number)
    for server in servers:
        server.wait()
    outcome = team.finish()
    note_figure(describe(outcome, max(outages)))
    check(outcome)
