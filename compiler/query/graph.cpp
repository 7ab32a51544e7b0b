// SPDX-License-Identifier: Apache-2.0
// The picture drawn: boxes in two columns, each ruleset beside the middle of the rules that lead to it as far as there
// is room, and a curve for each line.
#include "compiler/query/graph.h"

#include "compiler/query/graph_model.h"
#include "compiler/query/xml.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace landlatch::query {

namespace {

std::string dotText(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return out;
}

std::string dotNode(std::string_view name, const GraphNode& node) {
    std::string label = dotText(node.title) + "\\l";
    for (const std::string& line : node.lines) {
        label += dotText(line) + "\\l";
    }
    return fmt::format("  {} [label=\"{}\"{}];\n", name, label, node.bad ? ", color=red" : "");
}

std::string edgeWords(const GraphEdge& edge) {
    std::string words;
    const auto add = [&](const char* word, bool is) {
        words += is ? (words.empty() ? "" : ", ") + std::string(word) : "";
    };
    add("always", edge.always);
    add("nnp", edge.nnp);
    add("audit", edge.audit);
    return words;
}

constexpr int kLine = 16;
constexpr int kPad = 8;
constexpr int kGap = 14;
constexpr int kMargin = 20;
constexpr int kBetween = 260; ///< of the columns
constexpr double kChar = 7.3; ///< width of a character at 12 px, monospaced
/// Told apart on white, by people who don't see red and green as two as well (Okabe and Ito).
constexpr std::array<std::string_view, 7> kColours = {"#0072b2", "#e69f00", "#009e73", "#cc79a7",
                                                      "#56b4e9", "#8c6d1f", "#555555"};
constexpr std::string_view kBad = "#d55e00";

struct Placed {
    int y = 0;
    int height = 0;
    [[nodiscard]] int middle() const { return y + height / 2; }
};

class Drawing {
public:
    explicit Drawing(const GraphModel& model) : model_(model) {}

    std::string svg() {
        left_width_ = widthOf(model_.left);
        right_width_ = widthOf(model_.right);
        placeLeft();
        placeRight();
        int bottom = 0;
        for (const auto* column : {&left_, &right_}) {
            for (const Placed& one : *column) {
                bottom = std::max(bottom, one.y + one.height);
            }
        }
        const int width = rightX() + right_width_ + kMargin;
        out_ = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
                           "viewBox=\"0 0 {0} {1}\" font-family=\"monospace\" font-size=\"12\">\n"
                           "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
                           width, bottom + kMargin);
        for (std::size_t i = 0; i < model_.edges.size(); ++i) {
            edge(model_.edges[i]);
        }
        for (std::size_t i = 0; i < left_.size(); ++i) {
            box(model_.left[i], left_[i], kMargin, left_width_, "#333333");
        }
        for (std::size_t i = 0; i < right_.size(); ++i) {
            box(model_.right[i], right_[i], rightX(), right_width_, colourOf(i));
        }
        return out_ + "</svg>\n";
    }

private:
    static int widthOf(const std::vector<GraphNode>& nodes) {
        std::size_t longest = 12;
        for (const GraphNode& node : nodes) {
            longest = std::max(longest, node.title.size());
            for (const std::string& line : node.lines) {
                longest = std::max(longest, line.size());
            }
        }
        return static_cast<int>(static_cast<double>(longest) * kChar) + 2 * kPad;
    }
    static int heightOf(const GraphNode& node) {
        return static_cast<int>(node.lines.size() + 1) * kLine + 2 * kPad - 4;
    }
    [[nodiscard]] int rightX() const { return kMargin + left_width_ + kBetween; }
    [[nodiscard]] std::string_view colourOf(std::size_t right) const {
        return model_.right[right].bad ? kBad : kColours[right % kColours.size()];
    }

    void placeLeft() {
        int y = kMargin;
        for (const GraphNode& node : model_.left) {
            left_.push_back({y, heightOf(node)});
            y += left_.back().height + kGap;
        }
    }

