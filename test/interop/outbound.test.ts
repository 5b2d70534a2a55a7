// Shows RFC 3327, 3608, 5626, 5627.

import { describe, expect, it } from 'vitest';
import { Kamailio } from '../toolkit/peers/kamailio';
import { waitUntil } from '../toolkit/process/wait';
import { Stage, type TestAgent } from './support/stage';

const stage = await Stage.open('outbound');

type Registered = NonNullable<Awaited<ReturnType<TestAgent['status']>>['registration']>;

function untilRegistration(
  agent: TestAgent,
  what: string,
  isSo: (registration: Registered) => boolean,
): Promise<Registered> {
  return waitUntil(what, async () => {
    const { registration } = await agent.status();
    return registration && isSo(registration) ? registration : undefined;
  });
}

/** One that speaks UDP and TCP, and registers by TCP through these. */
function behind(registrar: Kamailio, user: string, proxies: Readonly<Record<string, unknown>>) {
  const sipPort = stage.ports.next();
  return stage.agent({
    name: `agent-${user}`,
    sipPort,
    sections: {
      sip: { address: '127.0.0.1', port: sipPort, transports: ['udp', 'tcp'] },
      account: {
        uri: `sip:${user}@${registrar.domain}`,
        registrar: `sip:${registrar.domain}`,
        username: user,
        password: Kamailio.password(user),
        ...proxies,
      },
    },
  });
}

const byTcp = ({ domain }: Kamailio): string => `sip:${domain};transport=tcp`;

describe('behind two edges of a kamailio that knows flows', () => {
  it('is registered by both, calls and is called by its GRUU, and goes on when one dies', async () => {
    const [registrar, first, second] = await Promise.all([
      stage.kamailio({ flows: true }),
      stage.edge(),
      stage.edge(),
    ]);
    const [agent, phone] = await Promise.all([
      behind(registrar, 'car', { outboundProxies: [byTcp(first), byTcp(second)] }),
      stage.baresip('home', {
        account: {
          registrar: registrar.domain,
          user: 'home',
          password: Kamailio.password('home'),
        },
      }),
    ]);
    const isUp = ({ state }: { readonly state: string }): boolean => state === 'registered';
    const registration = await untilRegistration(
      agent,
      'a registration by both',
      ({ flows }) => flows?.length === 2 && flows.every(isUp),
    );
    expect(registration.gruu).toMatch(/^sip:car@127\.0\.0\.1;gr=urn:uuid:/);
    expect(registration.serviceRoute).toEqual([`<sip:${registrar.domain};lr>`]);
    expect(registration.path).toEqual([expect.stringMatching(/^<sip:[^@]+@.*;ob>/)]);
    await phone.process.waitFor(/200 OK .*\[1 binding\]/);

    // Its BYE goes to the GRUU, which nobody but the registrar can resolve.
    await agent.call(`sip:home@${registrar.domain}`);
    await agent.until('active');
    await phone.hangup();
    expect(await agent.untilIdle()).toBe('hung up by the far end');

    await first.stop();
    await untilRegistration(
      agent,
      'the first flow to fail, and only that',
      ({ state, flows }) => state === 'registered' && !isUp(flows?.[0] ?? { state }),
    );
    await agent.call(`sip:home@${registrar.domain}`);
    await agent.until('active');
    await agent.hangup();
    expect(await agent.untilIdle()).toBe('hung up here');
    await phone.dial(`sip:car@${registrar.domain}`);
    await agent.until('active');
    await phone.hangup();
    expect(await agent.untilIdle()).toBe('hung up by the far end');
    await agent.stop();

    // The same registrar behind a proxy that knows no flows refuses them (439).
    const plain = await stage.edge(false);
    const van = await behind(registrar, 'van', { outboundProxy: byTcp(plain) });
    const other = await untilRegistration(van, 'a registration without flows', isUp);
    expect(other.path?.join()).not.toMatch(/;ob/);
    const trace = JSON.stringify(await van.agent.json('trace'));
    expect(trace).toContain('439');
  });
});
