import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { amplitudeOf, endOf } from '../toolkit/measure/goertzel';
import { writeWav } from '../toolkit/measure/wav';
import type { AgentStatus } from '../toolkit/peers/agent-status';
import type { Baresip } from '../toolkit/peers/baresip';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('conference');
const agent = await stage.agent();

/** A phone that says nothing but a sine of its own for half a minute. */
async function singer(name: string, frequency: number): Promise<Baresip> {
  const speech = join(stage.folder, `${name}.wav`);
  const rate = 8000;
  const samples = Float64Array.from(
    { length: 30 * rate },
    (_, i) => 0.25 * Math.sin((2 * Math.PI * frequency * i) / rate),
  );
  writeWav(speech, { rate, samples });
  return await stage.baresip(name, { speech });
}

const low = await singer('low', 500);
const high = await singer('high', 1200);

/** How loud a frequency was in the last half second that a phone has heard. */
const heard = (phone: Baresip, frequency: number): number =>
  amplitudeOf(endOf(phone.heard(), 0.5), frequency);

const sentTo = (call: number, status: AgentStatus): number =>
  Number(status.calls[call]?.media?.audio?.sentLevelDbov ?? -127);

describe('a conference', () => {
  it('of two phones: each hears the other and not itself, until one is taken out', async () => {
    await agent.call(low.uri);
    await agent.until('active');
    await agent.hold();
    await agent.call(high.uri);
    await waitUntil('the second call to be up', async () => {
      const [, second] = (await agent.status()).calls;
      return second?.state === 'active';
    });
    const joined = await agent.agent.run('conference');
    expect(joined.stdout).toContain('in conference: 1, 2');
    // Baresip records nothing more once it was held: what leaves to it is asked of the agent. A sine of a quarter
    // is -15 dBov.
    await waitUntil(
      'the low one to be sent the high one',
      async () => sentTo(0, await agent.status()) > -16,
    );
    await waitUntil('the high one to hear the low one', () => heard(high, 500) > 0.2);
    expect(sentTo(0, await agent.status())).toBeLessThan(-14);
    expect(heard(high, 1200)).toBeLessThan(0.01);
    expect((await agent.agent.run('conference', 'leave', '2')).code).toBe(0);
    await waitUntil('the low one to be alone', async () => sentTo(0, await agent.status()) < -60);
    await agent.hangUpAll();
  });
});
