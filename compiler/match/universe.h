// SPDX-License-Identifier: Apache-2.0
// Which strings are paths (language point 20), as automata of seven states that others run in step with: one that reads
// them from their start, one from their end.
#pragma once

#include <cstdint>
#include <string_view>

namespace landlatch::match {

inline constexpr std::uint32_t kMaxPathBytes = 4095;

/// Absolute, without "//", ".", "..", trailing "/" or NUL. The bound on length is kept by whoever knows lengths.
enum class Universe : std::uint8_t {
    kFile,   ///< "/" alone isn't one: nobody executes it
    kCgroup, ///< "/" alone is the root cgroup
};

/// Which end of a path an automaton begins at. Patterns that have to remember much one way may need little the other
/// way: of `/**/a/**/b` and many like it, only that of the path's last component is left when that is read first.
enum class Direction : std::uint8_t {
    kForward,  ///< from the start
    kBackward, ///< from the end
};

/// What has been read of a path.
enum UniverseState : std::uint8_t {
    kUDead,
    kUStart,  ///< nothing
    kUSlash,  ///< up to a '/'
    kUDot,    ///< a component that is "." so far
    kUDotDot, ///< or ".."
    kUName,   ///< inside a good component
    kURoot,   ///< "/" alone, where that is a path
    kUStates,
};

/// One byte further; `byte` is '/', '.' or any other (NUL is none). From the end only the beginning differs: a
/// component is begun at once, and "/" alone can't go on.
constexpr UniverseState universeStep(std::uint8_t state, char byte, Universe universe,
                                     Direction direction = Direction::kForward) {
    const bool forward = direction == Direction::kForward;
    if (state == kUStart && byte == '/') {
        return universe == Universe::kCgroup ? kURoot : forward ? kUSlash : kUDead;
    }
    switch (state) {
    case kUStart:
    case kURoot:
        if (forward == (state == kUStart)) {
            return kUDead; // a component begins after "/" from the start, and with nothing before it from the end
        }
        [[fallthrough]];
    case kUSlash:
        return byte == '/' ? kUDead : byte == '.' ? kUDot : kUName;
    case kUDot:
        return byte == '/' ? kUDead : byte == '.' ? kUDotDot : kUName;
    case kUDotDot:
        return byte == '/' ? kUDead : kUName;
    case kUName:
        return byte == '/' ? kUSlash : kUName;
    default:
        return kUDead;
    }
}

/// Whether what was read is a path.
constexpr bool isPath(std::uint8_t state, Direction direction = Direction::kForward) {
    return state == kURoot || state == (direction == Direction::kForward ? kUName : kUSlash);
}

/// The same for a whole string, with the bound on its length.
constexpr bool isPath(std::string_view text, Universe universe) {
    std::uint8_t state = kUStart;
    for (const char c : text) {
        if (c == '\0') {
            return false;
        }
        state = universeStep(state, c, universe);
    }
    return text.size() <= kMaxPathBytes && isPath(state);
}

} // namespace landlatch::match
