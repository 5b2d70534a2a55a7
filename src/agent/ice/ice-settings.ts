/** A server as the configuration names it. */
export interface IceServerSettings {
  /** `stun:`, `turn:` or `turns:`, as RFC 7064 and RFC 7065 have them. */
  readonly uri: string;
  readonly username?: string;
  readonly password?: string;
}

export interface IceSettings {
  readonly servers: readonly IceServerSettings[];
  /** Certificates (PEM) of who may have signed those of servers by TLS. */
  readonly caFile?: string;
}
