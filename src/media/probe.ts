import type { CameraReport } from './shapes';

/** A running examination: native/src/addon/probe_wrap.h. */
export interface CameraProbe {
  /** At any time, also after `close`. */
  report(): CameraReport;
  /** Ends it and leaves the camera in order; waits up to a second for a call that does not return. */
  close(): void;
}
