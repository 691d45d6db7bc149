// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/tst_http.h"

#include <QElapsedTimer>

#include <cmath>

namespace cachedeck::test {

/// One instance of a service: what it counts in a second, as text for Prometheus, times the seconds that it was busy.
class ServiceExporter {
 public:
  ServiceExporter() { m_timer.start(); }
  QString address() const { return QStringLiteral("127.0.0.1:%1").arg(m_server.port()); }
  void setBusy(bool busy) {
    const std::lock_guard lock(m_mutex);
    moveOn();
    m_busy = busy;
  }
  void setFailing(bool failing) {  // its own requests, from now on
    const std::lock_guard lock(m_mutex);
    m_failsSince = failing ? m_seconds : NAN;
  }
  void setDown(bool down) {
    const std::lock_guard lock(m_mutex);
    m_down = down;
  }

 private:
  void moveOn() {
    const double now = static_cast<double>(m_timer.nsecsElapsed()) * 1e-9;
    if (m_busy) m_seconds += now - m_last;
    m_last = now;
  }
  QByteArray metrics() {
    const std::lock_guard lock(m_mutex);
    if (m_down) return httpAnswer("500 Internal Server Error", "text/plain", "no");
    moveOn();
    QByteArray text;
    const auto line = [&](const char* series, double value) { text += QByteArray(series) + ' ' + QByteArray::number(value, 'g', 17) + '\n'; };
    const auto counter = [&](const char* series, double perSecond) { line(series, perSecond * m_seconds); };
    counter("http_requests_total{method=\"GET\",route=\"/a\",code=\"200\"}", 60);
    counter("http_requests_total{method=\"GET\",route=\"/b\",code=\"200\"}", 40);
    counter("http_requests_total{method=\"GET\",route=\"/metrics\",code=\"200\"}", 300);
    counter("http_request_duration_seconds_bucket{method=\"GET\",route=\"/metrics\",le=\"0.5\"}", 0);
    for (const char* part : {"bucket{method=\"GET\",route=\"/metrics\",le=\"+Inf\"}", "sum{method=\"GET\",route=\"/metrics\"}", "count{method=\"GET\",route=\"/metrics\"}"})
      counter((QByteArray("http_request_duration_seconds_") + part).constData(), 300);
    if (!std::isnan(m_failsSince)) line("http_request_errors_total{method=\"GET\",route=\"/a\"}", 1 + 0.5 * (m_seconds - m_failsSince));
    // 50, 95 and 99 of 100 requests within 10, 100 and 250 ms, over two routes.
    for (const auto& [route, share] : {std::pair("/a", 0.6), std::pair("/b", 0.4)}) {
      const QByteArray labels = QByteArray("method=\"GET\",route=\"") + route + '"';
      for (const auto& [le, count] : {std::pair("0.01", 50), std::pair("0.1", 95), std::pair("0.25", 99), std::pair("0.5", 100), std::pair("+Inf", 100)})
        counter(("http_request_duration_seconds_bucket{" + labels + ",le=\"" + le + "\"}").constData(), share * count);
      counter(("http_request_duration_seconds_sum{" + labels + "}").constData(), share * 100 * 0.03);
      counter(("http_request_duration_seconds_count{" + labels + "}").constData(), share * 100);
    }
    counter("cache_requests_total{class=\"risk\",result=\"hit\"}", 60);
    counter("cache_requests_total{class=\"risk\",result=\"miss\"}", 20);
    counter("cache_requests_total{class=\"dashboard\",result=\"miss\"}", 5);  // never a hit: there is no such series
    counter("cache_requests_total{class=\"connector\",result=\"hit\"}", 9);
    counter("cache_requests_total{class=\"connector\",result=\"bypass\"}", 1);
    line("cache_requests_total{class=\"marketplace\",result=\"hit\"}", 7);  // not asked for any more
    line("db_pool_max_open_connections", 25);
    line("db_pool_open_connections", 9);
    line("db_pool_in_use_connections", 6);
    line("db_pool_idle_connections", 3);
    line("db_pool_waiting_requests", 2);
    counter("db_pool_waits_total", 4);
    counter("process_cpu_seconds_total", 0.25);
    return httpAnswer("200 OK", "text/plain; version=0.0.4", text);
  }

  std::mutex m_mutex;
  QElapsedTimer m_timer;
  double m_last = 0, m_seconds = 0, m_failsSince = NAN;
  bool m_busy = true, m_down = false;
  ScriptedHttp m_server{[this](const QByteArray&) { return metrics(); }};  // last: its thread uses what stands above
};

}  // namespace cachedeck::test
