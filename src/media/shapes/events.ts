/** What the media plane tells unasked, on its own time. */

import type { CameraState } from './snapshots';
import type {
  AddressAndPort,
  DeviceRole,
  FloorHolder,
  MediaComponent,
  MediaKind,
  RecordingState,
  SrtpSuite,
  Uint8,
  Uint32,
} from './values';

export type EngineEvent =
  | { readonly kind: 'camera'; readonly state: CameraState }
  | {
      /** A device opened, failed or came back; the snapshot has the details. */
      readonly kind: 'device';
      readonly device: DeviceRole;
      readonly open: boolean;
      /** In words; empty when all is well. */
      readonly error: string;
    }
  | {
      /** An address or a route of this machine has come or gone. */
      readonly kind: 'network';
    }
  | {
      /** RTCP BYE on a stream: told, not obeyed; SIP ends calls. */
      readonly kind: 'remoteBye';
      readonly session: Uint32;
      readonly media: MediaKind;
    }
  | {
      /** A key of the far end was let go (RFC 4733): `0`..`9`, `*`, `#`, `A`..`D`. */
      readonly kind: 'dtmf';
      readonly session: Uint32;
      readonly digit: string;
      readonly durationMs: Uint32;
    }
  | {
      /** With push-to-talk: the floor has another holder. */
      readonly kind: 'floor';
      readonly floor: FloorHolder;
    }
  | {
      /** A tone or a file has been heard to its end, or ended with its call. */
      readonly kind: 'played';
      readonly playback: Uint32;
      readonly completed: boolean;
    }
  | {
      /** ICE and DTLS of a secure session are done: media may flow. */
      readonly kind: 'secured';
      readonly session: Uint32;
      /** Where the far end was found. */
      readonly farEnd: AddressAndPort;
      readonly suite: SrtpSuite;
    }
  | {
      /** They did not get done, and will not. */
      readonly kind: 'insecure';
      readonly session: Uint32;
      /** In words. */
      readonly error: string;
    }
  | {
      /** STUN, TURN or ZRTP has come to a socket of a session that listens. */
      readonly kind: 'datagram';
      readonly session: Uint32;
      readonly component: MediaComponent;
      readonly from: AddressAndPort;
      readonly bytes: readonly Uint8[];
    }
  | {
      /** A recording changed its state, or began a further file. */
      readonly kind: 'recording';
      readonly recording: Uint32;
      readonly progress: RecordingState;
      /** The newest one; empty before the first. */
      readonly file: string;
      /** In words; empty when all is well. */
      readonly error: string;
    };
