import { type Clock, type Logger, type Random, systemClock, systemRandom } from '../platform';
import { type Announced, readAnnounced } from './announced';
import { ZrtpCall, type ZrtpHost } from './call';
import { ZrtpMemory } from './memory';

export type { Negotiated, ZrtpCall, ZrtpHost, ZrtpMedia } from './call';
export type { ZrtpStatus } from './status';

export interface ZrtpOptions {
  readonly isRequired: boolean;
  /** Where its memory lies; undefined: nowhere. */
  readonly directory: string | undefined;
  /** The system's, if absent. */
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log: Logger;
}

/** ZRTP for all calls. */
export interface Zrtp {
  readonly isRequired: boolean;
  /** Of no call: for whoever examines an offer. */
  describe(): object;
  read(lines: readonly string[]): Announced;
  open(host: ZrtpHost): ZrtpCall;
  /** Resolves when all that can be written is. */
  settled(): Promise<void>;
}

/** Never rejects. */
export async function openZrtp({
  isRequired,
  directory,
  clock = systemClock,
  random = systemRandom,
  log: logs,
}: ZrtpOptions): Promise<Zrtp> {
  const parts = { clock, random, log: logs.area('zrtp') };
  const memory = await ZrtpMemory.open(directory, parts);
  return {
    isRequired,
    describe: () => ({}),
    read: readAnnounced,
    open: (host) => new ZrtpCall({ host, memory, isRequired, ...parts }),
    settled: () => memory.settled(),
  };
}
