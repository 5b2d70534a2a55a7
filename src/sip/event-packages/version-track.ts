import type { XmlElement } from '../../platform';

/** What a document of a package with versions says of itself (RFC 3680 §5.1, RFC 4235 §4.1). */
export interface Edition {
  readonly version: number;
  /** It tells all there is, and not only what has changed. */
  readonly isFull: boolean;
}

/** What a document of that edition is to those before it. */
export type Verdict =
  /** Heard before, or overtaken. */
  | 'stale'
  | 'in-order'
  /** Something before it was not heard: it counts, and all has to be asked for. */
  | 'gap';

const MAX_VERSION = 2 ** 32 - 1;

/** Undefined where it does not say so as it must. */
export function editionOf({ attributes }: XmlElement): Edition | undefined {
  const version = attributes.get('version')?.trim() ?? '';
  const state = attributes.get('state');
  if (!/^0*\d{1,10}$/.test(version) || Number(version) > MAX_VERSION) return undefined;
  if (state !== 'full' && state !== 'partial') return undefined;
  return { version: Number(version), isFull: state === 'full' };
}

/**
 * Counts the versions of one subscription: RFC 3680 §5.2, RFC 4235 §4.3. What tells all always counts, which those clauses
 * would have thrown away for its version: notifications come in order (CSeq), and kamailio calls each of reginfo version 0.
 */
export class VersionTrack {
  #last: number | undefined;

  /** A new subscription counts from anywhere. */
  restart(): void {
    this.#last = undefined;
  }

  judge({ version, isFull }: Edition): Verdict {
    const last = this.#last;
    if (!isFull && last !== undefined && version <= last) return 'stale';
    this.#last = version;
    return isFull || (last !== undefined && version === last + 1) ? 'in-order' : 'gap';
  }
}
