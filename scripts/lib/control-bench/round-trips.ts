import { quantile } from '../../../test/toolkit/measure/rtp-stream';
import { CommandClient } from '../../../test/toolkit/peers/command-client';
import { sleep } from '../../../test/toolkit/process/wait';
import { Echo } from './echo';

const VOIP_STATUS = 2560;
/** Below what one socket may ask. */
const EVERY_MS = 20;
const PATIENCE_MS = 1000;

/** How long a client waited for its replies, ms, in order of length. */
export interface RoundTrips {
  readonly times: readonly number[];
  readonly unanswered: number;
  /** The same of a process that has nothing to do but to answer: what this machine takes for two wake-ups. */
  readonly echoes: readonly number[];
}

/** A client that asks for the status fifty times a second, and in turn with it an echo. */
export async function askFor(controlPort: number, seconds: number): Promise<RoundTrips> {
  const client = await CommandClient.open(controlPort);
  const echo = await Echo.start();
  const times: number[] = [];
  const echoes: number[] = [];
  let unanswered = 0;
  const ends = performance.now() + seconds * 1000;
  while (performance.now() < ends) {
    const began = performance.now();
    try {
      await client.request(VOIP_STATUS, {}, PATIENCE_MS);
      times.push(performance.now() - began);
    } catch {
      unanswered += 1;
    }
    await sleep(Math.max(0, EVERY_MS / 2 - (performance.now() - began)));
    echoes.push(await echo.roundTrip());
    await sleep(Math.max(0, EVERY_MS - (performance.now() - began)));
  }
  client.close();
  echo.stop();
  const ordered = (list: number[]): number[] => list.sort((one, other) => one - other);
  return { times: ordered(times), unanswered, echoes: ordered(echoes) };
}

export function milliseconds(times: readonly number[], part: number): string {
  return times.length > 0 ? `${quantile([...times], part).toFixed(2)} ms` : '';
}
