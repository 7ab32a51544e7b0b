// SPDX-License-Identifier: Apache-2.0
#include "compiler/query/links.h"

#include <algorithm>

namespace landlatch::query {

namespace {

constexpr int kMaxFollowed = 40; // MAXSYMLINKS

/// `path` without ".", ".." and repeated slashes, as if no component were a link.
std::string normalised(const std::string& path) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin < path.size()) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string part = path.substr(begin, end - begin);
        if (part == ".." && !parts.empty()) {
            parts.pop_back();
        } else if (part != ".." && part != "." && !part.empty()) {
            parts.push_back(part);
        }
        begin = end + 1;
    }
    std::string out;
    for (const std::string& part : parts) {
        out += "/" + part;
    }
    return out.empty() ? "/" : out;
}

/// `path`, which is at or below `from`, moved to `to`.
std::string moved(const std::string& path, const std::string& from, const std::string& to) {
    const std::string rest = from == "/" ? (path == "/" ? "" : path) : path.substr(from.size());
    return (to == "/" && !rest.empty() ? "" : to) + rest;
}

} // namespace

std::vector<std::string> waysTo(const std::string& path) {
    std::vector<std::string> ways = {"/"};
    for (std::size_t slash = path.find('/', 1); path.size() > 1; slash = path.find('/', slash + 1)) {
        ways.push_back(path.substr(0, slash));
        if (slash == std::string::npos) {
            break;
        }
    }
    return ways;
}

bool isAtOrBelow(const std::string& path, const std::string& directory) {
    return directory == "/" || path == directory ||
           (path.size() > directory.size() && path.starts_with(directory) && path[directory.size()] == '/');
}

void Links::add(const std::string& link, const std::string& target) {
    const std::string directory = link.substr(0, link.rfind('/'));
    links_.emplace_back(link, normalised(target.starts_with('/') ? target : directory + "/" + target));
}

bool Links::isLink(const std::string& path) const {
    const std::size_t slash = path.rfind('/');
    const std::string directory = resolve(path.substr(0, std::max<std::size_t>(slash, 1)));
    const std::string place = (directory == "/" ? "" : directory) + path.substr(slash);
    return std::any_of(links_.begin(), links_.end(), [&](const auto& link) { return link.first == place; });
}

std::string Links::resolve(const std::string& path) const {
    std::string now = path;
    for (int followed = 0; followed < kMaxFollowed; ++followed) {
        // The link nearest to the root is met first.
        const std::pair<std::string, std::string>* first = nullptr;
        for (const auto& link : links_) {
            if (isAtOrBelow(now, link.first) && (first == nullptr || link.first.size() < first->first.size())) {
                first = &link;
            }
        }
        if (first == nullptr) {
            break;
        }
        now = moved(now, first->first, first->second);
    }
    return now;
}

std::vector<std::string> Links::namesOf(const std::string& path) const {
    std::vector<std::string> names = {path};
    for (std::size_t i = 0; i < names.size() && names.size() < kMaxNames; ++i) {
        const std::string name = names[i]; // `names` grows
        for (const auto& [link, target] : links_) {
            if (!isAtOrBelow(name, target)) {
                continue;
            }
            std::string other = moved(name, target, link);
            if (other.size() <= 4095 && std::find(names.begin(), names.end(), other) == names.end()) {
                names.push_back(std::move(other));
            }
        }
    }
    return names;
}

} // namespace landlatch::query
