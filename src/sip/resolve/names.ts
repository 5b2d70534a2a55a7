import { isIP } from 'node:net';
import { BoundedMap, type Clock } from '../../platform';
import { isUnspecified } from '../transport';
import type { Pointer, PointerLookup } from './naptr';
import type { Service, ServiceLookup } from './services';

export type AddressFamily = 4 | 6;

/** Addresses of a host name, best first; rejects when there are none. */
export type Lookup = (host: string, family: AddressFamily) => Promise<readonly string[]>;

/** What is asked of name servers. */
export interface NameServers {
  readonly lookup: Lookup;
  readonly services: ServiceLookup;
  readonly pointers: PointerLookup;
}

/** Longest wait for records that most names do not have (NAPTR, SRV), ms. */
const RECORDS_MS = 1500;
/** And for addresses, ms: the system asks each of its servers twice. */
const ADDRESSES_MS = 10_000;
/** What was true once is taken for so long when no name server answers any more (RFC 8767 §5 has days), ms. */
const STALE_MS = 86_400_000;
const MAX_REMEMBERED = 64;
/** Of one host and family: who sends more is not meant to be called. */
const MAX_ADDRESSES = 8;

/** A server that says that there is no such name has spoken; these are silence. */
const SILENCE = [
  ...['EAI_AGAIN', 'ETIMEOUT', 'ETIMEDOUT', 'ECONNREFUSED', 'ESERVFAIL', 'EREFUSED', 'EBADRESP'],
  ...['ENETUNREACH', 'EHOSTUNREACH', 'ECANCELLED', 'ENONAME_SERVERS'],
];

interface Remembered {
  readonly value: readonly unknown[];
  readonly until: number;
}

/**
 * Name servers, asked in bounded time and not believed in everything. What they said last holds while they are silent: a
 * camera whose DNS is gone finds its registrar by yesterday's address. How long an answer says it is good for (TTL) matters to
 * nobody, as every request asks anew.
 */
export class Names {
  readonly #servers: NameServers;
  readonly #families: readonly AddressFamily[];
  readonly #clock: Clock;
  readonly #remembered = new BoundedMap<Remembered>(MAX_REMEMBERED);

  constructor(servers: NameServers, families: readonly AddressFamily[], clock: Clock) {
    this.#servers = servers;
    this.#families = families;
    this.#clock = clock;
  }

  /** Of all families that are spoken, in turns (RFC 8305 §4). @throws Error in words when there are none */
  async addresses(host: string): Promise<readonly string[]> {
    const { lookup } = this.#servers;
    const asked = this.#families.map((family) =>
      this.#ask(`${family} ${host}`, () => lookup(host, family), ADDRESSES_MS).then((found) =>
        found.filter((one) => isIP(one) === family && !isUnspecified(one)).slice(0, MAX_ADDRESSES),
      ),
    );
    const settled = await Promise.allSettled(asked);
    const found = settled.map((one) => (one.status === 'fulfilled' ? one.value : []));
    const [failure] = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    const addresses = [...new Set(inTurns(found))];
    if (addresses.length > 0) return addresses;
    throw failure instanceof Error ? failure : new Error('it has none');
  }

  /** Empty when there are none. */
  services(name: string): Promise<readonly Service[]> {
    const ask = (): Promise<readonly Service[]> => this.#servers.services(name);
    return this.#ask(`SRV ${name}`, ask, RECORDS_MS).catch(() => []);
  }

  /** Empty when there are none. */
  pointers(domain: string): Promise<readonly Pointer[]> {
    const ask = (): Promise<readonly Pointer[]> => this.#servers.pointers(domain);
    return this.#ask(`NAPTR ${domain}`, ask, RECORDS_MS).catch(() => []);
  }

  #ask<Found>(
    question: string,
    ask: () => Promise<readonly Found[]>,
    limitMs: number,
  ): Promise<readonly Found[]> {
    const key = question.toLowerCase();
    return new Promise((resolve, reject) => {
      const silent = (error: Error): void => {
        // A question is asked for one kind of records.
        const known = this.#known(key) as readonly Found[] | undefined;
        if (known) resolve(known);
        else reject(error);
      };
      const limit = this.#clock.setTimer(limitMs, () =>
        silent(new Error(`no answer within ${limitMs / 1000} s`)),
      );
      // One that throws at once is a rejection too.
      Promise.resolve()
        .then(ask)
        .then(
          (found) => {
            limit.cancel();
            if (found.length > 0) this.#remember(key, found);
            else this.#remembered.delete(key);
            resolve(found);
          },
          (error: unknown) => {
            limit.cancel();
            const reason = error instanceof Error ? error : new Error(String(error));
            if (isSilence(reason)) silent(reason);
            else {
              this.#remembered.delete(key);
              reject(reason);
            }
          },
        );
    });
  }

  #known(key: string): readonly unknown[] | undefined {
    const known = this.#remembered.get(key);
    return known && known.until > this.#clock.now() ? known.value : undefined;
  }

  #remember(key: string, value: readonly unknown[]): void {
    this.#remembered.set(key, { value, until: this.#clock.now() + STALE_MS });
  }
}

function isSilence(error: Error): boolean {
  return 'code' in error && SILENCE.includes(String(error.code));
}

/** One of each list, and again. */
function inTurns(lists: readonly (readonly string[])[]): string[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, place) =>
    lists.flatMap((list) => list.slice(place, place + 1)),
  ).flat();
}
