// SPDX-License-Identifier: Apache-2.0
// Parse, print, parse gives the same tree, with every comment; printing what was printed changes nothing. Over
// generated policies in random layout and spelling, and over every policy of the repository that parses.
#include "tests/unit/format/formatted.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <sstream>

namespace landlatch::format {

namespace {

/// Writes statements as tokens with random blanks, line ends and comments between them.
class Generator {
public:
    explicit Generator(std::uint32_t seed) : random_(seed) {}

    std::string policy() {
        for (std::uint32_t n = 1 + upTo(6); n > 0; --n) {
            statement();
        }
        gap();
        return std::move(out_);
    }

private:
    std::uint32_t upTo(std::uint32_t most) { return static_cast<std::uint32_t>(random_() % (most + 1U)); }
    bool oneIn(std::uint32_t n) { return upTo(n - 1) == 0; }
    template <std::size_t N> const char* pick(const char* const (&choices)[N]) { return choices[upTo(N - 1)]; }

    /// What separates two tokens: at least one blank or line end.
    void gap() {
        out_ += pick({" ", " ", " ", "  ", "\n", "\t", "\r\n", "\n\n\n"});
        if (oneIn(9)) {
            out_ += pick({"# a comment\n", "#no blank  \n", "# über \"x\" {\r\n", "#\n\n"});
        }
    }
    void token(std::string_view text) {
        gap();
        out_ += text;
    }
    void tokens(std::initializer_list<std::string_view> all) {
        for (const std::string_view text : all) {
            token(text);
        }
    }
    void semicolon() {
        if (oneIn(6)) {
            token(";");
        }
    }
    /// Distinct items, since a thing said twice is an error.
    template <class Make> void list(std::uint32_t most, Make make) {
        std::vector<std::string> seen;
        for (std::uint32_t n = upTo(most) + 1; n > 0; --n) {
            const std::string item = make();
            std::string thing = item.starts_with("optional ") ? item.substr(9) : item;
            if (std::find(seen.begin(), seen.end(), thing) != seen.end()) {
                continue;
            }
            if (!seen.empty()) {
                oneIn(3) ? token(",") : void(out_ += ",");
            }
            token(item);
            seen.push_back(std::move(thing));
        }
    }

    std::string word() {
        return pick({"web", "\"web2\"", "_x", "a-b", "\"when\"", "python", "base@1", "\"two words\"", "\"q\\\"\\\\\""});
    }
    std::string name() { return oneIn(3) ? pick({"ns.web", "py.runtime", "a.b-c"}) : word(); }
    std::string path() {
        return pick({"/",         "/usr",       "/usr/bin/*", "/a{b,c{d,}}x", "/x[!a-z]\\ y", "$v",
                     "${v}",      "${v}x",      "${ns.v}/y",  "/a$v",         "/a${v}",       "/p${ns.v}q",
                     "\"/usr\"",  "\"/a b\"",   "\"/a#b\"",   "\"/a{b, c}\"", "\"$v/z\"",     "\"${v}z\"",
                     "\"/[ab]\"", "\"/[a b]\"", "\"\"",       "\"rel/x\"",    "\"/x\\\"y\"",  "/{a,(b)}",
                     "\"/a(b)\"", "/tmp/**",    "\"/é\"",     "/é*",          "\"/a]\"",      "\"/a}\"",
                     "\"/{a\"",   "\"/\\$x\"",  "/\\$x"});
    }
    std::string right() { return pick({"read", "write", "\"execute\"", "make_reg", "all"}); }
    std::string port() { return pick({"443", "80", "8000..8010", "$web_ports", "${ns.ports}"}); }
    std::string item() {
        return oneIn(2) ? path()
                        : pick({"web", "\"web@*.service\"", "web@1.service", "33", "\"33\"", "\"x.y\"", "\"user\""});
    }
    std::string user() {
        return (oneIn(4) ? "optional " : "") + std::string(pick({"root", "33", "\"www data\"", "$u"}));
    }
    void value(std::uint32_t depth) {
        if (depth > 0 && oneIn(3)) {
            token("[");
            for (std::uint32_t n = upTo(2) + 1; n > 0; --n) {
                value(depth - 1);
                out_ += n > 1 ? "," : "";
            }
            token("]");
            return;
        }
        token(oneIn(3) ? port() : oneIn(2) ? path() : std::string(pick({"word", "\"when\"", "\"12\""})));
    }

