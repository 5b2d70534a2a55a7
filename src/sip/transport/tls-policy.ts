/** Whom the far end of a TLS connection has to be, and how it shows that. */
export interface TlsPolicy {
  /** False: whoever answers is taken, and whoever stands between hears all. */
  readonly verify: boolean;
  /** PEM file of the authorities that are trusted, in place of the system's. */
  readonly caFile?: string;
  /** SHA-256 of certificates that are taken for themselves, whoever has signed them; none other is then. */
  readonly fingerprints?: readonly string[];
  /** Wildcards, and the common name of a certificate without alternative names: RFC 5922 §7 forbids both. */
  readonly looseNames?: boolean;
}

export const STRICT: TlsPolicy = { verify: true };

/**
 * Policies by the server's name: those of accounts are for their registrar, proxy and domain. The one that was
 * set last for a name counts.
 */
export class TlsPolicies {
  readonly #others: TlsPolicy;
  readonly #byName = new Map<string, TlsPolicy>();

  constructor(others: TlsPolicy) {
    this.#others = others;
  }

  /** @param policy none: as all do. */
  set(serverName: string, policy: TlsPolicy | undefined): void {
    if (policy) this.#byName.set(serverName.toLowerCase(), policy);
    else this.#byName.delete(serverName.toLowerCase());
  }

  of(serverName: string): TlsPolicy {
    return this.#byName.get(serverName.toLowerCase()) ?? this.#others;
  }
}
