// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/compare_facts.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <cmath>
#include <span>

namespace cachedeck::snapshot {

namespace {

/// A table of settings: one row here is all that comparing one takes.
struct SettingsTable {
  const char* id;
  std::span<const char* const> onlyFields;  ///< of the last key column; empty: all
  std::span<const char* const> ignored;     ///< columns that are no settings
};
constexpr const char* infoFields[] = {"redis_version", "redis_mode",    "os",         "arch_bits",     "config_file",     "executable",        "tcp_port",    "hz",       "configured_hz",
                                      "maxclients",    "maxmemory",     "maxmemory_policy", "mem_allocator", "io_threads_active", "aof_enabled", "role", "master_host",  "master_port",
                                      "cluster_enabled", "repl_backlog_size", "lazyfree_lazy_eviction"};
constexpr const char* ruleStates[] = {"State", "Health", "Last error"};
const SettingsTable settingsTables[] = {{"redis-config", {}, {}}, {"redis-info", infoFields, {}}, {"postgres-settings", {}, {}}, {"prometheus-rules", {}, ruleStates}};

bool contains(std::span<const char* const> words, const QString& word) {
  return std::ranges::any_of(words, [&](const char* one) { return word.compare(QLatin1String(one), Qt::CaseInsensitive) == 0; });
}

qsizetype keysOf(const FactTable& table) { return std::clamp<qsizetype>(table.keys, 1, std::max<qsizetype>(1, table.columns.size())); }

QStringList keyOf(const FactTable& table, const QStringList& row) {
  QStringList key = row.first(std::min(keysOf(table), row.size()));
  while (key.size() < keysOf(table)) key.append(QString());
  return key;
}

/// Rows by key; a key that stands twice counts by how often it stood before, so that no row hides another.
using Rows = QHash<QStringList, const QStringList*>;
Rows rowsOf(const FactTable& table, QList<QStringList>& order) {
  Rows rows;
  for (const QStringList& row : table.rows) {
    QStringList key = keyOf(table, row);
    for (int again = 2; rows.contains(key) && again < 1000; ++again) {
      key = keyOf(table, row);
      key.append(QStringLiteral("(%1)").arg(again));
    }
    if (rows.contains(key)) continue;
    rows.insert(key, &row);
    order.append(key);
  }
  return rows;
}

int columnOf(const FactTable& table, const QString& title) {
  for (int i = 0; i < table.columns.size(); ++i)
    if (table.columns[i].title == title) return i;
  return -1;
}

QString titleOf(const FactTable::Column& column) { return column.unit.isEmpty() ? column.title : QStringLiteral("%1 (%2)").arg(column.title, column.unit); }

/// Two tables of one kind, row by row.
struct TablePair {
  const FactTable& before;
  const FactTable& after;

  QList<ChangedRow::Cell> cells(const QStringList* old, const QStringList* now, std::span<const char* const> ignored) const {
    QList<ChangedRow::Cell> list;
    for (int i = static_cast<int>(keysOf(after)); i < after.columns.size(); ++i) {
      if (contains(ignored, after.columns[i].title)) continue;
      const int was = columnOf(before, after.columns[i].title);  // a later version may have put columns between
      if (old && was < 0) continue;
      list.append({titleOf(after.columns[i]), old ? old->value(was) : QString(), now ? now->value(i) : QString()});
    }
    return list;
  }

  template <typename Take>
  void each(Take take) const {
    QList<QStringList> order, orderAfter;
    const Rows old = rowsOf(before, order), now = rowsOf(after, orderAfter);
    for (const QStringList& key : orderAfter)
      if (!old.contains(key)) order.append(key);
    for (const QStringList& key : order) take(key, old.value(key), now.value(key));
  }
};

ChangedRow::Kind kindOf(const QStringList* old, const QStringList* now) { return !old ? ChangedRow::Kind::Added : !now ? ChangedRow::Kind::Removed : ChangedRow::Kind::Changed; }

bool isSame(const ChangedRow::Cell& cell) { return cell.before == cell.after; }

TableChanges changesOf(const TablePair& pair, const SettingsTable& settings) {
  TableChanges changes{pair.after.id, pair.after.title, {}};
  const qsizetype field = keysOf(pair.after) - 1;
  pair.each([&](const QStringList& key, const QStringList* old, const QStringList* now) {
    if (!settings.onlyFields.empty() && !contains(settings.onlyFields, key.value(field))) return;
    ChangedRow row{key, kindOf(old, now), pair.cells(old, now, settings.ignored)};
    if (row.kind == ChangedRow::Kind::Changed) row.cells.removeIf(isSame);
    if (row.kind != ChangedRow::Kind::Changed || !row.cells.isEmpty()) changes.rows.append(row);
  });
  return changes;
}

double numberAt(const QStringList* row, int column) {
  bool good = false;
  const double value = row && column >= 0 ? row->value(column).toDouble(&good) : 0;
  return good && std::isfinite(value) ? value : NAN;
}

int meanColumn(const FactTable& table) {
  for (int i = 0; i < table.columns.size(); ++i)
    if (table.columns[i].isNumber && table.columns[i].title.contains(QLatin1String("mean"), Qt::CaseInsensitive)) return i;
  return -1;
}

}  // namespace

std::optional<QList<TableChanges>> changedSettings(const Snapshot& before, const Snapshot& after, QStringList& notes) {
  std::optional<QList<TableChanges>> all;
  for (const SettingsTable& settings : settingsTables) {
    const FactTable *old = findTable(before, QLatin1String(settings.id)), *now = findTable(after, QLatin1String(settings.id));
    if (!old != !now) notes.append(QStringLiteral("Only the %1 snapshot holds %2: whether it changed cannot be said.").arg(old ? QStringLiteral("first") : QStringLiteral("second"), QLatin1String(settings.id)));
    if (!old || !now) continue;
    if (!all) all.emplace();
    TableChanges changes = changesOf({*old, *now}, settings);
    if (!changes.rows.isEmpty()) all->append(std::move(changes));
  }
  return all;
}

std::optional<TableChanges> changedStatements(const Snapshot& before, const Snapshot& after) {
  const FactTable *old = findTable(before, QLatin1String("postgres-statements")), *now = findTable(after, QLatin1String("postgres-statements"));
  if (!old || !now) return std::nullopt;
  constexpr double leastFactor = 1.2, leastMs = 0.1;
  const int oldMean = meanColumn(*old), nowMean = meanColumn(*now);
  struct Weighted {
    double factor;
    ChangedRow row;
  };
  QList<Weighted> found;
  const TablePair pair{*old, *now};
  pair.each([&](const QStringList& key, const QStringList* was, const QStringList* is) {
    const double a = numberAt(was, oldMean), b = numberAt(is, nowMean);
    const double factor = a > 0 && b > 0 ? std::max(a / b, b / a) : 0;
    if (was && is && (factor < leastFactor || std::abs(a - b) < leastMs)) return;
    ChangedRow row{key, kindOf(was, is), pair.cells(was, is, {})};
    if (was && is) row.cells.removeIf(isSame);
    found.append({factor, std::move(row)});
  });
  std::ranges::stable_sort(found, std::ranges::greater{}, &Weighted::factor);
  TableChanges changes{now->id, now->title, {}};
  for (Weighted& one : found) changes.rows.append(std::move(one.row));
  return changes;
}

}  // namespace cachedeck::snapshot
