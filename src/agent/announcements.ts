import { type MediaEngine, MediaException, type PlaySettings } from '../media';
import { AgentException } from './exception';

/** So many wait for their turn at one place. */
const QUEUE_LIMIT = 8;

/** What has become of an announcement. */
export interface AnnouncementNotice {
  readonly announcement: number;
  readonly file: string;
  /** Whose far end hears it; absent for the cabin. */
  readonly call?: number;
  readonly state: 'begun' | 'ended' | 'cut' | 'failed';
  /** Why it failed, in words. */
  readonly error?: string;
}

/** A far end that can be spoken to. */
export interface Listener {
  readonly id: number;
  readonly mediaSession: number | undefined;
}

interface Announcement {
  readonly number: number;
  readonly file: string;
  readonly listener: Listener | undefined;
  playback?: number;
}

/** Files that are played to far ends and in the cabin: at each place one after the other. */
export class Announcements {
  readonly #engine: MediaEngine;
  readonly #onNotice: (notice: AnnouncementNotice) => void;
  /** By the number of the call; the cabin has none. The first of each is being heard. */
  readonly #queues = new Map<number | undefined, Announcement[]>();
  /** What ended before it was known to have begun. */
  readonly #early = new Map<number, boolean>();
  #beginning = 0;
  #last = 0;

  constructor(engine: MediaEngine, onNotice: (notice: AnnouncementNotice) => void) {
    this.#engine = engine;
    this.#onNotice = onNotice;
    engine.events.on('played', (playback, completed) => this.#onPlayed(playback, completed));
  }

  /**
   * @param listener undefined for the cabin.
   * @returns its number, once it is known that the file can be played, or that it waits.
   * @throws AgentException
   */
  async announce(file: string, listener: Listener | undefined): Promise<number> {
    const queue = this.#queues.get(listener?.id) ?? [];
    if (queue.length >= QUEUE_LIMIT) {
      throw new AgentException('busy', `${QUEUE_LIMIT} announcements wait there already`);
    }
    this.#last += 1;
    const announcement = { number: this.#last, file, listener };
    queue.push(announcement);
    this.#queues.set(listener?.id, queue);
    if (queue.length === 1) await this.#begin(announcement);
    return announcement.number;
  }

  /** A call has ended: what waits for it is not heard. */
  forget(call: number): void {
    const [_present, ...waiting] = this.#queues.get(call) ?? [];
    for (const announcement of waiting) this.#tell(announcement, 'cut');
    this.#queues.get(call)?.splice(1);
  }

  async #begin(announcement: Announcement): Promise<void> {
    const { file, listener } = announcement;
    const session = listener?.mediaSession;
    const settings: PlaySettings = {
      ...(session === undefined ? {} : { session }),
      file,
      repeats: false,
    };
    this.#beginning += 1;
    try {
      const playback = await this.#engine.play(settings);
      announcement.playback = playback;
      this.#tell(announcement, 'begun');
      const completed = this.#early.get(playback);
      if (completed !== undefined) this.#onPlayed(playback, completed);
    } catch (error) {
      if (!(error instanceof MediaException)) throw error;
      this.#next(announcement);
      throw new AgentException('no-resource', error.message);
    } finally {
      this.#beginning -= 1;
      if (this.#beginning === 0) this.#early.clear();
    }
  }

  #onPlayed(playback: number, completed: boolean): void {
    for (const [present] of this.#queues.values()) {
      if (present?.playback !== playback) continue;
      this.#tell(present, completed ? 'ended' : 'cut');
      this.#next(present);
      return;
    }
    if (this.#beginning > 0) this.#early.set(playback, completed);
  }

  #next(done: Announcement): void {
    const call = done.listener?.id;
    const queue = (this.#queues.get(call) ?? []).filter((each) => each !== done);
    if (queue.length === 0) this.#queues.delete(call);
    else this.#queues.set(call, queue);
    const [next] = queue;
    if (!next) return;
    this.#begin(next).catch((error: unknown) => {
      this.#tell(next, 'failed', error instanceof Error ? error.message : String(error));
    });
  }

  #tell(
    { number, file, listener }: Announcement,
    state: AnnouncementNotice['state'],
    error?: string,
  ): void {
    this.#onNotice({
      announcement: number,
      file,
      ...(listener ? { call: listener.id } : {}),
      state,
      ...(error === undefined ? {} : { error }),
    });
  }
}
