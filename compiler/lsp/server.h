// SPDX-License-Identifier: Apache-2.0
// `llc lsp`: a language server over two file descriptors.
//
// Questions are answered at once, from the syntax trees of the document and its imports. The whole check, which for a
// large policy takes longer than a keystroke, runs in a child process on a copy of everything: it can be stopped when
// the text changes, and whatever happens to it, the server goes on.
#pragma once

#include <string>
#include <vector>

namespace landlatch::lsp {

struct Options {
    std::vector<std::string> include_dirs;
    std::string version; ///< of the server, for the editor's logs
};

/// Serves until `exit` or the end of the input. True when it was ended as the protocol wants: `shutdown`, then `exit`.
bool serve(int in, int out, const Options& options);

} // namespace landlatch::lsp
