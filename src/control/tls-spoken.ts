/** TLS of a connection. */
export interface TlsSpoken {
  /** As `TLSv1.3`. */
  readonly version: string;
  /** By its name at IANA, as `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string;
}
