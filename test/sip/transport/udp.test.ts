import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger, systemClock, systemRandom } from '../../../src/platform';
import {
  createUserAgent,
  type InviteSession,
  type OfferAnswer,
  type SipUserAgent,
} from '../../../src/sip';
import { type Transport, type TransportException, UdpTransport } from '../../../src/sip/transport';

/** These few tests use real sockets, on the loopback only. */
const open: { close(): Promise<void> }[] = [];

const bind = async (host = '127.0.0.1', port = 0): Promise<UdpTransport> => {
  const transport = await UdpTransport.bind(host, port, silentLogger);
  open.push(transport);
  return transport;
};

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const nextDatagram = (transport: Transport): Promise<{ text: string; port: number }> =>
  new Promise((resolve) =>
    transport.listen((bytes, { remote }) =>
      resolve({ text: Buffer.from(bytes).toString(), port: remote.port }),
    ),
  );

const sendError = (transport: Transport, address: string, bytes: number) =>
  new Promise<TransportException>((resolve) =>
    transport.flowTo({ address, port: 5060 }).send(new Uint8Array(bytes), resolve),
  );

describe('UDP transport', () => {
  it('carries datagrams between flows', async () => {
    const [one, other] = [await bind(), await bind()];
    const arrival = nextDatagram(other);
    one
      .flowTo({ address: '127.0.0.1', port: other.port })
      .send(Buffer.from('hello'), () => undefined);
    expect(await arrival).toEqual({ text: 'hello', port: one.port });
    expect(other.counters.received).toBe(1);
  });

  it('names the address that is in use', async () => {
    const { port } = await bind();
    await expect(bind('127.0.0.1', port)).rejects.toMatchObject({
      name: 'TransportException',
      failure: 'address-in-use',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
  });

  it('names the address that is not ours', async () => {
    await expect(bind('198.51.100.7')).rejects.toMatchObject({ failure: 'cannot-bind' });
  });

  it('finds the local address of each flow when bound to all', async () => {
    const transport = await bind('0.0.0.0');
    expect(transport.flowTo({ address: '127.0.0.1', port: 5060 }).local).toEqual({
      address: '127.0.0.1',
      port: transport.port,
    });
  });

  it('is heard and hears by IPv4 as well where it listens on all of IPv6', async () => {
    const both = await UdpTransport.bind('::', 0, silentLogger);
    const other = await bind();
    open.push(both);
    const arrival = nextDatagram(other);
    const flow = both.flowTo({ address: '127.0.0.1', port: other.port });
    expect(flow.local).toEqual({ address: '127.0.0.1', port: both.port });
    flow.send(Buffer.from('out'), () => undefined);
    expect(await arrival).toEqual({ text: 'out', port: both.port });
    const from = new Promise<string>((resolve) =>
      both.listen((_, { remote }) => resolve(remote.address)),
    );
    other
      .flowTo({ address: '127.0.0.1', port: both.port })
      .send(Buffer.from('in'), () => undefined);
    expect(await from).toBe('127.0.0.1');
  });

  it('tells its flow of what cannot be sent', async () => {
    const transport = await bind();
    expect((await sendError(transport, '127.0.0.1', 70_000)).failure).toBe('send-failed');
    expect(transport.counters.sendErrors).toBe(1);
  });

  it('tells of addresses of the other family and of a closed socket', async () => {
    const transport = await UdpTransport.bind('127.0.0.1', 0, silentLogger);
    expect((await sendError(transport, '::1', 10)).failure).toBe('send-failed');
    await transport.close();
    expect((await sendError(transport, '127.0.0.1', 10)).failure).toBe('send-failed');
  });
});

describe('two user agents over real sockets', () => {
  const media: OfferAnswer = {
    createOffer: () => 'offer',
    handleOffer: () => ({ answer: 'answer' }),
    handleEarlyAnswer: () => undefined,
    endEarlyMedia: () => undefined,
    handleAnswer: () => true,
  };
  const userAgent = async (host: string): Promise<SipUserAgent> => {
    const agent = await createUserAgent({
      host,
      port: 0,
      transports: ['udp'],
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

  it.each(['127.0.0.1', '0.0.0.0'])('call, hold and hang up, bound to %s', async (host) => {
    const [alice, bob] = [await userAgent(host), await userAgent(host)];
    const incoming = new Promise<InviteSession>((resolve) =>
      bob.events.on('invite', (session) => {
        session.answerWith(() => media);
        session.accept();
        session.events.on('confirmed', () => resolve(session));
      }),
    );
    const account = { uri: 'sip:alice@127.0.0.1' };
    const call = alice.invite(`sip:bob@127.0.0.1:${bob.port}`, account, () => media);
    const answered = await incoming;
    expect(answered.localAddress).toBe('127.0.0.1');
    expect(await call.renegotiate()).toBe(true);
    expect(await answered.renegotiate()).toBe(true);
    const remoteEnd = ended(answered);
    call.hangup();
    expect(await remoteEnd).toBe(200);
  });
});
