// Shows RFC 3911.

import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { sipMessages } from '../toolkit/measure/sip-trace';
import { waitUntil } from '../toolkit/process/wait';
import {
  DEAF_AT_FIRST,
  FOREIGN_CODEC,
  JOIN,
  LATE_ACK,
  ODD_REQUESTS,
  REPEATED_200,
  REPEATED_INVITE,
} from './support/scenarios';
import { Stage } from './support/stage';

const stage = await Stage.open('sipp');
const sipPort = stage.ports.next();
const agent = await stage.agent({ sipPort });
const target = `127.0.0.1:${sipPort}`;

describe('called by sipp', () => {
  it.each([
    {
      name: 'repeated-invite',
      scenario: REPEATED_INVITE,
      what: 'takes a repeated INVITE for one call',
    },
    {
      name: 'odd-requests',
      scenario: ODD_REQUESTS,
      what: 'answers 200, 405, 420, 481, 489 where owed',
    },
    {
      name: 'foreign-codec',
      scenario: FOREIGN_CODEC,
      what: 'refuses with 488 what it cannot speak',
    },
  ])('$what', async ({ name, scenario }) => {
    await stage.sipp({ name, scenario, target }).finished();
    await agent.untilIdle();
  });

  it('lets who names a call join it, and knows nobody who names none', async () => {
    const sipp = stage.sipp({ name: 'join', scenario: JOIN, target });
    await waitUntil('a conference', async () =>
      /^\d+,\d+$/.test(String((await agent.status()).conference)),
    );
    await sipp.finished();
    await agent.untilIdle();
  });

  it('sends its 200 again until the ACK comes', async () => {
    const datagrams = await stage.captured('late-ack', async () => {
      const extra = ['-d', '2500'];
      await stage.sipp({ name: 'late', scenario: LATE_ACK, target, extra }).finished();
      await agent.untilIdle();
    });
    const answers = sipMessages(datagrams).filter(
      ({ status, cseq }) => status === 200 && cseq.endsWith('INVITE'),
    );
    // At 0, 0.5 and 1.5 s; the next would be at 3.5 s, a second behind the ACK.
    expect(answers).toHaveLength(3);
  });

  it('lives through lost datagrams on both ways, twenty calls long', async () => {
    const sipp = stage.sipp({
      name: 'lossy',
      scenario: LATE_ACK,
      target,
      calls: 20,
      timeoutSeconds: 50,
      extra: ['-lost', '10', '-d', '100'],
    });
    await sipp.finished();
    await agent.untilIdle(40_000);
  });
});

describe('calling sipp', () => {
  it('repeats an INVITE that is not answered', async () => {
    const port = stage.ports.next();
    const sipp = stage.sipp({ name: 'deaf', scenario: DEAF_AT_FIRST, port });
    const datagrams = await stage.captured('deaf', async () => {
      await agent.call(`sip:deaf@127.0.0.1:${port}`);
      await agent.until('active');
      await agent.hangup();
      await sipp.finished();
    });
    const invites = sipMessages(datagrams).filter(({ method }) => method === 'INVITE');
    expect(invites).toHaveLength(3);
    expect(new Set(invites.map(({ text }) => text)).size).toBe(1);
    const gaps = invites
      .slice(1)
      .map(({ at }, index) => Number(at - (invites[index]?.at ?? 0n)) / 1e6);
    expect(gaps[0]).toBeGreaterThan(490);
    expect(gaps[1]).toBeGreaterThan(990);
    await agent.untilIdle();
  });

  it('acknowledges every 200, repeated ones too', async () => {
    const port = stage.ports.next();
    const sipp = stage.sipp({ name: 'again', scenario: REPEATED_200, port });
    const repeated = async (): Promise<number> =>
      (await agent.status()).sip?.retransmissions ?? Number.NaN;
    const before = await repeated();
    const datagrams = await stage.captured('again', async () => {
      await agent.call(`sip:again@127.0.0.1:${port}`);
      await agent.until('active');
      await waitUntil('the second ACK', async () => (await repeated()) > before);
      await agent.hangup();
      await sipp.finished();
    });
    expect(sipMessages(datagrams).filter(({ method }) => method === 'ACK')).toHaveLength(2);
    await agent.untilIdle();
  });
});

describe('over TCP', async () => {
  const port = stage.ports.next();
  const connected = await stage.agent({
    name: 'connected',
    sections: { sip: { address: '127.0.0.1', port, transports: ['udp', 'tcp'] } },
    sipPort: port,
  });
  // One connection for all of a scenario.
  const extra = ['-t', 't1'];

  it('is called, thrice over one connection', async () => {
    const parts = { name: 'tcp-in', scenario: LATE_ACK, target: `127.0.0.1:${port}` };
    await stage.sipp({ ...parts, calls: 3, extra: [...extra, '-d', '100'] }).finished();
    await connected.untilIdle();
  });

  it('calls, and repeats nothing', async () => {
    const peer = stage.ports.next();
    const sipp = stage.sipp({ name: 'tcp-out', scenario: DEAF_AT_FIRST, port: peer, extra });
    // A connection that is refused is not tried again, as a datagram would be.
    await vi.waitUntil(() => listens(peer), { timeout: 8000 });
    await connected.call(`sip:deaf@127.0.0.1:${peer};transport=tcp`);
    await connected.until('active');
    await connected.hangup();
    await sipp.finished();
    await connected.untilIdle();
    const { sip } = await connected.status();
    expect(sip).toMatchObject({ retransmissions: 0 });
  });
});

function listens(port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`;
  return readFileSync('/proc/net/tcp', 'latin1').includes(local);
}
