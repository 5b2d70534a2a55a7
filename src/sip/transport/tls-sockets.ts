import { isIP, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { BoundedMap, type Clock, knowsTheDay, type Logger, type Timer } from '../../platform';
import type { SocketAddress } from './flow';
import { answerAtOnce } from './local-address';
import type { Opening } from './opening';
import type { StreamSockets } from './stream';
import type { TlsContexts } from './tls-contexts';
import type { TlsPolicies, TlsPolicy } from './tls-policy';
import { judge, needsTheDay, type VerifiedBy } from './tls-verdict';

type Tls = typeof import('node:tls');

/** Names that addresses have shown a certificate for; the oldest gives way. */
const MAX_NAMES = 16;

export interface PeerSecurity {
  readonly verifiedBy: VerifiedBy;
  readonly issuer?: string;
  readonly expires?: Date;
}

export interface TlsSocketsParts {
  readonly tls: Tls;
  readonly contexts: TlsContexts;
  readonly policies: TlsPolicies;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onTime: () => void;
}

/** How often it is looked whether the clock has been set, ms. */
const LOOK_MS = 1000;

/** Sockets of TLS: what we open is judged by its certificate before anything is sent. */
export class TlsSockets implements StreamSockets {
  readonly protocol = 'TLS';
  readonly #parts: TlsSocketsParts;
  readonly #names = new BoundedMap<string>(MAX_NAMES);
  readonly #peers = new WeakMap<Socket, PeerSecurity>();
  readonly #asked = new WeakMap<Socket, { readonly name: string; readonly policy: TlsPolicy }>();
  #look: Timer | undefined;

  constructor(parts: TlsSocketsParts) {
    this.#parts = parts;
  }

  /** A connection was not opened because nobody knows what day it is. */
  get waitsForTime(): boolean {
    return this.#look !== undefined;
  }

  close(): void {
    this.#look?.cancel();
  }

  peerOf(socket: Socket): PeerSecurity | undefined {
    return this.#peers.get(socket);
  }

  /** Whether the far end would be judged today as it was when we opened it. */
  isAsJudged(socket: Socket): boolean {
    const asked = this.#asked.get(socket);
    return !asked || isDeepStrictEqual(asked.policy, this.#parts.policies.of(asked.name));
  }

  open(remote: SocketAddress, serverName: string, localAddress: string | undefined): Opening {
    const name = this.#nameOf(remote, serverName);
    const policy = this.#parts.policies.of(name);
    const today = this.#parts.clock.wallTime();
    if (needsTheDay(policy) && !knowsTheDay(today)) {
      this.#awaitTime();
      const date = today.toISOString().slice(0, 10);
      return refused(
        `waits for the time: this machine says that it is ${date}, by which no certificate can be judged`,
      );
    }
    try {
      return this.#connect(remote, name, policy, localAddress);
    } catch (error) {
      return refused(error instanceof Error ? error.message : String(error));
    }
  }

  take(plain: Socket): Opening {
    try {
      const socket = new this.#parts.tls.TLSSocket(plain, {
        isServer: true,
        secureContext: this.#parts.contexts.server(),
      });
      return {
        socket,
        whenReady: (done) => {
          socket.once('secure', () => done(undefined));
        },
        explain,
      };
    } catch (error) {
      plain.destroy();
      return refused(error instanceof Error ? error.message : String(error));
    }
  }

  #awaitTime(): void {
    const { clock, onTime } = this.#parts;
    this.#look ??= clock.setTimer(LOOK_MS, () => {
      this.#look = undefined;
      if (knowsTheDay(clock.wallTime())) onTime();
      else this.#awaitTime();
    });
  }

  /** A route that names an address alone leads to whom it was last found to be. */
  #nameOf(remote: SocketAddress, serverName: string): string {
    return isIP(serverName) === 0 ? serverName : (this.#names.get(keyOf(remote)) ?? serverName);
  }

  #connect(
    remote: SocketAddress,
    name: string,
    policy: TlsPolicy,
    localAddress: string | undefined,
  ): Opening {
    const socket = this.#parts.tls.connect({
      ...{ host: remote.address, port: remote.port, lookup: answerAtOnce },
      ...(localAddress === undefined ? {} : { localAddress }),
      // RFC 6066 §3: no addresses.
      servername: isIP(name) === 0 ? name : '',
      secureContext: this.#parts.contexts.client(policy),
      // Judged below, where there are words for it; nothing is sent before.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    this.#asked.set(socket, { name, policy });
    return {
      socket,
      whenReady: (done) => {
        socket.once('secureConnect', () => done(this.#judge(socket, remote, name, policy)));
      },
      explain,
    };
  }

  #judge(
    socket: TLSSocket,
    remote: SocketAddress,
    name: string,
    policy: TlsPolicy,
  ): string | undefined {
    if (!this.isAsJudged(socket)) return 'what its certificate has to show has changed meanwhile';
    const certificate = socket.getPeerX509Certificate();
    const chainError = socket.authorizationError as unknown;
    const verdict = judge(
      certificate,
      socket.authorized ? undefined : codeOf(chainError),
      policy,
      name,
    );
    if ('refusal' in verdict) return verdict.refusal;
    this.#peers.set(socket, {
      ...verdict,
      ...(certificate
        ? { issuer: certificate.issuer, expires: new Date(certificate.validTo) }
        : {}),
    });
    if (verdict.verifiedBy !== 'nothing' && isIP(name) === 0) this.#names.set(keyOf(remote), name);
    this.#parts.log.info('TLS connection', {
      with: name,
      version: socket.getProtocol() ?? '',
      cipher: socket.getCipher().standardName,
      verifiedBy: verdict.verifiedBy,
    });
    return undefined;
  }
}

/** One that never comes about. */
function refused(reason: string): Opening {
  return {
    socket: new Socket(),
    whenReady: (done) => queueMicrotask(() => done(reason)),
    explain,
  };
}

/** Node gives the code of OpenSSL as a text, or an Error that has it. */
function codeOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.message;
  return typeof error === 'string' && error !== '' ? error : 'it could not be verified';
}

/** OpenSSL’s words are of the form `error:0A00010B:SSL routines::wrong version number`. */
function explain(error: NodeJS.ErrnoException & { readonly reason?: string }): string {
  const { reason, message } = error;
  if (reason === undefined) return message;
  if (/wrong version number|packet length too long/.test(reason)) {
    return `TLS: the far end speaks no TLS at that port (${reason})`;
  }
  return `TLS: ${reason}`;
}

function keyOf({ address, port }: SocketAddress): string {
  return `${address} ${port}`;
}
