// SPDX-License-Identifier: Apache-2.0
// `llc graph policy.ll -o policy.svg`: a policy as a picture.
#include "compiler/driver/console.h"
#include "compiler/driver/output.h"
#include "compiler/driver/query_options.h"
#include "compiler/driver/subcommand.h"
#include "compiler/query/graph.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace landlatch::driver {

namespace {

class GraphCommand final : public SubCommand {
public:
    CLI::App* add(CLI::App& llc) override {
        CLI::App* app = llc.add_subcommand("graph", "draw a policy: rules on the left, rulesets on the right");
        app->add_option("policy", policy_, "the policy to draw")->type_name("FILE")->required();
        app->add_option("-o", output_,
                        "file to write: SVG, or Graphviz's language when it ends in .dot "
                        "(default and `-`: SVG to standard output)")
            ->type_name("FILE");
        addQueryOptions(*app, query_);
        return app;
    }

    Exit run() override {
        for (const std::string_view other : {".png", ".jpg", ".jpeg", ".pdf", ".ps", ".gif", ".webp"}) {
            if (output_.ends_with(other)) {
                return usage(
                    fmt::format("{}: SVG (.svg) and Graphviz's language (.dot) are what graph writes", output_));
            }
        }
        Source source;
        if (const Exit exit = loadPolicy(source, policy_, query_); exit != Exit::kOk) {
            return exit;
        }
        const ir::Policy& policy = source.loaded->policy;
        const SourceManager& sources = source.compilation.sources;
        const std::string picture =
            output_.ends_with(".dot") ? query::graphDot(policy, sources) : query::graphSvg(policy, sources);
        if (output_.empty() || output_ == "-") {
            return print(picture, query_.form());
        }
        const Result<void> written = writeFile(output_, bytesOf(picture));
        return written ? Exit::kOk : fail(written.error(), query_.form());
    }

private:
    std::string policy_;
    std::string output_;
    QueryOptions query_;
};

} // namespace

std::unique_ptr<SubCommand> graphCommand() { return std::make_unique<GraphCommand>(); }

} // namespace landlatch::driver
