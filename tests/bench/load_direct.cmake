# SPDX-License-Identifier: GPL-3.0-or-later
add_executable(bench_load_direct bench_load_direct.cpp)
target_link_libraries(bench_load_direct PRIVATE cachedeck_runs cachedeck_test_support cachedeck_build)
