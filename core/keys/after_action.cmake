# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_library(cachedeck_after_action
  SOURCES after_action.cpp after_action.h
  LINK cachedeck_metrics cachedeck_journal)
target_precompile_headers(cachedeck_after_action REUSE_FROM cachedeck_base)
