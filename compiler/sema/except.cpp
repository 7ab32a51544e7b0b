// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/except.h"

#include <algorithm>

namespace landlatch::sema {

namespace {

/// The component's end: the next `/` outside of braces and classes, or the text's end.
std::size_t componentEnd(const std::string& text, std::size_t begin, bool is_glob) {
    if (!is_glob) {
        return std::min(text.find('/', begin), text.size());
    }
    std::size_t depth = 0;
    bool in_class = false;
    for (std::size_t i = begin; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\') {
            ++i;
        } else if (in_class) {
            in_class = c != ']';
        } else if (c == '[') {
            in_class = true;
        } else if (c == '{') {
            ++depth;
        } else if (c == '}' && depth > 0) {
            --depth;
        } else if (c == '/' && depth == 0) {
            return i;
        }
    }
    return text.size();
}

/// Whether a component's glob can match a `/`.
bool crosses(const glob::Sequence& sequence) {
    return std::any_of(sequence.begin(), sequence.end(), [](const glob::Node& node) {
        return node.kind == glob::Node::Kind::kDoubleStar || node.literal.find('/') != std::string::npos ||
               std::any_of(node.alternatives.begin(), node.alternatives.end(), crosses);
    });
}

void cutText(const std::string& text, bool is_glob, Steps& out) {
    std::size_t begin = 0;
    while (begin < text.size() && !out.open) {
        if (text[begin] == '/') {
            ++begin;
            continue;
        }
        const std::size_t end = componentEnd(text, begin, is_glob);
        Step step{text.substr(begin, end - begin), {}, true};
        begin = end;
        if (is_glob) {
            Result<glob::Sequence> parsed = glob::parse(step.text);
            if (!parsed || crosses(*parsed)) {
                out.open = true;
                return;
            }
            step.literal = glob::isLiteral(*parsed);
            if (step.literal) {
                step.text = glob::literalText(*parsed);
            } else {
                step.glob = std::move(*parsed);
            }
        }
        out.bytes += step.text.size();
        out.steps.push_back(std::move(step));
    }
}

Answer meet(const Step& a, const Step& b) {
    if (a.literal && b.literal) {
        return a.text == b.text ? Answer::kYes : Answer::kNo;
    }
    if (a.literal || b.literal) {
        const bool match = a.literal ? glob::matches(b.glob, a.text) : glob::matches(a.glob, b.text);
        return match ? Answer::kYes : Answer::kNo;
    }
    return a.text == b.text || a.text == "*" || b.text == "*" ? Answer::kYes : Answer::kMaybe;
}

} // namespace

Steps cut(const ir::PathTemplate& path, bool is_glob) {
    Steps out;
    for (const ir::PathPiece& piece : path.pieces) {
        if (piece.param) {
            out.root = piece.param;
        } else {
            cutText(piece.text, is_glob, out);
        }
    }
    return out;
}

std::size_t comparisonCost(const Steps& a, const Steps& b) {
    const auto literal = [](const Steps& steps) {
        return std::all_of(steps.steps.begin(), steps.steps.end(), [](const Step& step) { return step.literal; });
    };
    return literal(a) && literal(b) ? a.bytes + b.bytes + 1 : a.bytes * b.bytes + 1;
}

Answer atOrAbove(const Steps& above, const Steps& below) {
    if (above.steps.empty() && !above.open && !above.root) {
        return Answer::kYes; // "/"
    }
    if (above.root != below.root) {
        return Answer::kMaybe;
    }
    Answer answer = Answer::kYes;
    for (std::size_t i = 0; i < above.steps.size(); ++i) {
        if (i == below.steps.size()) {
            return below.open ? Answer::kMaybe : Answer::kNo;
        }
        answer = std::min(answer, meet(above.steps[i], below.steps[i]));
        if (answer == Answer::kNo) {
            return answer;
        }
    }
    return above.open ? Answer::kMaybe : answer;
}

bool includes(const Steps& outer, const Steps& inner) {
    if (outer.open || outer.root != inner.root || outer.steps.size() > inner.steps.size()) {
        return false;
    }
    for (std::size_t i = 0; i < outer.steps.size(); ++i) {
        const Step& o = outer.steps[i];
        const Step& n = inner.steps[i];
        const bool same = o.literal == n.literal && o.text == n.text;
        const bool wider = !o.literal && (o.text == "*" || (n.literal && glob::matches(o.glob, n.text)));
        if (!same && !wider) {
            return false;
        }
    }
    return true;
}

} // namespace landlatch::sema
