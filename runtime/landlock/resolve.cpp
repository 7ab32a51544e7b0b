// SPDX-License-Identifier: Apache-2.0
// Rulesets with the paths and ports of this machine: see load.h.
#include "runtime/landlock/expand.h"
#include "runtime/landlock/load.h"

#include "runtime/base/check.h"
#include "runtime/landlock/abi.h"
#include "runtime/landlock/ports.h"
#include "runtime/landlock/shown.h"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>

namespace landlatch::landlock {
namespace {

/// Problems listed in one error; more are counted.
constexpr std::size_t kMaxListed = 100;

/// Fills in the params. A root param brings no second '/'.
std::string fill(const object::PathTemplate& path, const ParamValues& params, bool is_glob) {
    std::string out;
    bool after_root = false;
    for (const object::PathPiece& piece : path) {
        std::string text = piece.text;
        if (piece.param) {
            text = params.path(*piece.param);
        }
        if (after_root && text.starts_with('/')) {
            text.erase(0, 1);
        }
        after_root = piece.param && params.path(*piece.param) == "/";
        out += piece.param && is_glob ? glob::escape(text) : text;
    }
    if (after_root && out.size() > 1) {
        out.pop_back();
    }
    return out;
}

/// Resolves one ruleset; what is wrong is collected, so that a user sees all of it at once.
class Resolver {
public:
    Resolver(const object::Policy& policy, std::uint32_t index, const ParamValues& params,
             const ResolveOptions& options, Walker walker)
        : ruleset_(policy.rulesets[index]), params_(params), options_(options), walker_(std::move(walker)),
          budget_(options.max_inodes) {
        resolved_.index = index;
    }

    ResolvedRuleset run(std::vector<std::string>& problems) {
        for (const object::PathGrant& grant : ruleset_.paths) {
            note(grant, addGrant(grant, grant.access, false), problems);
        }
        checkExceptions(problems);
        for (const object::PathGrant& grant : ruleset_.quiet_paths) {
            resolved_.quiet_fs |= grant.access;
            note(grant, addGrant(grant, 0, true), problems);
        }
        for (const object::PortGrant& grant : ruleset_.ports) {
            addPorts(grant, grant.access, false);
        }
        for (const object::PortGrant& grant : ruleset_.quiet_ports) {
            resolved_.quiet_net |= grant.access;
            addPorts(grant, 0, true);
        }
        resolved_.ports = sweep_.rules();
        resolved_.quiet_scoped = ruleset_.quiet_scopes;
        Notes links;
        for (const std::string& link : walker_.followed()) {
            links.add(link);
        }
        resolved_.notes = links.take();
        for (std::string& one : notes_.take()) {
            resolved_.notes.push_back(std::move(one));
        }
        return std::move(resolved_);
    }

private:
    struct Exception {
        Exceptions::Excepted place;
        const object::PathGrant* grant = nullptr;
    };

    static std::string lineOf(const object::PathGrant& grant) { return fmt::format("{}:{}", grant.file, grant.line); }
    [[nodiscard]] std::string where(const object::PathGrant& grant) const {
        return fmt::format("ruleset {}, {}", ruleset_.name, lineOf(grant));
    }

    void note(const object::PathGrant& grant, const Result<void>& result, std::vector<std::string>& problems) {
        if (!result) {
            problems.push_back(fmt::format("{} ({})", shown(result.error().message), where(grant)));
        }
    }

    Result<void> addGrant(const object::PathGrant& grant, std::uint64_t access, bool quiet) {
        if (grant.kind == object::PathKind::kEach) {
            return addEach(grant, access, quiet);
        }
        const auto path = parsePath(fill(grant.path, params_, false), true);
        if (!path) {
            return path.error();
        }
        auto spot = walker_.open(*path, Links::kTrusted);
        if (!spot) {
            if (grant.optional && meansAbsent(spot.error().code)) {
                notes_.add("optional " + spot.error().message);
                return {};
            }
            return spot.error();
        }
        if (grant.kind == object::PathKind::kBeneath && !(*spot)->isDirectory()) {
            return Error{ENOTDIR, *path + ": not a directory, as beneath needs; write file"};
        }
        if (grant.kind == object::PathKind::kFile && (*spot)->isDirectory()) {
            return Error{EISDIR, *path + ": a directory; write beneath"};
        }
        if (grant.except.empty()) {
            return retain(**spot, access, quiet, grant);
        }
        auto exceptions = findExceptions(grant);
        if (!exceptions) {
            return exceptions.error();
        }
        if (exceptions->covers(**spot)) {
            return Error{EINVAL, *path + ": an exception covers all of it"};
        }
        return addCarved(*exceptions, *std::move(spot), access, quiet, grant);
    }

