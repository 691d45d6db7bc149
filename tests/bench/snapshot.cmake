# SPDX-License-Identifier: GPL-3.0-or-later
add_executable(bench_snapshot bench_snapshot.cpp)
target_link_libraries(bench_snapshot PRIVATE cachedeck_snapshot_bundle cachedeck_build)