    /// Each at the middle of what leads to it, pushed down by the one above; then all up again where they hang over.
    void placeRight() {
        struct Wish {
            std::size_t node;
            int middle;
        };
        std::vector<Wish> wishes;
        for (std::size_t i = 0; i < model_.right.size(); ++i) {
            int sum = 0;
            int count = 0;
            for (const GraphEdge& edge : model_.edges) {
                if (edge.to == i) {
                    sum += left_[edge.from].middle();
                    ++count;
                }
            }
            wishes.push_back({i, count == 0 ? 0 : sum / count});
        }
        std::stable_sort(wishes.begin(), wishes.end(),
                         [](const Wish& a, const Wish& b) { return a.middle < b.middle; });
        right_.resize(model_.right.size());
        int y = kMargin;
        for (const Wish& wish : wishes) {
            Placed& placed = right_[wish.node];
            placed.height = heightOf(model_.right[wish.node]);
            placed.y = std::max(y, wish.middle - placed.height / 2);
            y = placed.y + placed.height + kGap;
        }
        int bottom = left_.empty() ? y : left_.back().y + left_.back().height;
        for (auto wish = wishes.rbegin(); wish != wishes.rend(); ++wish) {
            Placed& placed = right_[wish->node];
            if (placed.y + placed.height > bottom) {
                placed.y = std::max(kMargin, bottom - placed.height);
            }
            bottom = placed.y - kGap;
        }
        // Where there isn't that much room, from the top down.
        y = kMargin;
        for (const Wish& wish : wishes) {
            right_[wish.node].y = std::max(y, right_[wish.node].y);
            y = right_[wish.node].y + right_[wish.node].height + kGap;
        }
    }

    void edge(const GraphEdge& edge) {
        const int x1 = kMargin + left_width_;
        const int x2 = rightX();
        const int y1 = left_[edge.from].middle();
        const int y2 = right_[edge.to].middle();
        const int half = kBetween / 2;
        const std::string_view dash = edge.audit ? " stroke-dasharray=\"2 4\"" : "";
        out_ +=
            fmt::format("<path d=\"M{} {} C{} {} {} {} {} {}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}/>\n",
                        x1, y1, x1 + half, y1, x2 - half, y2, x2, y2, colourOf(edge.to), edge.always ? 3.5 : 1.5, dash);
        if (const std::string words = edgeWords(edge); !words.empty()) {
            out_ += fmt::format("<text x=\"{}\" y=\"{}\" fill=\"{}\" font-size=\"11\">{}</text>\n", x1 + 6, y1 - 4,
                                colourOf(edge.to), words);
        }
    }

    void box(const GraphNode& node, const Placed& at, int x, int width, std::string_view colour) {
        out_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\" fill=\"white\" stroke=\"{}\" "
                            "stroke-width=\"1.5\"/>\n",
                            x, at.y, width, at.height, colour);
        int y = at.y + kPad + 10;
        out_ += fmt::format("<text x=\"{}\" y=\"{}\" font-weight=\"bold\">{}</text>\n", x + kPad, y, xml(node.title));
        for (const std::string& line : node.lines) {
            y += kLine;
            out_ += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", x + kPad, y, xml(line));
        }
    }

    const GraphModel& model_;
    std::vector<Placed> left_;
    std::vector<Placed> right_;
    int left_width_ = 0;
    int right_width_ = 0;
    std::string out_;
};

} // namespace

std::string graphDot(const ir::Policy& policy, const SourceManager& sources) {
    const GraphModel model = graphModel(policy, sources);
    std::string out =
        "digraph policy {\n  rankdir=LR;\n  ranksep=2;\n  node [shape=box, fontname=\"monospace\", fontsize=11];\n"
        "  edge [fontname=\"monospace\", fontsize=10];\n";
    for (std::size_t i = 0; i < model.left.size(); ++i) {
        out += dotNode(fmt::format("rule{}", i), model.left[i]);
    }
    for (std::size_t i = 0; i < model.right.size(); ++i) {
        out += dotNode(fmt::format("target{}", i), model.right[i]);
    }
    for (const GraphEdge& edge : model.edges) {
        const std::string words = edgeWords(edge);
        out += fmt::format("  rule{} -> target{}{};\n", edge.from, edge.to,
                           words.empty() ? "" : fmt::format(" [label=\"{}\"]", words));
    }
    return out + "}\n";
}

std::string graphSvg(const ir::Policy& policy, const SourceManager& sources) {
    const GraphModel model = graphModel(policy, sources);
    return Drawing(model).svg();
}

} // namespace landlatch::query
