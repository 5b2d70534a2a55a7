// Shows RFC 4168.

import net, { type AddressInfo, connect, createServer, type Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger, systemClock, systemRandom } from '../../../src/platform';
import { createUserAgent, type InviteSession, type SipUserAgent } from '../../../src/sip';
import {
  bindSctp,
  type Flow,
  type OpenSctp,
  type Transport,
  TransportException,
} from '../../../src/sip/transport';
import { sctpSockets } from '../../../src/sip/transport/sctp-sockets';
import { VirtualClock } from '../../support/virtual-clock';
import { FakeMedia } from '../support/world';

/**
 * Most kernels of development machines have no SCTP: descriptors of TCP stand in for those of SCTP, bound, and neither
 * connected nor listening. What differs on the wire is for test/board/sctp.test.ts.
 */
const open: { close(): Promise<void> }[] = [];
/** Node has no way to give a handle's descriptor away: those that made one stay, and never close it. */
const makers: unknown[] = [];

const openTcp: OpenSctp = (address, port) => {
  const make: unknown = Reflect.get(net, '_createServerHandle');
  if (typeof make !== 'function') throw new Error('this node has no net._createServerHandle');
  const handle: unknown = make(address, port, net.isIPv6(address) ? 6 : 4);
  makers.push(handle);
  return Number(Reflect.get(Object(handle), 'fd'));
};

const systemError = (code: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`no socket (${code})`), { code });

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const bind = async (
  clock = new VirtualClock(),
  opener = openTcp,
  host = '127.0.0.1',
): Promise<Transport> => {
  const transport = await bindSctp(host, 0, opener, clock, silentLogger);
  open.push(transport);
  return transport;
};

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
};

