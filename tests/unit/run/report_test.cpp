// SPDX-License-Identifier: Apache-2.0
#include "runtime/run/report.h"

#include "runtime/run/compile.h"
#include "runtime/run/options.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace landlatch::run {
namespace {

tree::Event applied() {
    tree::Event event;
    event.outcome = tree::Outcome::kApplied;
    event.pid = 7;
    event.exec = "/usr/bin/python3.11";
    event.script = "/srv/x.py";
    event.script_read = true;
    event.rule = "web";
    event.rule_file = "app.ll";
    event.rule_line = 20;
    event.rulesets = {"web", "base"};
    event.nnp = true;
    event.not_restricted = {"ioctl_dev"};
    return event;
}

TEST(Report, ADecisionAsASentence) {
    EXPECT_EQ(describe(applied()),
              "apply web, base with nnp: /usr/bin/python3.11 running /srv/x.py (pid 7) by rule web "
              "(app.ll:20); not restricted on this kernel: ioctl_dev");
    tree::Event denied;
    denied.outcome = tree::Outcome::kDenied;
    denied.audit = true;
    denied.exec = "/tmp/\x1b[31mx";
    denied.rule_file = "app.ll";
    denied.rule_line = 3;
    denied.reason = "why";
    EXPECT_EQ(describe(denied), "audit: denied: /tmp/\\x1b[31mx (pid 0) by app.ll:3: why");
}

TEST(Report, ADecisionAsJson) {
    const nlohmann::json json = nlohmann::json::parse(toJson(applied(), 1700000000, 123456789));
    EXPECT_EQ(json["time"], "2023-11-14T22:13:20.123456Z");
    EXPECT_EQ(json["decision"], "apply");
    EXPECT_EQ(json["rule"]["line"], 20);
    EXPECT_EQ(json["rulesets"].size(), 2U);
    EXPECT_TRUE(json["reason"].is_null());
    tree::Event odd;
    odd.exec = "/tmp/\xff\n";
    const std::string line = toJson(odd, 0, 0);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_TRUE(nlohmann::json::parse(line)["exec"].is_string());
}

TEST(Report, NothingOfAFileNameSteersATerminal) {
    EXPECT_EQ(printable("/a\nb\tc"), "/a\\x0ab\\x09c");
    EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b"); // C1 control
    EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");
    EXPECT_EQ(printable("\\"), "\\x5c");
    EXPECT_EQ(printable("/\xc3\xa4"), "/\xc3\xa4");
}

std::variant<Options, Answer> parse(std::vector<std::string> words) {
    std::vector<char*> argv;
    words.insert(words.begin(), "llrun");
    for (std::string& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    return parseOptions(static_cast<int>(words.size()), argv.data());
}

TEST(Options, TheCommandKeepsItsOwnOptions) {
    const auto parsed = parse({"-v", "--set", "a=1", "--set", "b=2", "p.o", "--", "ls", "--", "-v", "--help"});
    const auto& options = std::get<Options>(parsed);
    EXPECT_TRUE(options.verbose);
    EXPECT_EQ(options.sets, (std::vector<std::string>{"a=1", "b=2"}));
    EXPECT_EQ(options.policy, "p.o");
    EXPECT_EQ(options.command, (std::vector<std::string>{"ls", "--", "-v", "--help"}));
}

TEST(Options, WrongCommandLines) {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {}, {"p.o"}, {"p.o", "--"}, {"--", "ls"}, {"--no-such", "p.o", "--", "ls"}, {"a", "b", "--", "ls"}}) {
        const auto parsed = parse(words);
        const auto* answer = std::get_if<Answer>(&parsed);
        ASSERT_NE(answer, nullptr);
        EXPECT_TRUE(answer->error);
    }
    const auto help = parse({"--help"});
    EXPECT_FALSE(std::get<Answer>(help).error);
    EXPECT_NE(std::get<Answer>(help).text.find("Exit codes"), std::string::npos);
    EXPECT_EQ(std::get<Answer>(help).text.find("Usage: llrun [OPTIONS] POLICY\n"), std::string::npos);
}

TEST(Compile, SourcesAreToldByName) {
    EXPECT_TRUE(isSource("a/policy.ll"));
    EXPECT_FALSE(isSource("policy.o"));
    EXPECT_FALSE(isSource("policy.ll.o"));
}

} // namespace
} // namespace landlatch::run
