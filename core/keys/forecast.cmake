# SPDX-License-Identifier: GPL-3.0-or-later
# What an action would do, and how figures of keys are written: for pages and commands alike.
cachedeck_library(cachedeck_keys_forecast SOURCES forecast.cpp forecast.h refill.cpp key_text.cpp key_text.h cliff_text.cpp cliff_text.h LINK cachedeck_keys cachedeck_metrics)
target_precompile_headers(cachedeck_keys_forecast REUSE_FROM cachedeck_base)
