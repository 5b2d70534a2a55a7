import { quantile } from '../../../test/toolkit/measure/rtp-stream';
import { CommandClient } from '../../../test/toolkit/peers/command-client';
import { sleep } from '../../../test/toolkit/process/wait';

const VOIP_STATUS = 2560;
/** Below what one socket may ask. */
const EVERY_MS = 20;
const PATIENCE_MS = 1000;

/** How long a client waited for its replies, ms, in order of length. */
export interface RoundTrips {
  readonly times: readonly number[];
  readonly unanswered: number;
}

/** A client that asks for the status fifty times a second. */
export async function askFor(controlPort: number, seconds: number): Promise<RoundTrips> {
  const client = await CommandClient.open(controlPort);
  const times: number[] = [];
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
    await sleep(Math.max(0, EVERY_MS - (performance.now() - began)));
  }
  client.close();
  return { times: times.sort((one, other) => one - other), unanswered };
}

export function milliseconds({ times }: RoundTrips, part: number): string {
  return times.length > 0 ? `${quantile([...times], part).toFixed(2)} ms` : 'none';
}
