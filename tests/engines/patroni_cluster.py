"""Three PostgreSQL nodes under Patroni with etcd, as teams run them, to be broken by tests."""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress
from typing import Any

import httpx
import psutil
import psycopg

from tests.engines.accounts import engine_python, engine_user
from tests.engines.binaries import etcd_program, postgres_programs
from tests.engines.leash import Leash, new_home
from tests.engines.ports import free_ports
from tests.engines.waiting import wait_for

TTL = 10
LOOP_WAIT = 1
RETRY_TIMEOUT = 3
PASSWORDS = {"superuser": "cockpit", "replication": "replicator", "rewind": "rewinder"}


class Node:
    """One node: Patroni with its PostgreSQL."""

    def __init__(self, name: str, etcd_port: int, synchronous: bool) -> None:
        """Write the configuration and start."""
        self.name = name
        self.port, self.api_port = free_ports(2)
        self.home = new_home(name, quick=True)
        self._config = self.home / "patroni.json"
        self._config.write_text(json.dumps(self._settings(etcd_port, synchronous)))
        user = engine_user()
        if user:
            os.chown(self._config, user.pw_uid, user.pw_gid)
        self.leash = self._start()

    def _start(self) -> Leash:
        python, path = engine_python()
        command = [python, "-m", "tests.engines.patroni_node", str(self._config)]
        return Leash(command, self.home, PYTHONPATH=path)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Call Patroni's own API; None where it does not answer."""
        with suppress(httpx.HTTPError), httpx.Client(trust_env=False, timeout=2) as client:
            url = f"http://127.0.0.1:{self.api_port}{path}"
            answer = client.request(method, url, json=body)
            with suppress(ValueError):
                return answer.json()
            return answer.text
        return None

    def address(self) -> str:
        """Return the address of this node's database."""
        return f"host=127.0.0.1 port={self.port} user=cockpit dbname=postgres connect_timeout=2"

    def _settings(self, etcd_port: int, synchronous: bool) -> dict[str, Any]:
        return {
            "scope": "cockpit",
            "name": self.name,
            "restapi": _listen(self.api_port),
            "etcd3": {"host": f"127.0.0.1:{etcd_port}"},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL,
                    "loop_wait": LOOP_WAIT,
                    "retry_timeout": RETRY_TIMEOUT,
                    "maximum_lag_on_failover": 2**30,
                    "synchronous_mode": synchronous,
                    "postgresql": {"use_pg_rewind": True, "use_slots": True},
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C"}, "no-sync"],
            },
            "postgresql": {
                **_listen(self.port),
                "data_dir": str(self.home / "data"),
                "bin_dir": str(postgres_programs()),
                "pgpass": str(self.home / "pgpass"),
                "use_unix_socket": True,
                "authentication": {
                    what: {"username": name, "password": name} for what, name in PASSWORDS.items()
                },
                "pg_hba": [
                    "local all all trust",
                    "host all all 127.0.0.1/32 trust",
                    "host replication all 127.0.0.1/32 trust",
                ],
                "parameters": {
                    "unix_socket_directories": str(self.home),
                    "shared_buffers": "32MB",
                    "max_connections": 60,
                    "fsync": "off",
                    "wal_log_hints": "on",
                },
            },
        }


def _listen(port: int) -> dict[str, str]:
    return {"listen": f"127.0.0.1:{port}", "connect_address": f"127.0.0.1:{port}"}


