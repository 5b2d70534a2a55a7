#include "dashvoip/dtls/libssl.h"

#include <dlfcn.h>

namespace dashvoip {
namespace {

template <typename Function>
bool Look(const char* name, Function* out) noexcept {
  *out = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
  return *out != nullptr;
}

bool LookUpContexts(Libssl* out) noexcept {
  return Look("DTLS_method", &out->method) && Look("SSL_CTX_new", &out->context_new) &&
         Look("SSL_CTX_free", &out->context_free) && Look("SSL_CTX_ctrl", &out->context_control) &&
         Look("SSL_CTX_set_cipher_list", &out->set_ciphers) &&
         Look("SSL_CTX_use_certificate_ASN1", &out->use_certificate) &&
         Look("SSL_CTX_use_PrivateKey_ASN1", &out->use_key) &&
         Look("SSL_CTX_set_verify", &out->set_verify) &&
         Look("SSL_CTX_set_tlsext_use_srtp", &out->set_srtp);
}

bool LookUpConnections(Libssl* out) noexcept {
  return Look("SSL_new", &out->connection_new) && Look("SSL_free", &out->connection_free) &&
         Look("SSL_ctrl", &out->connection_control) && Look("SSL_set_bio", &out->set_bio) &&
         Look("SSL_set_connect_state", &out->set_connect_state) &&
         Look("SSL_set_accept_state", &out->set_accept_state) &&
         Look("DTLS_set_timer_cb", &out->set_timer) &&
         Look("SSL_do_handshake", &out->do_handshake) && Look("SSL_read", &out->read) &&
         Look("SSL_get_error", &out->get_error) && Look("SSL_shutdown", &out->shut_down) &&
         (Look("SSL_get1_peer_certificate", &out->peer_certificate) ||
          Look("SSL_get_peer_certificate", &out->peer_certificate)) &&
         Look("SSL_get_selected_srtp_profile", &out->selected_srtp) &&
         Look("SSL_export_keying_material", &out->export_key);
}

bool LookUpTransport(Libssl* out) noexcept {
  return Look("BIO_meth_new", &out->bio_method_new) &&
         Look("BIO_meth_free", &out->bio_method_free) &&
         Look("BIO_meth_set_write", &out->bio_on_write) &&
         Look("BIO_meth_set_read", &out->bio_on_read) &&
         Look("BIO_meth_set_ctrl", &out->bio_on_control) && Look("BIO_new", &out->bio_new) &&
         Look("BIO_set_data", &out->bio_set_data) && Look("BIO_get_data", &out->bio_data) &&
         Look("BIO_set_init", &out->bio_set_ready) && Look("BIO_set_flags", &out->bio_set_flags) &&
         Look("BIO_clear_flags", &out->bio_clear_flags);
}

bool LookUpCertificates(Libssl* out) noexcept {
  return Look("X509_digest", &out->certificate_digest) &&
         Look("X509_free", &out->certificate_free) && Look("EVP_sha256", &out->sha256) &&
         Look("EVP_sha384", &out->sha384) && Look("EVP_sha512", &out->sha512) &&
         Look("ERR_clear_error", &out->clear_errors) && Look("ERR_get_error", &out->next_error) &&
         Look("ERR_error_string_n", &out->error_in_words);
}

bool LookAllUp(Libssl* out) noexcept {
  out->crypto = Libcrypto::Find();
  return out->crypto != nullptr && LookUpContexts(out) && LookUpConnections(out) &&
         LookUpTransport(out) && LookUpCertificates(out);
}

}  // namespace

const Libssl* Libssl::Find() noexcept {
  static Libssl table;
  static const bool found = LookAllUp(&table);
  return found ? &table : nullptr;
}

}  // namespace dashvoip
