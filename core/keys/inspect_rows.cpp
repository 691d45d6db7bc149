// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/inspect_page.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

QByteArray cell(QByteArrayView bytes) { return bytes.first(qMin(bytes.size(), ValuePage::longestCell)).toByteArray(); }

ValueRow row(const QByteArray& head, QByteArrayView value) { return {head, cell(value), value.size()}; }

bool isTextArray(const Reply::Item& array) {
  if (!array.isArray()) return false;
  for (const Reply::Item& item : array)
    if (item.type() != Reply::Type::Text) return false;
  return true;
}

/// "field=value, field=value", only as long as it is shown.
ValueRow entryRow(const QByteArray& id, const Reply::Item& fields) {
  ValueRow entry{id, {}, 0};
  const auto append = [&entry](QByteArrayView bytes) {
    entry.fullSize += bytes.size();
    entry.value += bytes.first(qMin(bytes.size(), ValuePage::longestCell - entry.value.size()));
  };
  bool isField = true;
  for (const Reply::Item& item : fields) {
    if (isField && entry.fullSize > 0) append(", ");
    append(item.text());
    if (isField) append("=");
    isField = !isField;
  }
  return entry;
}

}  // namespace

bool isUnsigned(QByteArrayView text) {
  bool fits = false;
  (void)text.toULongLong(&fits);  // takes signs and spaces too
  return fits && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool isStreamId(QByteArrayView text) {
  const qsizetype dash = text.indexOf('-');
  return dash > 0 && isUnsigned(text.first(dash)) && isUnsigned(text.sliced(dash + 1));
}

bool listRows(const Reply& reply, qint64 index, qsizetype most, QList<ValueRow>& rows) {
  if (!isTextArray(reply.root())) return false;
  for (const Reply::Item& item : reply.root()) {
    if (rows.size() == most) break;
    rows.append(row(QByteArray::number(index++), item.text()));
  }
  return true;
}

bool scanRows(const Reply& reply, QByteArrayView type, QList<ValueRow>& rows, QByteArray& cursor) {
  const Reply::Item root = reply.root();
  if (root.size() != 2) return false;
  auto part = root.begin();
  const Reply::Item position = *part;
  ++part;
  const Reply::Item elements = *part;
  const bool pairs = type != QByteArrayView("set");
  if (position.type() != Reply::Type::Text || !isUnsigned(position.text()) || !isTextArray(elements) || (pairs && elements.size() % 2 != 0)) return false;
  cursor = position.text().toByteArray();
  for (auto it = elements.begin(); it != elements.end(); ++it) {
    const QByteArrayView first = (*it).text();
    if (!pairs) {
      rows.append(row({}, first));
      continue;
    }
    ++it;
    // A hash gives field and value, a sorted set member and score.
    rows.append(type == QByteArrayView("zset") ? row(cell((*it).text()), first) : row(cell(first), (*it).text()));
  }
  return true;
}

bool streamRows(const Reply& reply, qsizetype most, QList<ValueRow>& rows, QByteArray& next) {
  if (!reply.root().isArray()) return false;
  for (const Reply::Item& entry : reply.root()) {
    if (entry.size() != 2) return false;
    auto part = entry.begin();
    const Reply::Item id = *part;
    ++part;
    const Reply::Item fields = *part;
    if (id.type() != Reply::Type::Text || !isStreamId(id.text()) || !isTextArray(fields) || fields.size() % 2 != 0) return false;
    if (rows.size() == most) {
      next = id.text().toByteArray();
      break;
    }
    rows.append(entryRow(id.text().toByteArray(), fields));
  }
  return true;
}

}  // namespace cachedeck::keys
