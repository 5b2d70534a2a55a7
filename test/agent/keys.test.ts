import { describe, expect, it } from 'vitest';
import { MediaException } from '../../src/media';
import { type Bench, phone, startedBench } from './fakes';

const WITH_EVENTS = phone()
  .replace('RTP/AVP 8', 'RTP/AVP 8 101')
  .replace('a=sendrecv', 'a=rtpmap:101 telephone-event/8000');

async function talking(answer: string): Promise<Bench> {
  const all = await startedBench();
  all.agent.call('sip:phone@192.0.2.9');
  all.userAgent.sessions[0]?.pickUp(answer);
  return all;
}

describe('keys that the far end presses', () => {
  it('are told, whichever way they come', async () => {
    const all = await talking(WITH_EVENTS);
    expect(all.engine.sessions[0]?.settings.at(-1)?.audio?.telephoneEvent).toBe(101);
    all.engine.events.emit('dtmf', 1, '5', 160);
    all.userAgent.sessions[0]?.events.emit('key', { digit: '#', durationMs: 90 });
    expect(all.told.slice(-2)).toEqual(['key 1 5 160 rtp', 'key 1 # 90 info']);
  });

  it('are those of their own call', async () => {
    const all = await talking(WITH_EVENTS);
    all.engine.events.emit('dtmf', 2, '5', 160);
    expect(all.told.filter((words) => words.startsWith('key'))).toEqual([]);
  });

  it('are told no more when the call is over', async () => {
    const all = await talking(WITH_EVENTS);
    all.agent.hangup();
    all.engine.events.emit('dtmf', 1, '5', 160);
    expect(all.told.filter((words) => words.startsWith('key'))).toEqual([]);
  });
});

describe('keys that we press', () => {
  it('go with the sound when the far end has telephone-event', async () => {
    const all = await talking(WITH_EVENTS);
    expect(await all.agent.sendKeys('12#')).toBe('rtp');
    expect(all.engine.sessions[0]?.dtmf).toEqual(['12#']);
    expect(all.userAgent.sessions[0]?.did).toEqual([]);
  });

  it('go by INFO when it has none, one after the other', async () => {
    const all = await talking(phone());
    const both = [all.agent.sendKeys('1a'), all.agent.sendKeys('2')];
    expect(await Promise.all(both)).toEqual(['info', 'info']);
    expect(all.userAgent.sessions[0]?.did).toEqual(['key 1 100', 'key A 100', 'key 2 100']);
    expect(all.engine.sessions[0]?.dtmf).toEqual([]);
  });

  it('go by INFO when sound does not flow and events cannot either', async () => {
    const all = await talking(WITH_EVENTS);
    const [media] = all.engine.sessions;
    if (media) {
      media.sendDtmf = () => {
        throw new MediaException('no-telephone-event', 'not sending');
      };
    }
    expect(await all.agent.sendKeys('1')).toBe('info');
  });

  it('are refused in words when the far end takes none, and later ones are tried again', async () => {
    const all = await talking(phone());
    const [session] = all.userAgent.sessions;
    if (session) session.takesKeys = false;
    await expect(all.agent.sendKeys('12')).rejects.toMatchObject({
      refusal: 'refused-by-peer',
      message: expect.stringContaining('no telephone-event, and it refuses INFO'),
    });
    expect(session?.did).toEqual(['key 1 100']);
    if (session) session.takesKeys = true;
    expect(await all.agent.sendKeys('3')).toBe('info');
  });

  it('need a call that is up', async () => {
    const all = await startedBench();
    await expect(all.agent.sendKeys('1')).rejects.toMatchObject({ refusal: 'wrong-state' });
    all.userAgent.ringUp();
    await expect(all.agent.sendKeys('1', 1)).rejects.toMatchObject({ refusal: 'wrong-state' });
  });
});
