// Shows RFC 3551, 4867, 5574, 7587.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchSpeech } from '../toolkit/measure/speech';
import { readWav, type Sound } from '../toolkit/measure/wav';
import { sleep } from '../toolkit/process/wait';
import { CAMERA_VOICE, PHONE_VOICE, Stage } from './support/stage';

const stage = await Stage.open('codecs');

/** A phone that has one codec, and what is left of words that went through it. */
interface Case {
  readonly codecs: readonly string[];
  /** As the phone calls it. */
  readonly baresip?: string;
  readonly linphonec?: string;
  readonly linphonecRate?: number;
  /** Codecs that model a voice keep the words and not the wave. */
  readonly correlation: number;
}

const CASES: readonly Case[] = [
  { codecs: ['OPUS'], baresip: 'opus', correlation: 0.85 },
  // baresip makes 16 kHz of its 8 kHz with a resampler that leaves 0.83 to 0.89 of the wave; other words come to 0.2.
  { codecs: ['L16-16'], baresip: 'L16/16000/1', correlation: 0.75 },
  { codecs: ['GSM'], baresip: 'GSM', correlation: 0.7 },
  { codecs: ['AMR', 'AMR-OA'], baresip: 'AMR', correlation: 0.7 },
  { codecs: ['SPEEX-16'], linphonec: 'speex', linphonecRate: 16_000, correlation: 0.7 },
];

interface Outcome {
  readonly codec: unknown;
  readonly lost: number | undefined;
  readonly atPhone: Sound;
  readonly atCamera: Sound;
}

let calls = 0;

/** One call of four seconds. */
async function talk({ codecs, baresip, linphonec, linphonecRate = 8000 }: Case): Promise<Outcome> {
  calls += 1;
  const name = `${codecs[0]}-${calls}`;
  const speaker = join(stage.folder, `${name}-speaker.wav`);
  const rtpPorts = (count: number): [number, number] => {
    const least = stage.ports.next(count);
    return [least, least + count - 1];
  };
  const agent = await stage.agent({
    name: `agent-${name}`,
    rtpPorts: rtpPorts(8),
    media: {
      codecs,
      microphone: { kind: 'file', path: CAMERA_VOICE },
      speaker: { kind: 'file', path: speaker },
    },
  });
  const phone =
    linphonec === undefined
      ? await stage.baresip(`phone-${name}`, { rtpPorts: rtpPorts(4), audioCodecs: baresip ?? '' })
      : await stage.linphonec(`phone-${name}`, {
          audioCodecs: [{ mime: linphonec, rate: linphonecRate }],
        });
  await agent.call(phone.uri);
  await agent.until('active', 15_000);
  await agent.untilHears(100);
  await sleep(4000);
  const audio = (await agent.until('active')).media?.audio;
  await agent.hangup();
  await agent.untilIdle();
  await agent.stop();
  return {
    codec: audio?.codec,
    lost: audio?.received.lost,
    atPhone: phone.heard(),
    atCamera: readWav(speaker),
  };
}

/** The first calls, which are held side by side. */
const first = new Map(CASES.map((one) => [one, talk(one)]));
await Promise.all(first.values());

/** A second try is another call: a stall of the machine spoils a recording for ever. */
function callOf(one: Case): Promise<Outcome> {
  const outcome = first.get(one) ?? talk(one);
  first.delete(one);
  return outcome;
}

describe('a call', () => {
  it.each(CASES)(
    'in $codecs is agreed on, loses nothing, and is understood at both ends',
    async (one) => {
      const { codec, lost, atPhone, atCamera } = await callOf(one);
      expect(one.codecs).toContain(codec);
      expect(lost).toBe(0);
      for (const [heard, spoken] of [
        [atPhone, CAMERA_VOICE],
        [atCamera, PHONE_VOICE],
      ] as const) {
        const words = matchSpeech(heard, readWav(spoken), true);
        expect(words.correlation).toBeGreaterThan(one.correlation);
        expect(words.seconds).toBeGreaterThan(3);
      }
    },
  );
});
