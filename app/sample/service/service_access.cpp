// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/log.h"
#include "app/sample/service/accounts.h"
#include "app/sample/service/service.h"

#include <microhttpd.h>
#include <nlohmann/json.hpp>

namespace cachedeck::sample {

using namespace cacheaside;

namespace {

Reply unauthorized(std::string_view message) {
  Reply reply = errorReply(401, message);
  reply.headers.emplace_back(MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer realm=\"cachedeck-sample\"");
  reply.headers.emplace_back(MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Basic realm=\"cachedeck-sample\", charset=\"UTF-8\"");
  return reply;
}

}  // namespace

// False when the exchange has been answered or deferred instead.
bool Service::admitted(const Call& call) {
  const Credential credential = credentialOf(call.exchange.authorization());
  const Time now = call.exchange.arrived();
  switch (credential.scheme) {
    case Credential::Scheme::None: call.exchange.answer(unauthorized("A token is needed: POST /api/v1/auth/login gives one.")); return false;
    case Credential::Scheme::Bearer:
      if (m_tokens.has(credential.value, now)) return true;
      call.exchange.answer(unauthorized("The token is not known, or has expired. Log in again."));
      return false;
    case Credential::Scheme::Basic: break;
  }
  if (m_basics.has(credential.value, now)) return true;
  std::optional<UserPassword> given = decodedBasic(credential.value);
  if (given)
    prove(call, std::string(credential.value), std::move(*given));
  else
    call.exchange.answer(unauthorized("The Authorization header is not base64 of user:password."));
  return false;
}

// The database is asked once about a user and password sent with a request; they are then remembered like a token.
void Service::prove(const Call& call, std::string value, UserPassword given) {
  const auto check = [this, call, value = std::move(value), given = std::move(given)] {
    const Time since = call.exchange.received();
    if (Database::tooLate(since)) return call.exchange.answer(busyReply("The request waited too long for its turn. Try again in a moment."));
    try {
      const Outcome<bool> fits = passwordFits(m_database, since, given.user, given.password);
      if (!fits) return call.exchange.answer(databaseReply(fits.error()));
      if (!*fits) return call.exchange.answer(unauthorized("Wrong user name or password."));
      m_basics.add(value, std::chrono::steady_clock::now());
      carryOut(call);
    } catch (const std::exception& error) {
      logSparingly(error.what());
      call.exchange.answer(errorReply(500, "The request could not be carried out."));
    }
  };
  call.exchange.defer([this, &exchange = call.exchange, check] {
    if (!m_work.post(check)) exchange.answer(busyReply("Too many requests wait already. Try again in a moment."));
  });
}

void Service::login(const Call& call) {
  Expected<LoginBody, Reply> body = readLogin(call.exchange.body());
  if (!body) return call.exchange.answer(body.error());
  later(call.exchange, m_work, [this, given = std::move(*body)](Time since) -> Reply {
    const Outcome<bool> fits = passwordFits(m_database, since, given.name, given.password);
    if (!fits) return databaseReply(fits.error());
    if (!*fits) return unauthorized("Wrong user name or password.");
    const std::optional<std::string> token = randomToken();
    if (!token) return errorReply(500, "The system gives no random bytes.");
    m_tokens.add(*token, std::chrono::steady_clock::now());
    const auto seconds = std::chrono::seconds(CredentialTable::lifetime).count();
    return jsonReply(200, nlohmann::ordered_json{{"token", *token}, {"token_type", "Bearer"}, {"expires_in", seconds}}.dump());
  });
}

}  // namespace cachedeck::sample
