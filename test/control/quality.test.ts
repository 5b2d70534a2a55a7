import { describe, expect, it } from 'vitest';
import type { CallStatus } from '../../src/agent';
import { qualityOf, STATUS_EXAMPLE } from '../../src/control';

const EXAMPLE = STATUS_EXAMPLE.calls[0] as CallStatus;
type Media = NonNullable<CallStatus['media']>;
type Sound = NonNullable<Media['audio']>;

const EXAMPLE_MEDIA = EXAMPLE.media as Media;
const EXAMPLE_SOUND = EXAMPLE_MEDIA.audio as Sound;

const heard = (sound: Partial<Sound>, received: Partial<Sound['received']> = {}): Media => ({
  audio: { ...EXAMPLE_SOUND, ...sound, received: { ...EXAMPLE_SOUND.received, ...received } },
});
const quality = (media?: Media) =>
  qualityOf({ ...EXAMPLE, call: 3, durationS: 15, media } as CallStatus);

describe('the quality of a call, in few numbers', () => {
  it('is what its counters say, rounded to what a reader can use', () => {
    const sound = heard(
      {
        codec: 'PCMU',
        bufferMs: 39.6,
        playedFrames: 730,
        concealedFrames: 20,
        pacingP99Us: 123.4,
        roundTripMs: 18.26,
        mos: 4.3649,
        recentMos: 4.1251,
        remoteMos: 4.0049,
        remoteLossFraction: 0.01234,
        delayMs: 162,
        sentLevelDbov: -24.64,
        heardLevelDbov: -21.26,
      },
      { packets: 700, lost: 50, jitterMs: 1.449 },
    );
    expect(quality(sound)).toEqual({
      call: 3,
      durationS: 15,
      codec: 'PCMU',
      lossPercent: 6.7,
      jitterMs: 1.4,
      bufferMs: 40,
      concealedPercent: 2.7,
      pacingP99Ms: 0.123,
      roundTripMs: 18.3,
      mos: 4.36,
      recentMos: 4.13,
      remoteMos: 4,
      remoteLossPercent: 1.2,
      delayMs: 162,
      sentLevelDbov: -24.6,
      heardLevelDbov: -21.3,
    });
  });

  it('says of the picture how many there were', () => {
    const media = { video: { ...EXAMPLE_MEDIA.video, frames: 450 } } as Media;
    expect(quality(media)).toEqual({ call: 3, durationS: 15, videoFrames: 450 });
  });

  it('leaves out what is not known yet', () => {
    expect(quality()).toEqual({ call: 3, durationS: 15 });
    const { roundTripMs: _, mos: __, ...young } = EXAMPLE_SOUND;
    const told = quality({ audio: young as Sound });
    expect(told).not.toHaveProperty('roundTripMs');
    expect(told).not.toHaveProperty('mos');
    expect(told).not.toHaveProperty('videoFrames');
  });

  it('is no share of nothing, and none below zero', () => {
    const silent = heard({ playedFrames: 0, concealedFrames: 0 }, { packets: 0, lost: 0 });
    expect(quality(silent)).toMatchObject({ lossPercent: 0, concealedPercent: 0 });
    // Duplicates make more of the packets than were sent (RFC 3550 §A.3).
    expect(quality(heard({}, { packets: 100, lost: -3 }))).toMatchObject({ lossPercent: 0 });
    const all = heard({ playedFrames: 0, concealedFrames: 7 }, { packets: 0, lost: 9 });
    expect(quality(all)).toMatchObject({ lossPercent: 100, concealedPercent: 100 });
  });
});
