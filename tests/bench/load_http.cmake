# SPDX-License-Identifier: GPL-3.0-or-later
add_executable(bench_load_http bench_load_http.cpp)
target_link_libraries(bench_load_http PRIVATE cachedeck_runs cachedeck_test_support cachedeck_build)
add_dependencies(bench_load_http cachedeck)
