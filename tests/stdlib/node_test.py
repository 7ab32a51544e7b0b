# SPDX-License-Identifier: Apache-2.0
"""std/node with Node.js: a program does its job as without, and can do nothing else."""
import json
import os
import shutil

import confine

NODE = os.path.realpath(shutil.which("node", path="/usr/local/bin:/usr/bin") or "/usr/bin/node")
POLICY = confine.using("node")

JOB = """
const crypto = require('crypto'), fs = require('fs'), os = require('os'), zlib = require('zlib'), own = require('./own');
const { Worker } = require('worker_threads');
const worker = new Worker('require("worker_threads").parentPort.postMessage([1, 2, 3].map(x => x * x))', { eval: true });
worker.on('message', squares => console.log(JSON.stringify({
    own: own.answer(), squares, sha: crypto.createHash('sha256').update('x').digest('hex'),
    zip: zlib.gunzipSync(zlib.gzipSync('y'.repeat(1000))).length, data: fs.readFileSync('data.txt', 'utf8'),
    date: new Date(0).toLocaleString('de-DE', { timeZone: 'Europe/Berlin' }), cpus: os.cpus().length,
    random: crypto.randomBytes(4).length, argv: process.argv.slice(2) })));
"""

ATTEMPTS = """
const fs = require('fs'), net = require('net'), { spawnSync } = require('child_process');
const [scratch, home, port, outsider] = process.argv.slice(2);
function attempt(name, action) {
    try { action(); console.log(name, 'done'); }
    catch (error) { console.log(name, error.code === 'EACCES' || error.code === 'EPERM' ? 'refused' : error.message); }
}
function run(program, ...words) { const ran = spawnSync(program, words); if (ran.error) throw ran.error; }
attempt('read passwd', () => fs.readFileSync('/etc/passwd'));
attempt('read key', () => fs.readFileSync(home + '/.ssh/id_ed25519'));
attempt('list home', () => fs.readdirSync(home));
attempt('write outside', () => fs.writeFileSync(scratch + '/made', ''));
attempt('write own file', () => fs.appendFileSync(__filename, ''));
attempt('remove own file', () => fs.unlinkSync(scratch + '/gone'));
attempt('run a shell', () => run('/bin/sh', '-c', 'true'));
attempt('run from outside', () => run(scratch + '/evil'));
attempt('run itself', () => run(process.execPath, '-e', '1'));
attempt('signal outside', () => process.kill(Number(outsider), 0));
function socket(name, socket) {
    socket.on('error', error => console.log(name, error.code === 'EACCES' ? 'refused' : error.message));
    socket.on(name === 'bind' ? 'listening' : 'connect', () => { console.log(name, 'done'); (socket.close || socket.destroy).call(socket); });
}
socket('connect', net.connect(Number(port), '127.0.0.1'));
socket('bind', net.createServer().listen(0, '127.0.0.1'));
"""


class Node(confine.Proof):
    def test_the_job_gives_what_it_gives_unconfined(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                place.write("app/own.js", "exports.answer = () => 42;\n")
                place.write("app/data.txt", "some data\n")
                place.write("app/job.js", JOB)
                ran = self.same(place, POLICY, [NODE, place.path("app/job.js"), "one"], [f"node.app={place.path('app')}"], NODE)
                self.assertEqual(json.loads(ran.stdout)["own"], 42)

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place, confine.Port() as port, confine.Outsider(place) as outsider:
                place.write("app/attempts.js", ATTEMPTS)
                place.write("outside/gone", "")
                command = [NODE, place.path("app/attempts.js"), place.path("outside"), place.path("home"), str(port.number),
                           str(outsider.pid)]
                ran = place.confined(POLICY, command, [f"node.app={place.path('app')}"])
                lines = ran.stdout.splitlines()
                self.assertEqual(len(lines), 12, ran.stdout + ran.stderr)
                self.assertEqual([line for line in lines if not line.endswith(" refused")], [])
                self.assertFalse(port.met())
                free = place.run(command)
                self.assertEqual([line for line in free.stdout.splitlines() if not line.endswith(" done")], [], free.stderr)


if __name__ == "__main__":
    confine.main()
