#include "js_writer.h"

#include "dashvoip/engine/socket_address.h"

namespace dashvoip {
namespace addon {

Napi::Value ToJavaScript(Napi::Env env, const TransportAddress& value) {
  return Napi::String::New(env, SocketAddress::Of(value).ToString());
}

}  // namespace addon
}  // namespace dashvoip
