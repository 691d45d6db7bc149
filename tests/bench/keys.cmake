# SPDX-License-Identifier: GPL-3.0-or-later
add_executable(bench_keys bench_keys.cpp)
target_link_libraries(bench_keys PRIVATE cachedeck_keys cachedeck_test_support cachedeck_build)
add_dependencies(bench_keys cachedeck)
