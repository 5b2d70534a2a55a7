import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManagedProcess } from '../toolkit/process/process';
import { sleep, waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

/**
 * The agent in a network namespace of its own, with one cable out of it (veth), and a registrar at the other end that
 * takes whatever comes. What is done to the cable is done in the namespace.
 */
const stage = await Stage.open('network-change');
const SPACE = `dv-${process.pid}`;
const [NEAR, FAR] = [`dvn${process.pid}`, `dvf${process.pid}`];
const REGISTRAR = '198.18.77.1';

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });
const inside = (...args: string[]): void => ip('-n', SPACE, ...args);

interface Registered {
  readonly contact: string;
  readonly at: number;
}
const registered: Registered[] = [];
const registrar = createSocket('udp4');

beforeAll(async () => {
  ip('netns', 'add', SPACE);
  ip('link', 'add', NEAR, 'type', 'veth', 'peer', 'name', FAR);
  ip('link', 'set', FAR, 'netns', SPACE);
  ip('addr', 'add', `${REGISTRAR}/24`, 'dev', NEAR);
  ip('link', 'set', NEAR, 'up');
  inside('link', 'set', 'lo', 'up');
  inside('addr', 'add', '198.18.77.2/24', 'dev', FAR);
  inside('link', 'set', FAR, 'up');
  registrar.on('message', (bytes, from) => {
    const text = bytes.toString('latin1');
    if (!text.startsWith('REGISTER')) return;
    const contact = /^Contact: .*@([\d.]+):/m.exec(text)?.[1] ?? '';
    registered.push({ contact, at: performance.now() });
    const kept = text.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq|Contact)/.test(line));
    const to = /^To: .*$/m.exec(text)?.[0].trim();
    const answer = ['SIP/2.0 200 OK', ...kept, `${to};tag=r`, 'Expires: 600', 'Content-Length: 0'];
    registrar.send(`${answer.join('\r\n')}\r\n\r\n`, from.port, from.address);
  });
  await new Promise<void>((resolve) => registrar.bind(5060, REGISTRAR, resolve));
});
afterAll(() => {
  registrar.close();
  ip('netns', 'del', SPACE);
});

/** Until a REGISTER comes from there; how long that took, ms. */
async function untilFrom(contact: string): Promise<number> {
  const [since, before] = [performance.now(), registered.length];
  const found = await waitUntil(`a registration from ${contact}`, () =>
    registered.slice(before).find((one) => one.contact === contact),
  );
  return found.at - since;
}

describe('a camera whose network changes', () => {
  it('is registered again from wherever it is, without being told', async () => {
    const config = join(stage.folder, 'agent.json');
    writeFileSync(
      config,
      JSON.stringify({
        account: { uri: `sip:car@${REGISTRAR}`, registrar: `sip:${REGISTRAR}` },
        media: { microphone: { kind: 'null' }, speaker: { kind: 'null' }, video: 'none' },
        camera: { link: 'none' },
      }),
    );
    const first = untilFrom('198.18.77.2');
    const agent = stage.owns(
      ManagedProcess.start({
        name: 'agent in a namespace',
        command: 'ip',
        args: [
          ...['netns', 'exec', SPACE, process.execPath],
          ...['dist/dashvoip.cjs', 'run', '--config', config],
        ],
        logPath: join(stage.folder, 'agent.log'),
      }),
    );
    await first;
    // Another address of the same network.
    const second = untilFrom('198.18.77.3');
    inside('addr', 'del', '198.18.77.2/24', 'dev', FAR);
    inside('addr', 'add', '198.18.77.3/24', 'dev', FAR);
    const moved = await second;
    // Out of range, and back.
    inside('link', 'set', FAR, 'down');
    await sleep(1200);
    const third = untilFrom('198.18.77.3');
    inside('link', 'set', FAR, 'up');
    const returned = await third;
    console.info(`registered again: moved ${moved.toFixed(0)} ms, back ${returned.toFixed(0)} ms`);
    expect(registered.length).toBeLessThan(12);
    await agent.stop();
  });
});
