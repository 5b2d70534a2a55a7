#include <napi.h>

#include <cerrno>
#include <cstdint>

#include "dashvoip/base/sctp_socket.h"

namespace {

/** `openSctpSocket(address, port)`: a descriptor, or a negative errno (src/media/sctp-module.ts).
 */
Napi::Value OpenSocket(const Napi::CallbackInfo& info) {
  dashvoip::IpAddress local;
  const std::uint32_t port = info[1].IsNumber() ? info[1].As<Napi::Number>().Uint32Value() : 65536;
  const bool fits = port < 65536 && info[0].IsString() &&
                    dashvoip::IpAddress::Parse(info[0].As<Napi::String>(), &local);
  const int opened =
      fits ? dashvoip::OpenSctpSocket(local.WithPort(static_cast<std::uint16_t>(port))) : -EINVAL;
  return Napi::Number::New(info.Env(), opened);
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("openSctpSocket", Napi::Function::New<OpenSocket>(env, "openSctpSocket"));
  return exports;
}

}  // namespace

NODE_API_MODULE(dashvoip_sctp, Init)
