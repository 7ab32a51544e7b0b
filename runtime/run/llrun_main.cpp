// SPDX-License-Identifier: Apache-2.0
// llrun: runs a command and all it starts under a policy, without privileges. docs/llrun.md is its manual.
#include "runtime/landlock/kernel.h"
#include "runtime/object/read.h"
#include "runtime/run/compile.h"
#include "runtime/run/front.h"
#include "runtime/run/options.h"
#include "runtime/run/report.h"
#include "runtime/tree/launch.h"
#include "runtime/tree/loaded_policy.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>

using namespace landlatch;
using namespace landlatch::run;

namespace {

int fail(const std::string& what) {
    fmt::print(stderr, "llrun: error: {}\n", what);
    return tree::kExitFailure;
}

bool wantsColour(Colour colour) {
    if (colour == Colour::kAuto) {
        const char* const off = std::getenv("NO_COLOR");
        return ::isatty(STDERR_FILENO) != 0 && (off == nullptr || *off == '\0');
    }
    return colour == Colour::kAlways;
}

int start(const Options& options) {
    Reporter::Settings settings;
    settings.verbose = options.verbose;
    settings.colour = wantsColour(options.colour);
    if (!options.log.empty()) {
        settings.log = UniqueFd(::open(options.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        if (!settings.log) {
            return fail(errnoError(options.log).message);
        }
    }
    Reporter reporter(std::move(settings));

    Result<object::Policy> policy =
        isSource(options.policy) ? compileAndRead(options.policy) : object::readFile(options.policy);
    if (!policy) {
        return fail(policy.error().message);
    }
    const landlock::FdLimit limit = landlock::FdLimit::raise();
    landlock::SystemKernel kernel;
    tree::LoadOptions load_options;
    load_options.sets = options.sets;
    load_options.allow_root_param = options.allow_root_param;
    load_options.audit = options.audit;
    const Result<tree::LoadedPolicy> loaded = tree::load(std::move(*policy), kernel, load_options);
    if (!loaded) {
        return fail(loaded.error().within(options.policy).message);
    }
    for (const std::string& note : loaded->notes) {
        reporter.note(note);
    }
    return runTree(Launch{options.command, &*loaded, &limit, &reporter, options.audit});
}

} // namespace

int main(int argc, char** argv) try {
    // Before anything else and before the first fork: what runs under us must not reach into us.
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return fail(errnoError("prctl(PR_SET_DUMPABLE)").message);
    }
    const std::variant<Options, Answer> parsed = parseOptions(argc, argv);
    if (const auto* answer = std::get_if<Answer>(&parsed)) {
        std::fputs(answer->text.c_str(), answer->error ? stderr : stdout);
        return answer->error ? tree::kExitFailure : 0;
    }
    return start(std::get<Options>(parsed));
} catch (const std::exception& unexpected) { // no memory
    std::fprintf(stderr, "llrun: error: %s\n", unexpected.what());
    return tree::kExitFailure;
}
