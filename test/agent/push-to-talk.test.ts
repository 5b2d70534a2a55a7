import { describe, expect, it } from 'vitest';
import type { AgentOptions } from '../../src/agent';
import { startedBench } from './fakes';

const OPTIONS: Pick<AgentOptions, 'media'> = {
  media: {
    microphone: 'camera',
    speaker: 'camera',
    picture: true,
    pushToTalk: true,
    codecs: ['PCMA'],
    encryption: { srtp: 'preferred', sdesWithoutTls: false },
    rtpTimeout: 20,
  },
};

describe('push-to-talk', () => {
  it('passes the key on, and tells who has the floor', async () => {
    const { agent, engine } = await startedBench(OPTIONS);
    const floors: string[] = [];
    agent.events.on('floor', (holder) => floors.push(holder));
    agent.pressToTalk(true);
    expect(engine.pressed).toBe(true);
    engine.events.emit('floor', 'near');
    agent.pressToTalk(false);
    expect(engine.pressed).toBe(false);
    engine.events.emit('floor', 'nobody');
    expect(floors).toEqual(['near', 'nobody']);
  });

  it('is refused where both may speak at once, and while the agent stops', async () => {
    const { agent, engine } = await startedBench();
    expect(() => agent.pressToTalk(true)).toThrow('voice.duplex is not "push-to-talk"');
    expect(engine.pressed).toBe(false);
    const other = await startedBench(OPTIONS);
    const stopped = other.agent.stop();
    expect(() => other.agent.pressToTalk(true)).toThrow('the agent is stopping');
    await stopped;
  });
});
