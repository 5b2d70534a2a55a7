/** What this build can do: options compiled in, versions of the libraries linked. */

import type { AudioCodec } from './values';

/** The camera link by NetFIFO. */
export type CameraBuild =
  /** Our own libnetfifo. */
  | 'stand-in'
  /** The board's. */
  | 'sdk'
  | 'none';

export interface EngineFeatures {
  readonly cameraLink: CameraBuild;
  readonly alsa: boolean;
  readonly aac: boolean;
  /** The camera link by RTSP. */
  readonly rtsp: boolean;
  /** JPEGs of the camera's key frames. */
  readonly still: boolean;
  /** That can be used: built in, or in a module that lies beside the addon. */
  readonly codecs: readonly AudioCodec[];
  /** Encryption of sound and picture, by the OpenSSL of this Node. */
  readonly srtp: boolean;
  readonly libraries: Libraries;
}

/** Versions, by the names of their projects. */
export interface Libraries {
  readonly glibc?: string;
  readonly 'alsa-lib'?: string;
  readonly openssl?: string;
}
