import type { Logger } from '../platform';
import type { carryOut } from './carry-out';
import type { Command } from './command';
import type { Control } from './control';

/**
 * What a way in that loads on demand (`mqtt/`, `web/`) is given. It lives in a file of its own beside the
 * bundle and takes nothing but types from the rest of the house: a class of the bundle would be another one there.
 */
export interface SurfaceOptions {
  readonly control: Control;
  readonly commands: readonly Command[];
  readonly carryOut: typeof carryOut;
  readonly log: Logger;
}

/** A way in that is open. */
export interface Surface {
  /** Resolves when what was sent before is out; within a second. */
  close(): Promise<void>;
}
