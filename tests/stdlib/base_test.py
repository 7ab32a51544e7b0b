# SPDX-License-Identifier: Apache-2.0
"""std/base with ordinary programs: what each of its rulesets is for works, and what it doesn't give is refused."""
import unittest

import confine

HEAD = """abi 6
requires abi 1 leaving truncate, ioctl_dev, tcp, scope unrestricted
import std/base
param place: path
"""


def applied(ran):
    return [event["exec"] for event in ran.events if event["decision"] == "apply"]


class Base(unittest.TestCase):
    def compare(self, policy, command, count=1):
        """The same output confined as plain, with `count` programs confined."""
        for uid in confine.users():
            with self.subTest(uid=uid, command=command), confine.Place(uid) as place:
                place.write("app/data.txt", "b\na\n")
                plain = place.run(command)
                self.assertEqual(plain.returncode, 0, plain.stderr)
                ran = place.confined(HEAD + policy, command, [f"place={place.path('app')}"])
                self.assertEqual(ran.returncode, 0, ran.stderr)
                self.assertEqual(ran.stdout, plain.stdout)
                self.assertNotEqual(ran.stdout, "")
                self.assertEqual(len(applied(ran)), count)

    def refused(self, policy, command, message="Permission denied"):
        for uid in confine.users():
            with self.subTest(uid=uid, command=command), confine.Place(uid) as place, confine.Place(uid) as other:
                place.write("app/data.txt", "b\na\n")
                other.write("app/data.txt", "b\na\n")
                self.assertEqual(other.run(command).returncode, 0)
                ran = place.confined(HEAD + policy, command, [f"place={place.path('app')}"])
                self.assertNotEqual(ran.returncode, 0)
                self.assertIn(message, ran.stderr)

    def test_base_is_enough_to_start_and_read_the_clock(self):
        policy = "ruleset r extends base { allow read beneath $place }\nwhen exec matches /usr/bin/* apply r with nnp\n"
        self.compare(policy, ["/usr/bin/sort", "data.txt"])
        self.compare(policy, ["/usr/bin/date", "-d", "@0"])
        self.compare(policy, ["/usr/bin/head", "-c", "0", "--verbose", "/dev/zero"])

    def test_base_gives_no_file_and_no_program(self):
        policy = "ruleset r extends base { allow read beneath $place }\nwhen exec matches /usr/bin/* apply r with nnp\n"
        self.refused(policy, ["/usr/bin/cat", "/etc/passwd"])
        self.refused(policy, ["/usr/bin/env", "/usr/bin/true"])
        self.refused(policy, ["/usr/bin/touch", "made"])
        self.refused(policy, ["/usr/bin/cp", "data.txt", "copy.txt"])

    def test_loader_lets_a_shell_start_what_it_may(self):
        policy = ("ruleset r extends base, base.loader {\n"
                  "    allow read beneath $place\n    allow execute, read file /usr/bin/sort\n}\n"
                  "when exec matches /usr/bin/dash apply r with nnp\n")
        shell = "/usr/bin/dash"
        self.compare(policy, [shell, "-c", "sort data.txt; echo $?"])
        self.refused(policy, [shell, "-c", "/usr/bin/cat data.txt"])


if __name__ == "__main__":
    confine.main()
