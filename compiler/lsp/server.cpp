// SPDX-License-Identifier: Apache-2.0
#include "compiler/lsp/server.h"

#include "compiler/lsp/checker.h"
#include "compiler/lsp/features.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <poll.h>
#include <unistd.h>

namespace landlatch::lsp {

namespace {

// Codes of JSON-RPC and of the protocol.
constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kNotInitialized = -32002;
constexpr int kRequestFailed = -32803;

/// How long the text must rest before it is checked.
constexpr int kRestMilliseconds = 60;

class Server {
public:
    Server(int in, int out, const Options& options)
        : in_(in), out_(out), options_(options), checker_(options.include_dirs) {}

    bool run() {
        std::string block(64UL * 1024, '\0');
        while (!exit_ && !gone_) {
            pollfd wait[2] = {{in_, POLLIN, 0}, {checker_.fd(), POLLIN, 0}};
            const int ready = ::poll(wait, 2, checker_.waiting() ? restMilliseconds() : -1);
            if (ready < 0 && errno != EINTR) {
                break;
            }
            if (checker_.waiting() && restMilliseconds() == 0) { // whatever is asked in between
                checker_.startNext(documents_, encoding_);
                continue;
            }
            if (ready > 0 && wait[1].revents != 0) {
                if (const std::optional<Checker::Result> result = checker_.read()) {
                    publish(*result);
                }
            }
            if (ready > 0 && wait[0].revents != 0) {
                const ssize_t got = ::read(in_, block.data(), block.size());
                if (got == 0 || (got < 0 && errno != EINTR)) {
                    break;
                }
                reader_.feed(std::string_view(block).substr(0, got < 0 ? 0 : static_cast<std::size_t>(got)));
                takeMessages();
            }
        }
        return exit_ && shut_down_;
    }

private:
    using Clock = std::chrono::steady_clock;
    using Handler = Json (Server::*)(const Json& params);

    /// Until the text has rested.
    [[nodiscard]] int restMilliseconds() const {
        const auto rested = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - changed_at_).count();
        return rested >= kRestMilliseconds ? 0 : kRestMilliseconds - static_cast<int>(rested);
    }

    void send(const Json& message) { gone_ = gone_ || !writeMessage(out_, message); }
    void fail(const Json& id, int code, const std::string& message) {
        send({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}});
    }

    void takeMessages() {
        while (const std::optional<std::string> body = reader_.next()) {
            const Json message = isTooDeep(*body) ? Json(Json::value_t::discarded) : Json::parse(*body, nullptr, false);
            if (message.is_discarded()) {
                fail(nullptr, kParseError, "not JSON, or nested too deep");
            } else {
                take(message);
            }
            if (exit_) {
                return;
            }
        }
        for (std::size_t n = reader_.takeTooLong(); n > 0; --n) {
            fail(nullptr, kInvalidRequest, "a message of more than 64 MiB was not read");
        }
    }

    void take(const Json& message) {
        const auto id = message.is_object() ? message.find("id") : message.end();
        const bool has_id = id != message.end() && (id->is_string() || id->is_number());
        if (!message.is_object() || !message.contains("method") || !message["method"].is_string()) {
            // An answer to a question that was never asked, or nonsense.
            if (has_id && (message.contains("result") || message.contains("error"))) {
                return;
            }
            fail(has_id ? *id : Json(nullptr), kInvalidRequest, "neither a request nor a notification");
            return;
        }
        const std::string method = message["method"];
        const Json params = message.value("params", Json::object());
        try {
            has_id ? request(*id, method, params) : notification(method, params);
        } catch (const Json::exception& wrong) { // a member is missing or of another type
            if (has_id) {
                fail(*id, kInvalidParams, wrong.what());
            }
        }
    }

