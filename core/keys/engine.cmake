# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_library(cachedeck_keys
  SOURCES selector.cpp selector.h spool.cpp spool.h slot_order.cpp slot_order.h server_mark.cpp server_mark.h servers.cpp servers.h scan.cpp scan.h facts.cpp facts.h filter_refusal.cpp filter_refusal.h
          slot_moves.cpp slot_moves.h rights.cpp rights.h
          plan.cpp plan.h plan_json.cpp transform.cpp transform.h guard.cpp guard.h operation_owner.cpp operation_owner.h probe.cpp probe.h pace.cpp pace.h
          run.cpp run.h run_report.cpp run_job.cpp run_job.h run_pages.cpp run_watch.cpp run_recover.cpp batch_cover.h same_value.h lane_links.cpp lane_links.h last_call.h
          page_runner.cpp page_runner.h page_make.cpp delete_pages.cpp delete_pages.h expiry_pages.cpp expiry_pages.h undo.cpp undo.h undo_job.cpp undo_job.h undo_keys.cpp operations.cpp operation_discard.cpp replica.cpp replica.h hold_back.cpp hold_back.h flush.cpp flush.h
  LINK cachedeck_redis cachedeck_journal cachedeck_profiles cachedeck_keys_stats cachedeck_operation_log cachedeck_keys_inspect cachedeck_cacheaside)
target_precompile_headers(cachedeck_keys REUSE_FROM cachedeck_base)
