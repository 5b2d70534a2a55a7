import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Clock } from '../../platform';
import type { Source, SourceListener } from './nmea-source';

/** From one look to the next, ms. */
const LOOK_MS = 200;
/** Of one read; a line at a time comes, unless the terminal is raw. */
const MAX_OCTETS = 4096;
/** In one look: some lines more than a receiver sends meanwhile. */
const MAX_READS = 32;
const { O_RDONLY, O_NOCTTY, O_NONBLOCK } = constants;

/**
 * A serial line, or a pipe. It is looked at every now and then and never waited for: a read that waits would have the
 * end of the process wait, too, and Node's own terminals are opened once more by libuv, which waits for their carrier.
 */
export function openDevice(path: string, clock: Clock, listener: SourceListener): Source {
  let isOpen = true;
  let endPause: () => void = () => undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.setTimer(LOOK_MS, resolve);
      endPause = () => {
        timer.cancel();
        resolve();
      };
    });
  const look = async (file: FileHandle): Promise<void> => {
    for (let reads = 0; isOpen && reads < MAX_READS; reads++) {
      const octets = await readOnce(file);
      if (octets.length === 0) return;
      if (isOpen) listener.onData(octets, false);
    }
  };
  const follow = async (): Promise<void> => {
    const file = await open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
    try {
      const facts = await file.stat();
      if (!facts.isCharacterDevice() && !facts.isFIFO()) {
        throw new Error('it is neither a serial line nor a pipe');
      }
      while (isOpen) {
        await look(file);
        if (isOpen) await pause();
      }
    } finally {
      await file.close();
    }
  };
  follow().catch((error: unknown) => {
    if (isOpen) listener.onEnd(error instanceof Error ? error.message : String(error));
  });
  return {
    close: () => {
      isOpen = false;
      endPause();
    },
  };
}

/** Nothing where nothing has come: a line that is hung up, and a pipe that nobody writes into, fall silent as well. */
async function readOnce(file: FileHandle): Promise<Uint8Array> {
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_OCTETS), 0, MAX_OCTETS, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return Buffer.of();
    throw error;
  }
}
