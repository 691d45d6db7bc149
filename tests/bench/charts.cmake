# SPDX-License-Identifier: GPL-3.0-or-later
add_executable(bench_charts bench_charts.cpp)
target_include_directories(bench_charts PRIVATE "${PROJECT_SOURCE_DIR}")
target_link_libraries(bench_charts PRIVATE cachedeck_charts Qt6::Charts cachedeck_build)
