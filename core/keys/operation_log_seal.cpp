// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/operation_log_seal.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QtEndian>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>

namespace cachedeck::keys::oplog {

namespace {

constexpr qsizetype keySize = 32;

const uchar* raw(const QByteArray& bytes) { return reinterpret_cast<const uchar*>(bytes.constData()); }

QByteArray derivedKey(const Secret& key, const QString& id) {
  return QMessageAuthenticationCode::hash("cachedeck operation log 1\n" + id.toLatin1(), QByteArray::fromRawData(key.data(), key.size()),
                                          QCryptographicHash::Sha256);
}

}  // namespace

Seal::Seal() : m_encrypt(EVP_CIPHER_CTX_new()), m_decrypt(EVP_CIPHER_CTX_new()) {}

Seal::~Seal() {
  EVP_CIPHER_CTX_free(m_encrypt);
  EVP_CIPHER_CTX_free(m_decrypt);
}

Result<std::unique_ptr<Seal>> Seal::make(const Secret& key, const QString& id) {
  if (key.size() != keySize)
    return fail(Error::Kind::Usage, QStringLiteral("The key that undo images are sealed with must have %1 bytes.").arg(keySize));
  std::unique_ptr<Seal> seal(new Seal);
  QByteArray own = derivedKey(key, id);
  const bool ready = seal->m_encrypt && seal->m_decrypt && EVP_EncryptInit_ex(seal->m_encrypt, EVP_aes_256_gcm(), nullptr, raw(own), nullptr) == 1 &&
                     EVP_DecryptInit_ex(seal->m_decrypt, EVP_aes_256_gcm(), nullptr, raw(own), nullptr) == 1;
  wipe(own);
  if (!ready) return fail(Error::Kind::Io, QStringLiteral("The encryption of undo images (AES-256-GCM of OpenSSL) could not be started."));
  return seal;
}

void Seal::begin(QByteArrayView fileHead) {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  hash.addData(fileHead.toByteArray());
  std::copy_n(raw(hash.result()), tagSize, m_previous.begin());
  m_number = 0;
}

std::array<uchar, 25> Seal::additional(RecordType type) const {
  std::array<uchar, 25> data{};
  data[0] = static_cast<uchar>(type);
  qToLittleEndian(m_number, data.data() + 1);
  std::copy(m_previous.begin(), m_previous.end(), data.begin() + 9);
  return data;
}

bool Seal::seal(RecordType type, QByteArray& record) {
  const qsizetype size = record.size() - headSize;
  record.append(tagSize, '\0');
  auto* const bytes = reinterpret_cast<uchar*>(record.data());
  const auto length = static_cast<quint32>(size + sealedExtra);
  qToLittleEndian(length, bytes);
  qToLittleEndian(~length, bytes + 4);
  bytes[lengthSize] = static_cast<uchar>(type);
  uchar* const nonce = bytes + lengthSize + 1;
  uchar* const body = bytes + headSize;
  const auto data = additional(type);
  int out = 0;
  return RAND_bytes(nonce, nonceSize) == 1 && EVP_EncryptInit_ex(m_encrypt, nullptr, nullptr, nullptr, nonce) == 1 &&
         EVP_EncryptUpdate(m_encrypt, nullptr, &out, data.data(), static_cast<int>(data.size())) == 1 &&
         EVP_EncryptUpdate(m_encrypt, body, &out, body, static_cast<int>(size)) == 1 && EVP_EncryptFinal_ex(m_encrypt, body + size, &out) == 1 &&
         EVP_CIPHER_CTX_ctrl(m_encrypt, EVP_CTRL_GCM_GET_TAG, static_cast<int>(tagSize), body + size) == 1;
}

bool Seal::open(RecordType type, const uchar* nonce, std::span<uchar> body, const uchar* tag) {
  const auto data = additional(type);
  std::array<uchar, tagSize> expected{};
  std::copy_n(tag, tagSize, expected.begin());
  int out = 0;
  uchar none = 0;
  uchar* const bytes = body.empty() ? &none : body.data();
  return EVP_DecryptInit_ex(m_decrypt, nullptr, nullptr, nullptr, nonce) == 1 &&
         EVP_DecryptUpdate(m_decrypt, nullptr, &out, data.data(), static_cast<int>(data.size())) == 1 &&
         EVP_DecryptUpdate(m_decrypt, bytes, &out, bytes, static_cast<int>(body.size())) == 1 &&
         EVP_CIPHER_CTX_ctrl(m_decrypt, EVP_CTRL_GCM_SET_TAG, static_cast<int>(tagSize), expected.data()) == 1 &&
         EVP_DecryptFinal_ex(m_decrypt, bytes + body.size(), &out) == 1;
}

void Seal::advance(const uchar* tag) {
  std::copy_n(tag, tagSize, m_previous.begin());
  ++m_number;
}

}  // namespace cachedeck::keys::oplog
