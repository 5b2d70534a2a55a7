import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWav } from '../toolkit/measure/wav';
import { sleep } from '../toolkit/process/wait';
import type { Board } from './support/board';
import type { BoardAgent } from './support/board-agent';
import type { BoardPhone } from './support/phone';
import { BoardStage, PHONE_VOICE, report, understood } from './support/stage';

/** The agent holds device 1 of the card, other programs device 0, as board/h22 has it. */
const MICROPHONE = 'hw:Loopback,1,0';
const SPEAKER = 'hw:Loopback,1,1';
const TALK_SECONDS = 12;
const PATIENCE_MS = 240_000;
const DRIVER = '/sys/bus/platform/drivers/snd_aloop';

describe('sound cards on the arm64 board', () => {
  let stage: BoardStage;
  let board: Board;
  let agent: BoardAgent;
  let phone: BoardPhone;

  beforeAll(async () => {
    stage = BoardStage.open('alsa', 'arm64');
    board = await stage.boot({ cpus: 2, memoryMb: 512 });
    agent = await stage.agent(board, {
      sections: {
        media: {
          microphone: { kind: 'alsa', device: MICROPHONE },
          speaker: { kind: 'alsa', device: SPEAKER },
          video: 'none',
        },
        camera: { link: 'none' },
      },
    });
    phone = await stage.phone('phone', 600);
  }, PATIENCE_MS);

  afterAll(() => stage?.close());

  it('has snd-aloop and snd-dummy', async () => {
    const cards = await board.sh('cat /proc/asound/cards');
    expect(cards).toMatch(/\[Loopback +\]/);
    expect(cards).toMatch(/\[Dummy +\]/);
    expect((await agent.status()).problems).toEqual([]);
  });

  it('carry what aplay says to the phone, and what the phone says to arecord', async () => {
    const play = await board.start(
      'sh -c "while :; do aplay -q -D plughw:Loopback,0,0 voice.wav; done"',
      '/project/aplay.log',
    );
    await agent.json('call', phone.uri);
    await agent.untilTalking();
    await board.sh(
      `arecord -q -D plughw:Loopback,0,1 -f S16_LE -r 8000 -c 1 -d ${TALK_SECONDS} recorded.wav`,
      PATIENCE_MS,
    );
    const { engine } = await agent.status();
    await hangup();
    await board.sh(`kill ${play}; killall aplay; sleep 1`);
    await sleep(1000);
    const recorded = readWav(join(stage.share, 'recorded.wav'));
    const boardHeard = understood(recorded, readWav(PHONE_VOICE));
    const phoneHeard = understood(phone.heard(), readWav(stage.cameraVoice));
    report(stage.folder, { phoneHeard, boardHeard, engine });
  });

  it('may be held by another program: the agent says so, and takes them when they are free', async () => {
    const thief = await board.start(
      `arecord -q -D ${MICROPHONE} -f S16_LE -r 8000 -c 1 -t raw /dev/null`,
      '/project/thief.log',
    );
    await agent.json('call', phone.uri);
    await untilProblem(/^microphone: cannot open '.*': Device or resource busy$/);
    await board.sh(`kill ${thief}`);
    await untilHealed();
    await hangup();
  });

  it('may be missing when a call comes, and come during it', async () => {
    await board.sh('rmmod snd_aloop');
    await agent.json('call', phone.uri);
    await untilProblem(/^microphone: cannot open '.*'/);
    await untilProblem(/^speaker: cannot open '.*'/);
    await board.sh('insmod /lib/board/m/snd-aloop.ko');
    await untilHealed();
    await agent.untilTalking();
    await hangup();
  });

  it('may be pulled out of a call and put back', async () => {
    await agent.json('call', phone.uri);
    await agent.untilTalking();
    // Like pulling a USB card: every handle is dead from here on.
    await board.sh(`echo snd_aloop.0 >${DRIVER}/unbind`);
    await untilProblem(/^microphone: (lost|cannot open) '.*'/);
    await agent.untilTalking();
    await board.sh(`echo snd_aloop.0 >${DRIVER}/bind`);
    await untilHealed();
    const { pid, engine } = await agent.status();
    expect(pid).toBe(agent.pid);
    expect(engine).toMatchObject({ microphone: { open: true }, speaker: { open: true } });
    await hangup();
  });

  async function hangup(): Promise<void> {
    await agent.json('hangup');
    await agent.until('no call', ({ calls }) => calls.length === 0);
  }

  async function untilProblem(pattern: RegExp): Promise<void> {
    await agent.until(`a problem like ${pattern}`, ({ problems }) =>
      problems.some((problem) => pattern.test(problem)),
    );
  }

  /** A card is tried again within 8 s. */
  async function untilHealed(): Promise<void> {
    await agent.until('no problem', ({ problems }) => problems.length === 0);
  }
});