    void statement() {
        switch (upTo(10)) {
        case 0:
            tokens({"abi", "7"});
            break;
        case 1:
            tokens({"requires", "abi", "4"});
            if (oneIn(2)) {
                token("leaving");
                list(2, [&] { return std::string(pick({"scope", "tcp connect", "ioctl_dev", "\"refer\""})); });
                token("unrestricted");
            }
            break;
        case 2:
            token("import ");
            out_ += pick({"std/base", "\"./x y\"", "\"std/python\"", "../a.b~c"});
            if (oneIn(2)) {
                tokens({"as", word()});
            }
            break;
        case 3:
            tokens({"use", "rules"});
            list(2, [&] { return name(); });
            break;
        case 4:
            tokens({"let", word(), "="});
            value(2);
            break;
        case 5:
            tokens({"param", word(), ":", pick({"path", "port", "ports", "\"path\""})});
            if (oneIn(3)) {
                tokens({"=", "env", "HOME"});
            } else if (oneIn(2)) {
                token("=");
                value(1);
            }
            break;
        case 6:
            tokens({"prefer", name(), "over", name()});
            break;
        case 7:
            ruleset();
            break;
        case 8:
            test();
            break;
        default:
            rule();
            break;
        }
        semicolon();
        out_ += "\n"; // a statement's keyword behind a place for a name, on its line, would be taken for that name
    }

    void ruleset() {
        tokens({"ruleset", word()});
        if (oneIn(2)) {
            token("extends");
            list(2, [&] { return name(); });
        }
        token("{");
        for (std::uint32_t n = upTo(4); n > 0; --n) {
            clause();
            semicolon();
        }
        token("}");
    }
    void clause() {
        switch (upTo(4)) {
        case 0:
            token("allow");
            list(2, [&] { return right(); });
            token(pick({"beneath", "file", "each"}));
            list(4, [&] { return (oneIn(4) ? "optional " : "") + path(); });
            if (oneIn(3)) {
                token("except");
                list(3, [&] { return path(); });
            }
            break;
        case 1:
            tokens({"allow", pick({"tcp", "\"udp\""}), pick({"connect", "bind"})});
            list(3, [&] { return port(); });
            break;
        case 2:
            tokens({"quiet", "scope", "signal"});
            break;
        case 3:
            token("quiet");
            list(1, [&] { return right(); });
            token(pick({"beneath", "file"}));
            list(2, [&] { return path(); });
            break;
        default:
            tokens({"quiet", "tcp", "connect"});
            list(3, [&] { return port(); });
            break;
        }
    }

    void rule() {
        if (oneIn(2)) {
            tokens({"rule", word(), ":"});
        }
        token("when");
        row(2, false);
        if (oneIn(3)) {
            token("unless");
            row(2, true);
        }
        if (oneIn(4)) {
            token("always");
        }
        if (oneIn(4)) {
            token("audit");
        }
        if (oneIn(3)) {
            token("deny");
            if (oneIn(2)) {
                token("\"why \\\"x\\\"\"");
            }
        } else {
            apply();
        }
    }
    void apply() {
        token("apply");
        if (oneIn(2)) {
            token("ruleset");
        }
        list(2, [&] { return name(); });
        if (oneIn(2)) {
            tokens({"with", "nnp"});
        }
    }
    void row(std::uint32_t depth, bool after_unless) {
        const bool is_or = oneIn(3);
        bool omitted_ok = false; // the term before is not negated
        for (std::uint32_t n = upTo(3) + 1, i = 0; i < n; ++i) {
            const bool negated = oneIn(4);
            if (i > 0) {
                if (is_or) {
                    token("or");
                } else if (after_unless || negated || !omitted_ok || oneIn(2)) {
                    token("and");
                }
            }
            omitted_ok = !negated;
            if (negated) {
                token("not");
            }
            if (depth > 0 && oneIn(4)) {
                token("(");
                row(depth - 1, after_unless);
                token(")");
            } else {
                fact();
            }
        }
    }
    void fact() {
        switch (upTo(6)) {
        case 0:
            tokens({"exec", "unlinked"});
            return;
        case 1:
            token("setuid");
            return;
        case 2:
            tokens({"in", pick({"container", "\"container\""})});
            return;
        case 3:
            token(pick({"user", "real user", "group"}));
            list(2, [&] { return user(); });
            return;
        case 4:
            token(pick({"under unit", "under user unit", "under slice", "under cgroup"}));
            break;
        default:
            token(pick(
                {"exec matches", "script matches", "file matches", "parent exec matches", "ancestor exec matches"}));
            break;
        }
        list(3, [&] { return item(); });
    }

