// SPDX-License-Identifier: Apache-2.0
// `import a/b` is looked for beside the importing file, then in the -I directories, in order. `import std/b` is only
// ever the toolchain's own: no file of the machine can stand in for it, and std's files import only from std.
#include "compiler/sema/modules.h"

#include "compiler/syntax/parse.h"
#include "stdlib-policies/stdlib.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <string_view>
#include <type_traits>

namespace landlatch::sema {

namespace {

static_assert(std::is_nothrow_move_constructible_v<Module>, "pointers into a module's AST must survive its moves");

constexpr std::string_view kExtension = ".ll";
constexpr std::string_view kStdPrefix = "std/";

std::string directoryOf(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash + 1));
}

std::string stemOf(std::string_view path) {
    std::string_view name = path.substr(path.rfind('/') + 1);
    if (name.ends_with(kExtension)) {
        name.remove_suffix(kExtension.size());
    }
    return std::string(name);
}

/// What is wrong with an import path as written, or empty.
std::string_view pathProblem(std::string_view path) {
    if (path.empty() || path.back() == '/') {
        return "names no file";
    }
    if (path.front() == '/') {
        return "is absolute; imports are relative to the importing file or to a directory given with -I";
    }
    if (path.ends_with(kExtension)) {
        return "ends in `.ll`, which `import` adds itself";
    }
    if (path.find("//") != std::string_view::npos) {
        return "holds an empty component";
    }
    if (path.find('\0') != std::string_view::npos) {
        return "holds a NUL byte";
    }
    return {};
}

/// Why a file can't be read, without its name in front.
std::string reasonOf(const Error& error, const std::string& path) {
    return error.message.starts_with(path + ": ") ? error.message.substr(path.size() + 2) : error.message;
}

/// A file that an import names: where it is and what it is known by.
struct Located {
    std::string path;
    std::string identity; ///< one per file, however it was reached
    bool is_std = false;
};

class Loader {
public:
    Loader(SourceManager& sources, FileSystem& files, const Options& options, diag::Sink& sink, Context& context)
        : sources_(sources), files_(files), options_(options), sink_(sink), context_(context) {}

    std::vector<Module> run(const std::string& path) {
        const Result<std::string> identity = files_.canonical(path);
        // What has no canonical name (a pipe) is read all the same, and can't be imported again.
        load({path, identity ? *identity : path, false}, Span{});
        return std::move(modules_);
    }

private:
    /// The module of a file, loaded now if it wasn't; kNoModule after an error. `where` is the import that asks.
    ModuleId load(const Located& located, Span where) {
        if (const auto found = by_identity_.find(located.identity); found != by_identity_.end()) {
            return reuse(found->second, located, where);
        }
        if (!withinLimits(where)) {
            return kNoModule;
        }
        std::optional<std::string> text = read(located, where);
        if (!text) {
            by_identity_[located.identity] = kNoModule;
            return kNoModule;
        }
        const auto id = static_cast<ModuleId>(modules_.size());
        by_identity_[located.identity] = id;
        const FileId file = sources_.add(located.path, std::move(*text));
        const std::size_t errors_before = sink_.errorCount();
        Module module;
        module.path = located.path;
        module.stem = stemOf(located.path);
        module.is_std = located.is_std;
        module.file = file;
        module.ast = syntax::parse(sources_, file, sink_);
        module.broken = sink_.errorCount() > errors_before;
        modules_.push_back(std::move(module));
        open_.push_back(id);
        loadImports(id);
        open_.pop_back();
        return id;
    }

    void loadImports(ModuleId id) {
        // Indices, since loading another module moves this one; its statements stay where they are.
        const std::size_t count = modules_[id].ast.statements.size();
        for (std::size_t i = 0; i < count; ++i) {
            const ast::Statement& statement = modules_[id].ast.statements[i];
            if (const auto* import = std::get_if<ast::Import>(&statement.what)) {
                const Span span = statement.span;
                const std::optional<Located> located = locate(id, *import);
                const ModuleId target = located ? load(*located, import->path_span) : kNoModule;
                modules_[id].imports.push_back({import, span, target});
            }
        }
    }

    /// A file seen before: an instance to share, or a cycle when it is still being loaded.
    ModuleId reuse(ModuleId id, const Located& located, Span where) {
        for (std::size_t i = 0; i < open_.size(); ++i) {
            if (open_[i] != id) {
                continue;
            }
            std::string chain;
            for (std::size_t j = i; j < open_.size(); ++j) {
                chain += "`" + modules_[open_[j]].path + "` imports ";
            }
            context_.report(diag::Id::kImportCycle, where, {chain + "`" + located.path + "`"});
            return kNoModule;
        }
        return id;
    }

