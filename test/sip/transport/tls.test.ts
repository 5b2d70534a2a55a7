// Shows RFC 5922, 5923.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createPlainServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform';
import {
  bindTls,
  type Flow,
  TlsPolicies,
  type TlsPolicy,
  type TlsTransport,
  type TransportException,
} from '../../../src/sip/transport';
import { seededRandom } from '../../support/seeded-random';
import { VirtualClock } from '../../support/virtual-clock';
import { Authority, type Certificates } from '../../toolkit/peers/authority';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-sips-'));
const right = new Authority(folder, 'right');
const wrong = new Authority(folder, 'wrong');
const server = right.sign('pbx', 'DNS:pbx.test,IP:127.0.0.1');
afterAll(() => rmSync(folder, { recursive: true }));

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const trusting = (authority: Authority): TlsPolicy => ({
  ...{ verify: true, caFile: authority.certificate },
});

class Clock extends VirtualClock {
  constructor(readonly year = 2026) {
    super();
  }
  isSet = true;
  override wallTime(): Date {
    return this.isSet ? new Date(Date.UTC(this.year, 6)) : new Date(0);
  }
}

interface Bound {
  readonly transport: TlsTransport;
  readonly policies: TlsPolicies;
  readonly clock: Clock;
  readonly arrivals: { readonly text: string; readonly flow: Flow }[];
  times: number;
}

async function bind(
  policy: TlsPolicy = trusting(right),
  identity?: Certificates,
  clock = new Clock(),
): Promise<Bound> {
  const policies = new TlsPolicies(policy);
  const bound: Omit<Bound, 'transport'> = { policies, clock, arrivals: [], times: 0 };
  const transport = await bindTls(
    '127.0.0.1',
    0,
    {
      policies,
      onTime: () => bound.times++,
      ...(identity ? { identity: { certificateFile: identity.cert, keyFile: identity.key } } : {}),
    },
    { clock, log: silentLogger, random: seededRandom(1) },
  );
  open.push(transport);
  transport.listen((bytes, flow) =>
    bound.arrivals.push({ text: Buffer.from(bytes).toString(), flow }),
  );
  return Object.assign(bound, { transport });
}

const text = (name: string): string => `OPTIONS sip:${name} SIP/2.0\r\nContent-Length: 0\r\n\r\n`;
const here = (port: number) => ({ address: '127.0.0.1', port });
const never = (error: TransportException): void => expect.fail(error.message);
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
};
const failureOf = (flow: Flow): Promise<TransportException> =>
  new Promise((resolve) => flow.send(Buffer.from(text('x')), resolve));

