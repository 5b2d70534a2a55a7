import type { Clock, Logger, Timer } from '../platform';
import type { Call } from './call';
import { AgentException } from './exception';

/** What is dialled, and what follows it: a pause for each comma, and keys, as `,,1234#`. */
export interface PostDial {
  readonly number: string;
  /** Empty where nothing follows. */
  readonly keys: string;
}

/** Of a comma, as telephones have it, ms. */
const PAUSE_MS = 2000;
/** A key and the gap behind it, ms; by INFO a key is out when it is answered. */
const KEY_MS = 200;
/** What fits a conference number, a PIN and some answers; the engine has room for as many. */
const MAX_KEYS = 64;
/** A comma within an address is followed by what is no key sooner or later: by its `@`, if by nothing else. */
const KEYS = new RegExp(`,[\\d*#a-d,]{0,${MAX_KEYS - 2}}[\\d*#a-d]$`, 'i');

/** Takes what follows the answer off what is dialled. */
export function splitPostDial(dialled: string): PostDial {
  const text = dialled.trim();
  const at = text.search(KEYS);
  if (at < 1) return { number: dialled, keys: '' };
  return { number: text.slice(0, at), keys: text.slice(at) };
}

/** Presses `keys` once `call` is up; what cannot be pressed is told in the log, without the keys: they may be a PIN. */
export function pressWhenUp(call: Call, keys: string, clock: Clock, log: Logger): void {
  const groups = keys.match(/,+[^,]+/g) ?? [];
  let timer: Timer | undefined;
  const press = async (group: string): Promise<void> => {
    try {
      const by = await call.sendKeys(group);
      next(by === 'rtp' ? group.length * KEY_MS : 0);
    } catch (error) {
      if (!(error instanceof AgentException)) throw error;
      log.warn('keys after the answer were not pressed', { call: call.id, reason: error.message });
    }
  };
  const next = (onTheirWayMs: number): void => {
    const group = groups.shift();
    if (group === undefined || !call.isUp) return;
    const bare = group.replace(/^,+/, '');
    const pauseMs = (group.length - bare.length) * PAUSE_MS;
    timer = clock.setTimer(onTheirWayMs + pauseMs, () => void press(bare));
  };
  call.events.on('confirmed', () => next(0));
  call.events.on('ended', () => timer?.cancel());
}
