# SPDX-License-Identifier: GPL-3.0-or-later
add_executable(bench_history bench_history.cpp)
target_link_libraries(bench_history PRIVATE cachedeck_metrics cachedeck_build)
