import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delayCurve } from '../toolkit/measure/phrases';
import { readWav, type Sound } from '../toolkit/measure/wav';
import { sleep } from '../toolkit/process/wait';
import type { Board } from './support/board';
import { startCamera } from './support/board-agent';
import { BoardBridge } from './support/board-bridge';
import { BoardLinphonec } from './support/board-linphonec';
import { BoardStage, PHONE_VOICE, report, understood } from './support/stage';

/** How long sound is recorded and played at once; 1800 for the half hour of docs/virtual-sound-card.md. */
const SECONDS = Number(process.env.BOARD_BRIDGE_SECONDS ?? 20);
const PATIENCE_MS = 240_000 + SECONDS * 2000;
const CALL_SECONDS = 20;
/** A program that starts keeps an emulated board busy: its first seconds are not judged. */
const WARM_UP_SECONDS = 8;
/** Of a short recording one stall may be part; in a long one what stalls left has gone in silences. */
const MOST_CHANGED_MS = SECONDS < 600 ? 60 : 20;

/** Unmodified programs on a board whose only sound card is the camera's, through `dashvoip bridge`. */
describe('the virtual sound card on the amd64 board', () => {
  const figures: Record<string, unknown> = { seconds: SECONDS };
  let stage: BoardStage;
  let board: Board;
  let bridge: BoardBridge;

  beforeAll(async () => {
    stage = BoardStage.open('bridge-amd64', 'amd64');
    board = await stage.boot({ cpus: 2, memoryMb: 512 });
    await startCamera(board);
    bridge = await BoardBridge.start(board);
  }, PATIENCE_MS);

  afterAll(async () => {
    if (stage) report(stage.folder, figures);
    await stage?.close();
  });

  it(
    'lets arecord hear the camera’s microphone, and aplay speak through its speaker',
    async () => {
      const speech = stage.speechOf(SECONDS + 60, 'share/speech.wav');
      const play = await board.start(`aplay -q ${basename(speech)}`, '/project/aplay.log');
      // Not straight into the shared folder, which makes a program wait for this machine.
      await board.sh(
        `arecord -q -f S16_LE -r 8000 -c 1 -d ${SECONDS} /tmp/recorded.wav && cp /tmp/recorded.wav .`,
        PATIENCE_MS,
      );
      const reports = bridge.reports();
      const every = Math.max(1, Math.ceil(SECONDS / 60));
      await board.sh(`kill ${play}`);
      await bridge.until(({ recording, playing }) => !recording && !playing);
      expect(reports.at(-1)).toMatchObject({ recording: true, playing: true, problems: [] });
      const recorded = readWav(join(stage.share, 'recorded.wav'));
      const played = readWav(join(stage.share, 'camera-played.wav'));
      figures.recorded = understood(settled(recorded), readWav(stage.cameraVoice));
      figures.played = understood(settled(played), readWav(PHONE_VOICE));
      const curve = delayCurve(recorded, readWav(stage.cameraVoice), every);
      const settledCurve = curve.filter(({ seconds }) => seconds >= WARM_UP_SECONDS);
      const reported = reports.filter((each) => each.recording && each.playing);
      const playing = reported.slice(Math.floor((reported.length * WARM_UP_SECONDS) / SECONDS));
      figures.growth = {
        recordedMs: growth(settledCurve.map(({ delayMs }) => delayMs)),
        toCardMs: growth(playing.map(({ toCardMs }) => toCardMs)),
        // Not from the recording: a stalled aplay pauses by itself, which is no delay of ours.
        toCameraMs: growth(playing.map(({ toCameraMs }) => toCameraMs)),
      };
      figures.curve = curve;
      figures.reports = reports;
    },
    PATIENCE_MS,
  );

  it('carries a call of linphonec, which knows nothing of all this, both ways', {
    timeout: PATIENCE_MS,
  }, async () => {
    const before = playedSoFar();
    const phone = await stage.phone('phone', CALL_SECONDS + 60);
    const linphone = await BoardLinphonec.start(board);
    await linphone.dial(phone.uri);
    await bridge.until(({ recording, playing }) => recording && playing);
    await sleep(CALL_SECONDS * 1000);
    // After the call linphonec plays a tone of its own.
    const after = playedSoFar();
    await linphone.stop();
    await phone.stop();
    await bridge.until(({ recording, playing }) => !recording && !playing);
    const { rate, samples } = readWav(join(stage.share, 'camera-played.wav'));
    const played = { rate, samples: samples.subarray(before, after) };
    // Judged piece by piece: the correlation of the whole, which is reported, tells how often the emulator stood still.
    figures.phoneHeard = understood(settled(phone.heard()), readWav(stage.cameraVoice));
    figures.cameraPlayed = understood(settled(played), readWav(PHONE_VOICE));
  });

  it('leaves the camera in order', async () => {
    const last = await bridge.stop();
    figures.last = last;
    expect(last).toMatchObject({ recording: false, playing: false });
    const camera = await board.sh('killall h22-rtos-sim; sleep 2; tail -n 1 camera.log');
    expect(JSON.parse(camera)).toMatchObject({ clients: 1, speaker: { fileErrors: 0 } });
  });

  function playedSoFar(): number {
    return readWav(join(stage.share, 'camera-played.wav')).samples.length;
  }

  function settled({ rate, samples }: Sound): Sound {
    return { rate, samples: samples.subarray(WARM_UP_SECONDS * rate) };
  }

  /** Checks that a delay neither grows nor shrinks. @returns by how much it grew, from the first to the last third, ms. */
  function growth(delays: readonly number[]): number {
    expect(delays.length).toBeGreaterThanOrEqual(3);
    const third = Math.floor(delays.length / 3);
    const median = (of: readonly number[]): number =>
      [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0;
    const grownMs = median(delays.slice(-third)) - median(delays.slice(0, third));
    expect(Math.abs(grownMs)).toBeLessThan(MOST_CHANGED_MS);
    return grownMs;
  }
});
