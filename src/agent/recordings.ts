import {
  type MediaEngine,
  MediaException,
  type MediaRecording,
  type RecordingSettings,
  type RecordingSnapshot,
  type RecordingState,
} from '../media';
import type { Clock, Logger } from '../platform';
import { AgentException } from './exception';
import { Playback } from './playback';
import { soundOf } from './tones';

/** What is recorded, and how. */
export interface RecordingPolicy {
  /** Calls that are recorded without being asked for. */
  readonly automatic: 'none' | 'all' | 'incoming' | 'outgoing';
  readonly folder: string;
  readonly format: 'wav' | 'mp4';
  /** Seconds. */
  readonly preRoll: number;
  readonly postRoll: number;
  readonly floorMb: number;
  readonly maxFileMb: number;
  readonly maxFileMinutes: number;
  /** What a far end hears of it: "tone", or a file; nothing without. */
  readonly notice?: string;
}

/** A call as far as recordings mind. */
export interface RecordedCall {
  readonly id: number;
  readonly direction: 'incoming' | 'outgoing';
  /** Undefined while it has no media. */
  readonly mediaSession: number | undefined;
}

export interface RecordingStatus extends RecordingSnapshot {
  /** Whose; absent for one of the camera. */
  readonly call?: number;
}

/** News of a recording. */
export interface RecordingNotice {
  readonly recording: number;
  readonly call?: number;
  readonly state: RecordingState;
  /** The newest one; absent before the first. */
  readonly file?: string;
  /** Why it does not go on, in words. */
  readonly error?: string;
}

/** What a recording that was asked for has come to. */
export interface StartedRecording {
  readonly recording: number;
  /** Absent when nothing is written yet: the first group of pictures, or the card, is awaited. */
  readonly file?: string;
}

/** A first group of pictures is there by then, or there is none. */
const FIRST_FILE_MS = 8000;
const MS = 1000;

interface Running {
  readonly media: MediaRecording;
  readonly call: number | undefined;
  readonly session: number | undefined;
  readonly notice: Playback;
  begun: boolean;
  /** It writes no more than its post-roll. */
  ending: boolean;
  readonly files: string[];
}

export interface RecordingsParts {
  readonly engine: MediaEngine;
  readonly policy: RecordingPolicy;
  /** Whether the camera gives a picture at all. */
  readonly picture: boolean;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onNotice: (notice: RecordingNotice) => void;
}

/** Recordings of calls and of the camera: which run, and what has come of them. */
export class Recordings {
  policy: RecordingPolicy;
  readonly #parts: RecordingsParts;
  readonly #log: Logger;
  readonly #running = new Map<number, Running>();
  readonly #waiting = new Map<number, (error: string | undefined) => void>();

  constructor(parts: RecordingsParts) {
    this.#parts = parts;
    this.policy = parts.policy;
    this.#log = parts.log.area('record');
    parts.engine.events.on('recording', (...news) => this.#onNews(...news));
  }

  statuses(snapshots: readonly RecordingSnapshot[]): RecordingStatus[] {
    return snapshots.map((snapshot) => {
      const call = this.#running.get(snapshot.id)?.call;
      return call === undefined ? snapshot : { ...snapshot, call };
    });
  }

  /** Both ends of a call have agreed: it is recorded from now on, or could be. */
  onUp(call: RecordedCall): void {
    if (this.#of(call.id)) return;
    const { automatic, preRoll } = this.policy;
    const wanted = automatic === 'all' || automatic === call.direction;
    if (!wanted && preRoll === 0) return;
    try {
      const running = this.#open(call);
      if (wanted) this.#begin(running);
    } catch (error) {
      if (!(error instanceof AgentException)) throw error;
      this.#log.warn('not recorded', { call: call.id, reason: error.message });
    }
  }

  /** The media of a call are others now: a further file has them. */
  onMoved(call: RecordedCall): void {
    const former = this.#of(call.id);
    if (!former) return;
    end(former);
    const next = this.#open(call, former.files);
    if (former.begun) this.#begin(next);
  }

  /** The files that a call has by now. */
  onEnded(call: number): readonly string[] {
    const running = this.#of(call);
    if (running) end(running);
    return running?.files ?? [];
  }

  /**
   * Records a call, or without one the camera; resolves when its file is there.
   * @throws AgentException
   */
  async start(call: RecordedCall | undefined): Promise<StartedRecording> {
    const present = this.#of(call?.id);
    if (present?.begun) {
      throw new AgentException('wrong-state', `${nameOf(call?.id)} is being recorded already`);
    }
    const running = present ?? this.#open(call);
    this.#begin(running);
    await this.#firstFile(running.media.id);
    const [file] = running.files;
    return { recording: running.media.id, ...(file === undefined ? {} : { file }) };
  }

  /** Ends the recording of a call, or without its number all there are. @throws AgentException */
  stop(call: number | undefined): void {
    const all = [...this.#running.values()].filter(
      (running) =>
        running.begun && !running.ending && (call === undefined || running.call === call),
    );
    if (all.length === 0) {
      const what = call === undefined ? 'nothing' : `call ${call}`;
      throw new AgentException(
        'wrong-state',
        `${what} is ${call === undefined ? '' : 'not '}being recorded`,
      );
    }
    for (const running of all) end(running);
  }

  #of(call: number | undefined): Running | undefined {
    return [...this.#running.values()].find((running) => running.call === call && !running.ending);
  }

  #open(call: RecordedCall | undefined, files: string[] = []): Running {
    const settings = this.#settings(call);
    const media = this.#openMedia(settings);
    const running = {
      ...{ media, call: call?.id, session: settings.session, begun: false, ending: false, files },
      notice: new Playback(this.#parts.engine, this.#log),
    };
    this.#running.set(media.id, running);
    return running;
  }

  #begin(running: Running): void {
    running.begun = true;
    running.media.begin();
    const sound = soundOf(this.policy.notice, 'record');
    const { session } = running;
    if (!sound || session === undefined) return;
    // A tone for as long as it goes on, words once.
    running.notice.begin({ session, ...sound, repeats: 'tone' in sound });
  }

  #openMedia(settings: RecordingSettings): MediaRecording {
    try {
      return this.#parts.engine.openRecording(settings);
    } catch (error) {
      if (!(error instanceof MediaException)) throw error;
      throw new AgentException('no-resource', error.message);
    }
  }

