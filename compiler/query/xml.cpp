// SPDX-License-Identifier: Apache-2.0
#include "compiler/query/xml.h"

#include "compiler/diag/render.h"

namespace landlatch::query {

std::string xml(std::string_view text) {
    std::string out;
    for (const char c : diag::printable(text)) {
        switch (c) {
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '&':
            out += "&amp;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

} // namespace landlatch::query
