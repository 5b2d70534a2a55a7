import type { Clock, Random, Timer } from '../../platform';
import {
  ATTRIBUTE,
  addressValue,
  encodeStun,
  isSameAddress,
  METHOD,
  numberValue,
  type SocketAddress,
  type StunAttribute,
  StunMessage,
  TransactionTable,
} from '../stun';
import { FIRST_CHANNEL, LAST_CHANNEL, readChannelData } from './channel-data';
import { LongTermCredentials, type TurnUser } from './long-term';

/** RFC 8656 §18.2: UDP, in the first of four octets. */
const UDP = 17 * 2 ** 24;
const FAMILY_IPV6 = 2 * 2 ** 24;
/** Half of what RFC 8489 §6.2.1 begins with: an offer waits for the answer, ms. */
const RTO_MS = 250;
const SENDS = 6;
/** A permission holds for 5 min (§9), a channel for 10 (§12): both are renewed in time, ms. */
const PERMISSION_MS = 240_000;
const CHANNEL_MS = 480_000;
/** An allocation is renewed that long before its end, or at half of a short life, s. */
const AHEAD_S = 60;
const USUAL_LIFETIME_S = 600;
/** Of one allocation; more far ends than one call ever tries. */
const MAX_PERMISSIONS = 64;
/** What waits for a permission, for each address. */
const MAX_WAITING = 4;
/** Stale nonces in a row. */
const MAX_TRIES = 3;

export interface TurnListener {
  /** @param mapped what the server sees this end as */
  onAllocated(relayed: SocketAddress, mapped: SocketAddress | undefined): void;
  /** There is none, or none any more: why, in words. */
  onFailed(reason: string): void;
  onData(from: SocketAddress, bytes: Uint8Array): void;
}

export interface TurnParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly user: TurnUser;
  /** Of the address that is asked for. */
  readonly family: 4 | 6;
  /** To the server. */
  readonly send: (bytes: Uint8Array) => void;
  readonly listener: TurnListener;
}

interface Permission {
  isGranted: boolean;
  readonly waiting: (() => void)[];
  timer: Timer | undefined;
}

interface Channel {
  readonly number: number;
  readonly peer: SocketAddress;
  timer: Timer | undefined;
}

/** An address at a TURN server that leads here (RFC 8656): allocation, permissions, channels. Sans-I/O. */
export class TurnAllocation {
  readonly #parts: TurnParts;
  readonly #credentials: LongTermCredentials;
  readonly #table: TransactionTable<undefined>;
  readonly #permissions = new Map<string, Permission>();
  readonly #channels: Channel[] = [];
  #state: 'none' | 'asked' | 'up' | 'over' = 'none';
  #refresh: Timer | undefined;

  constructor(parts: TurnParts) {
    this.#parts = parts;
    this.#credentials = new LongTermCredentials(parts.user);
    this.#table = new TransactionTable(parts.clock, parts.random);
  }

