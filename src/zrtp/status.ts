import type { SrtpSuite } from '../media';

/** How far ZRTP (RFC 6189) has come in a call. */
export interface ZrtpStatus {
  /** `asking`: nobody knows yet whether the far end speaks it; `failed`: it does not, or it went wrong. */
  readonly state: 'asking' | 'secure' | 'failed';
  /** What both users read to each other: where it is the same at both ends nobody sits in between. Once it is secure. */
  readonly sas?: string;
  /** They have, in this call or an earlier one. Once it is secure. */
  readonly verified?: boolean;
  /** The far end is known from an earlier call, and has proved to be the same. Once it is secure. */
  readonly known?: boolean;
  /** Why it is not better, in words; empty when all is well. */
  readonly detail: string;
}

export interface AgreedByZrtp {
  readonly zrtp?: ZrtpStatus;
  /** Where sound and picture are encrypted, both. */
  readonly encryption?: {
    readonly suite: SrtpSuite;
    readonly keysBy: 'zrtp';
    readonly keysHidden: true;
  };
}
