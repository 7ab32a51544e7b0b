// SPDX-License-Identifier: Apache-2.0
// Rulesets (language points 11 to 17) and their bounds.
#include "compiler/sema/limits.h"
#include "runtime/landlock/abi.h"
#include "tests/unit/sema/policy_fixture.h"

#include <fmt/format.h>

namespace landlatch::sema {

class Rulesets : public Policies {
protected:
    /// The codes for one ruleset of ABI 7 with this body.
    std::string codesOfBody(const std::string& body, int abi = 7) {
        return codesOf(fmt::format("abi {}\nruleset r {{ {} }}\n", abi, body));
    }
    /// The first ruleset of `text`, which must be right.
    ir::Ruleset first(const std::string& text) {
        std::optional<ir::Policy> policy = analyze(text);
        EXPECT_TRUE(policy) << message();
        return policy && !policy->rulesets.empty() ? policy->rulesets.front() : ir::Ruleset{};
    }
    ir::Ruleset body(const std::string& text, int abi = 7) {
        return first(fmt::format("abi {}\nruleset r {{ {} }}\n", abi, text));
    }
};

TEST_F(Rulesets, HandleTheWholeVocabularyLessLeave) {
    for (std::uint32_t abi = abi::kFirst; abi <= abi::kLatest; ++abi) {
        const abi::Masks known = abi::known(abi);
        const ir::Ruleset r = body("", static_cast<int>(abi));
        EXPECT_EQ(r.handled, (ir::Access{known.fs, known.net, known.scoped})) << abi;
    }
    const ir::Ruleset r = body("leave tcp, ioctl_dev unrestricted leave scope unrestricted");
    EXPECT_EQ(ir::accessNames(r.left), "ioctl_dev, tcp bind, tcp connect, abstract_unix_socket, signal");
    EXPECT_EQ(r.handled.net, 0U);
    EXPECT_EQ(r.handled.scoped, 0U);
    EXPECT_EQ(r.handled.fs & (1U << 15), 0U);
    EXPECT_EQ(codesOfBody("leave fs, tcp, scope unrestricted"), "E0313");
    EXPECT_EQ(codesOfBody("leave fs unrestricted"), "");
}

TEST_F(Rulesets, LeaveTakesACategoryOrOneRight) {
    EXPECT_EQ(ir::accessNames(body("leave tcp connect, ioctl_dev unrestricted").left), "ioctl_dev, tcp connect");
    EXPECT_EQ(codesOfBody("leave refer unrestricted"), "E0309");
    EXPECT_EQ(codesOfBody("leave write unrestricted"), "E0315");
    EXPECT_EQ(codesOfBody("leave udp unrestricted"), "E0402");
    EXPECT_EQ(codesOfBody("leave sceop unrestricted"), "E0300");
}

TEST_F(Rulesets, GroupsAreOfTheVocabulary) {
    EXPECT_EQ(ir::fsNames(body("allow write beneath /x", 2).paths[0].access), "write_file");
    EXPECT_EQ(ir::fsNames(body("allow write beneath /x", 3).paths[0].access), "write_file, truncate");
    EXPECT_EQ(body("allow all beneath /x", 1).paths[0].access, (1U << 13) - 1);
    EXPECT_EQ(body("allow all beneath /x", 11).paths[0].access, (1U << 17) - 1);
    EXPECT_EQ(ir::fsNames(body("allow read, write file /x").paths[0].access), "write_file, read_file, truncate");
    EXPECT_EQ(ir::fsNames(body("allow read, write each /x*").paths[0].access),
              "write_file, read_file, read_dir, truncate");
}

TEST_F(Rulesets, DirectoryRightsOnFiles) {
    EXPECT_EQ(codesOfBody("allow read_dir file /x"), "E0301");
    EXPECT_EQ(codesOfBody("allow read, make_dir file /x"), "E0301");
    EXPECT_EQ(codesOfBody("allow create file /x"), "E0301");
    EXPECT_EQ(codesOfBody("allow refer file /x"), "E0301");
}

TEST_F(Rulesets, UnknownAndNewerRights) {
    EXPECT_EQ(codesOfBody("allow exceute beneath /x"), "E0300");
    EXPECT_EQ(sink_.all()[0].helps.at(0), "did you mean `execute`?");
    EXPECT_EQ(codesOfBody("allow ioctl_dev beneath /x", 4), "E0402");
    EXPECT_EQ(message(), "`ioctl_dev` needs Landlock ABI 5 (Linux 6.10); this file speaks of ABI 4");
    EXPECT_EQ(codesOfBody("allow tcp connect 80", 3), "E0402");
    EXPECT_EQ(codesOfBody("allow udp connect 80", 9), "E0402");
    EXPECT_EQ(codesOfBody("allow sctp connect 80"), "E0300");
    EXPECT_EQ(codesOfBody("allow tcp listen 80"), "E0300");
    EXPECT_EQ(codesOfBody("isolate signal", 5), "E0402");
    EXPECT_EQ(codesOfBody("log new_exec on", 6), "E0402");
    EXPECT_EQ(codesOfBody("quiet read beneath /proc", 9), "E0402");
    EXPECT_EQ(codesOfBody("isolate singal"), "E0300");
    EXPECT_EQ(codesOfBody("log new_exce on"), "E0300");
}

TEST_F(Rulesets, WhatIsLeftCannotBeAllowed) {
    EXPECT_EQ(codesOfBody("leave tcp unrestricted allow tcp connect 443"), "E0310");
    EXPECT_EQ(codesOfBody("leave ioctl_dev unrestricted allow ioctl_dev beneath /x"), "E0310");
    EXPECT_EQ(codesOfBody("leave make_char, make_block unrestricted allow devices beneath /x"), "E0310");
    EXPECT_EQ(codesOfBody("leave scope unrestricted isolate signal"), "E0310");
    EXPECT_EQ(codesOfBody("leave scope unrestricted quiet scope signal", 10), "E0310");
    EXPECT_EQ(ir::fsNames(body("leave make_char unrestricted allow devices beneath /x").paths[0].access), "make_block");
}

TEST_F(Rulesets, PathsAreLiteralAndCanonical) {
    EXPECT_EQ(codesOfBody("allow read beneath /usr/*"), "E0302");
    EXPECT_EQ(codesOfBody("allow read file \"/a/{b,c}\""), "E0302");
    for (const char* path : {"/a//b", "/a/./b", "/a/..", "/a/", "//", "\"a/b\"", "\"\""}) {
        EXPECT_EQ(codesOfBody(fmt::format("allow read beneath {}", path)), "E0303") << path;
    }
    EXPECT_EQ(codesOfBody("allow read each /a//*"), "E0303");
    EXPECT_EQ(codesOfBody("allow read each \"*/a\""), "E0303");
    EXPECT_EQ(codesOfBody("allow read beneath / "), "");
    EXPECT_EQ(codesOfBody("allow read beneath /..."), "");
    EXPECT_EQ(codesOfBody(fmt::format("allow read beneath /{}", std::string(4095, 'a'))), "E0500");
    EXPECT_EQ(body("allow read file \"/a\\*b c\"").paths[0].path.pieces[0].text, "/a*b c");
    EXPECT_EQ(codesOfBody("allow read each /dev/pts/[0-9]*, optional \"/a{b,c}\""), "");
}

TEST_F(Rulesets, TheSamePathInAnotherSpellingIsARepeat) {
    EXPECT_EQ(codesOfBody("allow read beneath /a, \"/a\""), "E0222");
    EXPECT_EQ(codesOf("abi 7\nlet l = [/a, /b]\nruleset r { allow read beneath /a, $l }\n"), "");
    EXPECT_EQ(codesOf("abi 7\nlet l = [/a, /b]\nruleset r { allow read beneath $l, /a }\n"), "E0222");
    EXPECT_EQ(codesOf("abi 7\nlet p = [80]\nruleset r { allow tcp bind $p, 80..80 }\n"), "E0222");
}

TEST_F(Rulesets, LogQuietIsolateAndTarget) {
    const ir::Ruleset r = body("log new_exec on log same_exec off log subdomains on isolate signal\n"
                               "quiet read beneath /proc quiet tcp connect 53 quiet scope signal paths in target",
                               10);
    EXPECT_TRUE(r.log.new_exec_on);
    EXPECT_TRUE(r.log.same_exec_off);
    EXPECT_FALSE(r.log.subdomains_off);
    EXPECT_EQ(ir::scopeNames(r.hard_scopes), "signal");
    EXPECT_EQ(r.quiet_paths.size(), 1U);
    EXPECT_EQ(r.quiet_ports.size(), 1U);
    EXPECT_EQ(ir::scopeNames(r.quiet_scopes), "signal");
    EXPECT_TRUE(r.in_target);
    EXPECT_EQ(codesOfBody("quiet scope signal quiet scope signal", 10), "E0222");
}

// --- extends ---

TEST_F(Rulesets, ParentsGiveGrantsOnly) {
    const ir::Ruleset r = first(R"(abi 10
ruleset child extends middle {
    leave udp unrestricted
    allow read beneath /child
}
ruleset middle extends top { allow execute file /middle  leave udp unrestricted }
ruleset top {
    leave udp unrestricted
    allow ioctl_dev file /top
    allow tcp connect 80
    log new_exec on
    quiet read beneath /proc
    isolate signal
    paths in target
}
)");
    EXPECT_EQ(r.paths.size(), 3U);
    EXPECT_EQ(r.ports.size(), 1U);
    EXPECT_FALSE(r.log.new_exec_on);
    EXPECT_TRUE(r.quiet_paths.empty());
    EXPECT_EQ(r.hard_scopes, 0U);
    EXPECT_FALSE(r.in_target);
}

TEST_F(Rulesets, GrantsThatTheChildDoesNotHandleFallAway) {
    file("new.ll", "abi 9\nruleset new { allow read, resolve_unix beneath /x  allow resolve_unix file /y }\n");
    const ir::Ruleset r = first("abi 3\nimport new\nruleset r extends new { }\nwhen exec matches /x apply r\n");
    ASSERT_EQ(r.paths.size(), 1U);
    EXPECT_EQ(ir::fsNames(r.paths[0].access), "read_file, read_dir");
}

TEST_F(Rulesets, AParentReachedTwiceGivesOnce) {
    const ir::Ruleset r = first("abi 7\nruleset d extends b, c { }\nruleset b extends a { }\nruleset c extends a { }\n"
                                "ruleset a { allow read beneath /a }\n");
    EXPECT_EQ(r.paths.size(), 1U);
    EXPECT_EQ(codesOf("abi 7\nruleset a { }\nruleset b extends a, c, a { }\n").substr(0, 3), "E01");
}

TEST_F(Rulesets, AParentsLeaveIsRepeated) {
    const std::string parent = "abi 7\nruleset a { leave tcp, ioctl_dev unrestricted }\n";
    EXPECT_EQ(codesOf(parent + "ruleset b extends a {\n}\n"), "E0311");
    ASSERT_EQ(sink_.all()[0].fixits.size(), 1U);
    EXPECT_EQ(sink_.all()[0].fixits[0].replacement, "leave ioctl_dev, tcp unrestricted ");
    // The fix-it is right.
    EXPECT_EQ(codesOf(parent + "ruleset b extends a {\n    leave ioctl_dev, tcp unrestricted\n}\n"), "");
    // What the child's vocabulary doesn't know needs no repeating.
    file("new.ll", "abi 10\nruleset new { leave udp unrestricted }\n");
    EXPECT_EQ(codesOf("abi 7\nimport new\nruleset b extends new { }\nwhen exec matches /x apply b\n"), "");
}

TEST_F(Rulesets, CyclesAreShownAsChains) {
    EXPECT_EQ(codesOf("abi 7\nruleset a extends b { }\nruleset b extends c { }\nruleset c extends a { }\n"), "E0312");
    EXPECT_NE(message().find("`a` extends `b` extends `c` extends `a`"), std::string::npos) << message();
    EXPECT_EQ(codesOf("abi 7\nruleset a extends a { }\n"), "E0312");
}

// --- except ---

TEST_F(Rulesets, ExceptGovernsItsWholeList) {
    analyze("abi 7\nruleset r { allow read_file beneath /home, /srv, /opt except /home/*/.ssh, /srv/private }\n");
    EXPECT_EQ(codes(), "");
    const ir::Ruleset r = body("allow read_file beneath /home, /srv, /opt except /home/*/.ssh, /srv/private");
    ASSERT_EQ(r.paths.size(), 3U);
    EXPECT_EQ(r.paths[0].except.size(), 1U);
    EXPECT_EQ(r.paths[1].except.size(), 1U);
    EXPECT_EQ(r.paths[2].except.size(), 0U);
}

TEST_F(Rulesets, WrongExceptions) {
    EXPECT_EQ(codesOfBody("allow read_file beneath /home except /home/**/x"), "E0304");
    EXPECT_EQ(codesOfBody("allow read_file beneath /home except \"/home/{a,b**}/x\""), "E0304");
    EXPECT_EQ(codesOfBody("allow read_file file /home except /home/x"), "E0305");
    EXPECT_EQ(codesOfBody("allow read_file beneath /home except /srv/x"), "E0306");
    EXPECT_EQ(codesOfBody("allow read_file beneath /home except /home"), "E0307");
    EXPECT_EQ(codesOfBody("allow read_file beneath /home except /*"), "E0307");
    EXPECT_EQ(codesOfBody("allow read_file beneath /home except /home/a, \"/home/a\""), "E0222");
    EXPECT_EQ(codesOfBody("allow read_file each /home/* except /home/a"), "");
}

TEST_F(Rulesets, NothingGivesBackWhatIsExcepted) {
    const std::string except = "allow read_file beneath /home except /home/*/.ssh\n";
    EXPECT_EQ(codesOfBody(except + "allow read_file beneath /"), "E0308");
    EXPECT_EQ(codesOfBody(except + "allow execute beneath /home"), "E0308");
    EXPECT_EQ(codesOfBody(except + "allow read_file beneath /home/u"), "E0308");
    EXPECT_EQ(codesOfBody(except + "allow read_file beneath /home/u/.ssh"), "E0308");
    EXPECT_EQ(codesOfBody(except + "allow read_file file /home/u/.ssh/known_hosts"), "E0308");
    EXPECT_EQ(codesOfBody(except + "allow execute each /*"), "E0308");
    EXPECT_EQ(codesOfBody(except + "allow execute beneath /home except /home/*/.ssh"), "");
    EXPECT_EQ(codesOfBody(except + "allow execute beneath /home except /home/*/*"), "E0308");
    EXPECT_EQ(codesOfBody(except + "allow execute beneath /home except /home/u/.ssh"), "E0308");
    EXPECT_EQ(codesOfBody(except + "allow execute beneath /home/u/bin, /usr"), "");
    EXPECT_EQ(codesOfBody(except + "allow read_file file /home"), "");
    EXPECT_EQ(codesOfBody("allow read_file beneath /home, /home/u/.ssh except /home/*/.ssh"), "E0307");
    // By way of a parent.
    EXPECT_EQ(codesOf("abi 7\nruleset a { allow read_file beneath / }\nruleset b extends a { " + except + "}\n"),
              "E0308");
}

TEST_F(Rulesets, SplitDirectoriesLoseTheirRights) {
    EXPECT_EQ(codesOfBody("allow read, create beneath /home except /home/*/.ssh"), "W1300");
    EXPECT_NE(message().find("read_dir, make_dir"), std::string::npos) << message();
    EXPECT_EQ(codesOfBody("allow read_file, execute beneath /home except /home/*/.ssh"), "");
}

TEST_F(Rulesets, RestrictingTcpAloneIsWarnedOf) {
    EXPECT_EQ(codesOfBody("leave udp unrestricted", 10), "W1301");
    EXPECT_EQ(codesOfBody("leave udp, tcp unrestricted", 10), "");
    EXPECT_EQ(codesOfBody("", 7), "");
}

// --- bounds ---

TEST_F(Rulesets, GrantsAreBounded) {
    std::string many = "abi 7\nruleset r { allow read beneath /0";
    for (std::size_t i = 1; i <= kMaxGrants; ++i) {
        many += fmt::format(", /{}", i);
    }
    EXPECT_EQ(codesOf(many + " }\n"), "E0014");
    // Each extends all before it: the sum grows with the square.
    std::string tower = "abi 7\n";
    for (int level = 0; level < 30; ++level) {
        for (int i = 0; i < 60; ++i) {
            tower += fmt::format("ruleset r{}_{} {}", level, i, level == 0 ? "" : "extends ");
            for (int j = 0; level > 0 && j < 60; ++j) {
                tower += fmt::format("{}r{}_{}", j == 0 ? "" : ", ", level - 1, j);
            }
            tower += " { allow read beneath /a }\n";
        }
    }
    EXPECT_EQ(codesOf(tower), "E0014");
}

TEST_F(Rulesets, ExceptionsAreBounded) {
    std::string many = "allow read_file beneath /home except /home/0";
    for (std::size_t i = 1; i <= kMaxExcepts; ++i) {
        many += fmt::format(", /home/{}", i);
    }
    EXPECT_EQ(codesOfBody(many), "E0015");
    // Few exceptions, but each costly to compare.
    const std::string stars = [] {
        std::string text;
        for (int i = 0; i < 900; ++i) {
            text += "*a";
        }
        return text;
    }();
    std::string costly = "allow read_file beneath /home except /home/" + stars;
    for (int i = 0; i < 300; ++i) {
        costly += fmt::format("\nallow read_file beneath /home/x{}/{}", i, std::string(3000, 'a'));
    }
    EXPECT_EQ(codesOfBody(costly), "E0015");
}

TEST_F(Rulesets, DepthIsBounded) {
    std::string text = "abi 7\nruleset r0 { }\n";
    std::string backward = "abi 7\n";
    const std::size_t count = kMaxExtendsDepth + 10;
    for (std::size_t i = 1; i < count; ++i) {
        backward += fmt::format("ruleset r{} extends r{} {{ }}\n", count - i, count - i - 1);
    }
    EXPECT_EQ(codesOf(backward + "ruleset r0 { }\n"), "E0012");
}

// --- ABI ---

class Abi : public Policies {};

TEST_F(Abi, EachFileStatesItOnce) {
    EXPECT_EQ(codesOf("ruleset r { }\n"), "E0400");
    EXPECT_EQ(codesOf(""), "E0400");
    EXPECT_EQ(codesOf("abi 0\n"), "E0401");
    EXPECT_EQ(codesOf("abi 12\n"), "E0401");
    EXPECT_EQ(codesOf("abi 18446744073709551615\n"), "E0401");
    EXPECT_EQ(codesOf("abi 7\nabi 7\n"), "E0403");
    EXPECT_EQ(codesOf("abi 7\nrequires abi 7\nrequires abi 6\n"), "E0403");
    EXPECT_EQ(codesOf("abi 7\nrequires abi 99\n"), "E0401");
}

TEST_F(Abi, OnlyTheRootSetsTheFloor) {
    file("lib.ll", "abi 7\nrequires abi 6 leaving tcp unrestricted\nruleset lib { }\n");
    EXPECT_EQ(codesOf("abi 7\nrequires abi 5 leaving scope unrestricted\nimport lib\n"), "E0404");
    const auto policy = analyze("abi 7\nrequires abi 6\nimport lib\nwhen exec matches /x apply lib\n");
    ASSERT_TRUE(policy) << message();
    EXPECT_EQ(policy->floor, 6U);
    EXPECT_EQ(policy->leaving, ir::Access{});
    EXPECT_EQ(analyze("abi 7\n")->floor, 7U);
}

TEST_F(Abi, WhatTheFloorGivesUpIsNamed) {
    const std::string rest = "ruleset r { }\nwhen exec matches /x apply r\n";
    EXPECT_EQ(codesOf("abi 7\nrequires abi 4\n" + rest), "E0405");
    EXPECT_EQ(message(), "kernels of ABI 4 do not restrict ioctl_dev, scope; what the floor gives up must be named");
    ASSERT_EQ(sink_.all()[0].fixits.size(), 1U);
    EXPECT_EQ(sink_.all()[0].fixits[0].replacement, "requires abi 4 leaving ioctl_dev, scope unrestricted");
    const auto policy = analyze("abi 7\n" + sink_.all()[0].fixits[0].replacement + "\n" + rest);
    ASSERT_TRUE(policy) << message();
    EXPECT_EQ(ir::accessNames(policy->leaving), "ioctl_dev, abstract_unix_socket, signal");
    EXPECT_EQ(codesOf("abi 7\nrequires abi 4 leaving scope unrestricted\n" + rest), "E0405");
    EXPECT_EQ(codesOf("abi 7\nrequires abi 4 leaving ioctl_dev, signal unrestricted\n" + rest), "E0405");
}

TEST_F(Abi, EveryFixItOfTheFloorIsAccepted) {
    for (std::uint32_t abi = abi::kFirst; abi <= abi::kLatest; ++abi) {
        for (std::uint32_t floor = abi::kFirst; floor <= abi::kLatest; ++floor) {
            const std::string rest = "ruleset r { }\nwhen exec matches /x apply r\n";
            const std::string head = fmt::format("abi {}\n", abi);
            if (analyze(head + fmt::format("requires abi {}\n", floor) + rest)) {
                continue;
            }
            ASSERT_EQ(codes(), "E0405");
            EXPECT_LT(floor, abi);
            EXPECT_TRUE(analyze(head + sink_.all()[0].fixits[0].replacement + "\n" + rest)) << abi << " " << floor;
        }
    }
}

TEST_F(Abi, ReferIsolatedAndLeftNeedNoNaming) {
    EXPECT_EQ(codesOf("abi 2\nrequires abi 1\nruleset r { }\nwhen exec matches /x apply r\n"), "");
    EXPECT_EQ(codesOf("abi 6\nrequires abi 5\nruleset r { isolate signal, abstract_unix_socket }\n"
                      "when exec matches /x apply r\n"),
              "");
    EXPECT_EQ(codesOf("abi 6\nrequires abi 5\nruleset r { leave scope unrestricted }\nwhen exec matches /x apply r\n"),
              "");
    EXPECT_EQ(codesOf("abi 6\nrequires abi 5\nruleset unused { }\nruleset r { leave scope unrestricted }\n"
                      "when exec matches /x apply r\n"),
              "");
}

TEST_F(Abi, ImportedRulesetsCountWithTheirOwnVocabulary) {
    file("lib.ll", "abi 9\nruleset lib { }\n");
    EXPECT_EQ(codesOf("abi 7\nimport lib\nwhen exec matches /x apply lib\n"), "E0405");
    ASSERT_EQ(sink_.all()[0].fixits.size(), 1U);
    EXPECT_EQ(sink_.all()[0].fixits[0].replacement, " requires abi 7 leaving resolve_unix unrestricted");
    EXPECT_EQ(codesOf("abi 7\nrequires abi 7 leaving resolve_unix unrestricted\nimport lib\n"
                      "when exec matches /x apply lib\n"),
              "");
    EXPECT_EQ(codesOf("abi 7\nimport lib\nruleset mine extends lib { }\nwhen exec matches /x apply mine\n"), "");
}

TEST_F(Abi, LeavingNamesOnlyWhatIsGivenUp) {
    EXPECT_EQ(codesOf("abi 7\nrequires abi 6 leaving ioctl_dev unrestricted\n"), "E0406");
    EXPECT_EQ(codesOf("abi 7\nrequires abi 6 leaving write unrestricted\n"), "E0315");
    EXPECT_EQ(codesOf("abi 7\nrequires abi 6 leaving resolve_unix unrestricted\n"), "E0402");
}

TEST_F(Abi, TheTargetIsReported) {
    const std::string text = "abi 7\nrequires abi 4 leaving ioctl_dev, scope unrestricted\nruleset r { }\n"
                             "when exec matches /x apply r\n";
    options_.target_abi = 7;
    EXPECT_EQ(codesOf(text), "");
    options_.target_abi = 99;
    EXPECT_EQ(codesOf(text), "");
    options_.target_abi = 5;
    EXPECT_EQ(codesOf(text), "W1400");
    EXPECT_EQ(message(), "ruleset `r`: scope not restricted (allowed) on ABI 5 (Linux 6.10)");
    options_.target_abi = 3;
    EXPECT_EQ(codesOf(text), "E0407");
    options_.target_abi = 0;
    EXPECT_EQ(codesOf(text), "E0407");
    options_.target_abi = 5;
    EXPECT_EQ(codesOf("abi 7\nrequires abi 5\nruleset r { leave abstract_unix_socket unrestricted isolate signal }\n"
                      "when exec matches /x apply r\n"),
              "E0408");
}

} // namespace landlatch::sema
