// SPDX-License-Identifier: Apache-2.0
#include "compiler/driver/object.h"

#include "compiler/backend/bpf/toolchain.h"
#include "compiler/syntax/parse.h"

#include <map>

namespace landlatch::driver {
namespace {

/// Where Clang's complaints are: files of the template, read again to show their lines.
class Places {
public:
    Places(SourceManager& sources, FileSystem& files) : sources_(sources), files_(files) {}

    /// The line and column of a file that can be read, else no place.
    Span find(const backend_bpf::Complaint& complaint) {
        if (complaint.path.empty() || complaint.line == 0) {
            return {};
        }
        auto [known, is_new] = read_.try_emplace(complaint.path, kNoFile);
        if (is_new) {
            if (Result<std::string> text = files_.read(complaint.path, syntax::kMaxFileBytes)) {
                known->second = sources_.add(complaint.path, *std::move(text));
            }
        }
        if (known->second == kNoFile) {
            return {};
        }
        const std::string_view text = sources_.text(known->second);
        std::size_t begin = 0;
        for (unsigned line = 1; line < complaint.line && begin < text.size(); ++line) {
            begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
        }
        const auto offset = static_cast<std::uint32_t>(std::min(begin + complaint.column - 1, text.size()));
        return {known->second, offset, offset};
    }

private:
    SourceManager& sources_;
    FileSystem& files_;
    std::map<std::string, FileId> read_;
};

/// The user's gate, or nothing when it has been complained of.
Result<std::string> compileGate(Compilation& compilation, const std::string& path, std::uint32_t used_facts,
                                FileSystem& files) {
    // Before Clang, which would name no place for it.
    if (const auto text = files.read(path, syntax::kMaxFileBytes); !text) {
        compilation.sink.report(diag::Id::kFileUnreadable, Span{}, {path, text.error().message});
        return std::string();
    }
    auto compiled = backend_bpf::compileTemplate(path, used_facts);
    if (!compiled) {
        return compiled.error();
    }
    Places places(compilation.sources, files);
    for (const backend_bpf::Complaint& complaint : compiled->complaints) {
        const Span place = places.find(complaint);
        const bool unplaced = !place.valid() && !complaint.path.empty();
        compilation.sink.report(complaint.is_error ? diag::Id::kTemplateRefused : diag::Id::kTemplateWarning, place,
                                {unplaced ? complaint.path + ": " + complaint.message : complaint.message});
    }
    return std::move(compiled->gate);
}

Result<std::string> makeFile(Compilation& compilation, const Options& options, const backend_bpf::Parts& parts,
                             std::uint32_t used_facts, FileSystem& files) {
    if (options.template_file.empty()) {
        return backend_bpf::emitObject(parts, used_facts);
    }
    Result<std::string> gate = compileGate(compilation, options.template_file, used_facts, files);
    if (!gate || gate->empty()) {
        return gate;
    }
    Result<std::string> made = backend_bpf::emitObject(parts, *gate);
    if (!made && made.error().code == EINVAL) {
        compilation.sink.report(diag::Id::kTemplateRefused, Span{},
                                {options.template_file + ": " + made.error().message});
        return std::string();
    }
    return made;
}

} // namespace

Result<void> makeObject(Compilation& compilation, const Options& options, const backend_bpf::Parts& parts,
                        std::uint32_t used_facts, FileSystem& files) {
    if (parts.tables.size_bytes() > backend_bpf::kMaxTableBytes) {
        compilation.sink
            .report(diag::Id::kTablesTooLarge, Span{},
                    {std::to_string(parts.tables.size_bytes()), std::to_string(backend_bpf::kMaxTableBytes)})
            .help("write rules that differ in one name as one rule with a pattern, or install several policies");
        return {};
    }
    Result<std::string> object = makeFile(compilation, options, parts, used_facts, files);
    if (object && !object->empty() && options.emit == Emit::kBpfAsm) {
        object = backend_bpf::disassemble(*object);
    }
    if (!object) {
        return object.error();
    }
    compilation.output = *std::move(object);
    return {};
}

} // namespace landlatch::driver
