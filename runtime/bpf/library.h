// SPDX-License-Identifier: Apache-2.0
// libbpf's objects as RAII, and its messages as text. Internal to runtime/bpf.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch::bpf {

struct LinkDeleter {
    void operator()(bpf_link* link) const { ::bpf_link__destroy(link); }
};
using Link = std::unique_ptr<bpf_link, LinkDeleter>;

struct ObjectDeleter {
    void operator()(bpf_object* object) const { ::bpf_object__close(object); }
};
using Object = std::unique_ptr<bpf_object, ObjectDeleter>;

struct RingDeleter {
    void operator()(ring_buffer* ring) const { ::ring_buffer__free(ring); }
};
using Ring = std::unique_ptr<ring_buffer, RingDeleter>;

/// Collects what libbpf prints on this thread while it lives; else libbpf is silent.
class Messages {
public:
    Messages();
    ~Messages();
    Messages(const Messages&) = delete;
    Messages& operator=(const Messages&) = delete;
    /// `what`, the errno text, and the last lines of libbpf's own words.
    [[nodiscard]] Error error(std::string_view what, int code) const;

private:
    std::string text_;
};

/// Gives each of the maps `names` that `object` has an entry for as many tasks as this machine can have
/// (kernel.threads-max, kernel.pid_max), and never less than it declares or more than a million. Before it is loaded.
Result<void> sizeByTasks(bpf_object* object, std::initializer_list<const char*> names);

/// Makes `folder`, root's alone, on a bpf file system. Names there have no dots: the kernel keeps those for itself.
Result<void> makePinFolder(const std::string& folder);
/// The map `name` of the program whose link is pinned at `path`; none where there is no such.
UniqueFd mapOfLink(const std::string& path, std::string_view name);
/// Folders below `root` whose names begin with `prefix`, as paths.
std::vector<std::string> pinFolders(const std::string& root, std::string_view prefix);
/// Unlinks all files of `folder` and the folder. Fine where there is none.
Result<void> removePinFolder(const std::string& folder);

} // namespace landlatch::bpf