    void request(const Json& id, const std::string& method, const Json& params) {
        static const std::map<std::string, Handler> handlers = {
            {"initialize", &Server::initialize},
            {"shutdown", &Server::shutdown},
            {"textDocument/completion", &Server::answer<completion>},
            {"textDocument/hover", &Server::answer<hover>},
            {"textDocument/definition", &Server::answer<definition>},
            {"textDocument/references", &Server::answerReferences},
            {"textDocument/prepareRename", &Server::answer<prepareRename>},
            {"textDocument/rename", &Server::answerRename},
            {"textDocument/documentSymbol", &Server::answer<documentSymbols>},
            {"textDocument/foldingRange", &Server::answer<foldingRanges>},
            {"textDocument/semanticTokens/full", &Server::answer<semanticTokens>},
            {"textDocument/formatting", &Server::answer<formatting>},
            {"textDocument/codeAction", &Server::answerActions},
        };
        const auto handler = handlers.find(method);
        if (shut_down_ || (method == "initialize" && initialized_)) {
            fail(id, kInvalidRequest, shut_down_ ? "the server is shut down" : "initialized already");
        } else if (!initialized_ && method != "initialize") {
            fail(id, kNotInitialized, "not initialized");
        } else if (handler == handlers.end()) {
            fail(id, kMethodNotFound, "unknown method " + method);
        } else {
            error_.clear();
            Json result = (this->*handler->second)(params);
            if (error_.empty()) {
                send({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}});
            } else {
                fail(id, kRequestFailed, error_);
            }
        }
    }

    void notification(const std::string& method, const Json& params) {
        if (method == "exit") {
            exit_ = true;
        } else if (!initialized_ || shut_down_) {
            return;
        } else if (method == "textDocument/didOpen") {
            const Json& document = params.at("textDocument");
            const std::string uri = document.at("uri");
            open(uri, document.at("text"), document.value("version", std::int64_t{0}));
        } else if (method == "textDocument/didChange") {
            change(params);
        } else if (method == "textDocument/didClose") {
            close(params.at("textDocument").at("uri"));
        } else if (method == "textDocument/didSave" || method == "workspace/didChangeWatchedFiles") {
            changed();
        } else if (method == "workspace/didChangeWorkspaceFolders") {
            workspace_.changeFolders(params);
        }
    }

    // --- life ---

    Json initialize(const Json& params) {
        const Json encodings =
            params.value(Json::json_pointer("/capabilities/general/positionEncodings"), Json::array());
        for (const Json& offered : encodings) {
            if (offered == "utf-8") {
                encoding_ = Encoding::kUtf8;
            }
        }
        workspace_.initialize(params);
        initialized_ = true;
        const Json tokens = {{"legend", {{"tokenTypes", tokenTypes()}, {"tokenModifiers", Json::array()}}},
                             {"full", true}};
        const Json capabilities = {
            {"positionEncoding", encoding_ == Encoding::kUtf8 ? "utf-8" : "utf-16"},
            {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", true}}},
            {"completionProvider", {{"triggerCharacters", {"/", "$", "{", ".", " "}}}},
            {"hoverProvider", true},
            {"definitionProvider", true},
            {"referencesProvider", true},
            {"renameProvider", {{"prepareProvider", true}}},
            {"documentSymbolProvider", true},
            {"foldingRangeProvider", true},
            {"semanticTokensProvider", tokens},
            {"documentFormattingProvider", true},
            {"codeActionProvider", {{"codeActionKinds", {"quickfix"}}}},
            {"workspace", {{"workspaceFolders", {{"supported", true}, {"changeNotifications", true}}}}},
        };
        return {{"capabilities", capabilities}, {"serverInfo", {{"name", "llc"}, {"version", options_.version}}}};
    }
    Json shutdown(const Json& /*params*/) {
        shut_down_ = true;
        return nullptr;
    }

    // --- documents ---

    void open(const std::string& uri, const std::string& text, std::int64_t version) {
        documents_[pathOf(uri)] = {uri, text, version};
        diagnostics_.erase(pathOf(uri));
        changed();
    }
    void change(const Json& params) {
        const Json& document = params.at("textDocument");
        const std::string uri = document.at("uri");
        const auto found = documents_.find(pathOf(uri));
        if (found == documents_.end()) {
            return; // never opened
        }
        std::string& text = found->second.text;
        for (const Json& edit : params.at("contentChanges")) {
            const std::string inserted = edit.at("text");
            if (!edit.contains("range")) {
                text = inserted;
                continue;
            }
            const std::uint32_t begin = offsetOf(text, edit["range"].at("start"), encoding_);
            const std::uint32_t end = offsetOf(text, edit["range"].at("end"), encoding_);
            text.replace(std::min(begin, end), std::max(begin, end) - std::min(begin, end), inserted);
        }
        found->second.version = document.value("version", std::int64_t{0});
        changed();
    }
    void close(const std::string& uri) {
        const std::string path = pathOf(uri);
        if (documents_.erase(path) == 0) {
            return;
        }
        checker_.forget(path);
        diagnostics_.erase(path);
        send({{"jsonrpc", "2.0"},
              {"method", "textDocument/publishDiagnostics"},
              {"params", {{"uri", uri}, {"diagnostics", Json::array()}}}});
        changed();
    }
    /// Any document may import any other.
    void changed() {
        changed_at_ = Clock::now();
        for (const auto& [path, document] : documents_) {
            checker_.ask(path); // first, since pages that a running check shares are copied when they are written
        }
        symbols_.clear();
    }

    void publish(const Checker::Result& result) {
        const auto document = documents_.find(result.path);
        if (document == documents_.end() || document->second.version != result.version) {
            return;
        }
        diagnostics_[result.path] = result.diagnostics.is_array() ? result.diagnostics : unchecked();
        send({{"jsonrpc", "2.0"},
              {"method", "textDocument/publishDiagnostics"},
              {"params",
               {{"uri", document->second.uri},
                {"version", result.version},
                {"diagnostics", diagnostics_[result.path]}}}});
        checker_.startNext(documents_, encoding_);
    }
    /// Of a check that failed or took too long.
    static Json unchecked() {
        const Json start = {{"line", 0}, {"character", 0}};
        return Json::array({{{"range", {{"start", start}, {"end", start}}},
                             {"severity", 1},
                             {"source", "llc"},
                             {"message", "this policy could not be checked: the check was given up"},
                             {"data", {{"fixes", Json::array()}}}}});
    }

    // --- questions ---

    /// Calls `ask` with the document that `params` names; null for one that is not open.
    template <class Ask> Json withQuestion(const Json& params, Ask ask) {
        const std::string uri = params.at("textDocument").at("uri");
        const std::string path = pathOf(uri);
        const auto document = documents_.find(path);
        if (document == documents_.end()) {
            return nullptr;
        }
        std::unique_ptr<Symbols>& symbols = symbols_[path];
        if (!symbols) {
            OverlayFileSystem files(documents_);
            symbols = std::make_unique<Symbols>(files, path, options_.include_dirs);
        }
        Json& diagnostics = diagnostics_[path];
        if (!diagnostics.is_array()) {
            diagnostics = Json::array();
        }
        const std::uint32_t offset =
            params.contains("position") ? offsetOf(document->second.text, params["position"], encoding_) : 0;
        return ask(Question{document->second, *symbols, workspace_, encoding_, offset, diagnostics});
    }
    template <Json (*Feature)(const Question&)> Json answer(const Json& params) {
        return withQuestion(params, [](const Question& question) { return Feature(question); });
    }
    Json answerReferences(const Json& params) {
        const bool declaration = params.value(Json::json_pointer("/context/includeDeclaration"), true);
        return withQuestion(params, [&](const Question& question) { return references(question, declaration); });
    }
    Json answerRename(const Json& params) {
        const std::string name = params.at("newName");
        return withQuestion(params, [&](const Question& question) { return rename(question, name, error_); });
    }
    Json answerActions(const Json& params) {
        const Json& range = params.at("range");
        (void)range.at("start").at("line");
        (void)range.at("end").at("line");
        return withQuestion(params, [&](const Question& question) { return codeActions(question, range); });
    }

    int in_;
    int out_;
    const Options& options_;
    MessageReader reader_;
    Checker checker_;
    std::map<std::string, Document> documents_; ///< by path
    Workspace workspace_{documents_, options_.include_dirs};
    std::map<std::string, std::unique_ptr<Symbols>> symbols_;
    std::map<std::string, Json> diagnostics_;
    Encoding encoding_ = Encoding::kUtf16;
    Clock::time_point changed_at_;
    std::string error_; ///< of the request being answered
    bool initialized_ = false;
    bool shut_down_ = false;
    bool exit_ = false;
    bool gone_ = false; ///< nobody reads what is written
};

} // namespace

bool serve(int in, int out, const Options& options) {
    ::signal(SIGPIPE, SIG_IGN);
    return Server(in, out, options).run();
}

} // namespace landlatch::lsp
