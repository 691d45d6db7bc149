# SPDX-License-Identifier: GPL-3.0-or-later
add_executable(bench_keys_stats bench_keys_stats.cpp)
target_link_libraries(bench_keys_stats PRIVATE cachedeck_keys_stats cachedeck_build)
