// SPDX-License-Identifier: Apache-2.0
#include "runtime/landlock/expand.h"

#include "runtime/landlock/shown.h"

#include <fmt/format.h>

namespace landlatch::landlock {
namespace {

/// Deeper trees are not searched: nobody's policy means them, and whoever nests directories must not nest our stack.
constexpr unsigned kMaxDepth = 256;

/// `each` with a `**`: everything below `dir`, symlinks not followed, compared as a relative path.
Result<void> searchDeep(Expansion& expansion, const SpotPtr& dir, const std::string& prefix, const glob::Sequence& glob,
                        InodeBudget& visits, std::vector<SpotPtr>& found, unsigned depth = 0) {
    if (depth == kMaxDepth) {
        expansion.notes.add(dir->path() + ": nested too deep: not searched");
        return {};
    }
    auto names = listDirectory(*dir, visits.left(), [](std::string_view) { return true; });
    if (!names) {
        if (!meansAbsent(names.error().code)) {
            return names.error();
        }
        expansion.notes.add(names.error().message + ": not searched");
        return {};
    }
    for (const std::string& name : *names) {
        if (auto taken = visits.take(dir->path()); !taken) {
            return taken;
        }
        auto child = expansion.walker.step(dir, name, Links::kStay);
        if (!child) {
            if (meansAbsent(child.error().code)) {
                continue; // gone since
            }
            return child.error();
        }
        const std::string relative = prefix + name;
        if (!(*child)->isSymlink() && glob::matches(glob, relative)) {
            found.push_back(*child);
        }
        if ((*child)->isDirectory()) {
            if (auto deeper = searchDeep(expansion, *child, relative + "/", glob, visits, found, depth + 1); !deeper) {
                return deeper;
            }
        }
    }
    return {};
}

/// One pattern of `each`, a component at a time.
class EachSearch {
public:
    EachSearch(Expansion& expansion, const Pattern& pattern, std::vector<SpotPtr>& found)
        : expansion_(expansion), pattern_(pattern), found_(found) {}

    Result<void> run(const SpotPtr& dir, std::size_t index) {
        const Component& component = pattern_.components[index];
        if (component.deep) {
            InodeBudget visits(expansion_.budget.left());
            return searchDeep(expansion_, dir, "", tail(pattern_, index), visits, found_);
        }
        if (component.literal) {
            return name(dir, *component.literal, index);
        }
        auto names =
            listDirectory(*dir, expansion_.budget.left(), [&](std::string_view one) { return component.matches(one); });
        if (!names) {
            if (!meansAbsent(names.error().code)) {
                return names.error().within(pattern_.text);
            }
            expansion_.notes.add(names.error().message + ": not searched");
            return {};
        }
        for (const std::string& one : *names) {
            if (auto done = name(dir, one, index); !done) {
                return done;
            }
        }
        return {};
    }

private:
    Result<void> name(const SpotPtr& dir, const std::string& name, std::size_t index) {
        const Component& component = pattern_.components[index];
        const bool last = index + 1 == pattern_.components.size();
        auto child = expansion_.walker.step(dir, name, last ? Links::kStay : Links::kTrusted);
        if (!child) {
            const Error& error = child.error();
            if (meansAbsent(error.code)) {
                return {};
            }
            if (error.code == ELOOP && !component.literal) {
                expansion_.notes.add(error.message); // whoever planted it gets nothing by it
                return {};
            }
            return error;
        }
        if (!last) {
            return (*child)->isDirectory() ? run(*child, index + 1) : Result<void>();
        }
        if ((*child)->isSymlink()) {
            expansion_.notes.add((*child)->path() + ": a symlink, which each does not follow");
            return {};
        }
        found_.push_back(*child);
        return {};
    }

