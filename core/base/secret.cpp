// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/secret.h"

#include "core/base/redactor.h"

#include <cstring>

namespace cachedeck {

void wipe(void* data, size_t size) { explicit_bzero(data, size); }

void wipe(QByteArray& bytes) {
  if (bytes.isDetached()) explicit_bzero(bytes.data(), static_cast<size_t>(bytes.size()));
  bytes.clear();
}

Secret::Secret(QByteArray&& bytes) {
  if (!bytes.isEmpty()) {
    auto store = std::make_shared<Store>();
    store->bytes.assign(bytes.cbegin(), bytes.cend());
    store->bytes.push_back('\0');
    Redactor::instance().add(bytes);
    m_store = std::move(store);
  }
  wipe(bytes);
}

Secret Secret::fromString(const QString& text) { return Secret(text.toUtf8()); }

Secret::Store::~Store() {
  Redactor::instance().remove(QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size()) - 1));
  wipe(bytes.data(), bytes.size());
}

const char* Secret::data() const { return m_store ? m_store->bytes.data() : ""; }

qsizetype Secret::size() const { return m_store ? static_cast<qsizetype>(m_store->bytes.size()) - 1 : 0; }

QDebug operator<<(QDebug debug, const Secret&) { return debug << "***"; }

}  // namespace cachedeck
