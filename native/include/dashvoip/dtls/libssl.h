#ifndef DASHVOIP_DTLS_LIBSSL_H_
#define DASHVOIP_DTLS_LIBSSL_H_

#include <cstddef>

#include "dashvoip/crypto/libcrypto.h"

// OpenSSL's own names of what it keeps to itself.
struct bio_method_st;
struct bio_st;
struct evp_md_st;
struct evp_pkey_st;
struct ssl_ctx_st;
struct ssl_method_st;
struct ssl_st;
struct x509_st;
struct x509_store_ctx_st;

namespace dashvoip {

/** SRTP_PROTECTION_PROFILE of openssl/srtp.h. */
struct SrtpProtectionProfile {
  const char* name;
  unsigned long id;  ///< RFC 5764 §4.1.2, RFC 7714 §14.2
};

/**
 * What DTLS takes of the OpenSSL that Node brings along: functions that 1.1.1 and 3.x have in
 * common, looked up by name, as `Libcrypto` has them.
 */
struct Libssl {
  /** @return nullptr where this process has no OpenSSL, or one without DTLS. */
  static const Libssl* Find() noexcept;

  const Libcrypto* crypto;

  const ssl_method_st* (*method)();
  ssl_ctx_st* (*context_new)(const ssl_method_st*);
  void (*context_free)(ssl_ctx_st*);
  long (*context_control)(ssl_ctx_st*, int what, long number, void* pointer);
  int (*set_ciphers)(ssl_ctx_st*, const char* list);
  int (*use_certificate)(ssl_ctx_st*, int size, const unsigned char* der);
  int (*use_key)(int kind, ssl_ctx_st*, const unsigned char* der, long size);
  void (*set_verify)(ssl_ctx_st*, int mode, int (*verify)(int, x509_store_ctx_st*));
  int (*set_srtp)(ssl_ctx_st*, const char* profiles);  ///< 0 when done

  ssl_st* (*connection_new)(ssl_ctx_st*);
  void (*connection_free)(ssl_st*);
  long (*connection_control)(ssl_st*, int what, long number, void* pointer);
  void (*set_bio)(ssl_st*, bio_st* read, bio_st* write);
  void (*set_connect_state)(ssl_st*);
  void (*set_accept_state)(ssl_st*);
  void (*set_timer)(ssl_st*, unsigned (*next_us)(ssl_st*, unsigned last_us));
  int (*do_handshake)(ssl_st*);
  int (*get_error)(const ssl_st*, int result);
  int (*read)(ssl_st*, void* out, int size);
  int (*shut_down)(ssl_st*);
  /** Whose reference is the caller's: named SSL_get1_peer_certificate since 3.0. */
  x509_st* (*peer_certificate)(const ssl_st*);
  const SrtpProtectionProfile* (*selected_srtp)(ssl_st*);
  int (*export_key)(ssl_st*, unsigned char* out, std::size_t size, const char* label,
                    std::size_t label_size, const unsigned char* context, std::size_t context_size,
                    int use_context);

  bio_method_st* (*bio_method_new)(int kind, const char* name);
  void (*bio_method_free)(bio_method_st*);
  int (*bio_on_write)(bio_method_st*, int (*write)(bio_st*, const char*, int));
  int (*bio_on_read)(bio_method_st*, int (*read)(bio_st*, char*, int));
  int (*bio_on_control)(bio_method_st*, long (*control)(bio_st*, int, long, void*));
  bio_st* (*bio_new)(const bio_method_st*);
  void (*bio_set_data)(bio_st*, void*);
  void* (*bio_data)(bio_st*);
  void (*bio_set_ready)(bio_st*, int);
  void (*bio_set_flags)(bio_st*, int);
  void (*bio_clear_flags)(bio_st*, int);

  int (*certificate_digest)(const x509_st*, const evp_md_st*, unsigned char* out, unsigned* size);
  void (*certificate_free)(x509_st*);
  const evp_md_st* (*sha256)();
  const evp_md_st* (*sha384)();
  const evp_md_st* (*sha512)();
  void (*clear_errors)();
  unsigned long (*next_error)();
  void (*error_in_words)(unsigned long error, char* out, std::size_t size);
};

}  // namespace dashvoip

#endif  // DASHVOIP_DTLS_LIBSSL_H_
