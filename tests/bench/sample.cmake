# SPDX-License-Identifier: GPL-3.0-or-later
add_executable(bench_sample sample/bench_sample.cpp sample/bare_server.cpp sample/bare_server.h sample/wrk.cpp sample/wrk.h)
target_include_directories(bench_sample PRIVATE "${PROJECT_SOURCE_DIR}")
target_link_libraries(bench_sample PRIVATE cachedeck_test_support PkgConfig::libmicrohttpd cachedeck_build)
target_compile_definitions(bench_sample PRIVATE WRK_SCRIPT="${CMAKE_CURRENT_SOURCE_DIR}/sample/wrk.lua")