    bool withinLimits(Span where) {
        if (modules_.size() == kMaxFiles) {
            if (!too_many_reported_) {
                context_.report(diag::Id::kTooManyFiles, where, {std::to_string(kMaxFiles)});
                too_many_reported_ = true;
            }
            return false;
        }
        if (open_.size() == kMaxImportDepth) {
            context_.report(diag::Id::kNestsTooDeep, where, {"import", std::to_string(kMaxImportDepth)});
            return false;
        }
        return true;
    }

    std::optional<std::string> read(const Located& located, Span where) {
        if (located.is_std) {
            for (const stdlib::File& file : stdlib::files()) {
                if (file.path == located.path) {
                    return std::string(file.text);
                }
            }
            return std::nullopt;
        }
        const std::size_t left = kMaxTotalBytes - total_bytes_;
        Result<std::string> text = files_.read(located.path, std::min(left, syntax::kMaxFileBytes));
        if (!text) {
            if (text.error().code == EFBIG && left < syntax::kMaxFileBytes) {
                if (!too_large_reported_) {
                    context_.report(diag::Id::kSourcesTooLarge, where, {std::to_string(kMaxTotalBytes)});
                    too_large_reported_ = true;
                }
            } else {
                context_.report(diag::Id::kFileUnreadable, where, {located.path, reasonOf(text.error(), located.path)});
            }
            return std::nullopt;
        }
        total_bytes_ += text->size();
        return std::move(*text);
    }

    std::optional<Located> locate(ModuleId importer, const ast::Import& import) {
        if (const std::string_view problem = pathProblem(import.path); !problem.empty()) {
            context_.report(diag::Id::kBadImportPath, import.path_span, {import.path, std::string(problem)});
            return std::nullopt;
        }
        if (import.path.starts_with(kStdPrefix)) {
            return locateStd(import.path + std::string(kExtension), import);
        }
        if (modules_[importer].is_std) {
            return locateStd(directoryOf(modules_[importer].path) + import.path + std::string(kExtension), import);
        }
        return locateOnDisk(directoryOf(modules_[importer].path), import);
    }

    std::optional<Located> locateStd(const std::string& path, const ast::Import& import) {
        std::vector<std::string> known;
        for (const stdlib::File& file : stdlib::files()) {
            if (file.path == path) {
                return Located{path, "toolchain:" + path, true};
            }
            known.emplace_back(file.path.substr(0, file.path.size() - kExtension.size()));
        }
        diag::Diagnostic& diagnostic =
            context_.report(diag::Id::kUnknownStd, import.path_span, {path.substr(0, path.size() - kExtension.size())});
        context_.suggest(diagnostic, import.path_span, import.path, known);
        diagnostic.note("`std/` is the toolchain's own library; no other file can take its name");
        return std::nullopt;
    }

    std::optional<Located> locateOnDisk(const std::string& beside, const ast::Import& import) {
        std::string_view wanted = import.path;
        while (wanted.starts_with("./")) {
            wanted.remove_prefix(2);
        }
        std::vector<std::string> places{beside};
        for (const std::string& dir : options_.include_dirs) {
            places.push_back(dir.empty() || dir.back() == '/' ? dir : dir + "/");
        }
        for (const std::string& place : places) {
            const std::string path = place + std::string(wanted) + std::string(kExtension);
            const Result<std::string> identity = files_.canonical(path);
            if (identity) {
                return Located{path, *identity, false};
            }
            if (identity.error().code != ENOENT && identity.error().code != ENOTDIR) {
                context_.report(diag::Id::kFileUnreadable, import.path_span, {path, ::strerror(identity.error().code)});
                return std::nullopt;
            }
        }
        diag::Diagnostic& diagnostic = context_.report(diag::Id::kImportNotFound, import.path_span, {import.path});
        for (const std::string& place : places) {
            diagnostic.note("looked for `" + place + std::string(wanted) + std::string(kExtension) + "`");
        }
        if (options_.include_dirs.empty()) {
            diagnostic.help("-I DIR adds a directory to look in");
        }
        return std::nullopt;
    }

    SourceManager& sources_;
    FileSystem& files_;
    const Options& options_;
    diag::Sink& sink_;
    Context& context_;
    std::vector<Module> modules_;
    std::map<std::string, ModuleId> by_identity_;
    std::vector<ModuleId> open_; ///< being loaded, outermost first
    std::size_t total_bytes_ = 0;
    bool too_many_reported_ = false;
    bool too_large_reported_ = false;
};

} // namespace

std::vector<Module> loadModules(SourceManager& sources, FileSystem& files, const std::string& path,
                                const Options& options, diag::Sink& sink, Context& context) {
    return Loader(sources, files, options, sink, context).run(path);
}

} // namespace landlatch::sema