  #settings(call: RecordedCall | undefined): RecordingSettings {
    const { folder, format, preRoll, postRoll, floorMb, maxFileMb, maxFileMinutes } = this.policy;
    const camera = this.#parts.engine.snapshot().camera;
    const isCameras = call === undefined && camera.hasAac;
    const time = stamp(this.#parts.clock.wallTime());
    return {
      ...(call === undefined
        ? { sound: isCameras ? 'camera' : 'microphone' }
        : { sound: 'call', session: this.#sessionOf(call) }),
      picture: format === 'mp4' && this.#parts.picture,
      container: format === 'wav' && isCameras ? 'adts' : format,
      folder,
      name: call === undefined ? `${time}-camera` : `${time}-call${call.id}`,
      preRollMs: call === undefined ? 0 : preRoll * MS,
      postRollMs: postRoll * MS,
      floorMb,
      maxFileMb,
      maxFileS: maxFileMinutes * 60,
    };
  }

  #sessionOf({ id, mediaSession }: RecordedCall): number {
    if (mediaSession !== undefined) return mediaSession;
    throw new AgentException('wrong-state', `call ${id} has no media that could be recorded`);
  }

  /** @throws AgentException when the card refuses. */
  async #firstFile(id: number): Promise<void> {
    const { clock } = this.#parts;
    const error = await new Promise<string | undefined>((resolve) => {
      const timer = clock.setTimer(FIRST_FILE_MS, () => done(undefined));
      const done = (failure: string | undefined): void => {
        timer.cancel();
        this.#waiting.delete(id);
        resolve(failure);
      };
      this.#waiting.set(id, done);
    });
    if (error === undefined) return;
    throw new AgentException('no-resource', `nothing is recorded yet: ${error}; it is tried again`);
  }

  #onNews(id: number, state: RecordingState, file: string, error: string): void {
    const running = this.#running.get(id);
    if (!running) return;
    if (file !== '' && !running.files.includes(file)) running.files.push(file);
    if (state === 'failed' || state === 'stalled') this.#waiting.get(id)?.(error);
    else if (file !== '' || state === 'ended') this.#waiting.get(id)?.(undefined);
    if (state === 'ended') this.#running.delete(id);
    const { call, begun } = running;
    // One that never began is nobody's news.
    if (!begun) return;
    const what = { call, file: file || undefined, error: error || undefined };
    if (error) this.#log.warn(state, what);
    else this.#log.info(state, what);
    this.#parts.onNotice({
      recording: id,
      ...(call === undefined ? {} : { call }),
      state,
      ...(file ? { file } : {}),
      ...(error ? { error } : {}),
    });
  }
}

function end(running: Running): void {
  running.ending = true;
  running.notice.end();
  running.media.end();
}

function nameOf(call: number | undefined): string {
  return call === undefined ? 'the camera' : `call ${call}`;
}

/** Local time, as a file name has it: `20261126-091500`. */
function stamp(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${day}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}