  /** §7. */
  allocate(): void {
    if (this.#state !== 'none') return;
    this.#state = 'asked';
    const { family } = this.#parts;
    const attributes = [
      { type: ATTRIBUTE.requestedTransport, value: numberValue(UDP) },
      ...(family === 6
        ? [{ type: ATTRIBUTE.requestedAddressFamily, value: numberValue(FAMILY_IPV6) }]
        : []),
    ];
    this.#request(METHOD.allocate, () => attributes, {
      onSuccess: (answer) => this.#onAllocated(answer),
      onFailure: (reason) => this.#fail(reason),
    });
  }

  /** What came from the server. */
  receive(bytes: Uint8Array): void {
    if (this.#state === 'over') return;
    const framed = readChannelData(bytes);
    if (framed) {
      const channel = this.#channels.find(({ number }) => number === framed.channel);
      if (channel) this.#parts.listener.onData(channel.peer, framed.payload);
      return;
    }
    const message = StunMessage.decode(bytes);
    if (!message) return;
    if (message.kind === 'indication') this.#onIndication(message);
    else this.#table.answer(message, undefined);
  }

  /** Lets an address send, and what waits for that go. */
  permit({ address }: SocketAddress, then?: () => void): void {
    if (this.#state !== 'up') return;
    const known = this.#permissions.get(address);
    if (known?.isGranted) {
      then?.();
      return;
    }
    const permission = known ?? this.#newPermission(address);
    if (then && permission && permission.waiting.length < MAX_WAITING)
      permission.waiting.push(then);
  }

  /** §11.1: by a Send indication, once the address may answer. */
  sendTo(peer: SocketAddress, bytes: Uint8Array): void {
    this.permit(peer, () => {
      const transaction = this.#parts.random.bytes(12);
      const attributes = [
        { type: ATTRIBUTE.xorPeerAddress, value: addressValue(peer, transaction) },
        { type: ATTRIBUTE.data, value: bytes },
      ];
      const { send } = this.#parts;
      send(encodeStun({ method: METHOD.send, kind: 'indication', transaction, attributes }));
    });
  }

  /** §12.1: from then on four octets go before what is sent to that peer. @param bound called when it is there */
  bindChannel(peer: SocketAddress, bound: (channel: number) => void): void {
    const known = this.#channels.find((one) => isSameAddress(one.peer, peer));
    if (known) {
      if (known.timer) bound(known.number);
      return;
    }
    const number = FIRST_CHANNEL + this.#channels.length;
    if (number > LAST_CHANNEL || this.#state !== 'up') return;
    const channel: Channel = { number, peer, timer: undefined };
    this.#channels.push(channel);
    this.#bind(channel, bound);
  }

  /** Gives the address back (§7.3): said once, for nobody waits for the answer. */
  close(): void {
    const wasUp = this.#state === 'up';
    this.#stop();
    if (!wasUp) return;
    const transaction = this.#parts.random.bytes(12);
    const attributes = [
      { type: ATTRIBUTE.lifetime, value: numberValue(0) },
      ...this.#credentials.attributes,
    ];
    const { key } = this.#credentials;
    const parts = {
      method: METHOD.refresh,
      kind: 'request',
      transaction,
      attributes,
      key,
    } as const;
    this.#parts.send(encodeStun(parts));
  }

  #onAllocated(answer: StunMessage): void {
    const relayed = answer.address(ATTRIBUTE.xorRelayedAddress);
    if (!relayed) {
      this.#fail('its answer names no address');
      return;
    }
    this.#state = 'up';
    this.#keep(answer);
    this.#parts.listener.onAllocated(relayed, answer.mappedAddress);
  }

  /** §8. */
  #keep(answer: StunMessage): void {
    const lifetimeS = answer.number(ATTRIBUTE.lifetime) ?? USUAL_LIFETIME_S;
    const delayS = lifetimeS > 2 * AHEAD_S ? lifetimeS - AHEAD_S : lifetimeS / 2;
    this.#refresh = this.#parts.clock.setTimer(Math.max(delayS, 1) * 1000, () => {
      this.#request(METHOD.refresh, () => [], {
        onSuccess: (next) => this.#keep(next),
        onFailure: (reason) => this.#fail(reason),
      });
    });
  }

  #newPermission(address: string): Permission | undefined {
    if (this.#permissions.size >= MAX_PERMISSIONS) return undefined;
    const permission: Permission = { isGranted: false, waiting: [], timer: undefined };
    this.#permissions.set(address, permission);
    this.#permit(address, permission);
    return permission;
  }

  /** §10. */
  #permit(address: string, permission: Permission): void {
    const attributes = (transaction: Uint8Array): StunAttribute[] => [
      { type: ATTRIBUTE.xorPeerAddress, value: addressValue({ address, port: 0 }, transaction) },
    ];
    this.#request(METHOD.createPermission, attributes, {
      onSuccess: () => {
        permission.isGranted = true;
        permission.timer = this.#parts.clock.setTimer(PERMISSION_MS, () =>
          this.#permit(address, permission),
        );
        for (const go of permission.waiting.splice(0)) go();
      },
      // Of a far end that the server does not serve nothing comes: its pairs fail by themselves.
      onFailure: () => this.#permissions.delete(address),
    });
  }

  #bind(channel: Channel, bound?: (channel: number) => void): void {
    const { number, peer } = channel;
    const attributes = (transaction: Uint8Array): StunAttribute[] => [
      { type: ATTRIBUTE.channelNumber, value: numberValue(number * 2 ** 16) },
      { type: ATTRIBUTE.xorPeerAddress, value: addressValue(peer, transaction) },
    ];
    this.#request(METHOD.channelBind, attributes, {
      onSuccess: () => {
        channel.timer = this.#parts.clock.setTimer(CHANNEL_MS, () => this.#bind(channel));
        bound?.(number);
      },
      onFailure: (reason) => this.#fail(`no channel: ${reason}`),
    });
  }

  /** §9.2.5 of RFC 8489: with credentials once the server has asked for them. */
  #request(
    method: number,
    attributes: (transaction: Uint8Array) => readonly StunAttribute[],
    {
      onSuccess,
      onFailure,
    }: {
      readonly onSuccess: (answer: StunMessage) => void;
      readonly onFailure: (reason: string) => void;
    },
    tries = 1,
  ): void {
    const { send } = this.#parts;
    this.#table.request({
      method,
      attributes: (id) => [...attributes(id), ...this.#credentials.attributes],
      key: this.#credentials.key,
      ...{ rtoMs: RTO_MS, sends: SENDS, send },
      done: (answer) => {
        if (answer === 'timeout') onFailure('no answer');
        else if (answer.kind === 'success') onSuccess(answer);
        else if (tries < MAX_TRIES && this.#credentials.isChallenged(answer)) {
          this.#request(method, attributes, { onSuccess, onFailure }, tries + 1);
        } else onFailure(answer.errorInWords);
      },
    });
  }

  /** §11.4. */
  #onIndication(message: StunMessage): void {
    const from = message.address(ATTRIBUTE.xorPeerAddress);
    const data = message.value(ATTRIBUTE.data);
    if (message.method !== METHOD.data || !from || !data) return;
    // §11.4: whoever has no permission of ours is not heard.
    if (this.#permissions.has(from.address)) this.#parts.listener.onData(from, data);
  }

  #fail(reason: string): void {
    this.#stop();
    this.#parts.listener.onFailed(reason);
  }

  #stop(): void {
    this.#state = 'over';
    this.#table.stop();
    this.#refresh?.cancel();
    for (const { timer } of this.#permissions.values()) timer?.cancel();
    for (const { timer } of this.#channels) timer?.cancel();
  }
}
