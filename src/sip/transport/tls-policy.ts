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

interface Said {
  readonly serverNames: readonly string[];
  readonly policy: TlsPolicy;
}

/** Policies by the server's name: those of accounts are for their registrar, proxy and domain. */
export class TlsPolicies {
  readonly #others: TlsPolicy;
  readonly #bySpeaker = new Map<object, Said>();

  constructor(others: TlsPolicy) {
    this.#others = others;
  }

  /** What an account says of its servers; of several that name one the first counts. */
  set(speaker: object, serverNames: readonly string[], policy: TlsPolicy): void {
    this.#bySpeaker.set(speaker, { serverNames: serverNames.map(lowered), policy });
  }

  /** It is no account any more, and its word counts no more. */
  forget(speaker: object): void {
    this.#bySpeaker.delete(speaker);
  }

  of(serverName: string): TlsPolicy {
    const name = lowered(serverName);
    const said = [...this.#bySpeaker.values()].find(({ serverNames }) =>
      serverNames.includes(name),
    );
    return said?.policy ?? this.#others;
  }
}

function lowered(name: string): string {
  return name.toLowerCase();
}
