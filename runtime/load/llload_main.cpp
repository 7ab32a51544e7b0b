// SPDX-License-Identifier: Apache-2.0
// llload: installs policies system-wide. What enforces is the kernel where it can (runtime/series), else the supervisor
// (runtime/supervise), which is this same program and has a client here. docs/operator-guide.md is the manual.
#include "runtime/load/check.h"
#include "runtime/load/choose.h"
#include "runtime/load/client.h"
#include "runtime/load/list.h"
#include "runtime/load/options.h"
#include "runtime/load/print.h"
#include "runtime/object/format.h"
#include "runtime/object/read.h"
#include "runtime/series/installed.h"
#include "runtime/supervise/loader.h"
#include "runtime/supervise/message.h"
#include "runtime/supervise/selftest.h"
#include "runtime/supervise/setup.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace landlatch;
using namespace landlatch::load;

namespace {

int fail(const Error& error, const Options& options) {
    const bool here = error.code == EOPNOTSUPP || error.code == EPERM;
    if (options.json) {
        fmt::print("{}\n", supervise::toText({{"ok", false}, {"error", error.message}, {"errno", error.code}}));
    } else {
        fmt::print(stderr, "llload: error: {}\n", error.message);
    }
    return here ? kExitNotHere : kExitFailure;
}

int answer(const nlohmann::json& json, const Options& options, std::string (*text)(const nlohmann::json&)) {
    fmt::print("{}", options.json ? supervise::toText(json) + "\n" : text(json));
    return kExitFine;
}

supervise::SupervisorOptions supervisorOptions(const Options& options) {
    supervise::SupervisorOptions result;
    result.limits.hold = std::chrono::milliseconds(options.hold_limit);
    result.limits.max_held = options.max_held;
    return result;
}

/// To the supervisor, by way of starting one unless somebody else does.
Result<UniqueFd> connectFor(const Options& options) {
    return options.start ? connectOrStart(supervisorOptions(options)) : connectOrWait();
}

/// The file as it is now, where nobody can change it.
Result<UniqueFd> copyObject(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    struct stat found{};
    if (!file || ::fstat(file.get(), &found) != 0) {
        return errnoError(path);
    }
    if (!S_ISREG(found.st_mode) || static_cast<std::size_t>(found.st_size) > object::format::kMaxFileBytes) {
        return Error{EINVAL, path + ": not a regular file of a policy object's size"};
    }
    std::string bytes(static_cast<std::size_t>(found.st_size), '\0');
    if (::read(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
        return errnoError(path, EIO);
    }
    return supervise::sealedFile(std::as_bytes(std::span(bytes)));
}

nlohmann::json installRequest(const Options& options) {
    char* const absolute = ::realpath(options.object.c_str(), nullptr);
    nlohmann::json request{{"op", "install"},
                           {"name", nameOf(options)},
                           {"replace", options.replace},
                           {"audit", options.audit},
                           {"set", options.sets},
                           {"allow_root", options.allow_root_param},
                           {"path", absolute != nullptr ? absolute : options.object}};
    ::free(absolute);
    return request;
}

/// SIGTERM and SIGINT, blocked.
sigset_t blockEnds() {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    ::sigprocmask(SIG_BLOCK, &ends, nullptr);
    return ends;
}

/// Nothing has to run for a kernel backend: in front there is only who unloads at SIGTERM.
int installInKernel(const Options& options, const std::string& object, const Choice& choice) {
    const Result<nlohmann::json> installed = series::install(
        {nameOf(options), object, installRequest(options), choice.backend.backend, choice.backend.map_type});
    if (!installed) {
        return fail(installed.error().within(options.object), options);
    }
    nlohmann::json told = *installed;
    told["passed_over"] = choice.passed_over;
    answer(told, options, installedText);
    std::fflush(stdout);
    if (!options.foreground) {
        return kExitFine;
    }
    notifyManager("READY=1");
    const sigset_t ends = blockEnds();
    int signal = 0;
    ::sigwait(&ends, &signal);
    notifyManager("STOPPING=1");
    const Result<void> unloaded = series::unload(nameOf(options));
    return unloaded ? kExitFine : fail(unloaded.error(), options);
}

/// The client in front of a supervisor that runs elsewhere: unloads at SIGTERM.
int stayInFront(int socket, const Options& options) {
    notifyManager("READY=1");
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    for (;;) {
        const timespec second{1, 0};
        if (::sigtimedwait(&ends, nullptr, &second) > 0) {
            notifyManager("STOPPING=1");
            const auto unloaded = ask(socket, {{"op", "unload"}, {"name", nameOf(options)}});
            return unloaded ? kExitFine : fail(unloaded.error(), options);
        }
        pollfd connection{socket, POLLIN, 0};
        if (::poll(&connection, 1, 0) > 0) {
            return fail(Error{EIO, "the supervisor has ended"}, options);
        }
    }
}

int install(const Options& options) {
    if (options.dry_run) {
        const nlohmann::json report = check(options);
        answer(report, options, checkText);
        return report["ok"].get<bool>() ? kExitFine : kExitNotHere;
    }
    if (options.foreground) {
        blockEnds();
    }
    const Result<UniqueFd> object = copyObject(options.object);
    if (!object) {
        return fail(object.error(), options);
    }
    const Result<std::string> bytes = supervise::readSealed(object->get(), object::format::kMaxFileBytes);
    const Result<object::Policy> policy =
        bytes ? object::read(std::as_bytes(std::span(*bytes))) : Result<object::Policy>(bytes.error());
    if (!policy) {
        return fail(policy.error().within(options.object), options);
    }
    const Result<Choice> choice = chooseBackend(options, *policy);
    if (!choice) {
        return fail(choice.error(), options);
    }
    if (choice->backend.backend != bpf::Backend::kSupervise) {
        return installInKernel(options, *bytes, *choice);
    }
    const Result<UniqueFd> socket = connectFor(options);
    if (!socket) {
        return fail(socket.error(), options);
    }
    Result<nlohmann::json> installed = ask(socket->get(), installRequest(options), object->get());
    if (!installed) {
        return fail(installed.error().within(options.object), options);
    }
    (*installed)["passed_over"] = choice->passed_over;
    answer(*installed, options, installedText);
    std::fflush(stdout);
    return options.foreground ? stayInFront(socket->get(), options) : kExitFine;
}

int request(const nlohmann::json& what, const Options& options, std::string (*text)(const nlohmann::json&)) {
    const Result<UniqueFd> socket = connect();
    if (!socket) {
        return fail(isNone(socket) ? Error{socket.error().code, "no supervisor runs"} : socket.error(), options);
    }
    const Result<nlohmann::json> got = ask(socket->get(), what);
    return got ? answer(*got, options, text) : fail(got.error(), options);
}

int list(const Options& options) {
    const Result<nlohmann::json> all = listPolicies();
    return all ? answer(*all, options, listText) : fail(all.error(), options);
}

int show(const Options& options) {
    if (!series::isInstalled(options.name)) {
        return request({{"op", "show"}, {"name", options.name}}, options, showText);
    }
    const Result<nlohmann::json> shown = series::show(options.name);
    return shown ? answer(*shown, options, showText) : fail(shown.error(), options);
}

int unload(const Options& options) {
    const auto done = [](const nlohmann::json&) { return std::string("unloaded\n"); };
    if (series::isInstalled(options.name)) {
        const Result<void> unloaded = series::unload(options.name);
        return unloaded ? answer({{"ok", true}}, options, done) : fail(unloaded.error(), options);
    }
    if (isNone(connect()) && supervise::forget(options.name)) {
        return answer({{"ok", true}}, options, done);
    }
    // A gate whose supervisor is dead is still in force: a new one takes it over, and out.
    const Result<UniqueFd> socket = connectFor(options);
    if (!socket) {
        return fail(socket.error(), options);
    }
    const Result<nlohmann::json> got = ask(socket->get(), {{"op", "unload"}, {"name", options.name}});
    return got ? answer(*got, options, done) : fail(got.error(), options);
}

void printEvent(const nlohmann::json& event, const Options& options) {
    fmt::print("{}\n", options.json ? supervise::toText(event) : eventText(event));
    std::fflush(stdout);
}

/// Of the supervisor, of the kernel backends' gates, or of both.
int events(const Options& options) {
    auto kernel =
        series::Events::open([&options](const std::string& line) { printEvent(nlohmann::json::parse(line), options); });
    const Result<UniqueFd> socket = connect();
    if (!kernel && kernel.error().code != ENOENT) {
        return fail(kernel.error(), options);
    }
    if (!socket && !kernel) {
        return fail(socket.error(), options);
    }
    if (socket) {
        if (const auto sent = supervise::sendMessage(socket->get(), {{"op", "events"}}, -1, true); !sent) {
            return fail(sent.error(), options);
        }
    }
    for (;;) {
        std::array<pollfd, 2> more{
            {{socket ? socket->get() : -1, POLLIN, 0}, {kernel ? (*kernel)->fd() : -1, POLLIN, 0}}};
        const int ready = ::poll(more.data(), more.size(), options.follow ? 1000 : 300);
        if (kernel) {
            (*kernel)->consume();
        }
        if (ready == 0 && !options.follow) {
            return kExitFine;
        }
        if (ready == 0 && kernel && (*kernel)->over()) {
            (*kernel)->consume(); // what came before the end
            kernel = Error{ENOENT, "no policy is installed any more"};
        }
        if (!kernel && !socket) {
            return kExitFine;
        }
        if ((more[0].revents & (POLLIN | POLLHUP)) == 0) {
            continue;
        }
        const Result<supervise::Message> event = supervise::receiveMessage(socket->get(), true);
        if (!event) {
            return event.error().code == ENODATA ? kExitFine : fail(event.error(), options);
        }
        printEvent(event->body, options);
    }
}

int superviseInFront(const Options& options) {
    supervise::SupervisorOptions supervisor = supervisorOptions(options);
    supervisor.stay = true;
    supervisor.ready = [] { notifyManager("READY=1"); };
    const Result<int> ended = supervise::supervise(supervisor);
    return ended ? *ended : fail(ended.error(), options);
}

int run(const Options& options) {
    switch (options.command) {
    case Command::kInstall:
        return install(options);
    case Command::kList:
        return list(options);
    case Command::kShow:
        return show(options);
    case Command::kUnload:
        return unload(options);
    case Command::kEvents:
        return events(options);
    case Command::kCheck: {
        const nlohmann::json report = check(options);
        answer(report, options, checkText);
        return report["ok"].get<bool>() ? kExitFine : kExitNotHere;
    }
    case Command::kSupervise:
        return superviseInFront(options);
    }
    return kExitUsage;
}

} // namespace

int main(int argc, char** argv) try {
    if (argc == 2 && std::string_view(argv[1]) == supervise::kSelfTestArgument) {
        return supervise::selfTestSubject();
    }
    const std::variant<Options, Answer> parsed = parseOptions(argc, argv);
    if (const auto* said = std::get_if<Answer>(&parsed)) {
        fmt::print(said->error ? stderr : stdout, "{}", said->text);
        return said->error ? kExitUsage : kExitFine;
    }
    return run(std::get<Options>(parsed));
} catch (const std::exception& unexpected) { // no memory; in the supervisor: it ends, and matched execs are refused
    std::fprintf(stderr, "llload: error: %s\n", unexpected.what());
    return kExitFailure;
}