    Result<void> addEach(const object::PathGrant& grant, std::uint64_t access, bool quiet) {
        const std::string text = fill(grant.path, params_, true);
        const auto patterns = parsePatterns(text);
        if (!patterns) {
            return patterns.error();
        }
        Expansion expansion{walker_, budget_, notes_};
        auto found = expandEach(expansion, *patterns);
        if (!found) {
            return found.error();
        }
        auto exceptions = findExceptions(grant);
        if (!exceptions) {
            return exceptions.error();
        }
        bool any = false;
        for (SpotPtr& spot : *found) {
            if (exceptions->covers(*spot)) {
                spot.reset();
                continue;
            }
            any = true;
            if (auto added = addCarved(*exceptions, std::move(spot), access, quiet, grant); !added) {
                return added;
            }
        }
        if (any) {
            return {};
        }
        if (grant.optional) {
            notes_.add("optional each " + text + ": nothing matches");
            return {};
        }
        return Error{ENOENT, text + ": nothing matches; where that is fine, write optional"};
    }

    Result<Exceptions> findExceptions(const object::PathGrant& grant) {
        std::vector<Pattern> patterns;
        for (const object::PathTemplate& path : grant.except) {
            auto parsed = parsePatterns(fill(path, params_, true));
            if (!parsed) {
                return parsed.error().within("except");
            }
            std::move(parsed->begin(), parsed->end(), std::back_inserter(patterns));
        }
        Expansion expansion{walker_, budget_, notes_};
        auto exceptions = Exceptions::find(expansion, std::move(patterns), options_.root < 0);
        if (exceptions) {
            for (const Exceptions::Excepted& place : exceptions->excepted()) {
                exceptions_.push_back({place, &grant});
            }
        }
        return exceptions;
    }

    Result<void> addCarved(const Exceptions& exceptions, SpotPtr spot, std::uint64_t access, bool quiet,
                           const object::PathGrant& grant) {
        Expansion expansion{walker_, budget_, notes_};
        auto granted = exceptions.carve(expansion, spot);
        spot.reset();
        if (!granted) {
            return granted.error();
        }
        for (SpotPtr& one : *granted) {
            if (auto kept = retain(*one, access, quiet, grant); !kept) {
                return kept;
            }
            one.reset(); // closes its fd: only the retained one counts against the limit on open files
        }
        return {};
    }

    /// Keeps an fd on `spot` with `access`, joined with what the same inode has already.
    Result<void> retain(const Spot& spot, std::uint64_t access, bool quiet, const object::PathGrant& grant) {
        const std::uint64_t usable = spot.isDirectory() ? access : access & abi::kFileRights;
        if (usable == 0 && !quiet) {
            return {};
        }
        const auto [at, is_new] = places_.insert({spot.inode(), resolved_.paths.size()});
        if (is_new) {
            RetainedPath path;
            path.fd = UniqueFd(::fcntl(spot.fd.get(), F_DUPFD_CLOEXEC, 3));
            if (!path.fd) {
                return errnoError(spot.path() + ": cannot keep it open");
            }
            path.path = spot.path();
            path.directory = spot.isDirectory();
            resolved_.paths.push_back(std::move(path));
            grants_.push_back(&grant);
        }
        RetainedPath& path = resolved_.paths[at->second];
        path.access |= usable;
        path.quiet = path.quiet || quiet;
        return {};
    }

