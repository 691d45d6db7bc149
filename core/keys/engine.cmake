# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_library(cachedeck_keys
  SOURCES selector.cpp selector.h spool.cpp spool.h scan.cpp scan.h facts.cpp facts.h plan.cpp plan.h plan_json.cpp transform.cpp transform.h
          guard.cpp guard.h probe.cpp probe.h pace.cpp pace.h run.cpp run.h run_report.cpp page_runner.cpp page_runner.h page_make.cpp delete_pages.cpp delete_pages.h
          expiry_pages.cpp expiry_pages.h undo.cpp undo.h flush.cpp flush.h
  LINK cachedeck_redis cachedeck_journal cachedeck_profiles cachedeck_keys_stats cachedeck_operation_log cachedeck_keys_inspect cachedeck_cacheaside)
target_precompile_headers(cachedeck_keys REUSE_FROM cachedeck_base)
