// SPDX-License-Identifier: Apache-2.0
#include "compiler/driver/describe.h"

#include "compiler/diag/diagnostic.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace landlatch::driver {

std::optional<std::string_view> page(std::string_view code) {
    const auto same = [](char a, char b) { return a == std::toupper(static_cast<unsigned char>(b)); };
    for (const Page& page : pages()) {
        if (std::equal(page.code.begin(), page.code.end(), code.begin(), code.end(), same)) {
            return page.text;
        }
    }
    return std::nullopt;
}

std::string listOfCodes() {
    std::string out;
    for (const diag::Info& info : diag::allInfos()) {
        const std::string_view severity = info.severity == diag::Severity::kError ? "error" : "warning";
        out += fmt::format("{}  {:7}  {}\n", info.code, severity, info.text);
    }
    return out;
}

} // namespace landlatch::driver