const text = (body = '') =>
  `OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

interface Arrival {
  readonly text: string;
  readonly flow: Flow;
}

const arrivals = (transport: Transport): Arrival[] => {
  const all: Arrival[] = [];
  transport.listen((bytes, flow) => all.push({ text: Buffer.from(bytes).toString(), flow }));
  return all;
};

const here = (port: number) => ({ address: '127.0.0.1', port });
const never = (error: TransportException): void => expect.fail(error.message);

/** A far end of bare sockets, and what it has heard. */
const farEnd = async (): Promise<{ port: number; heard: () => string; sockets: Socket[] }> => {
  const sockets: Socket[] = [];
  let heard = '';
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  return { port: (server.address() as AddressInfo).port, heard: () => heard, sockets };
};

describe('SCTP transport', () => {
  it('opens one association for what goes to an address, and answers come back over it', async () => {
    const [one, other] = [await bind(), await bind()];
    const [atOne, atOther] = [arrivals(one), arrivals(other)];
    const flow = one.flowTo(here(other.port));
    expect([flow.protocol, flow.reliable, flow.isOpen]).toEqual(['SCTP', true, false]);
    expect(flow.local).toEqual(here(one.port));
    flow.send(Buffer.from(text('first')), never);
    one.flowTo(here(other.port)).send(Buffer.from(text('second')), never);
    await until(() => atOther.length === 2);
    expect(atOther.map((arrival) => arrival.text)).toEqual([text('first'), text('second')]);
    expect(new Set(atOther.map((arrival) => arrival.flow.remote.port)).size).toBe(1);
    atOther[0]?.flow.send(Buffer.from(text('answer')), never);
    await until(() => atOne.length === 1);
    expect(atOne[0]?.flow.remote).toEqual(here(other.port));
    expect([one.counters.sent, one.counters.received]).toEqual([2, 1]);
  });

  it('cuts what comes by its Content-Length, whatever pieces it comes in', async () => {
    const transport = await bind();
    const all = arrivals(transport);
    const socket = connect({ host: '127.0.0.1', port: transport.port });
    open.push({ close: async () => void socket.destroy() });
    socket.write(`${text('one')}${text('two').slice(0, 40)}`);
    await until(() => all.length === 1);
    socket.write(text('two').slice(40));
    await until(() => all.length === 2);
    expect(all.map((arrival) => arrival.text)).toEqual([text('one'), text('two')]);
  });

  it.each([
    ['0.0.0.0', here(0)],
    ['::', { address: '::1', port: 0 }],
  ])('goes out by any address where it listens on all: %s', async (host, to) => {
    const opened: string[] = [];
    const opener: OpenSctp = (address, port) => {
      opened.push(`${address} ${port}`);
      return openTcp(address, port);
    };
    const transport = await bind(new VirtualClock(), opener, host);
    const all = arrivals(transport);
    const flow = transport.flowTo({ ...to, port: transport.port });
    flow.send(Buffer.from(text()), never);
    await until(() => all.length === 1);
    expect(opened).toEqual([`${host} 0`, `${host} 0`]);
  });

  it('puts no two messages that wait for room into one of SCTP', () => {
    const { socket } = sctpSockets(openTcp).take(new Socket());
    const written: string[] = [];
    socket._write = (chunk, _encoding, done) => {
      written.push(String(chunk));
      done();
    };
    socket.cork();
    socket.write('one');
    socket.write('two');
    socket.uncork();
    expect(written).toEqual(['one', 'two']);
    socket.destroy();
  });

  it.each([
    ['EADDRINUSE', 'address-in-use', 'SCTP 127.0.0.1:0 is in use: is another agent running?'],
    [
      'EADDRNOTAVAIL',
      'cannot-bind',
      'cannot bind SCTP 127.0.0.1:0 (EADDRNOTAVAIL): expected an address of this machine',
    ],
  ])('names what hinders listening: %s', async (code, failure, message) => {
    const error = bind(new VirtualClock(), () => systemError(code));
    await expect(error).rejects.toBeInstanceOf(TransportException);
    await expect(error).rejects.toMatchObject({ failure, message });
  });

  it('tells of an association that is refused, and of a socket that cannot be had, not within the call', async () => {
    const opener: OpenSctp[] = [openTcp, openTcp, () => systemError('EMFILE')];
    const transport = await bind(new VirtualClock(), (...at) => opener.shift()?.(...at) ?? -1);
    const failed = (): Promise<TransportException> => {
      let inCall = true;
      const failing = new Promise<TransportException>((resolve) =>
        // Port 1 of the loopback: nobody is there.
        transport.flowTo(here(1)).send(Buffer.from(text()), (error) => {
          expect(inCall).toBe(false);
          resolve(error);
        }),
      );
      inCall = false;
      return failing;
    };
    const refused = await failed();
    expect(refused).toBeInstanceOf(TransportException);
    expect([refused.failure, refused.message]).toEqual([
      'closed',
      expect.stringMatching(/127\.0\.0\.1:1: .*ECONNREFUSED/),
    ]);
    expect((await failed()).message).toContain('no socket (EMFILE)');
    expect(transport.counters.sendErrors).toBe(2);
  });

  it('is kept open without a word: the kernel’s own heartbeats look whether the far end is there', async () => {
    const clock = new VirtualClock();
    const transport = await bind(clock);
    const { port, heard, sockets } = await farEnd();
    const flow = transport.flowTo(here(port));
    flow.send(Buffer.from(text()), never);
    await until(() => heard() !== '');
    for (let i = 0; i < 12; i++) {
      clock.advance(100_000);
      flow.keepAlive();
    }
    expect(flow.isOpen).toBe(true);
    sockets[0]?.end('\r\n');
    await until(() => !flow.isOpen);
    expect(heard()).toBe(text());
    // Without keep-alives it ends as any connection does.
    flow.send(Buffer.from(text('again')), never);
    await until(() => heard().endsWith('again'));
    clock.advance(600_001);
    await until(() => !flow.isOpen);
  });
});

describe('two user agents over SCTP', () => {
  const userAgent = async (): Promise<SipUserAgent> => {
    const agent = await createUserAgent({
      host: '127.0.0.1',
      port: 0,
      transports: ['sctp', 'udp'],
      sctp: openTcp,
      product: 'test/1',
      maxSessions: 8,
      clock: systemClock,
      random: systemRandom,
      log: silentLogger,
    });
    open.push(agent);
    return agent;
  };

  it('call by it where the address says so, and name it in Via and Contact', async () => {
    const [alice, bob] = [await userAgent(), await userAgent()];
    const target = `sip:bob@127.0.0.1:${bob.port};transport=sctp`;
    const answered = new Promise<InviteSession>((resolve) =>
      bob.events.on('invite', (session) => {
        session.answerWith(() => new FakeMedia('bob'));
        session.accept();
        session.events.on('confirmed', () => resolve(session));
      }),
    );
    const call = alice.invite(target, { uri: 'sip:alice@127.0.0.1' }, () => new FakeMedia('alice'));
    const session = await answered;
    // Bob's requests go to alice's Contact.
    expect(await session.renegotiate()).toBe(true);
    const ended = new Promise<number>((resolve) =>
      session.events.on('ended', ({ status }) => resolve(status)),
    );
    call.hangup();
    expect(await ended).toBe(200);
    const messages = alice
      .trace({ limit: 100, withText: true })
      .dialogs.flatMap((dialog) => dialog.messages);
    expect(new Set(messages.map(({ transport }) => transport))).toEqual(new Set(['SCTP']));
    const [invite] = messages;
    expect(invite?.text).toMatch(/^Via: SIP\/2\.0\/SCTP 127\.0\.0\.1:/m);
    expect(invite?.text).toMatch(/^Contact: <sip:[^>]*;transport=sctp>/m);
    expect(alice.counters.retransmissions + bob.counters.retransmissions).toBe(0);
  });
});
