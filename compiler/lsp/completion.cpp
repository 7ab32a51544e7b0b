// SPDX-License-Identifier: Apache-2.0
// What may be written at a place.
#include "compiler/lsp/features.h"
#include "compiler/lsp/tokens.h"
#include "compiler/syntax/keywords.h"
#include "runtime/landlock/abi.h"
#include "stdlib-policies/stdlib.h"

#include <algorithm>
#include <filesystem>

namespace landlatch::lsp {

namespace {

// Numbers of CompletionItemKind.
constexpr int kKeyword = 14;
constexpr int kVariable = 6;
constexpr int kClass = 7;
constexpr int kFunction = 3;
constexpr int kModule = 9;
constexpr int kFile = 17;
constexpr int kFolder = 19;
constexpr int kConstant = 21;

/// Of those that come from a directory.
constexpr std::size_t kMaxItems = 500;

class Completer {
public:
    explicit Completer(const Question& question)
        : question_(question), around_(surroundings(question.document.text, question.offset)),
          range_(rangeOf(question.document.text, around_.prefix_begin, question.offset, question.encoding)) {}

    Json run() {
        if (around_.in_comment) {
            return {{"isIncomplete", false}, {"items", Json::array()}};
        }
        if (around_.prefix.starts_with('$')) {
            variables();
        } else if (around_.head == "import" && around_.words.size() == 1) {
            imports();
        } else if (around_.prefix.starts_with('/') || around_.prefix.starts_with("\"/")) {
            paths();
        } else if (!around_.in_string) {
            words();
        }
        return {{"isIncomplete", incomplete_}, {"items", std::move(items_)}};
    }

private:
    /// Calls `each` with the entries of a directory, as long as there is room for items and the disk answers.
    template <class Each> void forEachEntry(const std::filesystem::path& directory, Each each) {
        std::error_code failed;
        std::filesystem::directory_iterator at(directory, std::filesystem::directory_options::skip_permission_denied,
                                               failed);
        for (; !failed && at != std::filesystem::directory_iterator(); at.increment(failed)) {
            if (items_.size() >= kMaxItems) {
                incomplete_ = true;
                return;
            }
            each(*at);
        }
    }

    void add(const std::string& text, int kind, const std::string& detail = "") {
        Json item = {{"label", text}, {"kind", kind}, {"textEdit", {{"range", range_}, {"newText", text}}}};
        if (!detail.empty()) {
            item["detail"] = detail;
        }
        items_.push_back(std::move(item));
    }
    void keywords(std::initializer_list<const char*> all) {
        for (const char* const word : all) {
            add(word, kKeyword);
        }
    }
    [[nodiscard]] bool wrote(std::initializer_list<const char*> any) const {
        return std::any_of(any.begin(), any.end(), [&](const char* word) {
            return std::find(around_.words.begin(), around_.words.end(), word) != around_.words.end();
        });
    }

    void names(ast::NameKind kind, int item_kind, const std::string& before, const std::string& after) {
        if (!question_.symbols.loaded()) {
            return;
        }
        for (std::size_t module = 0; module < question_.symbols.modules().size(); ++module) {
            std::string space;
            if (module > 0) {
                space = spaceOf(module);
                if (space.empty()) {
                    continue;
                }
                space += ".";
            }
            for (const ast::Declared& declared : question_.symbols.declared(module)) {
                const bool wanted =
                    declared.kind == kind || (kind == ast::NameKind::kLet && declared.kind == ast::NameKind::kParam);
                if (!wanted || (module > 0 && declared.name.starts_with('_'))) {
                    continue;
                }
                std::string name = before;
                if (!before.empty() && !space.empty()) {
                    name += '{';
                }
                name += space;
                name += declared.name;
                if (!space.empty()) {
                    name += after;
                }
                add(name, item_kind, declared.kind == ast::NameKind::kParam ? "param" : "");
            }
        }
    }
    /// The name under which the root file knows a module; empty when it doesn't import it itself.
    [[nodiscard]] std::string spaceOf(std::size_t module) const {
        for (const ast::Declared& declared : question_.symbols.declared(0)) {
            if (declared.kind == ast::NameKind::kNamespace && question_.symbols.moduleOf(0, declared.name) == module) {
                return declared.name;
            }
        }
        return {};
    }
    void variables() { names(ast::NameKind::kLet, kVariable, "$", "}"); }

    void rights(bool with_groups) {
        if (with_groups) {
            for (const abi::Group& group : abi::kGroups) {
                add(std::string(group.name), kConstant, std::string(group.meaning));
            }
        }
        for (const abi::Right& right : abi::kRights) {
            if (right.category == abi::Category::kFs) {
                add(std::string(right.name), kConstant, std::string(right.meaning));
            }
        }
        add("tcp", kConstant);
        add("udp", kConstant);
    }
    void scopes() {
        for (const abi::Right& right : abi::kRights) {
            if (right.category == abi::Category::kScope) {
                add(std::string(right.name), kConstant, std::string(right.meaning));
            }
        }
    }

