#include <napi.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#ifdef DASHVOIP_HAVE_ALSA
#include "dashvoip/audio/alsa_version.h"
#endif

#include "bridge_wrap.h"
#include "dashvoip/base/kernel_random.h"
#include "engine_wrap.h"
#include "probe_wrap.h"

namespace {

/** `EngineFeatures` of src/media/types.ts. */
Napi::Value Features(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Object libraries = Napi::Object::New(env);
#ifdef __GLIBC__
  libraries.Set("glibc", Napi::String::New(env, gnu_get_libc_version()));
#endif
#ifdef DASHVOIP_HAVE_ALSA
  libraries.Set("alsa-lib", Napi::String::New(env, dashvoip::AlsaVersion()));
  const bool alsa = true;
#else
  const bool alsa = false;
#endif
#ifdef DASHVOIP_HAVE_AAC
  const bool aac = true;
#else
  const bool aac = false;
#endif
#ifdef DASHVOIP_HAVE_RTSP
  const bool rtsp = true;
#else
  const bool rtsp = false;
#endif
  Napi::Object features = Napi::Object::New(env);
  features.Set("cameraLink", Napi::String::New(env, DASHVOIP_CAMERA_LINK));
  features.Set("alsa", Napi::Boolean::New(env, alsa));
  features.Set("aac", Napi::Boolean::New(env, aac));
  features.Set("rtsp", Napi::Boolean::New(env, rtsp));
  features.Set("libraries", libraries);
  return features;
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

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("Engine", dashvoip::addon::EngineWrap::Define(env));
  exports.Set("Bridge", dashvoip::addon::BridgeWrap::Define(env));
  exports.Set("CameraProbe", dashvoip::addon::ProbeWrap::Define(env));
  exports.Set("randomReady", Napi::Function::New<RandomReady>(env, "randomReady"));
  exports.Set("exitNow", Napi::Function::New<ExitNow>(env, "exitNow"));
  exports.Set("features", Napi::Function::New<Features>(env, "features"));
  return exports;
}

}  // namespace

NODE_API_MODULE(dashvoip, Init)
