// SPDX-License-Identifier: Apache-2.0
// `llc test`: what each kind of expectation means.
#include "compiler/query/test.h"
#include "compiler/query/facts.h"
#include "tests/unit/query/loaded.h"

#include <fmt/format.h>

namespace landlatch::query {
namespace {

constexpr const char* kPolicy = R"(
abi 7
requires abi 4 leaving ioctl_dev, scope unrestricted
param state: path = /var/lib/app
param open: path
let ports = [80, 8000..8010]
ruleset web {
    allow read, execute beneath /usr
    allow read file /etc/hostname
    allow read beneath /home except /home/*/.ssh
    allow read, write beneath $state
    allow read beneath $open
    allow read each /dev/pts/[0-9]*
    allow tcp connect 443
    allow tcp bind $ports
}
ruleset extra { leave tcp unrestricted allow read beneath /usr, /opt }
rule web: when exec matches /usr/bin/web and user www-data apply web with nnp
when exec matches /usr/bin/two apply web, extra
rule no: when file matches /tmp/** deny "not from here"
when exec matches /usr/bin/left pass
when exec matches /usr/bin/always always apply extra
)";

/// Runs one test of kPolicy: "pass", or the reasons why it failed.
std::string outcome(const std::string& body, const std::vector<std::string>& sets = {}) {
    const Policy policy(kPolicy + ("test \"t\" { " + body + " }"));
    if (!policy.loaded) {
        return policy.firstMessage();
    }
    const Result<TestRun> run = runTests(*policy.loaded, policy.sources, sets);
    if (!run) {
        return run.error().message;
    }
    std::string text;
    for (const std::string& problem : run->tests.front().problems) {
        text += problem + "\n";
    }
    for (const ExpectResult& expect : run->tests.front().expects) {
        for (const std::string& reason : expect.reasons) {
            text += fmt::format("{}: {}\n", fmt::join(expect.kernels, ","), reason);
        }
    }
    return text.empty() ? "pass" : text;
}

std::string web(const std::string& expect) {
    return outcome("set open = /nowhere exec /usr/bin/web user www-data " + expect);
}

TEST(Test, DecisionsAreExact) {
    EXPECT_EQ(web("expect apply web with nnp"), "pass");
    EXPECT_NE(web("expect apply web"), "pass");
    EXPECT_NE(web("expect none"), "pass");
    EXPECT_EQ(outcome("exec /usr/bin/web user root expect none"), "pass");
    EXPECT_EQ(outcome("exec /usr/bin/left user root expect pass"), "pass");
    EXPECT_NE(outcome("exec /usr/bin/left user root expect none"), "pass");
    EXPECT_EQ(outcome("exec /usr/bin/two user root expect apply extra, web"), "pass");
    EXPECT_NE(outcome("exec /usr/bin/two user root expect apply web"), "pass");
    EXPECT_EQ(outcome("exec /usr/bin/always user root expect apply extra"), "pass");
    EXPECT_EQ(outcome("exec /usr/bin/x script /tmp/a user root expect refuse"), "pass");
    EXPECT_EQ(outcome("exec /tmp/a user root expect refuse \"not from here\""), "pass");
    EXPECT_NE(outcome("exec /tmp/a user root expect refuse \"another reason\""), "pass");
}

TEST(Test, ReasonsNameTheRule) {
    EXPECT_EQ(web("expect none"), "7,4: the decision is apply web with nnp (rule web, root.ll:18)\n");
    EXPECT_NE(outcome("exec /usr/bin/y user root expect pass").find("no rule matches"), std::string::npos);
}

TEST(Test, PathsFollowTheText) {
    EXPECT_EQ(web("expect allow read, execute /usr/bin/x"), "pass");
    EXPECT_EQ(web("expect deny read /etc/shadow"), "pass");
    EXPECT_EQ(web("expect deny read /usrx"), "pass");
    EXPECT_EQ(web("expect deny write /usr/bin/x"), "pass");
    EXPECT_NE(web("expect allow read, write /usr/bin/x"), "pass"); // all of the rights
    EXPECT_NE(web("expect deny read, write /usr/bin/x"), "pass");  // every one
    EXPECT_EQ(web("expect allow read /etc/hostname"), "pass");     // a file has no read_dir
    EXPECT_EQ(web("expect deny read /etc/hostname/x"), "pass");
    EXPECT_EQ(web("expect allow read /dev/pts/3"), "pass");
    EXPECT_EQ(web("expect deny read /dev/pts/x"), "pass");
    EXPECT_EQ(web("expect allow read /home/a/x/y"), "pass");
    EXPECT_EQ(web("expect deny read /home/a/.ssh/id"), "pass");
    EXPECT_EQ(web("expect deny read /home/a/.ssh"), "pass");
    EXPECT_EQ(web("expect deny read_dir /home/a"), "pass");                         // split
    EXPECT_EQ(web("expect allow read_file /home/a"), "pass");                       // then it is a file
    EXPECT_EQ(web("expect deny read /home/a expect allow read /home/a/x"), "pass"); // and here a directory
}

TEST(Test, LinksParamsAndPorts) {
    EXPECT_EQ(web("expect deny read /bin/x"), "pass");
    EXPECT_EQ(
        outcome(
            "set open = /nowhere given link /bin -> usr/bin exec /usr/bin/web user www-data expect allow read /bin/x"),
        "pass");
    EXPECT_EQ(outcome("set open = /nowhere given link /usr/s -> /etc exec /usr/bin/web user www-data expect deny read "
                      "/usr/s/shadow"),
              "pass");
    // `each` takes no link, that it comes to by another neither.
    EXPECT_EQ(
        outcome("set open = /nowhere given link /dev/pts -> /srv/pts given link /srv/pts/3 -> /srv/b exec /usr/bin/web "
                "user www-data expect allow read /srv/pts/4 expect deny read /srv/b"),
        "pass");
    EXPECT_EQ(web("expect allow write /var/lib/app/x"), "pass");
    EXPECT_EQ(
        outcome(
            "set open = /nowhere set state = /srv/s exec /usr/bin/web user www-data expect deny read /var/lib/app/x "
            "expect allow write /srv/s"),
        "pass");
    EXPECT_EQ(outcome("exec /usr/bin/web user www-data expect allow write /srv/s", {"state=/srv/s"}), "pass");
    EXPECT_NE(outcome("exec /usr/bin/web user www-data expect allow write /srv/s", {"stat=/srv/s"}), "pass");
    EXPECT_EQ(web("expect allow tcp connect 443 expect deny tcp connect 80, 444..65535"), "pass");
    EXPECT_EQ(web("expect allow tcp bind 8000..8010"), "pass");
    EXPECT_NE(web("expect allow tcp bind 8000..8011"), "pass");
    EXPECT_NE(web("expect deny tcp bind 1..100"), "pass");
}

TEST(Test, AnOpenParamDecidesNothing) {
    const std::string exec = "exec /usr/bin/web user www-data ";
    EXPECT_NE(outcome(exec + "expect deny read_file /srv/x").find("depends on the param open"), std::string::npos);
    EXPECT_NE(outcome(exec + "expect allow read_file /srv/x").find("depends on the param open"), std::string::npos);
    EXPECT_EQ(outcome(exec + "expect deny write_file /srv/x"), "pass"); // whatever it is
    EXPECT_EQ(outcome("set open = /srv exec /usr/bin/web user www-data expect allow read_file /srv/x"), "pass");
}

TEST(Test, AllLayersMustAllow) {
    const std::string two = "set open = /nowhere exec /usr/bin/two user root ";
    EXPECT_EQ(outcome(two + "expect allow read /usr/x"), "pass");
    EXPECT_EQ(outcome(two + "expect deny read /opt/x"), "pass");
    EXPECT_EQ(outcome(two + "expect deny execute /usr/x"), "pass");
    EXPECT_EQ(outcome(two + "expect allow tcp connect 443"), "pass");
    EXPECT_EQ(outcome(two + "expect deny tcp connect 80"), "pass");
    EXPECT_EQ(outcome("exec /usr/bin/left user root expect allow read /etc/shadow"), "pass");
    EXPECT_NE(outcome("exec /usr/bin/left user root expect deny read /etc/shadow"), "pass");
    EXPECT_NE(outcome("exec /tmp/x user root expect allow read /usr/x"), "pass");
}

TEST(Test, RunsAtTheFloorToo) {
    EXPECT_NE(web("expect deny ioctl_dev /usr/x").find("4: ioctl_dev: not restricted by a kernel of ABI 4"),
              std::string::npos);
    EXPECT_EQ(web("expect deny ioctl_dev /usr/x from abi 5"), "pass");
    EXPECT_EQ(web("expect deny scope signal from abi 6"), "pass");
    EXPECT_NE(web("expect deny scope signal"), "pass");
    EXPECT_EQ(web("expect deny refer /usr/x"), "pass");
    EXPECT_EQ(web("expect deny scope signal from abi 9"), "pass"); // runs there, once
    EXPECT_NE(web("expect allow scope signal from abi 9"), "pass");
}

TEST(Test, CgroupsAreAsSystemdMakesThem) {
    ir::TestExec exec;
    EXPECT_EQ(*cgroupOf(exec), "/");
    exec.unit = "web.service";
    EXPECT_EQ(*cgroupOf(exec), "/web.service");
    exec.slice = "a-b.slice";
    EXPECT_EQ(*cgroupOf(exec), "/a.slice/a-b.slice/web.service");
    exec.user_unit = "x.service";
    EXPECT_FALSE(cgroupOf(exec));
    exec.unit = "user@7.service";
    EXPECT_EQ(*cgroupOf(exec), "/a.slice/a-b.slice/user@7.service/x.service");
    exec = {};
    exec.in_container = true;
    EXPECT_EQ(*cgroupOf(exec), "/docker/0123456789abcdef");
    exec.slice = "apps.slice";
    EXPECT_EQ(*cgroupOf(exec), "/apps.slice/docker-0123456789abcdef.scope");
    exec.slice.reset();
    exec.unit = "systemd-nspawn@x.service";
    EXPECT_EQ(*cgroupOf(exec), "/machine.slice/systemd-nspawn@x.service/payload");
    exec.unit = "web.service";
    EXPECT_FALSE(cgroupOf(exec));
    exec.unit.reset();
    exec.cgroup = "/system.slice";
    EXPECT_FALSE(cgroupOf(exec));
}

TEST(Test, CoverageNamesWhatNoTestReached) {
    const Policy policy(std::string(kPolicy) + R"(
        test "a" { exec /usr/bin/web user www-data expect apply web with nnp }
        test "b" { exec /usr/bin/always user root expect apply extra })");
    ASSERT_TRUE(policy.loaded) << policy.firstMessage();
    const Result<TestRun> run = runTests(*policy.loaded, policy.sources, {});
    ASSERT_TRUE(run);
    EXPECT_EQ(run->coverage.rules_missed, (std::vector<std::uint32_t>{1, 2, 3}));
    EXPECT_TRUE(run->coverage.rulesets_missed.empty());
    EXPECT_EQ(Coverage::percent(5, 3), 40U);
}

} // namespace
} // namespace landlatch::query