describe('SIP over TLS', () => {
  it('sends to whom the certificate says it is, and back over the same connection', async () => {
    const phone = await bind();
    const pbx = await bind(undefined, server);
    const flow = phone.transport.flowTo(here(pbx.transport.port), 'pbx.test');
    flow.send(Buffer.from(text('first')), never);
    flow.send(Buffer.from(text('second')), never);
    await until(() => pbx.arrivals.length === 2);
    expect(pbx.arrivals.map((one) => one.text)).toEqual([text('first'), text('second')]);
    pbx.arrivals[0]?.flow.send(Buffer.from(text('back')), never);
    await until(() => phone.arrivals.length === 1);
    expect([flow.protocol, flow.reliable, flow.local.port]).toEqual([
      ...['TLS', true],
      phone.transport.port,
    ]);
    const { leastVersion, connections, problems } = phone.transport.security();
    expect([leastVersion, problems]).toEqual(['TLSv1.2', []]);
    expect(connections).toEqual([
      {
        remote: `127.0.0.1:${pbx.transport.port}`,
        serverName: 'pbx.test',
        version: 'TLSv1.3',
        cipher: expect.stringMatching(/^TLS_/),
        verifiedBy: 'authority',
        issuer: 'CN=right',
        expires: expect.stringMatching(/^20/),
      },
    ]);
    // An address alone, as a route has it, leads over the connection that there is.
    phone.transport.flowTo(here(pbx.transport.port)).send(Buffer.from(text('third')), never);
    await until(() => pbx.arrivals.length === 3);
    expect(pbx.arrivals[2]?.flow.remote.port).toBe(pbx.arrivals[0]?.flow.remote.port);
  });

  it('knows by which name an address was found to be right, when the connection has gone', async () => {
    const phone = await bind();
    const named = right.sign('named', 'DNS:named.test');
    const pbx = await bind(undefined, named);
    const remote = here(pbx.transport.port);
    const flow = phone.transport.flowTo(remote, 'named.test');
    flow.send(Buffer.from(text('first')), never);
    await until(() => pbx.arrivals.length === 1);
    flow.abandon();
    await until(() => !flow.isOpen);
    phone.transport.flowTo(remote).send(Buffer.from(text('by address')), never);
    await until(() => pbx.arrivals.length === 2);
  });

  it.each([
    [
      'signed by another authority',
      () => trusting(wrong),
      'pbx.test',
      /issued by CN=right.*wrong\.crt/,
    ],
    [
      'for another name',
      () => trusting(right),
      'other.test',
      /certificate of pbx\.test.*not for other/,
    ],
    [
      'the right one for nobody, as it is not pinned',
      () => ({ verify: true, fingerprints: ['00'.repeat(32)] }),
      'pbx.test',
      /fingerprint is ([0-9A-F]{2}:){31}/,
    ],
    [
      'to be judged by a file that is not there',
      () => ({ verify: true, caFile: join(folder, 'none.pem') }),
      'pbx.test',
      /none\.pem/,
    ],
  ] as const)('sends nothing where the certificate is %s', async (_, policy, name, words) => {
    const phone = await bind(policy());
    const pbx = await bind(undefined, server);
    const error = await failureOf(phone.transport.flowTo(here(pbx.transport.port), name));
    expect(error).toMatchObject({ failure: 'closed', message: expect.stringMatching(words) });
    expect(pbx.arrivals).toEqual([]);
    expect(phone.transport.security().connections).toEqual([]);
  });

  it('takes whom it is told to take: by fingerprint, and where nothing is verified', async () => {
    const pbx = await bind();
    const { fingerprint } = pbx.transport.security();
    for (const policy of [{ verify: true, fingerprints: [fingerprint] }, { verify: false }]) {
      const phone = await bind(policy);
      phone.transport
        .flowTo(here(pbx.transport.port), 'anybody.test')
        .send(Buffer.from(text('x')), never);
      await until(() => pbx.arrivals.length > 0);
      pbx.arrivals.length = 0;
      const [connection] = phone.transport.security().connections;
      expect(connection?.verifiedBy).toBe(policy.verify ? 'fingerprint' : 'nothing');
    }
  });

  it('judges by what the account of that server says', async () => {
    const phone = await bind(trusting(wrong));
    const pbx = await bind(undefined, server);
    phone.policies.set({}, ['PBX.test'], trusting(right));
    phone.transport
      .flowTo(here(pbx.transport.port), 'pbx.test')
      .send(Buffer.from(text('x')), never);
    await until(() => pbx.arrivals.length === 1);
  });

  it('does not take a connection for one name as one for another', async () => {
    const phone = await bind();
    const pbx = await bind(undefined, server);
    phone.transport
      .flowTo(here(pbx.transport.port), 'pbx.test')
      .send(Buffer.from(text('x')), never);
    await until(() => pbx.arrivals.length === 1);
    const other = phone.transport.flowTo(here(pbx.transport.port), 'other.test');
    expect(other.isOpen).toBe(false);
    expect((await failureOf(other)).message).toContain('not for other.test');
  });

  it('says so when the far end speaks no TLS', async () => {
    const plain = createPlainServer((socket) =>
      socket.on('error', () => undefined).end('SIP/2.0\r\n', () => socket.destroy()),
    );
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => plain.close(resolve)) });
    const address = plain.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const phone = await bind();
    const error = await failureOf(phone.transport.flowTo(here(port), 'pbx.test'));
    expect(error.message).toContain('speaks no TLS at that port');
  });

  it('shows its own certificate to a server that asks, and the name that is wanted', async () => {
    const seen: { readonly name: unknown; readonly subject: unknown }[] = [];
    const asking = createServer(
      {
        ...{ cert: readFileSync(server.cert), key: readFileSync(server.key) },
        ...{ ca: readFileSync(right.certificate), requestCert: true, rejectUnauthorized: false },
      },
      (socket: TLSSocket) => {
        seen.push({
          name: Reflect.get(socket, 'servername'),
          subject: socket.getPeerCertificate().subject?.CN,
        });
        socket.on('error', () => undefined);
        open.push({ close: async () => void socket.destroy() });
      },
    );
    await new Promise<void>((resolve) => asking.listen(0, '127.0.0.1', resolve));
    const address = asking.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    open.push({ close: () => new Promise((resolve) => asking.close(resolve)) });
    const car = right.sign('car', 'DNS:car.test');
    const [known, nameless] = [await bind(undefined, car), await bind()];
    for (const { transport } of [known, nameless]) {
      const before = seen.length;
      transport.flowTo(here(port), 'pbx.test').send(Buffer.from(text('x')), never);
      await until(() => seen.length > before);
    }
    expect(seen).toEqual([
      { name: 'pbx.test', subject: 'car' },
      { name: 'pbx.test', subject: undefined },
    ]);
  });

  it('speaks no version below 1.2', async () => {
    const pbx = await bind(undefined, server);
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
      connect({
        ...{ host: '127.0.0.1', port: pbx.transport.port, rejectUnauthorized: false },
        ...{ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      }).on('error', resolve);
    });
    expect(String(error.code)).toMatch(/PROTOCOL_VERSION|ECONNRESET|UNSUPPORTED/);
  });

  it('gives a handshake that does not go on no more than ten seconds', async () => {
    const pbx = await bind(undefined, server);
    const { Socket: PlainSocket } = await import('node:net');
    const socket: Socket = new PlainSocket().connect(pbx.transport.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    await until(() => pbx.clock.pendingTimers > 0);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    pbx.clock.advance(10_001);
    await closed;
  });

  it('refuses to start with files that cannot be used', async () => {
    const broken = { ...server, key: wrong.certificate };
    await expect(bind(undefined, broken)).rejects.toMatchObject({
      failure: 'no-certificate',
      message: expect.stringContaining(server.cert),
    });
  });
});

