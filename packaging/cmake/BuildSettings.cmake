# SPDX-License-Identifier: GPL-3.0-or-later
# One interface target carries every compiler flag; no other file sets any.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

option(CACHEDECK_WERROR "Treat warnings as errors" OFF)
set(CACHEDECK_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them (address,undefined or thread)")

add_library(cachedeck_build INTERFACE)
target_compile_options(cachedeck_build INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow=local -fstack-protector-strong
  $<$<BOOL:${CACHEDECK_WERROR}>:-Werror>)
target_compile_definitions(cachedeck_build INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_KEYWORDS QT_DISABLE_DEPRECATED_BEFORE=0x060400 _GLIBCXX_ASSERTIONS)
target_link_options(cachedeck_build INTERFACE -Wl,-z,relro,-z,now -Wl,--as-needed)
if(CACHEDECK_SANITIZE)
  target_compile_options(cachedeck_build INTERFACE -fsanitize=${CACHEDECK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(cachedeck_build INTERFACE -fsanitize=${CACHEDECK_SANITIZE})
endif()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
target_link_libraries(cachedeck_build INTERFACE Threads::Threads)

# cachedeck_library(name SOURCES … LINK …): a static library of core or ui under the common flags.
function(cachedeck_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${arg_LINK} PRIVATE cachedeck_build)
  set_target_properties(${name} PROPERTIES AUTOMOC ON)
endfunction()
