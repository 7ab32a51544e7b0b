// SPDX-License-Identifier: Apache-2.0
#include "runtime/load/check.h"

#include "runtime/landlock/kernel.h"
#include "runtime/landlock/load.h"
#include "runtime/load/choose.h"
#include "runtime/match/ids.h"
#include "runtime/match/matcher.h"
#include "runtime/object/read.h"
#include "runtime/object/seal.h"

#include <fmt/format.h>
#include <sys/utsname.h>

namespace landlatch::load {
namespace {

Result<object::Policy> readObject(const std::string& path) {
    const Result<std::vector<std::byte>> bytes = object::readBytes(path);
    if (!bytes) {
        return bytes.error();
    }
    Result<object::Policy> policy = object::read(*bytes);
    if (!policy) {
        return policy.error().within(path);
    }
    if (const Result<void> whole = object::checkSeal(*bytes); !whole) {
        return whole.error().within(path);
    }
    return policy;
}

Result<nlohmann::json> checkObject(const Options& options, const Result<object::Policy>& policy) {
    if (!policy) {
        return policy.error();
    }
    const Result<match::IdResolution> ids = match::resolveIds(*policy, match::SystemIdLookup());
    if (!ids) {
        return ids.error();
    }
    if (const Result<match::Matcher> matcher = match::Matcher::create(*policy, *ids); !matcher) {
        return matcher.error();
    }
    landlock::ParamValues::Options param_options;
    param_options.allow_root = options.allow_root_param;
    const Result<landlock::ParamValues> params = landlock::ParamValues::make(*policy, options.sets, param_options);
    if (!params) {
        return params.error();
    }
    landlock::SystemKernel kernel;
    const Result<std::uint32_t> abi = landlock::queryAbi(kernel);
    if (!abi) {
        return abi.error();
    }
    if (const Result<void> fits = landlock::checkKernel(*policy, *abi); !fits) {
        return fits.error();
    }
    [[maybe_unused]] const landlock::FdLimit limit = landlock::FdLimit::raise();
    const auto resolved = landlock::resolveAll(*policy, *params, landlock::ResolveOptions());
    if (!resolved) {
        return resolved.error();
    }
    nlohmann::json report{{"rules", policy->rules.size()}, {"rulesets", nlohmann::json::array()}};
    for (std::size_t i = 0; i < policy->rulesets.size(); ++i) {
        report["rulesets"].push_back({{"name", policy->rulesets[i].name},
                                      {"not_restricted", landlock::notRestricted(policy->rulesets[i], *abi)},
                                      {"inodes", (*resolved)[i].paths.size()},
                                      {"notes", (*resolved)[i].notes}});
    }
    return report;
}

} // namespace

nlohmann::json check(const Options& options) {
    nlohmann::json report{{"ok", false}};
    utsname names{};
    ::uname(&names);
    report["kernel"] = {{"release", names.release}};
    landlock::SystemKernel kernel;
    if (const Result<std::uint32_t> abi = landlock::queryAbi(kernel)) {
        report["kernel"]["landlock_abi"] = *abi;
    }
    const Result<object::Policy> policy =
        options.object.empty() ? Result<object::Policy>(Error{ENOENT, ""}) : readObject(options.object);
    for (const Backend& backend : backends(policy ? &*policy : nullptr, nameOf(options))) {
        nlohmann::json one{{"name", backend.name}, {"ok", backend.ok}};
        if (!backend.ok) {
            one["why"] = backend.why;
        } else if (!report.contains("backend")) {
            report["backend"] = backend.name;
            report["ok"] = true;
        }
        report["backends"].push_back(std::move(one));
    }
    if (!options.object.empty()) {
        Result<nlohmann::json> object = checkObject(options, policy);
        if (object) {
            report["object"] = std::move(*object);
        } else {
            report["ok"] = false;
            report["object"] = {{"error", object.error().message}};
        }
    }
    return report;
}

std::string checkText(const nlohmann::json& report) {
    std::string out = fmt::format("kernel {}", report["kernel"]["release"].get<std::string>());
    out += report["kernel"].contains("landlock_abi")
               ? fmt::format(", Landlock ABI {}\n", report["kernel"]["landlock_abi"].get<unsigned>())
               : ", no Landlock\n";
    for (const nlohmann::json& backend : report["backends"]) {
        out += fmt::format("backend {}: {}\n", backend["name"].get<std::string>(),
                           backend["ok"].get<bool>() ? "works here" : backend["why"].get<std::string>());
    }
    if (!report.contains("object")) {
        return out;
    }
    const nlohmann::json& object = report["object"];
    if (object.contains("error")) {
        return out + fmt::format("object: {}\n", object["error"].get<std::string>());
    }
    out +=
        fmt::format("object: {} rules, {} rulesets\n", object["rules"].get<std::size_t>(), object["rulesets"].size());
    for (const nlohmann::json& ruleset : object["rulesets"]) {
        const auto open = ruleset["not_restricted"].get<std::vector<std::string>>();
        out += fmt::format("  ruleset {}: {} inodes; not restricted on this kernel: {}\n",
                           ruleset["name"].get<std::string>(), ruleset["inodes"].get<std::size_t>(),
                           open.empty() ? "nothing" : fmt::format("{}", fmt::join(open, ", ")));
        for (const auto& note : ruleset["notes"]) {
            out += fmt::format("    {}\n", note.get<std::string>());
        }
    }
    return out;
}

} // namespace landlatch::load
