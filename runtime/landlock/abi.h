// SPDX-License-Identifier: Apache-2.0
// The one table of Landlock's ABIs 1 to 11: every right, its bit, since when, and where it may stand.
// Source: include/uapi/linux/landlock.h and Documentation/userspace-api/landlock.rst of Linux 5.13 to 7.3.
// Self-contained: Debian 12's own header knows ABI 2 only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace landlatch::abi {

inline constexpr std::uint32_t kFirst = 1;
inline constexpr std::uint32_t kLatest = 11;

enum class Category : std::uint8_t { kFs, kTcp, kUdp, kScope, kLog };

/// Where an fs right may stand in a rule.
enum class Place : std::uint8_t { kNone, kDirectory, kAny };

struct Right {
    std::string_view name; ///< as policies spell it; net rights "tcp connect"
    Category category;
    std::uint8_t bit;  ///< in its category's kernel mask (tcp and udp share the net mask; log: restrict_self flag)
    std::uint32_t abi; ///< first ABI that knows it
    Place place;       ///< fs only
    std::string_view meaning; ///< one line for hover texts
};

inline constexpr std::array<Right, 27> kRights = {{
    {"execute", Category::kFs, 0, 1, Place::kAny, "execute a file"},
    {"write_file", Category::kFs, 1, 1, Place::kAny, "open a file for writing"},
    {"read_file", Category::kFs, 2, 1, Place::kAny, "open a file for reading"},
    {"read_dir", Category::kFs, 3, 1, Place::kDirectory, "open a directory or list its content"},
    {"remove_dir", Category::kFs, 4, 1, Place::kDirectory, "remove an empty directory or rename one"},
    {"remove_file", Category::kFs, 5, 1, Place::kDirectory, "unlink or rename a file"},
    {"make_char", Category::kFs, 6, 1, Place::kDirectory, "create, rename or link a character device"},
    {"make_dir", Category::kFs, 7, 1, Place::kDirectory, "create or rename a directory"},
    {"make_reg", Category::kFs, 8, 1, Place::kDirectory, "create, rename or link a regular file"},
    {"make_sock", Category::kFs, 9, 1, Place::kDirectory, "create, rename or link a UNIX domain socket"},
    {"make_fifo", Category::kFs, 10, 1, Place::kDirectory, "create, rename or link a named pipe"},
    {"make_block", Category::kFs, 11, 1, Place::kDirectory, "create, rename or link a block device"},
    {"make_sym", Category::kFs, 12, 1, Place::kDirectory, "create, rename or link a symbolic link"},
    {"refer", Category::kFs, 13, 2, Place::kDirectory, "link or rename a file from or to another directory"},
    {"truncate", Category::kFs, 14, 3, Place::kAny, "truncate a file"},
    {"ioctl_dev", Category::kFs, 15, 5, Place::kAny, "use ioctl on a character or block device"},
    {"resolve_unix", Category::kFs, 16, 9, Place::kAny, "look up a pathname UNIX domain socket to connect or send"},
    {"tcp bind", Category::kTcp, 0, 4, Place::kNone, "bind a TCP socket to a local port"},
    {"tcp connect", Category::kTcp, 1, 4, Place::kNone, "connect a TCP socket to a remote port"},
    {"udp bind", Category::kUdp, 2, 10, Place::kNone, "bind a UDP socket to a local port"},
    {"udp connect", Category::kUdp, 3, 10, Place::kNone, "connect a UDP socket or send to a remote port"},
    {"abstract_unix_socket", Category::kScope, 0, 6, Place::kNone,
     "connect to an abstract UNIX socket made outside the domain"},
    {"signal", Category::kScope, 1, 6, Place::kNone, "send a signal to a process outside the domain"},
    {"same_exec", Category::kLog, 0, 7, Place::kNone,
     "log denials of the program that restricts itself (on by default)"},
    {"new_exec", Category::kLog, 1, 7, Place::kNone, "log denials after a further exec (off by default)"},
    {"subdomains", Category::kLog, 2, 7, Place::kNone, "log denials of nested domains (on by default)"},
    {"quiet", Category::kLog, 63, 10, Place::kNone, "keep chosen denials out of the audit log"},
}};

inline constexpr std::uint64_t kRefer = 1ULL << 13;
/// Rights that a rule on a non-directory may grant; others give EINVAL.
inline constexpr std::uint64_t kFileRights =
    (1ULL << 0) | (1ULL << 1) | (1ULL << 2) | (1ULL << 14) | (1ULL << 15) | (1ULL << 16);

/// The masks a kernel of this ABI knows.
struct Masks {
    std::uint64_t fs = 0;
    std::uint64_t net = 0;
    std::uint64_t scoped = 0;
};
constexpr Masks known(std::uint32_t abi) {
    Masks masks;
    for (const Right& right : kRights) {
        if (right.abi > abi) {
            continue;
        }
        switch (right.category) {
        case Category::kFs:
            masks.fs |= 1ULL << right.bit;
            break;
        case Category::kTcp:
        case Category::kUdp:
            masks.net |= 1ULL << right.bit;
            break;
        case Category::kScope:
            masks.scoped |= 1ULL << right.bit;
            break;
        case Category::kLog:
            break;
        }
    }
    return masks;
}

/// The first Linux release of each ABI, index 0 unused.
inline constexpr std::array<std::string_view, kLatest + 1> kLinuxRelease = {
    "", "5.13", "5.19", "6.2", "6.7", "6.10", "6.12", "6.15", "7.0", "7.1", "7.2", "7.3"};

/// Names for several rights at once.
struct Group {
    std::string_view name;
    std::uint64_t fs;
    std::string_view meaning;
};
inline constexpr std::array<Group, 6> kGroups = {{
    {"read", (1ULL << 2) | (1ULL << 3), "read_file, read_dir"},
    {"write", (1ULL << 1) | (1ULL << 14), "write_file, truncate"},
    {"create", (1ULL << 8) | (1ULL << 7) | (1ULL << 12) | (1ULL << 10) | (1ULL << 9),
     "make_reg, make_dir, make_sym, make_fifo, make_sock"},
    {"remove", (1ULL << 5) | (1ULL << 4), "remove_file, remove_dir"},
    {"devices", (1ULL << 6) | (1ULL << 11), "make_char, make_block"},
    {"all", (1ULL << 17) - 1, "every filesystem right of the vocabulary"},
}};

} // namespace landlatch::abi