describe('what an account said of its server, once it is taken back', () => {
  const account = {};

  /** A server that has got a message without being verified, as an account wanted it at that time. */
  async function sentUnverified(identity: Certificates) {
    const phone = await bind(trusting(right));
    const pbx = await bind(undefined, identity);
    phone.policies.set(account, ['pbx.test'], { verify: false });
    const flow = phone.transport.flowTo(here(pbx.transport.port), 'pbx.test');
    flow.send(Buffer.from(text('unverified')), never);
    await until(() => pbx.arrivals.length === 1);
    phone.policies.forget(account);
    const verifiedBy = (): string[] =>
      phone.transport
        .security()
        .connections.map((one) => one.verifiedBy)
        .sort();
    return { phone, pbx, flow, verifiedBy };
  }

  it('has the server verified before anything more is sent', async () => {
    const { pbx, flow } = await sentUnverified(wrong.sign('impostor', 'DNS:pbx.test'));
    expect((await failureOf(flow)).message).toMatch(/issued by CN=wrong, refused: /);
    expect(pbx.arrivals.map((one) => one.text)).toEqual([text('unverified')]);
  });

  it('holds for a connection that is just being opened', async () => {
    const phone = await bind(trusting(right));
    const pbx = await bind(undefined, server);
    phone.policies.set(account, ['pbx.test'], { verify: false });
    const failure = failureOf(phone.transport.flowTo(here(pbx.transport.port), 'pbx.test'));
    phone.policies.forget(account);
    expect((await failure).message).toContain('has changed meanwhile');
    expect(pbx.arrivals).toEqual([]);
  });

  it('has it spoken with over a connection of its own; what was asked before may be answered for three minutes', async () => {
    const { phone, pbx, flow, verifiedBy } = await sentUnverified(server);
    flow.send(Buffer.from(text('verified')), never);
    await until(() => pbx.arrivals.length === 2);
    const [before, since] = pbx.arrivals;
    expect(since?.flow.remote.port).not.toBe(before?.flow.remote.port);
    expect(verifiedBy()).toEqual(['authority', 'nothing']);
    before?.flow.send(Buffer.from(text('late answer')), never);
    await until(() => phone.arrivals.length === 1);
    // An address alone leads by the connection that is verified.
    phone.transport.flowTo(here(pbx.transport.port)).send(Buffer.from(text('third')), never);
    await until(() => pbx.arrivals.length === 3);
    expect(pbx.arrivals[2]?.flow.remote.port).toBe(since?.flow.remote.port);
    phone.clock.advance(180_001);
    await until(() => verifiedBy().length < 2);
    expect(verifiedBy()).toEqual(['authority']);
  });

  it('is not taken back by another word to the same effect', async () => {
    const { phone, pbx, flow } = await sentUnverified(server);
    phone.policies.set({}, ['other.test', 'pbx.test'], { verify: false });
    flow.send(Buffer.from(text('again')), never);
    await until(() => pbx.arrivals.length === 2);
    expect(pbx.arrivals[1]?.flow.remote.port).toBe(pbx.arrivals[0]?.flow.remote.port);
  });
});

