# SPDX-License-Identifier: Apache-2.0
# cmake -DPAGES_DIR=… -DOUTPUT=… -P EmbedPages.cmake: docs/diagnostics/CODE.md as C++ string literals.
file(GLOB pages ${PAGES_DIR}/[EW][0-9][0-9][0-9][0-9].md)
list(SORT pages)
set(text "// Generated from docs/diagnostics by cmake/EmbedPages.cmake.\n#include \"compiler/driver/describe.h\"\n\n")
string(APPEND text "namespace landlatch::driver {\n\nstd::span<const Page> pages() {\n    static constexpr Page kPages[] = {\n")
foreach(page ${pages})
  get_filename_component(code ${page} NAME_WE)
  file(READ ${page} content)
  string(APPEND text "        {\"${code}\", R\"~~~~(${content})~~~~\"},\n")
endforeach()
string(APPEND text "    };\n    return kPages;\n}\n\n} // namespace landlatch::driver\n")
file(WRITE ${OUTPUT} "${text}")
