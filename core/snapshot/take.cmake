# SPDX-License-Identifier: GPL-3.0-or-later
# Taking a snapshot: what the servers say, live samples, the past from Prometheus, journal and runs.
cachedeck_library(cachedeck_snapshot_take
  SOURCES facts.cpp facts.h fact_catalog.cpp fact_catalog.h fact_links.cpp fact_links.h fact_text.cpp fact_text.h
    redis_facts.cpp redis_slowlog_facts.cpp postgres_facts.cpp sql_text.cpp sql_text.h prometheus_facts.cpp alertmanager_facts.cpp
    series_builder.cpp series_builder.h live_series.cpp live_series.h past_series.cpp past_series.h
    range_records.cpp range_records.h take.cpp take.h
  LINK cachedeck_snapshot_bundle cachedeck_sources cachedeck_alerts cachedeck_recording)
target_precompile_headers(cachedeck_snapshot_take REUSE_FROM cachedeck_base)
