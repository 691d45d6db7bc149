# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_library(cachedeck_keys_stats
  SOURCES key_set.cpp key_set.h ttl_histogram.cpp ttl_histogram.h prefix_tree.cpp prefix_tree.h prefix_fold.cpp prefix_stats.cpp prefix_stats.h
          expiry_slots.cpp expiry_slots.h cliff_finder.cpp cliff_finder.h largest_keys.cpp largest_keys.h analysis.cpp analysis.h analysis_json.cpp
  LINK cachedeck_base PkgConfig::xxhash cachedeck_keys_inspect)
target_precompile_headers(cachedeck_keys_stats REUSE_FROM cachedeck_base)
