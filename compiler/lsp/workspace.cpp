// SPDX-License-Identifier: Apache-2.0
// A name of a file is used by that file and by those that import it, since imports are not passed on. So the files that
// mention the file's name beside `import` are parsed with what they import, and of each only its own uses are taken.
// Nothing is kept between two questions: files change behind the server's back.
#include "compiler/lsp/workspace.h"

#include "compiler/lsp/library.h"
#include "compiler/syntax/parse.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace landlatch::lsp {

namespace {

namespace fs = std::filesystem;

/// Limits of one look through the folders.
constexpr std::size_t kMaxEntries = 200'000;
constexpr std::size_t kMaxPolicies = 5'000;
constexpr int kMaxDepth = 32;

/// Folders that hold nobody's policies and much else.
bool isSkipped(const fs::path& name) { return name.native().starts_with('.') || name == "node_modules"; }

/// Calls `each` with every .ll file below `folder`; false when not all were seen. Follows no links to folders.
template <class Each> bool forEachPolicy(const std::string& folder, std::size_t& entries, Each each) {
    std::error_code failed;
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, failed);
    while (!failed && at != fs::recursive_directory_iterator()) {
        if (++entries > kMaxEntries) {
            return false;
        }
        std::error_code unknown;
        if (at->is_directory(unknown)) {
            if (isSkipped(at->path().filename()) || at.depth() >= kMaxDepth) {
                at.disable_recursion_pending();
            }
        } else if (at->path().extension() == ".ll" && at->is_regular_file(unknown) && !each(at->path().string())) {
            return false;
        }
        at.increment(failed);
    }
    return true;
}

/// Whether a text can import a file of that name. With escapes in it, anything can.
bool mayImport(const std::string& text, const std::string& stem) {
    return text.find("import") != std::string::npos &&
           (text.find(stem) != std::string::npos || text.find('\\') != std::string::npos);
}

/// What one root says of a declaration.
class Collector {
public:
    Collector(const Workspace& workspace, Encoding encoding, Workspace::Uses& uses)
        : workspace_(workspace), encoding_(encoding), uses_(uses) {}

    /// Modules are about to be others, perhaps at the same addresses.
    void nextRoot() { known_ = nullptr; }

    void add(const Symbols& symbols, std::size_t module, Span span, bool by_namespace) {
        const sema::Module& of = symbols.modules()[module];
        if (known_ != &of) { // places come file by file, and names of files are asked of the disk
            known_ = &of;
            identity_ = workspace_.identityOf(of);
            uri_ = workspace_.uriOfModule(of);
        }
        if (seen_.insert({identity_, span.begin}).second) {
            uses_.places.push_back(
                {identity_, uri_, of.is_std ? of.path : "", rangeOf(symbols.sources(), span, encoding_), by_namespace});
        }
    }
    void addUses(const Symbols& symbols, std::size_t module, SymbolId id) {
        for (const ResolvedUse& use : symbols.uses(module)) {
            if (use.symbol == id) {
                add(symbols, module, use.span, use.by_namespace);
            }
            if (use.space_symbol == id) {
                add(symbols, module, *use.space, false);
            }
        }
        const sema::Module& of = symbols.modules()[module];
        const std::string_view text = symbols.sources().text(of.file);
        if (of.broken && text.find(symbols.at(id).name) != std::string_view::npos) {
            uses_.broken.push_back(of.path);
        }
    }

private:
    const Workspace& workspace_;
    Encoding encoding_;
    Workspace::Uses& uses_;
    std::set<std::pair<std::string, std::uint32_t>> seen_;
    const sema::Module* known_ = nullptr; ///< whose names these are
    std::string identity_;
    std::string uri_;
};

} // namespace

void Workspace::initialize(const Json& params) {
    const auto folders = params.find("workspaceFolders");
    if (folders != params.end() && folders->is_array()) {
        for (const Json& folder : *folders) {
            folders_.push_back(pathOf(folder.at("uri")));
        }
    }
    const auto root = params.find("rootUri");
    if (folders_.empty() && root != params.end() && root->is_string()) {
        folders_.push_back(pathOf(*root));
    }
    std::erase_if(folders_, [](const std::string& folder) { return !folder.starts_with('/'); });
}

void Workspace::changeFolders(const Json& params) {
    const Json& event = params.at("event");
    for (const Json& folder : event.at("removed")) {
        std::erase(folders_, pathOf(folder.at("uri")));
    }
    for (const Json& folder : event.at("added")) {
        if (std::string path = pathOf(folder.at("uri")); path.starts_with('/')) {
            folders_.push_back(std::move(path));
        }
    }
}

std::string Workspace::canonical(const std::string& path) const {
    OverlayFileSystem files(documents_);
    Result<std::string> found = files.canonical(path);
    return found ? *std::move(found) : normalised(path);
}

std::string Workspace::identityOf(const sema::Module& module) const {
    return canonical(module.is_std ? libraryPath(module.path).value_or(module.path) : module.path);
}

std::string Workspace::uriOfModule(const sema::Module& module) const {
    const std::string path = normalised(module.is_std ? libraryPath(module.path).value_or(module.path) : module.path);
    const auto open = documents_.find(path);
    return open == documents_.end() ? uriOf(path) : open->second.uri;
}

bool Workspace::candidates(const std::string& identity, const std::string& stem,
                           std::vector<std::string>& paths) const {
    OverlayFileSystem files(documents_);
    std::set<std::string> seen = {identity};
    const auto consider = [&](const std::string& path) {
        const std::string real = canonical(path);
        if (!seen.insert(real).second) {
            return true;
        }
        const Result<std::string> text = files.read(path, syntax::kMaxFileBytes);
        if (text && mayImport(*text, stem)) {
            paths.push_back(documents_.contains(path) ? path : real);
        }
        return paths.size() <= kMaxPolicies;
    };
    bool all = true;
    for (const auto& [path, document] : documents_) {
        all = consider(path) && all;
    }
    std::size_t entries = 0;
    for (const std::string& folder : folders_) {
        all = all && forEachPolicy(folder, entries, consider);
    }
    return all;
}

Workspace::Uses Workspace::usesOf(const Symbols& from, SymbolId id, bool with_declaration, Encoding encoding) const {
    Uses uses;
    Collector collector(*this, encoding, uses);
    const ast::Declared& declared = from.at(id);
    const sema::Module& home = from.modules()[id.module];
    if (with_declaration) {
        collector.add(from, id.module, declared.name_span, false);
    }
    for (std::size_t module = 0; module < from.modules().size(); ++module) {
        collector.addUses(from, module, id);
    }
    if (declared.kind == ast::NameKind::kNamespace || declared.kind == ast::NameKind::kTest ||
        declared.name.starts_with('_')) {
        return uses; // known in its file only
    }
    const std::string identity = identityOf(home);
    std::vector<std::string> paths;
    uses.complete = candidates(identity, home.stem, paths);
    for (const std::string& path : paths) {
        OverlayFileSystem files(documents_);
        const Symbols symbols(files, path, include_dirs_);
        collector.nextRoot();
        for (std::size_t module = 1; module < symbols.modules().size(); ++module) {
            if (identityOf(symbols.modules()[module]) != identity) {
                continue;
            }
            if (const auto same = symbols.find(module, declared.kind, declared.name)) {
                collector.addUses(symbols, 0, *same);
            }
        }
    }
    return uses;
}

} // namespace landlatch::lsp
