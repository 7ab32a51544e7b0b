// SPDX-License-Identifier: Apache-2.0
// Text to AST. The only layer that knows ANTLR. Never throws, never recurses without a bound.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/support/source.h"

namespace landlatch::syntax {

/// A policy file is at most this long; sema reads no more.
inline constexpr std::size_t kMaxFileBytes = 64UL * 1024 * 1024;
/// Conditions nest in parentheses at most this deep.
inline constexpr std::size_t kMaxNesting = 64;

/// Parses one buffer. Reports E01xx. Statements that don't parse are left out; parsing goes on at the next one, and
/// after 100 syntax errors stops. An LLVM IR file is recognised and refused with a diagnostic of its own.
ast::File parse(const SourceManager& sources, FileId file, diag::Sink& sink);

} // namespace landlatch::syntax
