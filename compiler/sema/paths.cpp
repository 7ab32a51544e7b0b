// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/paths.h"

#include "runtime/glob/glob.h"

#include <algorithm>

namespace landlatch::sema {

namespace {

/// `text` with a plain component for each param, to judge its shape.
std::string shapeOf(const ir::PathTemplate& path) {
    std::string shape;
    for (const ir::PathPiece& piece : path.pieces) {
        shape += piece.param ? "/p" : piece.text;
    }
    return shape;
}

/// A param's value is a whole absolute path: it starts the path, and what follows starts a component.
bool paramsStandRight(const Text& text, Context& context) {
    for (std::size_t i = 0; i < text.pieces.size(); ++i) {
        if (!text.pieces[i].param) {
            continue;
        }
        if (i > 0) {
            context.report(diag::Id::kParamJoined, text.span, {"starts a path; nothing can stand before it"});
            return false;
        }
        if (text.pieces.size() > 1 && (text.pieces[1].param || !text.pieces[1].text.starts_with('/'))) {
            context.report(diag::Id::kParamJoined, text.span, {"is a whole path; only `/` can follow it"});
            return false;
        }
    }
    return true;
}

bool shapeIsCanonical(const ir::PathTemplate& path, Context& context) {
    const std::string shape = shapeOf(path);
    if (const std::string_view problem = canonicalProblem(shape); !problem.empty()) {
        context.report(diag::Id::kPathNotCanonical, path.span, {shape, std::string(problem)});
        return false;
    }
    return true;
}

bool hasDoubleStar(const glob::Sequence& sequence) {
    return std::any_of(sequence.begin(), sequence.end(), [](const glob::Node& node) {
        return node.kind == glob::Node::Kind::kDoubleStar ||
               std::any_of(node.alternatives.begin(), node.alternatives.end(), hasDoubleStar);
    });
}

} // namespace

std::string_view canonicalProblem(std::string_view path) {
    if (path.empty()) {
        return "is empty";
    }
    if (path.front() != '/') {
        return "is not absolute";
    }
    if (path.size() > kMaxPathBytes) {
        return "is longer than 4095 bytes";
    }
    if (path.find('\0') != std::string_view::npos) {
        return "holds a NUL byte";
    }
    if (path == "/") {
        return {};
    }
    if (path.back() == '/') {
        return "ends in `/`";
    }
    for (std::size_t begin = 1; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view component = path.substr(begin, end - begin);
        if (component.empty()) {
            return "holds `//`";
        }
        if (component == "." || component == "..") {
            return "holds a `.` or `..` component";
        }
        begin = end + 1;
    }
    return {};
}

std::optional<ir::PathTemplate> literalPath(const Text& text, std::string_view after, Context& context) {
    if (!paramsStandRight(text, context)) {
        return std::nullopt;
    }
    ir::PathTemplate path;
    path.span = text.span;
    for (const ir::PathPiece& piece : text.pieces) {
        if (piece.param) {
            path.pieces.push_back(piece);
            continue;
        }
        const Result<glob::Sequence> parsed = glob::parse(piece.text);
        if (!parsed) {
            context.report(diag::Id::kBadGlob, text.span, {parsed.error().message});
            return std::nullopt;
        }
        if (!glob::isLiteral(*parsed)) {
            context.report(diag::Id::kGlobNotAllowed, text.span, {std::string(after)})
                .help("a `\\` before the character takes its meaning away");
            return std::nullopt;
        }
        path.pieces.push_back({std::nullopt, glob::literalText(*parsed)});
    }
    return shapeIsCanonical(path, context) ? std::optional(std::move(path)) : std::nullopt;
}

std::optional<ir::PathTemplate> globPath(const Text& text, bool allow_double_star, Context& context) {
    if (!paramsStandRight(text, context)) {
        return std::nullopt;
    }
    ir::PathTemplate path;
    path.span = text.span;
    for (const ir::PathPiece& piece : text.pieces) {
        if (!piece.param) {
            const Result<glob::Sequence> parsed = glob::parse(piece.text);
            if (!parsed) {
                context.report(diag::Id::kBadGlob, text.span, {parsed.error().message});
                return std::nullopt;
            }
            if (!allow_double_star && hasDoubleStar(*parsed)) {
                context.report(diag::Id::kDoubleStarInExcept, text.span)
                    .help("`*` stands for one component; name the levels that hold exceptions");
                return std::nullopt;
            }
        }
        path.pieces.push_back(piece);
    }
    // A glob may begin with alternatives ('{/a,/b}/c'): judged where its text shows it.
    const std::string shape = shapeOf(path);
    if (!shape.starts_with('{') && !shapeIsCanonical(path, context)) {
        return std::nullopt;
    }
    return path;
}

std::optional<std::string> plainPath(const Text& text, std::string_view after, Context& context) {
    if (text.firstParam() != nullptr) {
        context.report(diag::Id::kParamNotAllowed, text.span, {std::string(after)});
        return std::nullopt;
    }
    const std::optional<ir::PathTemplate> path = literalPath(text, after, context);
    if (!path) {
        return std::nullopt;
    }
    return path->pieces.empty() ? std::string() : path->pieces[0].text;
}

} // namespace landlatch::sema
