// SPDX-License-Identifier: Apache-2.0
// Exceptions on random trees against the plain meaning: a file is granted exactly when it is below the granted
// directory and neither it nor a directory on its way matches an exception, nor is it in the place of a directory that
// one names.
#include "tests/unit/landlock/tree.h"

#include "runtime/glob/glob.h"
#include "runtime/landlock/pattern.h"

#include <algorithm>
#include <random>

namespace landlatch::landlock {
namespace {

class RandomTree {
public:
    explicit RandomTree(std::mt19937& random) : random_(random) {
        for (int i = 0; i < 40; ++i) {
            std::string path;
            for (auto depth = random_() % 4; depth > 0; --depth) {
                path += name() + "/";
            }
            path += name();
            // A name may be a file here and a directory there; what doesn't fit is left out.
            std::error_code failed;
            const std::filesystem::path at(tree_.at("t/" + path));
            std::filesystem::create_directories(random_() % 4 == 0 ? at : at.parent_path(), failed);
            if (!failed && !std::filesystem::exists(at)) {
                std::ofstream(at) << "x";
            }
        }
    }
    [[nodiscard]] const Tree& tree() const { return tree_; }
    [[nodiscard]] std::string name() { return std::string(1, static_cast<char>('a' + random_() % 4)); }

    /// "t/a/*/[bc]": a pattern below t.
    std::string pattern() {
        static const std::vector<std::string> parts = {"*", "?", "[ab]", "[!a]", "{a,c}", "{b,a/d}", "a*", "\\a"};
        std::string out = "t";
        for (auto depth = 1 + random_() % 3; depth > 0; --depth) {
            out += "/" + (random_() % 2 == 0 ? name() : parts[random_() % parts.size()]);
        }
        return tree_.at(out);
    }

private:
    Tree tree_;
    std::mt19937& random_;
};

/// Whether `path` or a directory above it matches.
bool exceptedByText(const std::vector<glob::Sequence>& globs, std::string path) {
    for (; path.size() > 1; path.resize(path.rfind('/'))) {
        for (const glob::Sequence& glob : globs) {
            if (glob::matches(glob, path)) {
                return true;
            }
        }
    }
    return false;
}

/// Whether the file at `path` is where an exception names a directory.
bool inTheWay(const std::vector<Pattern>& patterns, const std::string& path) {
    std::vector<std::string> names;
    for (std::size_t start = 1; start <= path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        names.push_back(path.substr(start, end - start));
        start = end + 1;
    }
    return std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& pattern) {
        return pattern.components.size() > names.size() && pattern.components[names.size() - 1].literal &&
               std::equal(names.begin(), names.end(), pattern.components.begin(),
                          [](const std::string& name, const Component& component) { return component.matches(name); });
    });
}

TEST(ExceptRandom, AgreesWithThePlainMeaning) {
    const std::random_device::result_type seed = std::random_device()();
    std::mt19937 random(seed);
    int excepted_files = 0;
    int granted_files = 0;
    for (int round = 0; round < 150; ++round) {
        RandomTree made(random);
        const Tree& tree = made.tree();
        std::vector<std::string> exceptions;
        std::vector<glob::Sequence> globs;
        std::vector<Pattern> patterns;
        for (auto i = 1 + random() % 3; i > 0; --i) {
            exceptions.push_back(made.pattern());
            globs.push_back(*glob::parse(exceptions.back()));
            const auto parsed = parsePatterns(exceptions.back());
            patterns.insert(patterns.end(), parsed->begin(), parsed->end());
        }
        const std::string where = "seed " + std::to_string(seed) + ", round " + std::to_string(round);
        const auto resolved = resolveOnly(policyOf({except(beneath(tree.at("t")), exceptions)}));
        ASSERT_TRUE(resolved) << where << "\n" << resolved.error().message;
        std::set<std::string> rules;
        for (const RetainedPath& path : resolved->paths) {
            rules.insert(path.path);
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(tree.at("t"))) {
            if (entry.is_directory()) {
                continue;
            }
            bool granted = false;
            for (std::string path = entry.path(); path.size() > 1; path.resize(path.rfind('/'))) {
                granted = granted || rules.contains(path);
            }
            const bool excepted = exceptedByText(globs, entry.path()) || inTheWay(patterns, entry.path());
            EXPECT_EQ(granted, !excepted) << entry.path() << "\n" << where;
            excepted ? ++excepted_files : ++granted_files;
        }
    }
    // Both kinds must come up, or nothing was tested.
    EXPECT_GT(excepted_files, 100) << "seed " << seed;
    EXPECT_GT(granted_files, 100) << "seed " << seed;
}

} // namespace
} // namespace landlatch::landlock
