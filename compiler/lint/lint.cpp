// SPDX-License-Identifier: Apache-2.0
#include "compiler/lint/lint.h"

namespace landlatch::lint {

void check(const Input& input, diag::Sink& sink) {
    checkNames(input, sink);
    checkGrants(input, sink);
    checkRules(input, sink);
    checkHost(input, sink);
}

std::string shownRule(const ir::Rule& rule) { return rule.name.empty() ? "this rule" : "rule `" + rule.name + "`"; }

const std::vector<std::string>& worldWritable() {
    static const std::vector<std::string> directories = {"/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock"};
    return directories;
}

bool isWithin(std::string_view path, std::string_view directory) {
    return directory == "/" || path == directory ||
           (path.starts_with(directory) && path.substr(directory.size()).starts_with('/'));
}

} // namespace landlatch::lint
