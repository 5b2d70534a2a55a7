import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { EmergencySettings } from '../../../src/agent';
import { waitUntil } from '../../toolkit/process/wait';
import { type Bench, startedBench } from '../fakes';

const MUNICH = '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n';
/** With a place, as some go on saying the last one. */
const LOST = '$GPRMC,123520,V,4900.000,N,01200.000,E,,,230394,,*0C\r\n';
const EMERGENCY: EmergencySettings = {
  calls: ['urn:service:sos'],
  ...{ ringSeconds: 30, confirmSeconds: 20, rounds: 2, callBackMinutes: 60 },
};

const agents: Bench[] = [];
afterEach(async () => {
  for (const { agent } of agents.splice(0)) await agent.stop();
});

/** An agent that hears a receiver by UDP, and who sends what that one says. */
async function setUp(emergency = EMERGENCY) {
  const probe = createSocket('udp4').bind(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  const all = await startedBench({
    account: { uri: 'sip:car@example.org' },
    emergency: { ...emergency, nmea: `udp:127.0.0.1:${port}` },
  });
  agents.push(all);
  const sender = createSocket('udp4');
  const say = async (text: string, until: () => boolean): Promise<void> => {
    await waitUntil('it to be heard', () => {
      sender.send(text, port, '127.0.0.1');
      return until();
    });
  };
  return { ...all, port, say };
}

describe('a receiver that tells where the car is', () => {
  it('is heard, and what it tells goes along with a call for help', async () => {
    const { agent, userAgent, say } = await setUp();
    await say(MUNICH, () => agent.helpData.position !== undefined);
    expect(agent.helpData.position).toMatchObject({ latitude: 48.1173, ageS: 0 });
    agent.startEmergency();
    const description = { contentType: 'application/sdp', content: 'v=0' };
    const { body } = userAgent.invited.at(-1)?.options?.enclosing?.with(description) ?? {};
    expect(String(body?.content)).toContain('<gml:pos>48.1173 11.5166667</gml:pos>');
  });

  it('whose fix is lost has the last one grow old', async () => {
    const { agent, clock, say } = await setUp();
    await say(MUNICH, () => agent.helpData.position !== undefined);
    clock.advance(18_000);
    expect(agent.status().problems).toHaveLength(1);
    await say(LOST, () => {
      // Opened anew every now and then until it is heard.
      clock.advance(1000);
      return agent.status().problems.length === 0;
    });
    expect(agent.helpData.position).toMatchObject({ latitude: 48.1173 });
    expect(agent.helpData.position?.ageS).toBeGreaterThan(18);
  });

  it('and an app may tell it in turns', async () => {
    const { agent, say } = await setUp();
    await agent.helpData.tell({ latitude: 1, longitude: 2 });
    await say(MUNICH, () => agent.helpData.position?.latitude === 48.1173);
    await agent.helpData.tell({ latitude: 1, longitude: 2 });
    expect(agent.helpData.position?.latitude).toBe(1);
  });

  it('is a problem when nothing comes, and none when the configuration says so', async () => {
    const { agent, clock, port, say } = await setUp();
    const { helpData } = agent;
    await say(MUNICH, () => helpData.position !== undefined);
    clock.advance(10_000);
    const problem = `position: udp:127.0.0.1:${port}: nothing for 10 s`;
    expect(agent.status().problems).toContain(problem);
    agent.reconfigure({ emergency: { value: EMERGENCY } });
    await waitUntil('the change', () => !agent.status().problems.includes(problem));
    // Its port is free again.
    const socket = createSocket('udp4').bind(port, '127.0.0.1');
    await once(socket, 'listening');
    socket.close();
  });

  it('is left when the agent stops', async () => {
    const { agent, port, say } = await setUp();
    await say(MUNICH, () => agent.helpData.position !== undefined);
    await agent.stop();
    const socket = await waitUntil('the port', async () => {
      const socket = createSocket('udp4').bind(port, '127.0.0.1');
      const [error] = await Promise.race([
        once(socket, 'listening').then(() => []),
        once(socket, 'error').catch((reason: unknown) => [reason]),
      ]);
      return error === undefined && socket;
    });
    socket.close();
  });
});
