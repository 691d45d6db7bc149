// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/figures/families.h"
#include "app/sample/figures/library_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace cachedeck::sample {
namespace {

// Seconds since 1970 at which this process began: the 22nd figure of /proc/self/stat counts clock ticks since the machine's start.
double processStart() {
  std::string stat, word;
  std::getline(std::ifstream("/proc/self/stat"), stat);
  // The name in parentheses may hold anything, so that counting begins behind it, with the third figure.
  std::istringstream rest(stat.substr(std::min(stat.rfind(')') + 1, stat.size())));
  for (int figure = 3; figure <= 22; ++figure) rest >> word;
  const double ticks = word.empty() ? 0 : std::strtod(word.c_str(), nullptr);
  std::ifstream machine("/proc/stat");
  double boot = 0;
  while (machine >> word)
    if (word == "btime" && machine >> boot) break;
  return boot + ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double residentBytes() {
  long total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

std::vector<prometheus::MetricFamily> processFigures() {
  static const double start = processStart();
  return {counter("process_cpu_seconds_total", "User and system CPU time.", cpuSeconds()),
          gauge("process_resident_memory_bytes", "Resident memory.", residentBytes()),
          gauge("process_start_time_seconds", "Start of the process since 1970.", start)};
}

}  // namespace cachedeck::sample
