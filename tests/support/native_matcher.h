// SPDX-License-Identifier: Apache-2.0
// Runs an object's program ll_match in this kernel: the BPF matcher natively, without an exec. Needs root and a kernel
// that lets it load BPF programs of type syscall.
#pragma once

#include "bpf-templates/gate.h"
#include "runtime/base/result.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace landlatch::testing {

/// What the kernel counted of a program while bpf_enable_stats was on.
struct RunTime {
    std::uint64_t nanoseconds = 0;
    std::uint64_t runs = 0;
};

class NativeMatcher {
public:
    /// Loads the program of `object` (its bytes), with the ids of the policy's users and groups in their order.
    static Result<NativeMatcher> load(const std::string& object, const std::vector<std::uint32_t>& users = {},
                                      const std::vector<std::uint32_t>& groups = {}, std::string* log = nullptr) {
        NativeMatcher matcher;
        matcher.object_.reset(bpf_object__open_mem(object.data(), object.size(), nullptr));
        if (libbpf_get_error(matcher.object_.get()) != 0) {
            (void)matcher.object_.release();
            return errnoError("bpf_object__open_mem");
        }
        bpf_program* program = nullptr;
        bpf_object__for_each_program(program, matcher.object_.get()) {
            const bool wanted = std::string(bpf_program__name(program)) == "ll_match";
            bpf_program__set_autoload(program, wanted);
            if (wanted && log != nullptr) {
                log->resize(16U << 20U);
                bpf_program__set_log_buf(program, log->data(), log->size());
                bpf_program__set_log_level(program, 4);
            }
        }
        bpf_map* map = nullptr;
        bpf_object__for_each_map(map, matcher.object_.get()) {
            const std::string name = bpf_map__name(map);
            // Only what ll_match uses; the others take megabytes.
            bpf_map__set_autocreate(map, name == "ll_buffers" || name == "ll_users" || name == "ll_groups" ||
                                             bpf_map__is_internal(map));
        }
        if (const int error = bpf_object__load(matcher.object_.get()); error != 0) {
            return errnoError("bpf_object__load", -error);
        }
        Result<void> done = matcher.fill("ll_users", users, 1);
        if (done) {
            done = matcher.fill("ll_groups", groups, 0);
        }
        if (!done) {
            return done.error();
        }
        matcher.program_ = bpf_program__fd(bpf_object__find_program_by_name(matcher.object_.get(), "ll_match"));
        return matcher;
    }

    /// Decides; the outcome is in the context.
    Result<void> run(ll_match_context& context) const {
        LIBBPF_OPTS(bpf_test_run_opts, options);
        options.ctx_in = &context; // this kind of program writes its results back there
        options.ctx_size_in = sizeof(context);
        if (const int error = bpf_prog_test_run_opts(program_, &options); error != 0) {
            return errnoError("bpf_prog_test_run_opts", -error);
        }
        if (options.retval != 0) {
            return Error{EIO, "ll_match returned " + std::to_string(static_cast<int>(options.retval))};
        }
        return {};
    }

    [[nodiscard]] Result<RunTime> runTime() const {
        bpf_prog_info info{};
        std::uint32_t size = sizeof(info);
        if (const int error = bpf_obj_get_info_by_fd(program_, &info, &size); error != 0) {
            return errnoError("bpf_obj_get_info_by_fd", -error);
        }
        return RunTime{info.run_time_ns, info.run_cnt};
    }

private:
    NativeMatcher() : object_(nullptr, bpf_object__close) {}

    Result<void> fill(const char* name, const std::vector<std::uint32_t>& ids, std::uint32_t first) {
        const bpf_map* map = bpf_object__find_map_by_name(object_.get(), name);
        for (std::uint32_t i = 0; map != nullptr && i < ids.size(); ++i) {
            const std::uint32_t value = first + i;
            if (const int error = bpf_map__update_elem(map, &ids[i], sizeof(ids[i]), &value, sizeof(value), BPF_ANY);
                error != 0) {
                return errnoError(name, -error);
            }
        }
        return {};
    }

    std::unique_ptr<bpf_object, void (*)(bpf_object*)> object_;
    int program_ = -1;
};

} // namespace landlatch::testing
