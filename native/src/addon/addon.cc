#include <napi.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#include <malloc.h>
#endif

#include <string>

#ifdef DASHVOIP_HAVE_ALSA
#include "dashvoip/audio/alsa_version.h"
#endif

#include "bridge_wrap.h"
#include "dashvoip/api/features.h"
#include "dashvoip/base/kernel_random.h"
#include "dashvoip/crypto/libcrypto.h"
#include "dashvoip/engine/engine.h"
#include "engine_wrap.h"
#include "js_writer.h"
#include "own_folder.h"
#include "probe_wrap.h"

namespace {

/** The second word of "OpenSSL 3.0.19 27 Jan 2026". */
std::string OpensslVersion(const std::string& words) {
  const std::size_t begin = words.find(' ') + 1;
  return words.substr(begin, words.find(' ', begin) - begin);
}

dashvoip::EngineFeatures Built() {
  dashvoip::EngineFeatures built;
  // A word of CMake's own check.
  dashvoip::FindWord(DASHVOIP_CAMERA_LINK, &built.camera_link);
#ifdef DASHVOIP_HAVE_ALSA
  built.alsa = true;
  built.libraries.alsa_lib = std::string(dashvoip::AlsaVersion());
#endif
#ifdef DASHVOIP_HAVE_AAC
  built.aac = true;
#endif
#ifdef DASHVOIP_HAVE_RTSP
  built.rtsp = true;
#endif
#ifdef DASHVOIP_HAVE_STILL
  built.still = true;
#endif
  built.codecs = dashvoip::UsableCodecs(dashvoip::addon::OwnFolder());
  if (const dashvoip::Libcrypto* const crypto = dashvoip::Libcrypto::Find()) {
    built.srtp = true;
    built.libraries.openssl = OpensslVersion(crypto->version(0));
  }
#ifdef __GLIBC__
  built.libraries.glibc = std::string(gnu_get_libc_version());
#endif
  return built;
}

Napi::Value Features(const Napi::CallbackInfo& info) {
  return dashvoip::addon::ToJavaScript(info.Env(), Built());
}

/** Whether the kernel's random numbers can be trusted yet. */
Napi::Value RandomReady(const Napi::CallbackInfo& info) {
  char byte = 0;
  return Napi::Boolean::New(info.Env(), dashvoip::KernelRandom(&byte, sizeof(byte)));
}

/**
 * Ends the process now. exit() would wait for the threads of libuv's pool, of which one may sit in
 * a name look-up that nothing can cut short.
 */
void ExitNow(const Napi::CallbackInfo& info) { _exit(info[0].ToNumber().Int32Value()); }

/** What was freed goes back to the system: the C library keeps megabytes of it after a burst. */
void TrimMemory(const Napi::CallbackInfo& /*info*/) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("Engine", dashvoip::addon::EngineWrap::Define(env));
  exports.Set("Bridge", dashvoip::addon::BridgeWrap::Define(env));
  exports.Set("CameraProbe", dashvoip::addon::ProbeWrap::Define(env));
  exports.Set("randomReady", Napi::Function::New<RandomReady>(env, "randomReady"));
  exports.Set("exitNow", Napi::Function::New<ExitNow>(env, "exitNow"));
  exports.Set("trimMemory", Napi::Function::New<TrimMemory>(env, "trimMemory"));
  exports.Set("features", Napi::Function::New<Features>(env, "features"));
  return exports;
}

}  // namespace

NODE_API_MODULE(dashvoip, Init)
