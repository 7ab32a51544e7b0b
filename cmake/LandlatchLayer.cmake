# SPDX-License-Identifier: Apache-2.0
# What every layer's CMakeLists.txt is made of.

# landlatch_options(TARGET): warnings and include root, for every target of this project.
function(landlatch_options target)
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers -fno-strict-aliasing)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # False alarms of GCC 12 on std::string at -O2 (GCC bug 105651).
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
  endif()
  if(LANDLATCH_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# landlatch_layer(NAME DEPS…): a static library of all .cpp files of this folder, exported as landlatch::NAME.
function(landlatch_layer name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_main\\.cpp$")
  if(sources)
    add_library(landlatch_${name} STATIC ${sources})
    landlatch_options(landlatch_${name})
    target_link_libraries(landlatch_${name} PUBLIC ${ARGN})
  else()
    add_library(landlatch_${name} INTERFACE)
    target_include_directories(landlatch_${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(landlatch_${name} INTERFACE ${ARGN})
  endif()
  add_library(landlatch::${name} ALIAS landlatch_${name})
endfunction()

# landlatch_program(NAME MAIN DEPS…): an executable in bin/.
function(landlatch_program name main)
  add_executable(${name} ${main})
  landlatch_options(${name})
  target_link_libraries(${name} PRIVATE ${ARGN})
endfunction()

# landlatch_test(NAME DEPS…): a GoogleTest program of all *_test.cpp of this folder, one CTest entry a test.
function(landlatch_test name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  landlatch_options(${name})
  target_link_libraries(${name} PRIVATE ${ARGN} GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()