    /// No grant of the ruleset may cover what one of its grants excepts: by inode, so whatever the names are.
    void checkExceptions(std::vector<std::string>& problems) const {
        std::set<std::string> said;
        for (const Exception& exception : exceptions_) {
            for (const Inode& inode : exception.place.way) {
                const auto rule = places_.find(inode);
                if (rule == places_.end()) {
                    continue;
                }
                std::string text = fmt::format("{}: excepted, but {} grants {} ({})", shown(exception.place.path),
                                               lineOf(*grants_[rule->second]),
                                               shown(resolved_.paths[rule->second].path), where(*exception.grant));
                if (said.insert(text).second) {
                    problems.push_back(std::move(text));
                }
            }
        }
    }

    void addPorts(const object::PortGrant& grant, std::uint64_t access, bool quiet) {
        if (const auto* range = std::get_if<object::PortRange>(&grant.ports)) {
            sweep_.add(*range, access, quiet);
            return;
        }
        for (const object::PortRange& range : params_.ports(std::get<std::uint32_t>(grant.ports))) {
            sweep_.add(range, access, quiet);
        }
    }

    const object::Ruleset& ruleset_;
    const ParamValues& params_;
    const ResolveOptions& options_;
    Walker walker_;
    InodeBudget budget_;
    Notes notes_;
    ResolvedRuleset resolved_;
    std::map<Inode, std::size_t> places_;          ///< index into resolved_.paths and grants_
    std::vector<const object::PathGrant*> grants_; ///< that each of them came from first
    std::vector<Exception> exceptions_;
    PortSweep sweep_;
};

Error listProblems(std::vector<std::string>& problems) {
    std::string text = problems.size() == 1 ? "1 path of the policy cannot be used"
                                            : fmt::format("{} paths of the policy cannot be used", problems.size());
    for (std::size_t i = 0; i < std::min(problems.size(), kMaxListed); ++i) {
        text += "\n  " + problems[i];
    }
    if (problems.size() > kMaxListed) {
        text += fmt::format("\n  … and {} more", problems.size() - kMaxListed);
    }
    return Error{ENOENT, text};
}

Result<ResolvedRuleset> resolveOne(const object::Policy& policy, std::uint32_t index, const ParamValues& params,
                                   const ResolveOptions& options, std::vector<std::string>& problems) {
    auto walker = Walker::make(options.root, options.caller);
    if (!walker) {
        return walker.error();
    }
    return Resolver(policy, index, params, options, *std::move(walker)).run(problems);
}

} // namespace

Result<ResolvedRuleset> resolve(const object::Policy& policy, std::uint32_t index, const ParamValues& params,
                                const ResolveOptions& options) {
    LANDLATCH_CHECK(index < policy.rulesets.size() && params.size() == policy.params.size());
    std::vector<std::string> problems;
    auto resolved = resolveOne(policy, index, params, options, problems);
    if (resolved && !problems.empty()) {
        return listProblems(problems);
    }
    return resolved;
}

Result<std::vector<ResolvedRuleset>> resolveAll(const object::Policy& policy, const ParamValues& params,
                                                const ResolveOptions& options) {
    LANDLATCH_CHECK(params.size() == policy.params.size());
    std::vector<std::string> problems;
    std::vector<ResolvedRuleset> all;
    for (std::uint32_t index = 0; index < policy.rulesets.size(); ++index) {
        if (policy.rulesets[index].in_target) {
            all.emplace_back();
            all.back().index = index;
            all.back().in_target = true;
            continue;
        }
        auto resolved = resolveOne(policy, index, params, options, problems);
        if (!resolved) {
            return resolved.error();
        }
        all.push_back(*std::move(resolved));
    }
    if (!problems.empty()) {
        return listProblems(problems);
    }
    return all;
}

FdLimit FdLimit::raise() {
    FdLimit limit;
    struct rlimit current = {};
    if (::getrlimit(RLIMIT_NOFILE, &current) != 0 || current.rlim_cur >= current.rlim_max) {
        return limit;
    }
    const struct rlimit wanted = {current.rlim_max, current.rlim_max};
    limit.raised_ = ::setrlimit(RLIMIT_NOFILE, &wanted) == 0;
    limit.soft_ = current.rlim_cur;
    limit.hard_ = current.rlim_max;
    return limit;
}

void FdLimit::restore() const {
    if (raised_) {
        const struct rlimit original = {soft_, hard_};
        (void)::setrlimit(RLIMIT_NOFILE, &original);
    }
}

} // namespace landlatch::landlock