class PatroniCluster:
    """Three nodes and their etcd."""

    def __init__(self, *, synchronous: bool = True) -> None:
        """Start everything, and wait until all three nodes follow one leader."""
        self.synchronous = synchronous
        self._etcd_home = new_home("etcd", quick=True)
        self._etcd_ports = free_ports(2)
        self.nodes: list[Node] = []
        self._stalled: list[psutil.Process] = []
        try:
            self._etcd = self._start_etcd()
            self.nodes += [Node(f"node{n}", self._etcd_ports[0], synchronous) for n in range(1, 4)]
            self.started_in = wait_for(self.is_whole, 60, "three nodes", self.last_words, 0.2)
        except BaseException:
            self.close()
            raise

    def dsn(self) -> str:
        """Return the one address of all nodes, which leads to whichever leads."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"postgresql://cockpit@{hosts}/postgres?target_session_attrs=read-write"

    def members(self) -> list[dict[str, Any]]:
        """Return what Patroni says of its members; empty where nobody answers."""
        for node in self.nodes:
            said = node.ask("GET", "/cluster")
            if isinstance(said, dict):
                return list(said.get("members", []))
        return []

    def is_whole(self) -> bool:
        """Say whether one leads and two follow it closely, in the way that was asked for."""
        members = self.members()
        leads = [each for each in members if each["role"] == "leader"]
        follow = [each for each in members if each["state"] == "streaming"]
        synchronous = any(each["role"] == "sync_standby" for each in follow)
        timelines = {each.get("timeline") for each in leads + follow}
        return (len(leads), len(follow), len(timelines)) == (1, 2, 1) and (
            synchronous == self.synchronous
        )

    def leader(self) -> Node:
        """Return the node that leads, waiting for one."""
        found: list[str] = []

        def look() -> bool:
            found[:] = [each["name"] for each in self.members() if each["role"] == "leader"]
            return bool(found)

        wait_for(look, 60, "a leader", self.last_words)
        return next(node for node in self.nodes if node.name == found[0])

    def followers(self) -> list[Node]:
        """Return the nodes that do not lead."""
        leader = self.leader()
        return [node for node in self.nodes if node is not leader]

    def kill_leader(self) -> Node:
        """Kill the leader's node, Patroni and PostgreSQL alike, with -9; return it."""
        leader = self.leader()
        leader.leash.signal_all(signal.SIGKILL)
        return leader

    def freeze_leader(self) -> Node:
        """Freeze the leader's node, as a machine that hangs; return it."""
        leader = self.leader()
        leader.leash.signal_all(signal.SIGSTOP)
        return leader

    def thaw(self, node: Node) -> None:
        """Let a frozen node go on."""
        node.leash.signal_all(signal.SIGCONT)

    def revive(self, node: Node) -> None:
        """Start a killed node again."""
        node.leash.start_again()

    def switchover(self) -> Node:
        """Hand over to another node in good order; return the former leader."""
        leader = self.leader()
        candidates = [each for each in self.members() if each["role"] != "leader"]
        best = sorted(candidates, key=lambda each: each["role"] != "sync_standby")[0]["name"]
        said = leader.ask("POST", "/switchover", {"leader": leader.name, "candidate": best})
        wait_for(lambda: self.leader() is not leader, 30, f"the switchover ({said})")
        return leader

    def stall_followers(self) -> None:
        """Let the leader go on alone: what it takes from now on reaches nobody else."""
        self._stalled = [
            child
            for node in self.followers()
            for child in node.leash.children()
            if "walreceiver" in " ".join(child.cmdline())
        ]
        assert len(self._stalled) == len(self.nodes) - 1
        for process in self._stalled:
            process.suspend()

    def kill_leader_for_good(self) -> Node:
        """Kill a leader whose followers are stalled: what is on its way to them goes with it."""
        leader = self.kill_leader()
        for process in self._stalled:
            process.kill()
        return leader

    def be_asynchronous(self) -> None:
        """Let the leader acknowledge what no other node has."""
        self.synchronous = False
        self.leader().ask("PATCH", "/config", {"synchronous_mode": False})
        wait_for(self._waits_for_nobody, 30, "asynchronous commits", self.last_words)

    def _waits_for_nobody(self) -> bool:
        with psycopg.connect(self.leader().address()) as connection:
            row = connection.execute("SHOW synchronous_standby_names").fetchone()
            return row == ("",)

    def stop_etcd(self) -> None:
        """Freeze etcd: Patroni has nobody to ask who leads."""
        self._etcd.signal_all(signal.SIGSTOP)

    def start_etcd(self) -> None:
        """Let etcd go on."""
        self._etcd.signal_all(signal.SIGCONT)

    def last_words(self) -> str:
        """Return what the nodes logged last."""
        said = [f"{node.name}: {node.leash.last_words()}" for node in self.nodes]
        return "\n".join([json.dumps(self.members()), *said])

    def close(self) -> None:
        """End everything."""
        leashes = [self._etcd, *(node.leash for node in self.nodes)]
        for leash in leashes:
            leash.let_go()
        for leash in leashes:
            leash.close()

    def _start_etcd(self) -> Leash:
        client, peer = (f"http://127.0.0.1:{port}" for port in self._etcd_ports)
        words = {
            "data-dir": str(self._etcd_home / "data"),
            "listen-client-urls": client,
            "advertise-client-urls": client,
            "listen-peer-urls": peer,
            "initial-advertise-peer-urls": peer,
            "initial-cluster": f"default={peer}",
            "unsafe-no-fsync": "true",
            "log-level": "warn",
        }
        options = [f"--{name}={value}" for name, value in words.items()]
        return Leash([str(etcd_program()), *options], self._etcd_home)
