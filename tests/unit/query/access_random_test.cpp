// SPDX-License-Identifier: Apache-2.0
// The textual model against the loader on real directories: what text says is granted is what the opened inodes grant,
// with links, patterns and exceptions.
#include "compiler/query/access.h"
#include "tests/unit/landlock/tree.h"

#include <random>

namespace landlatch::query {
namespace {

namespace fs = std::filesystem;
using landlock::Tree;

struct World {
    Tree tree;
    Model model;
    std::vector<std::string> files;
    std::vector<std::string> directories;
    std::vector<std::string> links;
};

class Maker {
public:
    explicit Maker(std::uint32_t seed) : random_(seed) {}
    std::uint32_t upTo(std::uint32_t most) { return static_cast<std::uint32_t>(random_() % (most + 1)); }
    std::string name() { return std::string(1, static_cast<char>('a' + upTo(3))); }

    std::unique_ptr<World> world() {
        auto made = std::make_unique<World>();
        for (int i = 0; i < 30; ++i) {
            std::error_code failed;
            const fs::path at(made->tree.at("t/" + relative(3)));
            fs::create_directories(upTo(3) == 0 ? at : at.parent_path(), failed);
            if (!failed && !fs::exists(at)) {
                std::ofstream(at) << "x";
            }
        }
        for (int i = 0; i < 12; ++i) {
            addLink(*made);
        }
        collect(*made);
        return made;
    }

    object::PathGrant grant(World& world) {
        const std::uint32_t kind = upTo(2);
        object::PathGrant made;
        if (kind == 0) {
            made = landlock::beneath(pick(world.directories));
        } else if (kind == 1) {
            made = landlock::grant(object::PathKind::kFile, pick(world.files), landlock::kReadFile);
        } else {
            made = landlock::optional(landlock::grant(object::PathKind::kEach, pattern(world)));
        }
        if (kind != 1 && upTo(1) == 0) {
            made = landlock::except(made, {pattern(world)});
        }
        return made;
    }

private:
    std::string relative(std::uint32_t depth) {
        std::string path = name();
        for (std::uint32_t n = upTo(depth); n > 0; --n) {
            path += "/" + name();
        }
        return path;
    }
    std::string pattern(const World& world) {
        static const std::vector<std::string> parts = {"*", "?", "[ab]", "[!a]", "{a,c}", "{b,a/d}", "a*"};
        std::string out = "t";
        for (std::uint32_t depth = 1 + upTo(2); depth > 0; --depth) {
            out += "/" + (upTo(1) == 0 ? name() : parts[upTo(static_cast<std::uint32_t>(parts.size()) - 1)]);
        }
        return world.tree.at(out);
    }
    /// A link where nothing is yet, to something in the tree that isn't above it.
    void addLink(World& world) {
        const fs::path at(world.tree.at("t/" + relative(2)));
        const std::string target = world.tree.at("t/" + relative(2));
        if (fs::exists(fs::symlink_status(at)) || !fs::is_directory(at.parent_path()) ||
            fs::canonical(at.parent_path()) != at.parent_path() || !fs::exists(target) ||
            isAtOrBelow(at.string(), target)) {
            return;
        }
        const bool is_relative = upTo(1) == 0;
        const std::string text = is_relative ? fs::relative(target, at.parent_path()).string() : target;
        fs::create_symlink(text, at);
        world.model.links.add(at.string(), text);
        world.links.push_back(at.string());
    }
    static void collect(World& world) {
        for (const auto& entry : fs::recursive_directory_iterator(world.tree.at("t"))) {
            if (fs::is_symlink(entry.symlink_status())) {
                continue;
            }
            (entry.is_directory() ? world.directories : world.files).push_back(entry.path().string());
        }
        world.directories.push_back(world.tree.at("t"));
        world.model.directories.insert(world.directories.begin(), world.directories.end());
        for (const std::string& link : world.links) { // a grant may go through a link
            (fs::is_directory(link) ? world.directories : world.files).push_back(link);
        }
    }
    const std::string& pick(const std::vector<std::string>& from) {
        return from[upTo(static_cast<std::uint32_t>(from.size()) - 1)];
    }

    std::mt19937 random_;
};

/// What the opened inodes grant on a path without links.
bool grantedByInodes(const landlock::ResolvedRuleset& resolved, const std::string& path, std::uint64_t bit) {
    return std::any_of(resolved.paths.begin(), resolved.paths.end(), [&](const landlock::RetainedPath& retained) {
        return (retained.access & bit) != 0 && isAtOrBelow(path, retained.path);
    });
}

TEST(AccessRandom, TextAgreesWithTheLoader) {
    const std::uint32_t first = std::random_device()();
    int granted = 0;
    int denied = 0;
    int through_links = 0;
    for (std::uint32_t round = 0; round < 100; ++round) {
        Maker maker(first + round);
        const std::unique_ptr<World> world = maker.world();
        if (world->files.empty()) {
            continue;
        }
        std::vector<object::PathGrant> grants;
        for (std::uint32_t n = 1 + maker.upTo(2); n > 0; --n) {
            grants.push_back(maker.grant(*world));
        }
        const object::Policy policy = landlock::policyOf(grants);
        const auto resolved = landlock::resolveOnly(policy);
        if (!resolved) {
            continue; // a grant gives back what another excepts
        }
        const Evaluator evaluator(policy, world->model);
        std::vector<std::string> asked = world->files;
        asked.insert(asked.end(), world->directories.begin(), world->directories.end());
        for (const std::string& path : asked) {
            const std::string real = fs::canonical(path).string();
            const std::uint8_t bit = fs::is_directory(real) ? 3 : 2;
            const bool by_inodes = grantedByInodes(*resolved, real, std::uint64_t{1} << bit);
            const Verdict by_text = evaluator.judge(0, {abi::Category::kFs, bit, path, 0}, 7);
            EXPECT_EQ(by_text.allowed == Truth::kYes, by_inodes)
                << "seed " << first + round << ": " << path << "\n"
                << grantText(policy, grants[0]) << (grants.size() > 1 ? "\n" + grantText(policy, grants[1]) : "");
            ++(by_inodes ? granted : denied);
            through_links += real != path ? 1 : 0;
        }
        if (HasFailure()) {
            return;
        }
    }
    EXPECT_GT(granted, 100);
    EXPECT_GT(denied, 200);
    EXPECT_GT(through_links, 15);
}

} // namespace
} // namespace landlatch::query
