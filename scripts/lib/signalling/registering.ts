import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { quantile } from '../../../test/toolkit/measure/rtp-stream';
import { Agent } from '../../../test/toolkit/peers/agent';
import { Authority } from '../../../test/toolkit/peers/authority';
import { Kamailio } from '../../../test/toolkit/peers/kamailio';
import { PortBlock } from '../../../test/toolkit/process/ports';
import type { Progress } from '../terminal';

const STARTS = 7;
const LIMIT_MS = 20_000;
const RTP_PORTS = 20;
const USER = 'car';

export const REGISTERING_HEAD = ['from its start to registered', 'median', 'most'] as const;

/** At kamailio, with digest: a fresh process each time, until the line of its log says that it is registered. */
export async function runRegistering(folder: string, progress: Progress): Promise<string[][]> {
  const place = join(folder, 'registering');
  mkdirSync(place, { recursive: true });
  const ports = await PortBlock.take();
  const authority = new Authority(place, 'bench');
  const tlsPort = ports.next();
  const certificates = authority.sign('pbx', 'DNS:localhost,IP:127.0.0.1');
  const registrar = await Kamailio.start({
    ...{ folder: place, port: ports.next(), algorithm: 'SHA-256' as const },
    tls: { ...certificates, port: tlsPort },
  });
  const account = {
    ...{ uri: `sip:${USER}@${registrar.domain}`, username: USER },
    password: Kamailio.password(USER),
  };
  const overTls = {
    account: { ...account, registrar: `sip:127.0.0.1:${tlsPort};transport=tls` },
    tls: { caFile: certificates.ca },
  };
  try {
    progress.step(`registering over UDP, ${STARTS} starts`);
    const udp = await starts(place, 'udp', ports, (port) => ({
      sip: { address: '127.0.0.1', port },
      account: { ...account, registrar: `sip:${registrar.domain}` },
    }));
    progress.step(`registering over TLS, ${STARTS} starts`);
    const tls = await starts(place, 'tls', ports, (port) => ({
      sip: { address: '127.0.0.1', transports: ['tls'], tls: { port, ...overTls.tls } },
      account: overTls.account,
    }));
    return [row('UDP', udp), row('TLS', tls)];
  } finally {
    await registrar.stop();
    ports.release();
  }
}

function row(name: string, times: readonly number[]): string[] {
  const sorted = [...times].sort((a, b) => a - b);
  return [name, ...[0.5, 1].map((q) => `${quantile(sorted, q).toFixed(0)} ms`)];
}

async function starts(
  folder: string,
  name: string,
  ports: PortBlock,
  sectionsAt: (port: number) => Readonly<Record<string, unknown>>,
): Promise<number[]> {
  const [sipPort, controlPort, first] = [ports.next(), ports.next(), ports.next(RTP_PORTS)];
  const times: number[] = [];
  for (let done = 0; done < STARTS; done += 1) {
    const child = Agent.launch({
      ...{ folder, name: `${name}-${done}`, sipPort, controlPort },
      rtpPorts: [first, first + RTP_PORTS - 1],
      sections: sectionsAt(sipPort),
    });
    await child.waitFor(/msg="registered"/, LIMIT_MS);
    times.push(performance.now() - child.startedAt);
    await child.stop();
  }
  return times;
}
