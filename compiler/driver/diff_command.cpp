// SPDX-License-Identifier: Apache-2.0
// `llc diff OLD NEW`: what changed between two policies, by meaning.
#include "compiler/diag/render.h"
#include "compiler/driver/console.h"
#include "compiler/driver/query_options.h"
#include "compiler/driver/subcommand.h"
#include "compiler/query/diff.h"
#include "runtime/object/read.h"

#include <CLI/CLI.hpp>
#include <array>
#include <fmt/format.h>
#include <fstream>

namespace landlatch::driver {

namespace {

constexpr const char* kFooter = R"(
Execs that are decided in another way are shown by the shortest one of each kind; rights gained or lost by the shortest
path, the ports, and the grants behind them. Params are symbols: their values don't count.

exit codes: 0 same, 5 narrower, 6 wider, 7 narrower here and wider there; with --never-wider 0 for narrower too;
            1 a policy is wrong, 2 the command line is wrong, 3 a file failed, or the two are too large to compare)";

/// ELF's first bytes.
bool isObject(const std::string& path) {
    std::array<char, 4> start{};
    std::ifstream file(path, std::ios::binary);
    return file.read(start.data(), start.size()) && std::string_view(start.data(), 4) == "\x7f"
                                                                                         "ELF";
}

class DiffCommand final : public SubCommand {
public:
    CLI::App* add(CLI::App& llc) override {
        CLI::App* app = llc.add_subcommand("diff", "what changed between two policies, by meaning");
        app->add_option("old", old_, "the policy before: source or object")->type_name("OLD")->required();
        app->add_option("new", new_, "the policy after: source or object")->type_name("NEW")->required();
        app->add_flag("--never-wider", never_wider_, "succeed when the new policy allows nothing more");
        app->add_flag("--json", json_, "print the differences as one JSON object");
        addQueryOptions(*app, query_);
        app->footer(kFooter);
        return app;
    }

    Exit run() override {
        std::array<object::Policy, 2> policies;
        std::array<Source, 2> sources;
        for (std::size_t i = 0; i < 2; ++i) {
            if (const Exit exit = read(i == 0 ? old_ : new_, sources[i], policies[i]); exit != Exit::kOk) {
                return exit;
            }
        }
        const Result<query::Diff> found = query::diff(policies[0], policies[1]);
        if (!found) {
            return fail(found.error(), query_.form());
        }
        const Exit printed = print(json_ ? query::diffJson(policies[0], policies[1], *found)
                                         : query::diffText(policies[0], policies[1], *found),
                                   query_.form());
        return printed == Exit::kOk ? exitOf(found->relation) : printed;
    }

private:
    Exit read(const std::string& path, Source& source, object::Policy& policy) const {
        if (!isObject(path)) {
            const Exit exit = loadPolicy(source, path, query_);
            policy = exit == Exit::kOk ? std::move(source.loaded->object) : object::Policy{};
            return exit;
        }
        Result<object::Policy> object = object::readFile(path);
        if (!object) {
            return fail(object.error().within(path), query_.form());
        }
        policy = *std::move(object);
        return Exit::kOk;
    }

    [[nodiscard]] Exit exitOf(query::Relation relation) const {
        switch (relation) {
        case query::Relation::kSame:
            return Exit::kOk;
        case query::Relation::kNarrower:
            return never_wider_ ? Exit::kOk : Exit::kNarrower;
        case query::Relation::kWider:
            return Exit::kWider;
        case query::Relation::kMixed:
            break;
        }
        return Exit::kMixed;
    }

    std::string old_;
    std::string new_;
    bool never_wider_ = false;
    bool json_ = false;
    QueryOptions query_;
};

} // namespace

std::unique_ptr<SubCommand> diffCommand() { return std::make_unique<DiffCommand>(); }

} // namespace landlatch::driver