    void test() {
        tokens({"test", word(), "{"});
        if (oneIn(2)) {
            tokens({"given", "link", path(), "-> "});
            out_ += pick({"usr/bin", "\"/usr bin\"", "\"../x\""});
        }
        if (oneIn(2)) {
            tokens({"set", name(), "="});
            value(1);
        }
        expectation();
        tokens({"exec", path()});
        if (oneIn(2)) {
            tokens({"script", path()});
        }
        if (oneIn(2)) {
            token("ancestor exec");
            list(2, [&] { return path(); });
        }
        if (oneIn(2)) {
            tokens({"under unit", "\"web\"", "user", pick({"root", "33"})});
        }
        if (oneIn(3)) {
            token("unlinked");
        }
        expectation();
        token("}");
    }
    void expectation() {
        token("expect");
        switch (upTo(4)) {
        case 0:
            apply();
            break;
        case 1:
            token(pick({"none", "pass", "refuse", "refuse \"x y\""}));
            break;
        case 2:
            token(pick({"allow", "deny"}));
            list(1, [&] { return right(); });
            token(path());
            break;
        case 3:
            tokens({"deny", "tcp", "connect"});
            list(2, [&] { return port(); });
            break;
        default:
            tokens({"allow", "scope", "signal"});
            break;
        }
        if (oneIn(4)) {
            tokens({"from", "abi", "6"});
        }
        semicolon();
    }

    std::mt19937 random_;
    std::string out_;
};

void expectRoundTrip(const std::string& source) {
    const Formatted once(source);
    ASSERT_EQ(once.firstError(), "") << source;
    const Formatted twice(once.text);
    ASSERT_EQ(twice.firstError(), "") << source << "\n--- formatted:\n" << once.text;
    ASSERT_EQ(twice.shape, once.shape) << source << "\n--- formatted:\n" << once.text;
    ASSERT_EQ(twice.comments(), once.comments()) << source << "\n--- formatted:\n" << once.text;
    ASSERT_EQ(twice.text, once.text) << source;
}

} // namespace

TEST(RoundTrip, GeneratedPolicies) {
    for (std::uint32_t seed = 1; seed <= 20'000; ++seed) {
        expectRoundTrip(Generator(seed).policy());
        if (HasFatalFailure()) {
            FAIL() << "seed " << seed;
        }
    }
}

TEST(RoundTrip, EveryPolicyOfTheRepositoryThatParses) {
    std::size_t count = 0;
    for (const char* const folder : {"examples", "stdlib-policies", "tests"}) {
        const auto root = std::filesystem::path(LANDLATCH_SOURCE_DIR) / folder;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
            if (!entry.is_regular_file() || entry.path().extension() != ".ll") {
                continue;
            }
            std::stringstream text;
            text << std::ifstream(entry.path()).rdbuf();
            if (Formatted(text.str()).firstError().empty()) {
                ++count;
                expectRoundTrip(text.str());
            }
        }
    }
    EXPECT_GT(count, 80U);
}

} // namespace landlatch::format
