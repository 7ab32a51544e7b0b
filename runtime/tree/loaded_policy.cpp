// SPDX-License-Identifier: Apache-2.0
#include "runtime/tree/loaded_policy.h"

#include <utility>

namespace landlatch::tree {

Result<LoadedPolicy> load(object::Policy policy, landlock::Kernel& kernel, const LoadOptions& options) {
    Result<match::IdResolution> ids = match::resolveIds(policy, match::SystemIdLookup{});
    if (!ids) {
        return ids.error();
    }
    Result<match::Matcher> matcher = match::Matcher::create(policy, *ids);
    if (!matcher) {
        return matcher.error();
    }
    landlock::ParamValues::Options param_options;
    param_options.environment = landlock::systemEnvironment;
    param_options.allow_root = options.allow_root_param;
    Result<landlock::ParamValues> params = landlock::ParamValues::make(policy, options.sets, param_options);
    if (!params) {
        return params.error();
    }
    LoadedPolicy loaded{std::move(policy), std::move(*matcher), std::move(*params), {}, 0, {}};
    const Result<std::uint32_t> abi = landlock::queryAbi(kernel);
    Result<void> fits = abi ? landlock::checkKernel(loaded.policy, *abi) : Result<void>(abi.error());
    if (!fits) {
        if (!options.audit) {
            return fits.error();
        }
        loaded.notes.push_back("would not load here: " + fits.error().message);
    }
    loaded.abi = abi ? *abi : 0;
    Result<std::vector<landlock::ResolvedRuleset>> rulesets =
        landlock::resolveAll(loaded.policy, loaded.params, landlock::ResolveOptions{});
    if (rulesets) {
        loaded.rulesets = std::move(*rulesets);
        for (const landlock::ResolvedRuleset& ruleset : loaded.rulesets) {
            for (const std::string& note : ruleset.notes) {
                loaded.notes.push_back("ruleset " + loaded.policy.rulesets[ruleset.index].name + ": " + note);
            }
        }
        return loaded;
    }
    if (!options.audit) {
        return rulesets.error();
    }
    loaded.notes.push_back("would not load here: " + rulesets.error().message);
    return loaded;
}

} // namespace landlatch::tree
