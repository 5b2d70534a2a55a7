import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readWav } from '../toolkit/measure/wav';
import type { AgentStatus } from '../toolkit/peers/agent-status';
import { sleep } from '../toolkit/process/wait';
import type { Board } from './support/board';
import type { BoardAgent } from './support/board-agent';
import type { BoardPhone } from './support/phone';
import { BoardStage, PHONE_VOICE, report, understood } from './support/stage';

const TALK_SECONDS = 8;
/** How long a card runs too fast, then too slow; 600 for the figure in docs/measurements.md. */
const DRIFT_SECONDS = Number(process.env.BOARD_DRIFT_SECONDS ?? 0);
const PATIENCE_MS = 240_000 + DRIFT_SECONDS * 2000;
/** Bound of PullBuffer and AlsaSink. */
const MOST_QUEUED_MS = 120;
const SETTLED_MS = 20;

interface CardFormat {
  readonly format: 'S16_LE' | 'S32_LE';
  readonly rate: number;
  readonly channels: number;
}
const cableFormats: readonly CardFormat[] = [
  { format: 'S16_LE', rate: 48_000, channels: 2 },
  { format: 'S32_LE', rate: 44_100, channels: 2 },
];
/** Cards that the kernel's dummy plays: ac97 has one rate, rme9652 26 channels of 32 bits and two periods. */
const dummies: readonly (CardFormat & { readonly model: string })[] = [
  { model: 'ac97', format: 'S16_LE', rate: 48_000, channels: 2 },
  { model: 'rme9652', format: 'S32_LE', rate: 8000, channels: 26 },
];

