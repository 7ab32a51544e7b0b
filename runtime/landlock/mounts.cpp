// SPDX-License-Identifier: Apache-2.0
#include "runtime/landlock/mounts.h"

#include <array>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace landlatch::landlock {
namespace {

constexpr std::size_t kMaxBytes = 64UL << 20;

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

/// "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": the first five fields.
Result<Mount> parseLine(std::string_view line) {
    std::array<std::string_view, 5> fields;
    std::string_view rest = line;
    for (std::string_view& field : fields) {
        const std::size_t end = rest.find(' ');
        if (end == std::string_view::npos || end == 0) {
            return Error{EINVAL, fmt::format("mountinfo: '{}' is not understood", line)};
        }
        field = rest.substr(0, end);
        rest.remove_prefix(end + 1);
    }
    Mount mount;
    const char* last = fields[0].data() + fields[0].size();
    if (std::from_chars(fields[0].data(), last, mount.id).ptr != last) {
        return Error{EINVAL, fmt::format("mountinfo: '{}' is not understood", line)};
    }
    mount.device = fields[2];
    mount.root = unescape(fields[3]);
    mount.point = unescape(fields[4]);
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
