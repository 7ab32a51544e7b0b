// SPDX-License-Identifier: Apache-2.0
#include "runtime/landlock/mounts.h"

#include <array>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace landlatch::landlock {
namespace {

constexpr std::size_t kMaxBytes = 64UL << 20;
constexpr long kFuseSuperMagic = 0x65735546;

/// Octal escapes of mountinfo: \040 is a blank.
std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        if (text[i] == '\\' && i + 3 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 4, value, 8).ptr == text.data() + i + 4) {
            out += static_cast<char>(value);
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// Takes the next field of `rest`, which ends at a blank or the line's end; empty when there is none.
std::string_view takeField(std::string_view& rest) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view field = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return field;
}

template <typename T> std::optional<T> parseNumber(std::string_view text) {
    T value{};
    const char* const first = text.data();
    const char* const last = first + text.size();
    const auto [end, code] = std::from_chars(first, last, value);
    return code == std::errc() && end == last ? std::optional(value) : std::nullopt;
}

/// "user_id=1000" of "rw,user_id=1000,group_id=1000".
std::optional<std::uint32_t> userOf(std::string_view options) {
    while (!options.empty()) {
        const std::size_t end = std::min(options.find(','), options.size());
        const std::string_view option = options.substr(0, end);
        if (option.starts_with("user_id=")) {
            return parseNumber<std::uint32_t>(option.substr(8));
        }
        options.remove_prefix(std::min(end + 1, options.size()));
    }
    return std::nullopt;
}

/// "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": five fields, any number of optional ones, "-",
/// type, source and options.
Result<Mount> parseLine(std::string_view line) {
    std::string_view rest = line;
    std::array<std::string_view, 6> fields;
    for (std::string_view& field : fields) {
        field = takeField(rest);
    }
    std::string_view separator = takeField(rest);
    while (!rest.empty() && separator != "-") {
        separator = takeField(rest);
    }
    const std::string_view type = takeField(rest);
    const auto id = parseNumber<std::uint64_t>(fields[0]);
    if (!id || fields[3].empty() || fields[4].empty() || separator != "-" || type.empty()) {
        return Error{EINVAL, fmt::format("mountinfo: '{}' is not understood", line)};
    }
    takeField(rest); // the source
    Mount mount{*id, std::string(fields[2]), unescape(fields[3]), unescape(fields[4]), std::string(type), {}};
    if (type == "fuse" || type == "fuseblk" || type.starts_with("fuse.")) {
        mount.server = userOf(takeField(rest));
    }
    return mount;
}

/// What follows `base` in `path`: "" for itself, "/x" below it, nothing elsewhere.
std::optional<std::string_view> below(std::string_view path, std::string_view base) {
    if (base == "/") {
        return path == "/" ? std::string_view() : path;
    }
    if (!path.starts_with(base)) {
        return std::nullopt;
    }
    const std::string_view rest = path.substr(base.size());
    return rest.empty() || rest.front() == '/' ? std::optional(rest) : std::nullopt;
}

std::string join(std::string_view base, std::string_view rest) {
    if (rest.empty()) {
        return std::string(base);
    }
    return (base == "/" ? std::string() : std::string(base)) + std::string(rest);
}

} // namespace

Result<std::vector<Mount>> parseMounts(std::string_view mountinfo) {
    std::vector<Mount> mounts;
    while (!mountinfo.empty()) {
        const std::size_t end = std::min(mountinfo.find('\n'), mountinfo.size());
        auto mount = parseLine(mountinfo.substr(0, end));
        if (!mount) {
            return mount.error();
        }
        mounts.push_back(*std::move(mount));
        mountinfo.remove_prefix(std::min(end + 1, mountinfo.size()));
    }
    return mounts;
}

Result<std::vector<Mount>> readMounts() {
    const UniqueFd fd(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
    if (!fd) {
        return errnoError("/proc/self/mountinfo");
    }
    std::string text;
    std::array<char, 16'384> buffer = {};
    while (true) {
        const ssize_t length = ::read(fd.get(), buffer.data(), buffer.size());
        if (length < 0 && errno == EINTR) {
            continue;
        }
        if (length < 0) {
            return errnoError("/proc/self/mountinfo");
        }
        if (length == 0) {
            return parseMounts(text);
        }
        text.append(buffer.data(), static_cast<std::size_t>(length));
        if (text.size() > kMaxBytes) {
            return errnoError("/proc/self/mountinfo", E2BIG);
        }
    }
}

std::vector<std::string> aliases(const std::vector<Mount>& mounts, std::uint64_t mount, std::string_view place) {
    const Mount* own = nullptr;
    for (const Mount& candidate : mounts) {
        own = candidate.id == mount ? &candidate : own;
    }
    const auto inside = own == nullptr ? std::nullopt : below(place, own->point);
    if (!inside) {
        return {};
    }
    const std::string within = join(own->root, *inside); // the place's path in its file system
    std::vector<std::string> paths;
    for (const Mount& other : mounts) {
        if (other.id == own->id || other.device != own->device) {
            continue;
        }
        if (const auto rest = below(within, other.root)) {
            paths.push_back(join(other.point, *rest));
        } else if (below(other.root, within)) {
            paths.push_back(other.point);
        }
    }
    return paths;
}

std::optional<std::string> distrustServer(const std::vector<Mount>& mounts, std::uint64_t mount, uid_t caller) {
    for (const Mount& one : mounts) {
        if (one.id != mount) {
            continue;
        }
        if (one.type == "virtiofs" || one.server == 0U || one.server == caller) {
            return std::nullopt;
        }
        return one.server ? fmt::format("uid {} runs the file system at {}", *one.server, one.point)
                          : fmt::format("who runs the file system at {} is not known", one.point);
    }
    return "who runs the file system is not known"; // another mount namespace
}

std::optional<std::string> distrustServer(const Spot& spot, uid_t caller) {
    struct statfs fs = {};
    if (::fstatfs(spot.fd.get(), &fs) != 0) {
        return "its file system does not answer";
    }
    if (fs.f_type != kFuseSuperMagic) {
        return std::nullopt;
    }
    const auto mounts = readMounts();
    const auto mount = mountOf(spot);
    if (!mounts || !mount) {
        return "who runs the file system is not known";
    }
    return distrustServer(*mounts, *mount, caller);
}

Result<std::uint64_t> mountOf(const Spot& spot) {
    struct statx status = {};
    if (::statx(spot.fd.get(), "", AT_EMPTY_PATH, STATX_MNT_ID, &status) != 0) {
        return errnoError(spot.path());
    }
    if ((status.stx_mask & STATX_MNT_ID) == 0) {
        return errnoError(spot.path(), EOPNOTSUPP);
    }
    return static_cast<std::uint64_t>(status.stx_mnt_id);
}

} // namespace landlatch::landlock
