import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { Agent } from '../toolkit/peers/agent';
import { sleep, waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('bad-luck');
const sipPort = stage.ports.next();
const controlPort = stage.ports.next();
const firstRtp = stage.ports.next(20);
const agent = await stage.agent({
  sipPort,
  controlPort,
  rtpPorts: [firstRtp, firstRtp + 19],
  media: { microphone: { kind: 'null' }, speaker: { kind: 'null' } },
});
const phone = await stage.baresip('phone');

/** Sends each payload once to each port. */
async function send(
  payloads: readonly (Buffer | string)[],
  ports: readonly number[],
): Promise<void> {
  const socket = createSocket('udp4');
  for (const payload of payloads) {
    for (const port of ports) {
      await new Promise<void>((done) => socket.send(payload, port, '127.0.0.1', () => done()));
    }
    await sleep(1);
  }
  socket.close();
}

// A second try finds no call of the first.
afterEach(() => agent.hangUpAll());

describe('bad input and bad luck', () => {
  it('noise, truncated and oversized datagrams at every port do not disturb a call', async () => {
    await agent.call(phone.uri);
    const call = await agent.until('active');
    await agent.untilHears();
    const invite = `INVITE ${agent.uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx\r\nCSeq: 1 INV`;
    const noise = [
      ...Array.from({ length: 150 }, (_, index) => randomBytes((index * 9) % 1400)),
      Buffer.alloc(0),
      Buffer.alloc(60_000, 0x41),
      Buffer.concat([Buffer.from([0x80, 0x08]), randomBytes(60_000)]),
      ...[1, 5, 11, 12, 13].map((length) => Buffer.alloc(length, 0x80)),
      Buffer.from([0x80, 0xc8, 0xff, 0xff]),
      ...Array.from({ length: 40 }, (_, index) => invite.slice(0, index * 3)),
      `${invite}ITE\r\nContent-Length: 99999\r\n\r\nv=0`,
      '{"msg_id":2560',
      '{"token":1,"msg_id":{"a":[[[[[]]]]]}}',
      `{"msg_id":2561,"token":0,"param":"${'x'.repeat(50_000)}"}`,
    ];
    const media = Array.from({ length: 4 }, (_, index) => firstRtp + index);
    await send(noise, [sipPort, controlPort, ...media]);
    const after = await agent.untilHears(50);
    expect(after.state).toBe('active');
    expect(after.media?.audio?.received.lost).toBe(call.media?.audio?.received.lost ?? 0);
    await agent.hangup();
    expect(await agent.untilIdle()).toBe('hung up here');
    expect(agent.agent.process.running).toBe(true);
  });

  it('the command server names what is wrong', async () => {
    const { commands } = agent;
    const rval = async (text: string): Promise<unknown> => (await commands.raw(text)).rval;
    expect(await rval('{"msg_id":')).toBe(-9);
    expect(await rval('{"msg_id":2560,"token":99999}')).toBe(-4);
    expect((await commands.request(4711)).rval).toBe(-23);
    const wrong = await commands.request(2561, { param: {} });
    expect(wrong.rval).toBe(-25);
    expect(JSON.stringify(wrong.param)).toMatch(/uri/);
  });

  it('a second agent on the same ports says so in one line and ends with 1', async () => {
    for (const ports of [
      { sipPort, controlPort: stage.ports.next() },
      { sipPort: stage.ports.next(), controlPort },
    ]) {
      const second = Agent.launch({
        folder: stage.folder,
        name: `second-${ports.sipPort}`,
        rtpPorts: [firstRtp, firstRtp + 19],
        ...ports,
      });
      const exit = await second.exited;
      expect(exit.code).toBe(1);
      const lines = second.output
        .trim()
        .split('\n')
        .filter((line) => !/ info /.test(line));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/in use/);
    }
  });

  it('a peer that is killed in mid-call is missed in the status, and the agent lives', async () => {
    const doomed = await stage.baresip('doomed');
    await agent.call(doomed.uri);
    await agent.until('active');
    await agent.untilHears();
    await doomed.process.stop('SIGKILL');
    await agent.untilProblem(/nothing has come from the far end/);
    await agent.hangup();
    await agent.untilIdle(10_000);
    await agent.call(phone.uri);
    await agent.until('active');
    await agent.untilHears();
    await agent.hangup();
    await agent.untilIdle();
  });

  it('a called address where nobody is ends the call with words', async () => {
    await agent.call(`sip:nobody@127.0.0.1:${stage.ports.next()}`);
    const words = await waitUntil(
      'the call to end',
      async () => {
        const { calls, recent } = await agent.status();
        return calls.length === 0 ? recent[0]?.ended : undefined;
      },
      40_000,
      200,
    );
    expect(words).toMatch(/did not answer|failed|unreachable/);
  });
});