describe('a camera that does not know the day', () => {
  it('sends nothing before its clock has been set, and tells when it has', async () => {
    const clock = new Clock();
    clock.isSet = false;
    const phone = await bind(trusting(right), undefined, clock);
    const pbx = await bind(undefined, server);
    const flow = phone.transport.flowTo(here(pbx.transport.port), 'pbx.test');
    expect((await failureOf(flow)).message).toContain('this machine says that it is 1970-01-01');
    expect(phone.transport.security().problems.join()).toContain('has not been set');
    clock.advance(5000);
    expect(phone.times).toBe(0);
    clock.isSet = true;
    clock.advance(1000);
    expect(phone.times).toBe(1);
    expect(phone.transport.security().problems).toEqual([]);
    flow.send(Buffer.from(text('x')), never);
    await until(() => pbx.arrivals.length === 1);
  });

  it('takes a pinned certificate at once', async () => {
    const clock = new Clock();
    clock.isSet = false;
    const pbx = await bind(undefined, server);
    const pin = { verify: true, fingerprints: [pbx.transport.security().fingerprint] };
    const phone = await bind(pin, undefined, clock);
    phone.transport
      .flowTo(here(pbx.transport.port), 'pbx.test')
      .send(Buffer.from(text('x')), never);
    await until(() => pbx.arrivals.length === 1);
  });
});

describe('a certificate that runs out', () => {
  it('is told of a month before, ours and that of a server', async () => {
    const soon = right.sign('soon', 'DNS:soon.test', 20);
    // These dates are the machine’s: the virtual clock has another year.
    const now = new Clock(new Date().getUTCFullYear());
    now.wallTime = () => new Date();
    const pbx = await bind(undefined, soon, now);
    expect(pbx.transport.security().problems).toEqual([
      expect.stringMatching(/^our certificate runs out on 20\d\d-\d\d-\d\d, in (19|20) days$/),
    ]);
    const phone = await bind(trusting(right), undefined, now);
    expect(phone.transport.security().problems).toEqual([]);
    phone.transport
      .flowTo(here(pbx.transport.port), 'soon.test')
      .send(Buffer.from(text('x')), never);
    await until(() => pbx.arrivals.length === 1);
    expect(phone.transport.security().problems).toEqual([
      expect.stringMatching(/^the certificate of soon\.test runs out on .*, in (19|20) days$/),
    ]);
  });
});
