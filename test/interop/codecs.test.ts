// Shows RFC 3551, 4856, 4867, 5574, 7587.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchSpeech } from '../toolkit/measure/speech';
import { readWav, type Sound } from '../toolkit/measure/wav';
import { sleep } from '../toolkit/process/wait';
import { addonWithG729 } from './support/gpl-build';
import { CAMERA_VOICE, PHONE_VOICE, Stage } from './support/stage';

const stage = await Stage.open('codecs');
const g729 = await addonWithG729(stage.folder);

/** A phone that has one codec, and what is left of words that went through it. */
interface Case {
  readonly codecs: readonly string[];
  /** As the phone calls it. */
  readonly baresip?: string;
  readonly linphonec?: string;
  readonly linphonecRate?: number;
  /** Where no telephone has it: another agent. */
  readonly agent?: true;
  /** Of another build than the usual one. */
  readonly addon?: string;
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
  { codecs: ['G729'], linphonec: 'G729', addon: g729, correlation: 0.7 },
  { codecs: ['G723'], agent: true, correlation: 0.6 },
];

interface Outcome {
  readonly codec: unknown;
  readonly lost: number | undefined;
  readonly atPhone: Sound;
  readonly atCamera: Sound;
}

let calls = 0;

/** An end of a call: how it is called, and what it heard. */
interface End {
  readonly uri: string;
  heard(): Sound;
}

function rtpPorts(count: number): [number, number] {
  const least = stage.ports.next(count);
  return [least, least + count - 1];
}

/** An agent that speaks the words of a file, and writes down what it hears. */
async function speaker(name: string, { codecs, addon }: Case, words: string) {
  const path = join(stage.folder, `${name}-speaker.wav`);
  const agent = await stage.agent({
    name,
    rtpPorts: rtpPorts(8),
    media: {
      codecs,
      microphone: { kind: 'file', path: words },
      speaker: { kind: 'file', path },
    },
    node: addon === undefined ? undefined : { flags: [], env: { DASHVOIP_ADDON: addon } },
  });
  return { agent, heard: () => readWav(path) };
}

async function phoneOf(name: string, one: Case): Promise<End> {
  const { agent, baresip = '', linphonec, linphonecRate = 8000 } = one;
  if (agent) {
    const other = await speaker(name, one, PHONE_VOICE);
    return { uri: other.agent.uri, heard: other.heard };
  }
  return linphonec === undefined
    ? stage.baresip(name, { rtpPorts: rtpPorts(4), audioCodecs: baresip })
    : stage.linphonec(name, { audioCodecs: [{ mime: linphonec, rate: linphonecRate }] });
}

/** One call of four seconds. */
async function talk(one: Case): Promise<Outcome> {
  calls += 1;
  const name = `${one.codecs[0]}-${calls}`;
  const { agent, heard } = await speaker(`agent-${name}`, one, CAMERA_VOICE);
  const phone = await phoneOf(`phone-${name}`, one);
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
    atCamera: heard(),
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
