import { type Clock, type Logger, type Random, randomToken } from '../../platform';
import { BRANCH_COOKIE, Params, Via } from '../message';
import type { Resolver } from '../resolve';
import type { TimerSet, TransactionLayer } from '../transaction';
import type { Flow, Transports } from '../transport';

/** What sending a request takes. */
export interface RequestEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly timers: TimerSet;
  readonly resolver: Resolver;
  readonly transports: Transports;
  readonly layer: TransactionLayer;
}

/**
 * Via of a request that takes `flow`: a fresh branch (RFC 3261 §8.1.1.7) and `rport` (RFC 3581 §3).
 * @throws TransportException when there is no route
 */
export function createVia(flow: Flow, random: Random): Via {
  const { address, port } = flow.local;
  const branch = `${BRANCH_COOKIE}${randomToken(random, 96)}`;
  return new Via(flow.protocol, address, port, Params.of({ branch, rport: undefined }));
}

/** What goes there comes back here: a target that somebody made up. @throws TransportException when there is no route */
export function leadsHere({ local, remote }: Flow): boolean {
  return local.address === remote.address && local.port === remote.port;
}
