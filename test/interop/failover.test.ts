import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { address, NameServer, srv } from '../sip/support/name-server';
import { Kamailio } from '../toolkit/peers/kamailio';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('failover');
const [DOMAIN, FIRST, SECOND] = ['pbx.test', 'first.pbx.test', 'second.pbx.test'];
/** Where the system's resolver looks, whose port cannot be told. */
const NAME_SERVER = { host: '127.0.77.53', port: 53 };

function server(name: string): Promise<Kamailio> {
  const folder = join(stage.folder, name);
  mkdirSync(folder, { recursive: true });
  return Kamailio.start({
    folder,
    port: stage.ports.next(),
    algorithm: 'MD5',
    alias: DOMAIN,
    tcp: true,
  });
}

describe.skipIf(process.getuid?.() !== 0)('two kamailios of one domain (as root)', () => {
  it('are found by SRV; when the first is gone the second has the registration and the calls', async () => {
    const [first, second] = [await server('first'), await server('second')];
    for (const one of [first, second]) stage.owns(one);
    const portOf = ({ domain }: Kamailio): number => Number(domain.split(':')[1]);
    const names = await NameServer.open(NAME_SERVER.host, NAME_SERVER.port);
    onTestFinished(() => names.close());
    names.answer = (name, type) => {
      switch (`${type} ${name}`) {
        case `SRV _sip._tcp.${DOMAIN}`:
          return [
            srv(name, FIRST, { priority: 1, port: portOf(first) }),
            srv(name, SECOND, { priority: 2, port: portOf(second) }),
          ];
        case `A ${FIRST}`:
        case `A ${SECOND}`:
          return [address(name, '127.0.0.1')];
        default:
          return [];
      }
    };
    const resolver = join(stage.folder, 'resolv.conf');
    writeFileSync(resolver, `nameserver ${NAME_SERVER.host}\n`);
    const [user, password] = ['home', Kamailio.password('home')];
    const phone = await stage.baresip('home', {
      account: { registrar: second.domain, user, password },
    });
    await phone.process.waitFor(/200 OK .*\[1 binding\]/);
    const mounted = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
    const sipPort = stage.ports.next();
    const agent = await stage.agent({
      sipPort,
      runBy: ['unshare', '--mount', 'sh', '-c', mounted, resolver],
      sections: {
        // A connection that is refused is known at once; a datagram that nobody takes after half a minute.
        sip: { address: '127.0.0.1', port: sipPort, transports: ['tcp', 'udp'] },
        account: {
          ...{ uri: `sip:car@${DOMAIN}`, registrar: `sip:${DOMAIN}` },
          ...{ username: 'car', password: Kamailio.password('car') },
        },
      },
    });
    const registeredAt = (one: Kamailio): Promise<true> =>
      waitUntil(`a registration at ${one.domain}`, async () => {
        const { stdout } = await agent.agent.run('trace', '--json');
        return stdout
          .split(/(?=\{"number")/)
          .some((message) => /200 .*\(REGISTER\)/.test(message) && message.includes(one.domain));
      });
    await registeredAt(first);
    expect(names.asked).toContain(`SRV _sip._tcp.${DOMAIN}`);

    await first.stop();
    expect((await agent.agent.run('register')).code).toBe(0);
    await registeredAt(second);
    await phone.dial(`sip:car@${second.domain}`);
    await agent.until('active');
    await agent.untilHears();
    await phone.hangup();
    await agent.untilIdle();
    await agent.call(`sip:home@${DOMAIN}`);
    await agent.until('active');
    await agent.untilHears();
    await agent.hangup();
    expect(await agent.untilIdle()).toBe('hung up here');
  });
});
