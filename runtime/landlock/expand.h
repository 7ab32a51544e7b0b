// SPDX-License-Identifier: Apache-2.0
// `each` and `except` on the disk of this machine.
//
// Landlock has no deny rules: a right on a directory is a right on all below it. An exception is made by not granting
// the directory but each of its children instead, all but the excepted one, at every level down to it:
//
//     beneath /home except /home/*/.ssh        /home            no right of its own
//                                              /home/a          no right of its own, whether it has a .ssh or not
//                                              /home/a/.bashrc  granted      /home/a/.ssh  not granted
//                                              /home/b …
//
// `Exceptions` walks the patterns first and remembers by inode what is excepted, which directories must be split, and
// which patterns go on below each of them; `carve` then walks the granted directory. An excepted symlink excepts its
// target, and a place that bind mounts show twice is excepted in both, so the directories on those ways are split too.
// Where an exception names a directory (no wildcard) that is a file, the file is excepted: it may say where that
// directory is, as .git does in git's linked work trees.
#pragma once

#include "runtime/landlock/mounts.h"
#include "runtime/landlock/pattern.h"
#include "runtime/landlock/walk.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace landlatch::landlock {

/// Counts inodes against the bound of a ruleset.
class InodeBudget {
public:
    explicit InodeBudget(std::size_t limit) : left_(limit), limit_(limit) {}
    [[nodiscard]] Result<void> take(const std::string& what);
    [[nodiscard]] std::size_t left() const { return left_; }

private:
    std::size_t left_;
    std::size_t limit_;
};

/// Notes for the report, safe to show, each once, in order; after kMax they are only counted.
class Notes {
public:
    void add(const std::string& text);
    [[nodiscard]] std::vector<std::string> take();

private:
    static constexpr std::size_t kMax = 200;
    std::size_t more_ = 0;
    std::set<std::string> seen_;
    std::vector<std::string> notes_;
};

/// What every step of an expansion needs.
struct Expansion {
    Walker& walker;
    InodeBudget& budget;
    Notes& notes;
};

/// The places that match one of `patterns`. A final symlink is not followed and not taken, nor is a planted one on the
/// way. Nothing found is an empty list.
Result<std::vector<SpotPtr>> expandEach(Expansion& expansion, const std::vector<Pattern>& patterns);

/// The exceptions of one grant, found on disk.
class Exceptions {
public:
    struct Excepted {
        std::string path;
        std::vector<Inode> way; ///< from itself up to the root
    };

    /// `own_root`: paths start at this process's root, so that its mounts say where else places are.
    static Result<Exceptions> find(Expansion& expansion, std::vector<Pattern> patterns, bool own_root);

    [[nodiscard]] const std::vector<Excepted>& excepted() const { return excepted_; }

    /// Whether `place` itself, or something above it, is excepted.
    [[nodiscard]] bool covers(const Spot& place) const;

    /// The places to grant for `place`, which is not excepted: itself when it can hold no exception, else what is left
    /// of it.
    Result<std::vector<SpotPtr>> carve(Expansion& expansion, const SpotPtr& place) const;

private:
    /// Pattern and the component of it that is compared with names of a directory.
    using State = std::pair<std::size_t, std::size_t>;
    using States = std::set<State>;

    Result<void> visit(Expansion& expansion, const SpotPtr& dir, State state);
    Result<void> visitName(Expansion& expansion, const SpotPtr& dir, const std::string& name, State state);
    Result<void> markAliases(Expansion& expansion, const Spot& place, bool excepted);
    void markWay(const Spot* dir);
    void except(const Spot& place);
    Result<void> carveDir(Expansion& expansion, const SpotPtr& dir, const States& states,
                          std::vector<SpotPtr>& granted) const;

    std::vector<Pattern> patterns_;
    std::vector<Mount> mounts_;
    std::set<Inode> except_inodes_;
    std::set<Inode> split_;
    std::map<Inode, States> states_;
    std::vector<Excepted> excepted_;
};

} // namespace landlatch::landlock
