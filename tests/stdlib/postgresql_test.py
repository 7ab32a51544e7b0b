# SPDX-License-Identifier: Apache-2.0
"""std/postgresql with Debian's PostgreSQL: initialises, writes, restarts and reads; its superuser gets no further than its data.

label: heavy
"""
import contextlib
import glob
import os
import pwd
import unittest

import confine
from confine import KEY, Attempt, Outsider, Port, gone, made, printed

POLICY = confine.using("postgresql")
BIN = (sorted(glob.glob("/usr/lib/postgresql/*/bin")) or [""])[-1]


def owner():
    """PostgreSQL refuses root: its own user then."""
    return pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else os.geteuid()


@unittest.skipUnless(os.path.exists(BIN + "/initdb"), "PostgreSQL is not installed")
class PostgreSql(confine.Proof):
    def prepare(self, place):
        for name in ("data", "run"):
            os.makedirs(place.path(name), 0o700)
        place.own()
        port = confine.free_port()
        settings = [f"postgresql.data={place.path('data')}", f"postgresql.sockets={place.path('run')}", f"postgresql.ports={port}"]
        server = [BIN + "/postgres", "-D", place.path("data"), "-k", place.path("run"), "-h", "127.0.0.1", "-p", str(port)]
        psql = ["/usr/bin/psql", "-XAtq", "-h", "127.0.0.1", "-p", str(port), "-U", "ann", "postgres", "-c"]
        return port, settings, server, psql

    @contextlib.contextmanager
    def serving(self, place, command, port, psql):
        """The server, ready for questions: it listens before it is."""
        with place.server(command, port, stop=2):
            self.assertTrue(confine.eventually(lambda: place.run([*psql, "select 1"]).returncode == 0, 30), place.read("server.log"))
            yield

    def initdb(self, place, run, *more):
        ran = run([BIN + "/initdb", "-D", place.path("data"), "-U", "ann", "-A", "trust", "--locale=C.UTF-8", "-N", *more])
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_initialises_writes_restarts_and_reads(self):
        with confine.Place(owner()) as place:
            port, settings, server, psql = self.prepare(place)
            self.initdb(place, lambda command: place.confined(POLICY, command, settings))
            self.assertSelected(place.events(), BIN + "/initdb")
            command = place.under(POLICY, server, settings)
            with self.serving(place, command, port, psql):
                ran = place.run([*psql, "create table t (n int primary key, x text); insert into t select g, md5(g::text) from "
                                 "generate_series(1, 5000) g; create index on t (x); checkpoint"])
                self.assertEqual(place.run([*psql, "create database second"]).stderr, "")
                self.assertEqual(ran.returncode, 0, ran.stderr)
            with self.serving(place, command, port, psql):
                ran = place.run([*psql, "select count(*), min(x), max(n) from t; select to_tsvector('english', 'the running tests'); "
                                 "set work_mem = '64kB'; select count(*) from (select * from t order by x offset 1) s; "
                                 "select now() at time zone 'Europe/Berlin' > '2000-01-01'"])
                self.assertEqual(ran.returncode, 0, ran.stderr)
                self.assertEqual(ran.stdout.splitlines()[0], "5000|0004d0b59e19461ff126e3a08a814c33|5000")
                self.assertEqual(len(ran.stdout.splitlines()), 4)
            self.assertSelected(place.events(), BIN + "/postgres")
            with self.serving(place, server, port, psql):  # without llrun the same data gives the same
                self.assertEqual(place.run([*psql, "select count(*), min(x), max(n) from t"]).stdout, ran.stdout.splitlines()[0] + "\n")

    def test_a_superuser_gets_no_further(self):
        with confine.Place(owner()) as place, Port() as elsewhere, Outsider(place) as outsider:
            port, settings, server, psql = self.prepare(place)
            self.initdb(place, place.run)
            key, outside, ran = place.path("home/.ssh/id_ed25519"), place.path("outside/made"), place.path("outside/ran")
            evil = place.path("outside/evil")
            other = confine.free_port()
            attempts = [
                Attempt("read a key", [*psql, f"select pg_read_file('{key}')"], printed(KEY)),
                Attempt("copy from a key", [*psql, f"create temp table k (x text); copy k from '{key}'; select * from k"], printed(KEY)),
                Attempt("list the home", [*psql, f"select pg_ls_dir('{place.path('home')}')"], printed(".ssh")),
                Attempt("copy to outside", [*psql, f"copy (select 1) to '{outside}'"], made(outside), undo=gone(outside)),
                Attempt("export outside", [*psql, f"select lo_export(4711, '{outside}')"], made(outside), undo=gone(outside)),
                Attempt("copy to a program", [*psql, f"copy (select 1) to program '{evil}'"], made(ran), "ERROR", undo=gone(ran)),
                Attempt("signal by a program", [*psql, f"copy (select 1) to program 'kill -0 {outsider.pid} && echo > {ran}'"], made(ran),
                        "ERROR", undo=gone(ran)),
                Attempt("load a library", [*psql, f"load '{evil}'"], printed("invalid ELF header")),
                Attempt("connect elsewhere", [*psql, f"create extension if not exists dblink; select dblink_connect('x', "
                                              f"'host=127.0.0.1 port={elsewhere.number} connect_timeout=1')"],
                        lambda _: elsewhere.met()),
            ]
            for confined in (True, False):
                command = place.under(POLICY, server, settings) if confined else server
                with self.serving(place, command, port, psql):
                    place.run([*psql, "select lo_from_bytea(4711, 'x')"])
                    for attempt in attempts:
                        with self.subTest(attempt=attempt.name, confined=confined):
                            attempt.undo()
                            tried = place.run(attempt.command)
                            self.assertEqual(attempt.done(tried), not confined, tried.stdout + tried.stderr)
                            if confined:
                                self.assertIn(attempt.says, tried.stderr)
            listens = [word if word != str(port) else str(other) for word in server]
            ran = place.confined(POLICY, ["/usr/bin/timeout", "5", *listens], settings)
            self.assertIn("could not bind IPv4 address", ran.stderr)


if __name__ == "__main__":
    confine.main()