    Expansion& expansion_;
    const Pattern& pattern_;
    std::vector<SpotPtr>& found_;
};

} // namespace

Result<void> InodeBudget::take(const std::string& what) {
    if (left_ == 0) {
        return Error{E2BIG, fmt::format("{}: each and except come to more than {} inodes", what, limit_)};
    }
    --left_;
    return {};
}

void Notes::add(const std::string& text) {
    std::string note = shown(text);
    if (notes_.size() == kMax) {
        ++more_;
    } else if (seen_.insert(note).second) {
        notes_.push_back(std::move(note));
    }
}

std::vector<std::string> Notes::take() {
    if (more_ != 0) {
        notes_.push_back(fmt::format("… and {} more", more_));
    }
    return std::move(notes_);
}

Result<std::vector<SpotPtr>> expandEach(Expansion& expansion, const std::vector<Pattern>& patterns) {
    std::vector<SpotPtr> found;
    for (const Pattern& pattern : patterns) {
        if (auto done = EachSearch(expansion, pattern, found).run(expansion.walker.root(), 0); !done) {
            return done.error();
        }
    }
    for (const SpotPtr& spot : found) {
        if (auto taken = expansion.budget.take(spot->path()); !taken) {
            return taken.error();
        }
    }
    return found;
}

Result<Exceptions> Exceptions::find(Expansion& expansion, std::vector<Pattern> patterns, bool own_root) {
    Exceptions exceptions;
    exceptions.patterns_ = std::move(patterns);
    for (const Pattern& pattern : exceptions.patterns_) {
        for (const Component& component : pattern.components) {
            if (component.deep) {
                return Error{EINVAL, fmt::format("except {}: '**' is not possible here", pattern.text)};
            }
        }
    }
    if (own_root && !exceptions.patterns_.empty()) {
        auto mounts = readMounts();
        if (!mounts) {
            return mounts.error();
        }
        exceptions.mounts_ = *std::move(mounts);
    }
    InodeBudget visits(expansion.budget.left());
    Expansion search{expansion.walker, visits, expansion.notes};
    for (std::size_t i = 0; i < exceptions.patterns_.size(); ++i) {
        if (auto visited = exceptions.visit(search, expansion.walker.root(), {i, 0}); !visited) {
            return visited.error().within("except " + exceptions.patterns_[i].text);
        }
    }
    return exceptions;
}

/// Every directory above what may be excepted gets no rights of its own.
void Exceptions::markWay(const Spot* dir) {
    for (; dir != nullptr; dir = dir->parent.get()) {
        split_.insert(dir->inode());
    }
}

void Exceptions::except(const Spot& place) {
    except_inodes_.insert(place.inode());
    Excepted excepted{place.path(), {}};
    for (const Spot* at = &place; at != nullptr; at = at->parent.get()) {
        excepted.way.push_back(at->inode());
    }
    excepted_.push_back(std::move(excepted));
    markWay(place.parent.get());
}

/// The same place under another path by a bind mount: the way there must be split too, or a grant on it would cover it.
Result<void> Exceptions::markAliases(Expansion& expansion, const Spot& place, bool excepted) {
    if (mounts_.empty()) {
        return {};
    }
    auto mount = mountOf(place);
    if (!mount) {
        return mount.error();
    }
    for (const std::string& path : aliases(mounts_, *mount, place.path())) {
        auto alias = expansion.walker.open(path, Links::kStay);
        if (!alias) {
            if (meansAbsent(alias.error().code) || alias.error().code == ELOOP) {
                continue; // under another mount, or deleted: not reachable there
            }
            return alias.error();
        }
        const bool same = (*alias)->inode() == place.inode();
        if (same && !excepted) {
            markWay(alias->get());
        } else if (excepted) {
            except(**alias);
        }
    }
    return {};
}

/// `dir` may hold a name that component `state.second` of pattern `state.first` matches.
Result<void> Exceptions::visit(Expansion& expansion, const SpotPtr& dir, State state) {
    if (!states_[dir->inode()].insert(state).second) {
        return {}; // a way that symlinks or mounts lead to twice
    }
    if (auto taken = expansion.budget.take(dir->path()); !taken) {
        return taken;
    }
    markWay(dir.get());
    if (auto marked = markAliases(expansion, *dir, false); !marked) {
        return marked;
    }
    const Component& component = patterns_[state.first].components[state.second];
    if (component.literal) {
        return visitName(expansion, dir, *component.literal, state);
    }
    auto names =
        listDirectory(*dir, expansion.budget.left(), [&](std::string_view name) { return component.matches(name); });
    if (!names) {
        if (!meansAbsent(names.error().code)) {
            return names.error();
        }
        expansion.notes.add(names.error().message + ": exceptions in it are not looked for");
        return {};
    }
    for (const std::string& name : *names) {
        if (auto visited = visitName(expansion, dir, name, state); !visited) {
            return visited;
        }
    }
    return {};
}

Result<void> Exceptions::visitName(Expansion& expansion, const SpotPtr& dir, const std::string& name, State state) {
    auto child = expansion.walker.step(dir, name, Links::kOwner);
    if (!child) {
        const Error& error = child.error();
        if (error.code == ELOOP) {
            expansion.notes.add(error.message + "; what it leads to is not excepted");
            return {};
        }
        return meansAbsent(error.code) ? Result<void>() : Result<void>(error);
    }
    const std::vector<Component>& components = patterns_[state.first].components;
    const bool last = state.second + 1 == components.size();
    if (!last && (*child)->isDirectory()) {
        return visit(expansion, *child, {state.first, state.second + 1});
    }
    if (!last && !components[state.second].literal) {
        return {};
    }
    if (!last) {
        expansion.notes.add((*child)->path() + ": no directory, so excepted itself");
    }
    except(**child);
    return markAliases(expansion, **child, true);
}

bool Exceptions::covers(const Spot& place) const {
    for (const Spot* at = &place; at != nullptr; at = at->parent.get()) {
        if (except_inodes_.contains(at->inode())) {
            return true;
        }
    }
    return false;
}

Result<std::vector<SpotPtr>> Exceptions::carve(Expansion& expansion, const SpotPtr& place) const {
    std::vector<SpotPtr> granted;
    if (!place->isDirectory() || !split_.contains(place->inode())) {
        granted.push_back(place);
        return granted;
    }
    const auto states = states_.find(place->inode());
    if (auto done = carveDir(expansion, place, states == states_.end() ? States{} : states->second, granted); !done) {
        return done.error();
    }
    return granted;
}

/// Grants the children of `dir`. Exceptions are known by inode, from the walk before, and by name, for what appeared
/// since.
Result<void> Exceptions::carveDir(Expansion& expansion, const SpotPtr& dir, const States& states,
                                  std::vector<SpotPtr>& granted) const {
    if (auto taken = expansion.budget.take(dir->path()); !taken) {
        return taken;
    }
    expansion.notes.add(dir->path() + ": split for an exception, no rights on the directory itself");
    auto names = listDirectory(*dir, expansion.budget.left(), [](std::string_view) { return true; });
    if (!names) {
        if (!meansAbsent(names.error().code)) {
            return names.error();
        }
        expansion.notes.add(names.error().message + ": nothing in it is granted");
        return {};
    }
    for (const std::string& name : *names) {
        bool excepted = false;
        bool named = false; // as a directory on the way to an exception
        States below;
        for (const auto& [pattern, index] : states) {
            const std::vector<Component>& components = patterns_[pattern].components;
            if (components[index].matches(name)) {
                excepted = excepted || index + 1 == components.size();
                named = named || components[index].literal;
                below.insert({pattern, index + 1});
            }
        }
        if (excepted) {
            continue;
        }
        auto child = expansion.walker.step(dir, name, Links::kStay);
        if (!child) {
            if (meansAbsent(child.error().code)) {
                continue; // gone since
            }
            return child.error();
        }
        if ((*child)->isSymlink() || except_inodes_.contains((*child)->inode())) {
            continue; // a symlink needs no right; its target has its own
        }
        if (named && !(*child)->isDirectory()) {
            continue;
        }
        if (const auto known = states_.find((*child)->inode()); known != states_.end()) {
            below.insert(known->second.begin(), known->second.end());
        }
        if ((*child)->isDirectory() && (!below.empty() || split_.contains((*child)->inode()))) {
            if (auto done = carveDir(expansion, *child, below, granted); !done) {
                return done;
            }
            continue;
        }
        if (auto taken = expansion.budget.take((*child)->path()); !taken) {
            return taken;
        }
        granted.push_back(*std::move(child));
    }
    return {};
}

} // namespace landlatch::landlock
