import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { matchPhrases, type PhraseMatch, PIECE_SECONDS } from '../../toolkit/measure/phrases';
import { matchSpeech, type SpeechMatch } from '../../toolkit/measure/speech';
import { concatenate, readWav, type Sound, writeWav } from '../../toolkit/measure/wav';
import { type Architecture, Board, type BoardOptions, makeShare } from './board';
import { BoardAgent, type BoardAgentOptions } from './board-agent';
import { BoardNetwork } from './network';
import { BoardPhone, type PhoneOptions } from './phone';
import { BoardRegistrar } from './registrar';

const MATERIAL = resolve('build/material');
const CAMERA_VOICE = join(MATERIAL, 'camera-voice.wav');
const VOICE_SECONDS = 8;
export const PHONE_VOICE = join(MATERIAL, 'phone-voice.wav');

if (!existsSync(CAMERA_VOICE)) throw new Error(`${CAMERA_VOICE} is missing: run scripts/setup`);

/** Network, folder and everything that is started for one board; all of it is gone at the end. */
export class BoardStage {
  readonly folder: string;
  readonly share: string;
  readonly network: BoardNetwork;
  readonly architecture: Architecture;
  readonly #started: { stop(): Promise<void> }[] = [];
  #phones = 0;

  private constructor(name: string, architecture: Architecture) {
    this.folder = resolve('build/test/board', name);
    this.share = join(this.folder, 'share');
    this.architecture = architecture;
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    makeShare(this.share, architecture);
    copyFileSync(join(MATERIAL, 'camera-small.h264'), join(this.share, 'camera-small.h264'));
    writeWav(this.cameraVoice, beginning(readWav(CAMERA_VOICE), VOICE_SECONDS));
    this.network = BoardNetwork.open();
  }

  /** What the camera says, and `aplay`: the first words of the material, which spares a small board's memory. */
  get cameraVoice(): string {
    return join(this.share, 'voice.wav');
  }

  /** To be called in a `beforeAll`; `close` is the caller's. */
  static open(name: string, architecture: Architecture): BoardStage {
    return new BoardStage(name, architecture);
  }

  async boot(options: Partial<BoardOptions> = {}): Promise<Board> {
    const { architecture, network, share, folder } = this;
    return this.#keep(await Board.boot({ architecture, network, share, logs: folder, ...options }));
  }

  async registrar(): Promise<BoardRegistrar> {
    return this.#keep(await BoardRegistrar.start(this.folder, this.network));
  }

  /** A phone that has something to say for `seconds` at least. */
  async phone(
    name: string,
    seconds: number,
    options: Partial<PhoneOptions> = {},
  ): Promise<BoardPhone> {
    const number = this.#phones;
    this.#phones += 1;
    const first = 20_000 + 100 * number;
    return this.#keep(
      await BoardPhone.start({
        name,
        folder: this.folder,
        network: this.network,
        // Baresip takes the next port too, for TLS.
        sipPort: 5070 + 10 * number,
        rtpPorts: [first, first + 39],
        speech: this.speechOf(seconds, `speech-${seconds}.wav`),
        ...options,
      }),
    );
  }

  agent(board: Board, options: BoardAgentOptions): Promise<BoardAgent> {
    return BoardAgent.start(board, this.network, options);
  }

  async close(): Promise<void> {
    for (const each of this.#started.reverse()) await each.stop();
    this.network.close();
  }

  #keep<Started extends { stop(): Promise<void> }>(started: Started): Started {
    this.#started.push(started);
    return started;
  }

  /** The phone's voice over and over, in a file of the folder: baresip hangs up at the end of its file. */
  speechOf(seconds: number, name: string): string {
    const path = join(this.folder, name);
    if (!existsSync(path)) {
      const voice = readWav(PHONE_VOICE);
      const times = Math.ceil((seconds * voice.rate) / voice.samples.length);
      writeWav(path, concatenate(Array.from({ length: times }, () => voice)));
    }
    return path;
  }
}

/** Writes what a test saw where people find it, and into its output. */
export function report(folder: string, figures: Readonly<Record<string, unknown>>): void {
  writeFileSync(join(folder, 'figures.json'), `${JSON.stringify(figures, undefined, 2)}\n`);
  console.info(JSON.stringify(figures));
}

/** Half the words reached the other end: a stall of the emulator spoils the words it falls into, and no others. */
const UNDERSTOOD = 0.5;
/** Of a long recording the end is judged: what goes wrong with time has gone wrong by then. */
const JUDGED_SECONDS = 60;

/** Checks that a recording is the words that were spoken. @returns what there is to tell of it. */
export function understood({ rate, samples }: Sound, spoken: Sound): SpeechMatch & PhraseMatch {
  const heard = { rate, samples: samples.subarray(-JUDGED_SECONDS * rate) };
  const phrases = matchPhrases(heard, spoken, true);
  // A quarter of it is words at least: a recording of a few words and silence is none of a call.
  const seconds = heard.samples.length / rate;
  expect(phrases.pieces).toBeGreaterThan(Math.max(10, Math.min(20, seconds / PIECE_SECONDS / 4)));
  expect(phrases.median).toBeGreaterThan(0.9);
  expect(phrases.share).toBeGreaterThan(UNDERSTOOD);
  return { ...matchSpeech(heard, spoken, true), ...phrases };
}

function beginning({ rate, samples }: Sound, seconds: number): Sound {
  return { rate, samples: samples.subarray(0, seconds * rate) };
}
