import { createHash } from 'node:crypto';
import type { SocketAddress } from '../../../src/ice';
import {
  ATTRIBUTE,
  addressValue,
  encodeStun,
  errorValue,
  METHOD,
  numberValue,
  type StunAttribute,
  StunMessage,
  textValue,
} from '../../../src/ice/stun';
import { readChannelData } from '../../../src/ice/turn';
import type { SimulatedNetwork } from './network';

const REALM = 'example.org';

interface Allocation {
  readonly client: SocketAddress;
  readonly relayed: SocketAddress;
  readonly permitted: Set<string>;
  readonly channels: Map<number, SocketAddress>;
}

/** STUN and TURN on the simulated network: what an agent asks of them, and no more. */
export class SimulatedServer {
  readonly at: SocketAddress;
  /** Another nonce from then on: what comes with the old one is stale. */
  nonce = 'first';
  readonly asked: number[] = [];
  readonly #network: SimulatedNetwork;
  readonly #allocations: Allocation[] = [];
  readonly #user: { readonly username: string; readonly password: string };
  #nextPort = 50_000;

  constructor(
    network: SimulatedNetwork,
    at: SocketAddress,
    user: { readonly username: string; readonly password: string },
  ) {
    this.at = at;
    this.#network = network;
    this.#user = user;
    network.open(at, undefined, (from, bytes) => this.#receive(from, bytes));
  }

  get allocations(): number {
    return this.#allocations.length;
  }

  permissions(): readonly string[] {
    return this.#allocations.flatMap(({ permitted }) => [...permitted]);
  }

  #receive(from: SocketAddress, bytes: Uint8Array): void {
    const framed = readChannelData(bytes);
    const allocation = this.#of(from);
    if (framed) {
      const peer = allocation?.channels.get(framed.channel);
      if (allocation && peer)
        this.#network.send(allocation.relayed, undefined, peer, framed.payload);
      return;
    }
    const message = StunMessage.decode(bytes);
    if (message?.kind === 'indication') this.#onSend(allocation, message);
    else if (message?.kind === 'request') this.#onRequest(from, message);
  }

  #onSend(allocation: Allocation | undefined, message: StunMessage): void {
    const peer = message.address(ATTRIBUTE.xorPeerAddress);
    const data = message.value(ATTRIBUTE.data);
    if (!allocation || !peer || !data || !allocation.permitted.has(peer.address)) return;
    this.#network.send(allocation.relayed, undefined, peer, data);
  }

  #onRequest(from: SocketAddress, message: StunMessage): void {
    this.asked.push(message.method);
    const { transaction } = message;
    const mapped = {
      type: ATTRIBUTE.xorMappedAddress,
      value: addressValue(from, transaction),
    };
    if (message.method === METHOD.binding) {
      this.#answer(from, message, 'success', [mapped]);
      return;
    }
    if (message.text(ATTRIBUTE.nonce) !== this.nonce) {
      const code = message.text(ATTRIBUTE.nonce) === undefined ? 401 : 438;
      this.#answer(from, message, 'error', [
        { type: ATTRIBUTE.errorCode, value: errorValue(code, 'Try Again') },
        { type: ATTRIBUTE.realm, value: textValue(REALM) },
        { type: ATTRIBUTE.nonce, value: textValue(this.nonce) },
      ]);
      return;
    }
    if (!message.isProvedBy(this.#key)) {
      this.#answer(from, message, 'error', [
        { type: ATTRIBUTE.errorCode, value: errorValue(401, 'Unauthorized') },
        { type: ATTRIBUTE.realm, value: textValue(REALM) },
        { type: ATTRIBUTE.nonce, value: textValue(this.nonce) },
      ]);
      return;
    }
    this.#serve(from, message, mapped);
  }

  #serve(from: SocketAddress, message: StunMessage, mapped: StunAttribute): void {
    const { transaction } = message;
    const lifetime = message.number(ATTRIBUTE.lifetime) ?? 600;
    const granted = { type: ATTRIBUTE.lifetime, value: numberValue(lifetime) };
    if (message.method === METHOD.allocate) {
      const { relayed } = this.#of(from) ?? this.#allocate(from);
      const value = addressValue(relayed, transaction);
      const where = { type: ATTRIBUTE.xorRelayedAddress, value };
      this.#answer(from, message, 'success', [where, mapped, granted]);
      return;
    }
    const allocation = this.#of(from);
    const peer = message.address(ATTRIBUTE.xorPeerAddress);
    const channel = message.number(ATTRIBUTE.channelNumber);
    if (!allocation) {
      const value = errorValue(437, 'Allocation Mismatch');
      this.#answer(from, message, 'error', [{ type: ATTRIBUTE.errorCode, value }]);
      return;
    }
    if (message.method === METHOD.refresh && lifetime === 0)
      this.#allocations.splice(this.#allocations.indexOf(allocation), 1);
    if (peer) allocation.permitted.add(peer.address);
    if (peer && channel !== undefined) allocation.channels.set(channel >>> 16, peer);
    this.#answer(from, message, 'success', message.method === METHOD.refresh ? [granted] : []);
  }

  #allocate(client: SocketAddress): Allocation {
    this.#nextPort += 1;
    const relayed = { address: this.at.address, port: this.#nextPort };
    const allocation = { client, relayed, permitted: new Set<string>(), channels: new Map() };
    this.#allocations.push(allocation);
    this.#network.open(relayed, undefined, (from, bytes) => {
      if (allocation.permitted.has(from.address)) this.#pass(allocation, from, bytes);
    });
    return allocation;
  }

  #pass({ client, channels }: Allocation, from: SocketAddress, bytes: Uint8Array): void {
    const bound = [...channels].find(
      ([, peer]) => peer.address === from.address && peer.port === from.port,
    );
    if (bound) {
      const header = Buffer.alloc(4);
      header.writeUInt16BE(bound[0], 0);
      header.writeUInt16BE(bytes.length, 2);
      this.#network.send(this.at, undefined, client, Buffer.concat([header, bytes]));
      return;
    }
    const transaction = new Uint8Array(12);
    const attributes = [
      { type: ATTRIBUTE.xorPeerAddress, value: addressValue(from, transaction) },
      { type: ATTRIBUTE.data, value: bytes },
    ];
    const parts = { method: METHOD.data, kind: 'indication', transaction, attributes } as const;
    this.#network.send(this.at, undefined, client, encodeStun(parts));
  }

  #of({ address, port }: SocketAddress): Allocation | undefined {
    return this.#allocations.find(
      ({ client }) => client.address === address && client.port === port,
    );
  }

  #answer(
    to: SocketAddress,
    { method, transaction }: StunMessage,
    kind: 'success' | 'error',
    attributes: readonly StunAttribute[],
  ): void {
    const key = kind === 'success' && method !== METHOD.binding ? this.#key : undefined;
    const bytes = encodeStun({ method, kind, transaction, attributes, key });
    this.#network.send(this.at, undefined, to, bytes);
  }

  get #key(): Uint8Array {
    const { username, password } = this.#user;
    return createHash('md5').update(`${username}:${REALM}:${password}`).digest();
  }
}
