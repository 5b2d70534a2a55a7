// Shows RFC 5922.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Authority } from '../toolkit/peers/authority';
import { Kamailio } from '../toolkit/peers/kamailio';
import { waitUntil } from '../toolkit/process/wait';
import { Stage, type TestAgent } from './support/stage';

const stage = await Stage.open('tls');
const right = new Authority(stage.folder, 'right');
const wrong = new Authority(stage.folder, 'wrong');
const certificates = right.sign('pbx', 'DNS:localhost,IP:127.0.0.1');

/** One of them has calls at a time. */
const [first, phoneFirst] = [stage.ports.next(20), stage.ports.next(20)];
const rtpPorts = [first, first + 19] as const;
const phonePorts = { rtpPorts: [phoneFirst, phoneFirst + 19] } as const;

interface Options {
  readonly registrar?: Kamailio;
  readonly tlsPort: number;
  readonly tls?: object;
  readonly accountTls?: object;
}

/** An agent that speaks TLS alone. */
function secureAgent(name: string, options: Options): Promise<TestAgent> {
  const { registrar, tlsPort, tls, accountTls } = options;
  const own = stage.ports.next();
  return stage.agent({
    name,
    rtpPorts,
    sipPort: own,
    sections: {
      sip: { address: '127.0.0.1', transports: ['tls'], tls: { port: own, ...tls } },
      ...(registrar
        ? {
            account: {
              uri: `sip:car@${registrar.domain}`,
              registrar: `sip:127.0.0.1:${tlsPort};transport=tls`,
              username: 'car',
              password: Kamailio.password('car'),
              ...(accountTls ? { tls: accountTls } : {}),
            },
          }
        : {}),
    },
    tcp: true,
  });
}

const untilRegistration = (agent: TestAgent, state: string): Promise<string> =>
  waitUntil(`a registration that is ${state}`, async () => {
    const { registration } = await agent.status();
    return registration?.state === state ? registration.detail || ' ' : undefined;
  });

describe('over TLS alone', () => {
  it('registers at kamailio, is called and calls through it; with another authority it sends nothing', async () => {
    const tlsPort = stage.ports.next();
    const kamailio = await stage.kamailio({ tls: { ...certificates, port: tlsPort } });
    const suspicious = await secureAgent('agent-suspicious', {
      ...{ registrar: kamailio, tlsPort },
      tls: { caFile: wrong.certificate },
    });
    expect(await untilRegistration(suspicious, 'failed')).toMatch(
      /certificate of localhost, 127\.0\.0\.1, issued by CN=right, refused: .*wrong\.crt/,
    );
    // Who takes anybody is told so, and verifies again once that is taken back.
    const tls = (...words: string[]) =>
      suspicious.agent.json('config', 'set', 'account.tls', ...words);
    await tls('{"verify":false}');
    await untilRegistration(suspicious, 'registered');
    expect(JSON.stringify((await suspicious.status()).sip)).toContain('"verifiedBy":"nothing"');
    await tls('null');
    expect(await untilRegistration(suspicious, 'failed')).toMatch(/issued by CN=right, refused/);
    await suspicious.stop();
    const agent = await secureAgent('agent-registered', {
      ...{ registrar: kamailio, tlsPort },
      tls: { caFile: wrong.certificate },
      accountTls: { caFile: right.certificate },
    });
    await untilRegistration(agent, 'registered');
    const { sip } = await agent.status();
    expect(JSON.stringify(sip)).toMatch(/"verifiedBy":"authority","issuer":"CN=right"/);
    const phone = await stage.baresip('home', {
      ...phonePorts,
      account: {
        registrar: kamailio.domain,
        user: 'home',
        password: Kamailio.password('home'),
      },
    });
    await phone.process.waitFor(/200 OK .*\[1 binding\]/);
    await agent.call(`sip:home@${kamailio.domain}`);
    await agent.until('active');
    await agent.untilHears();
    await agent.hangup();
    expect(await agent.untilIdle()).toBe('hung up here');
    await phone.dial(`sip:car@${kamailio.domain}`);
    await agent.until('active');
    await agent.untilHears();
    await phone.hangup();
    expect(await agent.untilIdle()).toBe('hung up by the far end');
    await agent.stop();
  });

  it('calls baresip and is called by it, which shows a certificate that is pinned', async () => {
    const file = join(stage.folder, 'desk.pem');
    const desk = right.sign('desk', 'DNS:desk');
    writeFileSync(file, readFileSync(desk.cert, 'utf8') + readFileSync(desk.key, 'utf8'));
    const { X509Certificate } = await import('node:crypto');
    const { fingerprint256 } = new X509Certificate(readFileSync(desk.cert));
    const sipPort = stage.ports.next(2);
    const phone = await stage.baresip('desk', {
      ...{ ...phonePorts, sipPort, transport: 'tls', certificate: file },
    });
    const agent = await secureAgent('agent-direct', {
      tlsPort: sipPort + 1,
      tls: { fingerprints: [fingerprint256] },
    });
    await agent.call(`sip:desk@127.0.0.1:${sipPort + 1};transport=tls`);
    await agent.until('active');
    await agent.untilHears();
    await agent.hold();
    await agent.until('held');
    await agent.hangup();
    expect(await agent.untilIdle()).toBe('hung up here');
    await phone.dial(agent.uri.replace('transport=tcp', 'transport=tls'));
    await agent.until('active');
    await agent.untilHears();
    await phone.hangup();
    expect(await agent.untilIdle()).toBe('hung up by the far end');
    await agent.stop();
  });
});
