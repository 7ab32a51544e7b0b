// SPDX-License-Identifier: Apache-2.0
// Where an attack takes place: a fresh directory with the programs, a secret that a confined program can't read, a
// policy compiled by the real llc, and runs of the real llrun as an ordinary user or as root.
#pragma once

#include "runtime/base/unique_fd.h"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <grp.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace landlatch::attack {

inline constexpr uid_t kUser = 1000;

/// How a run ended and what it wrote.
struct Ran {
    int status = -1; ///< exit code, or 128 + signal
    std::string out;
    std::string err;
};

inline std::string fileText(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
    return text;
}

/// Runs `command` as `uid` (ours: unchanged), its output through pipes; killed after two minutes.
inline Ran runAs(uid_t uid, const std::vector<std::string>& command, const std::string& directory = "/") {
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    EXPECT_EQ(::pipe2(out.data(), O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(err.data(), O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(120);
        ::dup2(out[1], 1);
        ::dup2(err[1], 2);
        if (uid != ::geteuid() &&
            (::setgroups(0, nullptr) != 0 || ::setresgid(uid, uid, uid) != 0 || ::setresuid(uid, uid, uid) != 0)) {
            ::_exit(250);
        }
        std::vector<char*> words;
        for (const std::string& word : command) {
            words.push_back(const_cast<char*>(word.c_str()));
        }
        words.push_back(nullptr);
        if (::chdir(directory.c_str()) == 0) {
            ::execvp(words[0], words.data());
        }
        ::_exit(251);
    }
    ::close(out[1]);
    ::close(err[1]);
    Ran ran;
    std::array<pollfd, 2> waiting{{{out[0], POLLIN, 0}, {err[0], POLLIN, 0}}};
    std::array<std::string*, 2> texts{&ran.out, &ran.err};
    while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
        ::poll(waiting.data(), waiting.size(), -1);
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            std::array<char, 4096> buffer{};
            if (waiting[i].revents == 0) {
                continue;
            }
            const ssize_t got = ::read(waiting[i].fd, buffer.data(), buffer.size());
            if (got <= 0) {
                ::close(waiting[i].fd);
                waiting[i].fd = -1;
            } else {
                texts[i]->append(buffer.data(), static_cast<std::size_t>(got));
            }
        }
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ran.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return ran;
}

class Arena {
public:
    Arena() {
        std::string name = "/tmp/llarena-XXXXXX";
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        root_ = name;
        ::chmod(root_.c_str(), 0755);
        std::filesystem::create_directories(root_ + "/bin");
        for (const auto& entry : std::filesystem::directory_iterator(ATTACK_BIN)) {
            std::filesystem::copy(entry.path(), bin(entry.path().filename().string()));
        }
        std::filesystem::copy(LLRUN, bin("llrun"));
        std::filesystem::copy(LLC, bin("llc"));
        write("secret", "the secret\n");
        if (::geteuid() == 0) {
            EXPECT_EQ(::chown(root_.c_str(), kUser, kUser), 0);
        }
    }
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    ~Arena() {
        std::error_code ignored;
        std::filesystem::remove_all(root_, ignored);
    }

    [[nodiscard]] std::string path(const std::string& name) const { return root_ + "/" + name; }
    [[nodiscard]] std::string bin(const std::string& name) const { return root_ + "/bin/" + name; }
    [[nodiscard]] std::string secret() const { return path("secret"); }

    void write(const std::string& name, const std::string& text, unsigned mode = 0644) const {
        std::ofstream(path(name), std::ios::binary) << text;
        ::chmod(path(name).c_str(), mode);
        if (::geteuid() == 0) {
            EXPECT_EQ(::chown(path(name).c_str(), kUser, kUser), 0);
        }
    }

    /// Compiles `rules` with a ruleset `conf` that reads system files and the arena's programs, not the secret. In the
    /// text DIR is the arena's directory. Returns the object's path.
    std::string policy(const std::string& rules, const std::string& name = "policy") const {
        const std::string text = "abi 1\n"
                                 "ruleset conf {\n"
                                 "    allow read, execute beneath /usr, optional /lib, optional /lib64, /etc, DIR/bin\n"
                                 "    allow read, write file /dev/null\n"
                                 "}\n" +
                                 rules;
        write(name + ".ll", replaced(text, "DIR", root_));
        const Ran compiled = runAs(::geteuid(), {LLC, path(name + ".ll"), "-o", path(name + ".o")});
        EXPECT_EQ(compiled.status, 0) << compiled.err << fileText(path(name + ".ll"));
        ::chmod(path(name + ".o").c_str(), 0644);
        return path(name + ".o");
    }
    /// The usual one: programs named target… are confined.
    std::string targetPolicy() const {
        return policy("rule target: when exec matches DIR/bin/target* apply conf with nnp\n");
    }

    /// llrun with options, a policy and a command. The log of decisions is at path("log").
    Ran llrun(uid_t uid, const std::string& object, const std::vector<std::string>& command,
              const std::vector<std::string>& options = {}) const {
        ::unlink(path("log").c_str());
        std::vector<std::string> words{bin("llrun"), "--log", path("log")};
        words.insert(words.end(), options.begin(), options.end());
        words.push_back(object);
        words.emplace_back("--");
        words.insert(words.end(), command.begin(), command.end());
        return runAs(uid, words, root_);
    }

    /// The log's events about `exec` (its file name), or all.
    [[nodiscard]] std::vector<nlohmann::json> events(const std::string& exec = {}) const {
        std::vector<nlohmann::json> found;
        std::ifstream log(path("log"));
        for (std::string line; std::getline(log, line);) {
            nlohmann::json event = nlohmann::json::parse(line);
            const std::string image = event["exec"].is_string() ? event["exec"].get<std::string>() : "";
            if (exec.empty() || image.substr(image.rfind('/') + 1) == exec) {
                found.push_back(std::move(event));
            }
        }
        return found;
    }

private:
    std::string root_;
};

/// Users to run as: an ordinary one and, where the test has the right, root, whose tree is not under no_new_privs.
inline std::vector<uid_t> users() {
    return ::geteuid() == 0 ? std::vector<uid_t>{kUser, 0} : std::vector<uid_t>{::geteuid()};
}

} // namespace landlatch::attack
