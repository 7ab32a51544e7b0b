// SPDX-License-Identifier: Apache-2.0
// json POINTER: prints what each JSON text of standard input, one a line, has at POINTER ("" the whole), strings bare;
// "missing" where there is nothing. Exit code 1 when a line isn't JSON or there is none.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

int main(int argc, char** argv) {
    std::string line;
    bool any = false;
    while (std::getline(std::cin, line)) {
        const nlohmann::json value = nlohmann::json::parse(line, nullptr, false);
        if (value.is_discarded()) {
            std::cerr << "not JSON: " << line << "\n";
            return 1;
        }
        any = true;
        const nlohmann::json::json_pointer pointer(argc > 1 ? argv[1] : "");
        if (!value.contains(pointer)) {
            std::cout << "missing\n";
        } else if (value[pointer].is_string()) {
            std::cout << value[pointer].get<std::string>() << "\n";
        } else {
            std::cout << value[pointer] << "\n";
        }
    }
    return any ? 0 : 1;
}
