import { describe, expect, it } from 'vitest';
import { audioQuality } from '../../src/agent';
import { STATUS_EXAMPLE } from '../../src/control';

const audio = STATUS_EXAMPLE.calls[0]?.media?.audio;
if (!audio) throw new Error('the example has a call with sound');

describe('what a call sounds like', () => {
  it('is told in few numbers, rounded', () => {
    expect(
      audioQuality({
        ...audio,
        received: { ...audio.received, packets: 970, lost: 30 },
        playedFrames: 960,
        concealedFrames: 40,
        remoteLossFraction: 0.0351,
        remoteJitterMs: 2.345,
      }),
    ).toEqual({
      codec: 'PCMA',
      lossPercent: 3,
      jitterMs: 1.4,
      bufferMs: 40,
      concealedPercent: 4,
      pacingP99Ms: 0.12,
      delayMs: 162,
      roundTripMs: 18.2,
      mos: 4.36,
      recentMos: 4.41,
      remoteMos: 4.38,
      remoteLossPercent: 3.5,
      remoteJitterMs: 2.3,
      sentLevelDbov: -24.6,
      heardLevelDbov: -21.3,
    });
  });

  it('leaves out what is not known, and counts packets that came twice as no less than nothing', () => {
    const { mos: _, roundTripMs: __, remoteMos: ___, ...unknown } = audio;
    const quality = audioQuality({ ...unknown, received: { ...audio.received, lost: -2 } });
    expect(quality.lossPercent).toBe(0);
    for (const name of ['mos', 'roundTripMs', 'remoteMos'])
      expect(quality).not.toHaveProperty(name);
  });
});
