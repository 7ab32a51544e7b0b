// SPDX-License-Identifier: Apache-2.0
#include "runtime/landlock/params.h"

#include <gtest/gtest.h>

namespace landlatch::landlock {
namespace {

using Ranges = std::vector<object::PortRange>;

object::Policy policy() {
    object::Policy out;
    out.params.push_back({.name = "state", .type = object::ParamType::kPath, .default_path = "/var/lib/app"});
    out.params.push_back({.name = "web.ports", .type = object::ParamType::kPorts, .default_ports = Ranges{{80, 80}}});
    out.params.push_back({.name = "home", .type = object::ParamType::kPath, .env = "HOME"});
    return out;
}

ParamValues::Options environment(std::optional<std::string> value, bool root = false) {
    return {[value = std::move(value)](const std::string&) { return value; }, root};
}

std::string errorOf(const std::vector<std::string>& sets, const ParamValues::Options& options) {
    const auto values = ParamValues::make(policy(), sets, options);
    return values ? "no error" : values.error().message;
}

TEST(Params, DefaultsSetsAndEnvironmentInThatOrder) {
    const auto values = ParamValues::make(policy(), {}, environment("/home/a"));
    ASSERT_TRUE(values) << values.error().message;
    EXPECT_EQ(values->path(0), "/var/lib/app");
    EXPECT_EQ(values->ports(1), (Ranges{{80, 80}}));
    EXPECT_EQ(values->path(2), "/home/a");

    const std::vector<std::string> sets = {"state=/srv/a=b", "web.ports=80,443,8000..8010", "home=/x"};
    const auto set = ParamValues::make(policy(), sets, environment("/home/a"));
    ASSERT_TRUE(set) << set.error().message;
    EXPECT_EQ(set->path(0), "/srv/a=b");
    EXPECT_EQ(set->ports(1), (Ranges{{80, 80}, {443, 443}, {8000, 8010}}));
    EXPECT_EQ(set->path(2), "/x");
}

TEST(Params, TheEnvironmentIsNotReadUnlessTheCallerSaysSo) {
    EXPECT_EQ(errorOf({}, {}), "param home has no value: the environment (HOME) is not read here, use --set home=…");
}

TEST(Params, AHostileOrEmptyEnvironmentIsRefused) {
    EXPECT_EQ(errorOf({}, environment("")), "param home: the environment variable HOME is empty");
    EXPECT_NE(errorOf({}, environment(std::nullopt)).find("HOME is not set"), std::string::npos);
    for (const char* text : {"/", "//", "/a/", "/a//b", "/a/../etc", "/a/.", "a", "/a\nb", "/a\x1b[2J", "~", "."}) {
        EXPECT_NE(errorOf({}, environment(text)).find("from the environment variable HOME"), std::string::npos) << text;
    }
    EXPECT_NE(errorOf({}, environment(std::string(5000, '/'))).find("5000 bytes"), std::string::npos);
    EXPECT_EQ(errorOf({}, environment("/a\x1b[2J")),
              "param home, from the environment variable HOME: '/a\\x1b[2J' has a control character");
}

TEST(Params, RootNeedsAFlag) {
    EXPECT_NE(errorOf({"state=/"}, environment("/h")).find("--allow-root"), std::string::npos);
    EXPECT_TRUE(ParamValues::make(policy(), std::vector<std::string>{"state=/"}, environment("/h", true)));
}

TEST(Params, AllProblemsAreListedAtOnce) {
    const std::string text =
        errorOf({"nope=1", "state", "=x", "state=/a", "state=/b", "web.ports=1,"}, environment(""));
    for (const char* part :
         {"--set nope: no such param; the policy has state, web.ports, home", "--set state: write name=value",
          "--set =x: write", "--set state: set twice", "'' is not a port", "HOME is empty"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
    }
}

TEST(Params, AParamWithoutDefaultMustBeSet) {
    object::Policy one;
    one.params.push_back({.name = "p", .type = object::ParamType::kPort});
    const auto values = ParamValues::make(one, {}, {});
    ASSERT_FALSE(values);
    EXPECT_EQ(values.error().message, "param p has no value: use --set p=…");
    EXPECT_TRUE(ParamValues::make(one, std::vector<std::string>{"p=0"}, {}));
    EXPECT_FALSE(ParamValues::make(one, std::vector<std::string>{"p=1,2"}, {}));
    EXPECT_FALSE(ParamValues::make(one, std::vector<std::string>{"p="}, {}));
}

TEST(ParsePorts, RefusesWhatIsNoPort) {
    for (const char* text :
         {"",   ",",    "1,",  ",1",  "65536", "99999", "-1",      "+1",  " 1",     "1 ",
          "01", "0x10", "1..", "..1", "2..1",  "1...2", "1..2..3", "1;2", "80 443", "123456789012345678901"}) {
        EXPECT_FALSE(parsePorts(text)) << text;
    }
    EXPECT_EQ(*parsePorts("0..65535"), (Ranges{{0, 65535}}));
    EXPECT_EQ(*parsePorts("0"), (Ranges{{0, 0}}));
}

TEST(ParsePath, TakesAnyCanonicalBytes) {
    for (const char* text : {"/a", "/a/b", "/a*b", "/...", "/.x", "/a b", "/\xff\xfe", "/$x"}) {
        EXPECT_TRUE(parsePath(text, false)) << text;
    }
    EXPECT_TRUE(parsePath("/" + std::string(4094, 'a'), false));
    EXPECT_FALSE(parsePath("/" + std::string(4095, 'a'), false));
    EXPECT_FALSE(parsePath(std::string_view("/a\0b", 4), false));
}

} // namespace
} // namespace landlatch::landlock