/** Real drivers that offer one format and no other, or whose clock is wrong. */
describe('formats and clocks of sound cards on the arm64 board', () => {
  const figures: Record<string, unknown> = { driftSeconds: DRIFT_SECONDS };
  let stage: BoardStage;
  let board: Board;
  let phone: BoardPhone;
  let agent: BoardAgent;

  beforeAll(async () => {
    stage = BoardStage.open('alsa-negotiation', 'arm64');
    board = await stage.boot({ cpus: 2, memoryMb: 512 });
    phone = await stage.phone('phone', 600 + DRIFT_SECONDS);
  }, PATIENCE_MS);

  afterEach(async () => {
    await board.try('killall aplay arecord');
    await agent.stop();
  });

  afterAll(async () => {
    if (stage) report(stage.folder, figures);
    await stage?.close();
  });

  it.each(cableFormats)(
    'a cable of snd-aloop that is $format, $rate Hz, $channels channels already',
    async (card) => {
      await cable(card);
      agent = await agentWith('hw:Loopback,1,0', 'hw:Loopback,1,1');
      await board.start('aplay -q -D other_plays voice.wav', '/project/aplay.log');
      await board.start(
        `arecord -q -D other_records -f S16_LE -r 8000 -c 1 -d ${TALK_SECONDS + 10} recorded.wav`,
        '/project/arecord.log',
      );
      await sleep(1000);
      await agent.json('call', phone.uri);
      await agent.untilTalking();
      await opened('Loopback/pcm1c/sub0', card);
      await opened('Loopback/pcm1p/sub1', card);
      await sleep(TALK_SECONDS * 1000);
      await hangup();
      await board.sh('while pidof arecord >/dev/null; do sleep 0.2; done');
      const recorded = readWav(join(stage.share, 'recorded.wav'));
      figures[`${card.format} ${card.rate}`] = understood(recorded, readWav(PHONE_VOICE));
    },
    PATIENCE_MS,
  );

  it.each(dummies)('a card like $model: $format, $channels channels', async (card) => {
    await board.sh(`rmmod snd_dummy; insmod /lib/board/m/snd-dummy.ko model=${card.model}`);
    agent = await agentWith('hw:Dummy', 'hw:Dummy');
    await agent.json('call', phone.uri);
    const { problems } = await talkFor(TALK_SECONDS);
    expect(problems).toEqual([]);
    await opened('Dummy/pcm0c/sub0', card);
    await opened('Dummy/pcm0p/sub0', card);
    await hangup();
  });

  it('the null device, which has no clock at all', async () => {
    agent = await agentWith('null', 'null');
    await agent.json('call', phone.uri);
    const { problems, packetsPerSecond } = await talkFor(TALK_SECONDS);
    expect(problems).toEqual([]);
    expect(packetsPerSecond).toBeGreaterThan(45);
    expect(packetsPerSecond).toBeLessThan(55);
    // A worker that spins takes a processor for itself: two of them, two.
    expect(await busyShare(agent.pid)).toBeLessThan(1.2);
    await hangup();
  });

  it('a stopped program overruns the cards, and goes on with them', async () => {
    agent = await agentWith('hw:Loopback,1,0', 'hw:Loopback,1,1');
    await agent.json('call', phone.uri);
    await agent.untilTalking();
    const before = (await agent.status()).engine;
    await board.sh(`kill -STOP ${agent.pid}; sleep 2; kill -CONT ${agent.pid}`);
    const { problems, packetsPerSecond, engine } = await talkFor(TALK_SECONDS);
    figures.stopped = { before, after: engine, packetsPerSecond };
    expect(problems).toEqual([]);
    expect(packetsPerSecond).toBeGreaterThan(45);
    expect(engine?.microphone.overruns).toBeGreaterThan(before?.microphone.overruns ?? 0);
    expect(engine?.speaker.underruns).toBeGreaterThan(before?.speaker.underruns ?? 0);
    await hangup();
  });

  // Ten minutes at 250 ppm are 150 ms: more than any buffer here holds.
  if (DRIFT_SECONDS > 0) {
    it.each([250, -250])(
      'a card whose clock is %i ppm off, without the delay following it',
      async (ppm) => {
        await shiftClock(ppm);
        agent = await agentWith('hw:Loopback,1,0', 'hw:Loopback,1,1');
        await board.start(
          'sh -c "while :; do aplay -q -D plughw:Loopback,0,0 voice.wav; done"',
          '/project/aplay.log',
        );
        await agent.json('call', phone.uri);
        await agent.untilTalking();
        const seen = await watchQueues(DRIFT_SECONDS);
        figures[`${ppm} ppm`] = seen;
        expect(Math.abs(seen.microphone.changeMs)).toBeLessThan(SETTLED_MS);
        expect(Math.abs(seen.speaker.changeMs)).toBeLessThan(SETTLED_MS);
        expect(seen.microphone.mostMs).toBeLessThanOrEqual(MOST_QUEUED_MS);
        expect(seen.speaker.mostMs).toBeLessThanOrEqual(MOST_QUEUED_MS);
        await hangup();
        await shiftClock(0);
      },
      PATIENCE_MS,
    );
  }

  function agentWith(microphone: string, speaker: string): Promise<BoardAgent> {
    return stage.agent(board, {
      sections: {
        media: {
          microphone: { kind: 'alsa', device: microphone },
          speaker: { kind: 'alsa', device: speaker },
          video: 'none',
        },
        camera: { link: 'none' },
      },
    });
  }

  /** Names for the other ends of both cables, in a format of their own; who opens first decides for both ends. */
  async function cable({ format, rate, channels }: CardFormat): Promise<void> {
    const pcm = (name: string, subdevice: number): string =>
      `pcm.${name} { type plug slave { pcm "hw:Loopback,0,${subdevice}" format ${format} rate ${rate} channels ${channels} } }\n`;
    writeFileSync(
      join(stage.share, 'asound.conf'),
      pcm('other_plays', 0) + pcm('other_records', 1),
    );
    await board.sh('cp asound.conf /etc/');
  }

  /** Checks with the kernel how a device is open. */
  async function opened(device: string, { format, rate, channels }: CardFormat): Promise<void> {
    const parameters = await board.sh(`cat /proc/asound/${device}/hw_params`);
    expect(parameters).toContain(`format: ${format}\n`);
    expect(parameters).toContain(`channels: ${channels}\n`);
    expect(parameters).toMatch(new RegExp(`^rate: ${rate} `, 'm'));
  }

  /** Lets a call go on, and looks at what it did meanwhile. */
  async function talkFor(
    seconds: number,
  ): Promise<Pick<AgentStatus, 'problems' | 'engine'> & { packetsPerSecond: number }> {
    await agent.untilTalking();
    const look = async (): Promise<{ at: number; status: AgentStatus }> => {
      const status = await agent.until('a status', () => true);
      return { at: performance.now(), status };
    };
    const first = await look();
    await sleep(seconds * 1000);
    const second = await look();
    const sent = ({ calls }: AgentStatus): number => calls[0]?.media?.audio?.sent.packets ?? 0;
    const { problems, engine } = second.status;
    const packets = sent(second.status) - sent(first.status);
    return { problems, engine, packetsPerSecond: packets / ((second.at - first.at) / 1000) };
  }

  /** Processors that a process keeps busy, mean of five seconds. */
  async function busyShare(pid: number): Promise<number> {
    const ticks = async (): Promise<number> =>
      Number(await board.sh(`awk '{ print $14 + $15 }' /proc/${pid}/stat`));
    const before = await ticks();
    const began = performance.now();
    await sleep(5000);
    return ((await ticks()) - before) / 100 / ((performance.now() - began) / 1000);
  }

  /** Lets both cables' clock run fast or slow. */
  async function shiftClock(ppm: number): Promise<void> {
    for (const which of ['device=1,subdevice=0', 'device=0,subdevice=1']) {
      const control = `iface=PCM,name='PCM Rate Shift 100000',${which}`;
      await board.sh(`amixer -q -c Loopback cset "${control}" ${100_000 + ppm / 10}`);
    }
  }

  /** What waits in each direction, from 20 s after the beginning on. */
  async function watchQueues(
    seconds: number,
  ): Promise<Record<'microphone' | 'speaker', { mostMs: number; changeMs: number }>> {
    await sleep(20_000);
    const microphone: number[] = [];
    const speaker: number[] = [];
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      const { engine } = await agent.until('a status', () => true);
      if (engine) {
        microphone.push(engine.microphone.queuedMs);
        speaker.push(engine.speaker.queuedMs);
      }
      await sleep(1000);
    }
    return { microphone: change(microphone), speaker: change(speaker) };
  }

  async function hangup(): Promise<void> {
    await agent.json('hangup');
    await agent.until('no call', ({ calls }) => calls.length === 0);
  }
});

/** From the first to the last third; each look falls anywhere between two blocks. */
function change(levels: readonly number[]): { mostMs: number; changeMs: number } {
  const third = Math.floor(levels.length / 3);
  const mean = (of: readonly number[]): number =>
    of.reduce((sum, level) => sum + level, 0) / of.length;
  return {
    mostMs: Math.max(...levels),
    changeMs: mean(levels.slice(-third)) - mean(levels.slice(0, third)),
  };
}
