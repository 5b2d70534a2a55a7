// Shows RFC 5626, 5923.

import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger, systemClock, systemRandom } from '../../../src/platform';
import { createUserAgent, type InviteSession, type SipUserAgent } from '../../../src/sip';
import { type Flow, TcpTransport, type TransportException } from '../../../src/sip/transport';
import { VirtualClock } from '../../support/virtual-clock';
import { FakeMedia } from '../support/world';

/** Real sockets on the loopback, and time limits on a virtual clock. */
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const bind = async (clock = new VirtualClock()): Promise<TcpTransport> => {
  const transport = await TcpTransport.bind('127.0.0.1', 0, clock, silentLogger);
  open.push(transport);
  return transport;
};

/** A far end of bare sockets. */
const listen = async (onSocket: (socket: Socket) => void): Promise<number> => {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

/** A bare socket to `port`, and what it has heard. */
const dial = async (port: number): Promise<{ socket: Socket; heard: () => string }> => {
  const socket = connect({ host: '127.0.0.1', port });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.on('error', () => undefined);
  open.push({ close: async () => void socket.destroy() });
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, heard: () => text };
};

/** Until it is so; a test that waits for ever fails by its own limit. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
};

const closing = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()));

const text = (body = '') =>
  `OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

interface Arrival {
  readonly text: string;
  readonly flow: Flow;
}

const arrivals = (transport: TcpTransport): Arrival[] => {
  const all: Arrival[] = [];
  transport.listen((bytes, flow) => all.push({ text: Buffer.from(bytes).toString(), flow }));
  return all;
};

const here = (port: number) => ({ address: '127.0.0.1', port });
const never = (error: TransportException): void => expect.fail(error.message);

describe('TCP transport', () => {
  it('opens one connection for what goes to an address, and answers come back over it', async () => {
    const [one, other] = [await bind(), await bind()];
    const [atOne, atOther] = [arrivals(one), arrivals(other)];
    const flow = one.flowTo(here(other.port));
    expect(flow.isOpen).toBe(false);
    flow.send(Buffer.from(text('first')), never);
    one.flowTo(here(other.port)).send(Buffer.from(text('second')), never);
    await until(() => atOther.length === 2);
    expect(atOther.map((arrival) => arrival.text)).toEqual([text('first'), text('second')]);
    const ports = new Set(atOther.map((arrival) => arrival.flow.remote.port));
    expect(ports.size).toBe(1);
    expect(ports.has(one.port)).toBe(false);
    atOther[0]?.flow.send(Buffer.from(text('answer')), never);
    await until(() => atOne.length === 1);
    expect(atOne[0]?.flow.remote).toEqual(here(other.port));
    expect([one.counters.sent, one.counters.received]).toEqual([2, 1]);
  });

  it('names its listening port, not the one that a connection came from', async () => {
    const transport = await bind();
    const flow = transport.flowTo(here(5060));
    expect([flow.protocol, flow.reliable, flow.local]).toEqual(['TCP', true, here(transport.port)]);
  });

  it('finds its address when it listens on all', async () => {
    const transport = await TcpTransport.bind('0.0.0.0', 0, new VirtualClock(), silentLogger);
    open.push(transport);
    expect(transport.flowTo(here(5060)).local).toEqual(here(transport.port));
  });

  it('names the address that is in use, and the one that is not ours', async () => {
    const { port } = await bind();
    const clock = new VirtualClock();
    await expect(TcpTransport.bind('127.0.0.1', port, clock, silentLogger)).rejects.toMatchObject({
      failure: 'address-in-use',
      message: expect.stringContaining(`TCP 127.0.0.1:${port}`),
    });
    await expect(TcpTransport.bind('198.51.100.7', 0, clock, silentLogger)).rejects.toMatchObject({
      failure: 'cannot-bind',
    });
  });

  it('tells of a connection that is refused', async () => {
    const transport = await bind();
    const gone = await bind();
    const { port } = gone;
    await gone.close();
    open.pop();
    const error = await new Promise<TransportException>((resolve) =>
      transport.flowTo(here(port)).send(Buffer.from(text()), resolve),
    );
    expect(error.failure).toBe('closed');
    expect(error.message).toContain(`127.0.0.1:${port}`);
    expect(transport.counters.sendErrors).toBe(1);
    expect(transport.flowTo(here(port)).isOpen).toBe(false);
  });

  it('tells who listens that a connection has closed, once, and opens another', async () => {
    const sockets: Socket[] = [];
    const port = await listen((socket) => sockets.push(socket));
    const transport = await bind();
    const flow = transport.flowTo(here(port));
    flow.send(Buffer.from(text()), never);
    const told: string[] = [];
    flow.onClosed(({ failure, message }) => told.push(`${failure}: ${message}`));
    flow.onClosed(() => told.push('taken back'))();
    await until(() => sockets.length === 1);
    sockets[0]?.destroy();
    await until(() => told.length > 0);
    expect(told).toEqual([
      expect.stringMatching(/^closed: .*(closed by the other end|ECONNRESET)/),
    ]);
    flow.send(Buffer.from(text()), never);
    await until(() => sockets.length === 2);
    flow.abandon();
    expect(flow.isOpen).toBe(true);
    await until(() => !flow.isOpen);
    expect(told).toHaveLength(1);
  });

  it('answers a ping by a line break, and no pong by another', async () => {
    const transport = await bind();
    const all = arrivals(transport);
    const { socket, heard } = await dial(transport.port);
    socket.write(`\r\n\r\n${text()}\r\n`);
    socket.write('\r\n\r\n');
    await until(() => heard().length >= 4);
    expect(heard()).toBe('\r\n\r\n');
    expect(all).toHaveLength(1);
    let asked = '';
    const port = await listen((one) => {
      one.on('data', (chunk) => {
        asked += chunk.toString();
        one.write('\r\n\r\n\r\n\r\n');
      });
    });
    transport.flowTo(here(port)).send(Buffer.from('\r\n\r\n'), never);
    await until(() => asked !== '');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toBe('\r\n\r\n');
  });

  it('closes when the other end has answered keep-alives, and does no more', async () => {
    const clock = new VirtualClock();
    const transport = await bind(clock);
    const all = arrivals(transport);
    let pings = 0;
    let wasAsked = false;
    const port = await listen((one) => {
      one.on('data', (chunk) => {
        // The first two are answered; what arrives behind a pong tells that it has arrived.
        if (chunk.toString() === '\r\n\r\n' && ++pings <= 2) one.write(`\r\n${text()}`);
        else if (pings === 0) {
          one.write('\r\n');
          wasAsked = true;
        }
      });
    });
    const flow = transport.flowTo(here(port));
    flow.keepAlive();
    expect(flow.isOpen).toBe(false);
    flow.send(Buffer.from(text()), never);
    const told: string[] = [];
    await until(() => wasAsked);
    flow.onClosed(({ failure, message }) => told.push(`${failure}: ${message}`));
    for (const wanted of [1, 2]) {
      flow.keepAlive();
      await until(() => all.length === wanted);
      clock.advance(10_001);
      expect(flow.isOpen).toBe(true);
    }
    flow.keepAlive();
    await until(() => pings === 3);
    clock.advance(9_999);
    expect(told).toEqual([]);
    clock.advance(2);
    await until(() => told.length > 0);
    expect(told[0]).toMatch(/^lost: .*no answer to a keep-alive/);
  });

  it('stays with one that has never answered a keep-alive', async () => {
    const clock = new VirtualClock();
    const transport = await bind(clock);
    let asked = 0;
    const port = await listen((one) => one.on('data', () => asked++));
    const flow = transport.flowTo(here(port));
    flow.send(Buffer.from(text()), never);
    await until(() => transport.counters.sent === 1 && asked === 1);
    flow.keepAlive();
    await until(() => asked === 2);
    clock.advance(100_000);
    flow.keepAlive();
    await until(() => asked === 3);
    expect(flow.isOpen).toBe(true);
  });

  it('closes behind what cannot be cut into messages', async () => {
    const transport = await bind();
    const all = arrivals(transport);
    const { socket } = await dial(transport.port);
    const closed = closing(socket);
    socket.write(`${text()}INVITE sip:x SIP/2.0\r\nContent-Length: 99999999\r\n\r\n`);
    await closed;
    expect(all.map((arrival) => arrival.text)).toEqual([text()]);
  });
});

describe('what a stranger may hold of TCP', () => {
  const times = (clock: VirtualClock, ms: number) => clock.advance(ms);

  it('is no connection without a message for more than ten seconds', async () => {
    const clock = new VirtualClock();
    const transport = await bind(clock);
    const { socket } = await dial(transport.port);
    const late = await dial(transport.port);
    const all = arrivals(transport);
    late.socket.write(text());
    await until(() => all.length === 1);
    const closed = closing(socket);
    times(clock, 10_001);
    await closed;
    times(clock, 500_000);
    expect(late.socket.destroyed).toBe(false);
    const over = closing(late.socket);
    times(clock, 100_001);
    await over;
  });

  it('is no message that comes drop by drop', async () => {
    const clock = new VirtualClock();
    const transport = await bind(clock);
    const all = arrivals(transport);
    const { socket } = await dial(transport.port);
    const closed = closing(socket);
    socket.write(text());
    await until(() => all.length === 1);
    for (const drop of ['OPTIONS', ' sip:x', ' SIP/2.0\r\n']) {
      socket.write(drop);
      await new Promise((resolve) => setTimeout(resolve, 20));
      times(clock, 4000);
    }
    await closed;
    expect(all).toHaveLength(1);
  });

  it('is no more than eight connections of one address, unless the others are idle', async () => {
    const clock = new VirtualClock();
    const transport = await bind(clock);
    const all = arrivals(transport);
    const first = await dial(transport.port);
    first.socket.write(text());
    await until(() => all.length === 1);
    const others = await Promise.all(Array.from({ length: 7 }, () => dial(transport.port)));
    for (const { socket } of others) socket.write(text());
    await until(() => all.length === 8);
    const ninth = await dial(transport.port);
    await closing(ninth.socket);
    expect(transport.counters.refused).toBe(1);
    times(clock, 20_000);
    for (const { socket } of others) socket.write(text());
    await until(() => all.length === 15);
    times(clock, 15_000);
    const eldest = closing(first.socket);
    const tenth = await dial(transport.port);
    tenth.socket.write(text());
    await eldest;
    await until(() => all.length === 16);
    expect(transport.counters.refused).toBe(2);
  });

  it('is no memory by not reading what it asked for', async () => {
    const transport = await bind();
    const port = await listen((socket) => socket.pause());
    const flow = transport.flowTo(here(port));
    const failures: string[] = [];
    for (let i = 0; i < 2000 && failures.length === 0; i++) {
      flow.send(Buffer.alloc(16_000), ({ failure }) => failures.push(failure));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(failures).toEqual(['congested']);
  });

  it('is not waited for when it does not take a connection', async () => {
    const clock = new VirtualClock();
    const transport = await bind(clock);
    // TEST-NET-1: nobody is there. Where that has no route it fails at once, which is as well.
    const failed = new Promise<TransportException>((resolve) =>
      transport.flowTo({ address: '192.0.2.1', port: 5060 }).send(Buffer.from(text()), resolve),
    );
    times(clock, 5001);
    expect((await failed).failure).toBe('closed');
  });
});

describe('two user agents over TCP', () => {
  const userAgent = async (transports: readonly ('udp' | 'tcp')[]): Promise<SipUserAgent> => {
    const agent = await createUserAgent({
      host: '127.0.0.1',
      port: 0,
      transports,
      product: 'test/1',
      maxSessions: 8,
      clock: systemClock,
      random: systemRandom,
      log: silentLogger,
    });
    open.push(agent);
    return agent;
  };
  const ended = (session: InviteSession) =>
    new Promise<number>((resolve) => session.events.on('ended', ({ status }) => resolve(status)));

  it('call, hold and hang up', async () => {
    const [alice, bob] = [await userAgent(['tcp']), await userAgent(['tcp', 'udp'])];
    const incoming = new Promise<InviteSession>((resolve) =>
      bob.events.on('invite', (session) => {
        session.answerWith(() => new FakeMedia('bob'));
        session.accept();
        session.events.on('confirmed', () => resolve(session));
      }),
    );
    const target = `sip:bob@127.0.0.1:${bob.port};transport=tcp`;
    const call = alice.invite(target, { uri: 'sip:alice@127.0.0.1' }, () => new FakeMedia('alice'));
    const answered = await incoming;
    expect(await call.renegotiate()).toBe(true);
    // Bob's requests go to alice's Contact, over a connection of his own.
    expect(await answered.renegotiate()).toBe(true);
    const remoteEnd = ended(answered);
    call.hangup();
    expect(await remoteEnd).toBe(200);
    expect(alice.counters.retransmissions + bob.counters.retransmissions).toBe(0);
  });
});