    void imports() {
        for (const stdlib::File& file : stdlib::files()) {
            const std::string name(file.path);
            add(name.ends_with(".ll") ? name.substr(0, name.size() - 3) : name, kModule, "the toolchain's library");
        }
        const std::filesystem::path here(pathOf(question_.document.uri));
        forEachEntry(here.parent_path(), [&](const std::filesystem::directory_entry& entry) {
            if (entry.path().extension() == ".ll" && entry.path() != here) {
                add("./" + entry.path().stem().string(), kModule);
            }
        });
    }

    /// Entries of the directory that is written so far.
    void paths() {
        std::string prefix = around_.prefix;
        const bool quoted = prefix.starts_with('"');
        prefix.erase(0, quoted ? 1 : 0);
        if (prefix.find_first_of("*?[{$\\") != std::string::npos) {
            return;
        }
        const std::string directory = prefix.substr(0, prefix.rfind('/') + 1);
        forEachEntry(directory, [&](const std::filesystem::directory_entry& entry) {
            const std::string name = entry.path().filename().string();
            const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
                return syntax::isWordByte(c) || c == '.' || c == '+' || c == '~';
            });
            if (plain && (directory + name).starts_with(prefix)) {
                std::error_code unknown;
                add((quoted ? "\"" : "") + directory + name, entry.is_directory(unknown) ? kFolder : kFile);
            }
        });
    }

    void words() {
        if (around_.head.empty()) {
            atStart();
        } else if (around_.head == "when" || around_.head == "rule") {
            inRule();
        } else if (around_.head == "allow" || around_.head == "quiet") {
            inGrant();
        } else if (around_.head == "leave" || around_.head == "requires") {
            keywords({"abi", "leaving", "unrestricted"});
            keywords({"fs", "tcp", "udp", "scope"});
            rights(false);
            scopes();
        } else if (around_.head == "isolate") {
            scopes();
        } else if (around_.head == "log") {
            for (const char* const flag : {"same_exec", "new_exec", "subdomains", "on", "off"}) {
                add(flag, kConstant);
            }
        } else if (around_.head == "expect" || around_.head == "exec") {
            inTest();
        } else {
            inOther();
        }
        if (around_.words.size() > 1) {
            atStart(); // a clause or statement may end anywhere
        }
    }
    void atStart() {
        switch (around_.block) {
        case Surroundings::Block::kFile:
            keywords({"abi", "requires", "import", "use", "let", "param", "ruleset", "rule", "when", "prefer", "test"});
            break;
        case Surroundings::Block::kRuleset:
            keywords({"allow", "leave", "isolate", "quiet", "log", "paths"});
            break;
        case Surroundings::Block::kTest:
            keywords({"given", "set", "exec", "expect"});
            break;
        }
    }
    void inRule() {
        if (wrote({"apply"})) {
            names(ast::NameKind::kRuleset, kClass, "", "");
            keywords({"with", "nnp"});
            return;
        }
        keywords({"exec", "matches", "unlinked", "script", "file", "parent", "ancestor", "under",   "unit",
                  "user", "slice",   "cgroup",   "in",     "real", "group",  "setuid",   "and",     "or",
                  "not",  "unless",  "apply",    "deny",   "pass", "always", "audit",    "optional"});
        add("container", kConstant);
    }
    void inGrant() {
        if (wrote({"beneath", "file", "each"})) {
            keywords({"optional", "except"});
        } else if (wrote({"tcp", "udp"})) {
            add("connect", kConstant);
            add("bind", kConstant);
        } else {
            rights(true);
            keywords({"beneath", "file", "each"});
            if (around_.head == "quiet") {
                add("scope", kConstant);
            }
        }
    }
    void inTest() {
        if (wrote({"apply"})) {
            names(ast::NameKind::kRuleset, kClass, "", "");
            keywords({"with", "nnp"});
        } else if (around_.head == "exec") {
            keywords({"script", "parent", "ancestor", "exec", "under", "unit", "user", "slice", "cgroup", "real",
                      "group", "setuid", "unlinked", "in"});
        } else if (wrote({"allow", "deny"})) {
            rights(true);
        } else {
            keywords({"apply", "none", "pass", "refuse", "allow", "deny", "from", "abi"});
        }
    }
    void inOther() {
        if (around_.head == "ruleset") {
            keywords({"extends"});
            names(ast::NameKind::kRuleset, kClass, "", "");
        } else if (around_.head == "prefer") {
            keywords({"over"});
            names(ast::NameKind::kRule, kFunction, "", "");
        } else if (around_.head == "use") {
            keywords({"rules"});
            names(ast::NameKind::kNamespace, kModule, "", "");
        } else if (around_.head == "set") {
            names(ast::NameKind::kLet, kVariable, "", "");
        } else if (around_.head == "param") {
            for (const char* const type : {"path", "port", "ports"}) {
                add(type, kConstant);
            }
            keywords({"env"});
        } else if (around_.head == "paths") {
            keywords({"in"});
            add("target", kConstant);
        } else if (around_.head == "import") {
            keywords({"as"});
        }
    }

    const Question& question_;
    Surroundings around_;
    Json range_; ///< of what is replaced
    Json items_ = Json::array();
    bool incomplete_ = false;
};

} // namespace

Json completion(const Question& question) { return Completer(question).run(); }

} // namespace landlatch::lsp
