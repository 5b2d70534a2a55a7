import type {
  Agent,
  AnnouncementNotice,
  CallStatus,
  CameraState,
  DtmfKey,
  EmergencyStatus,
  FloorHolder,
  KeysBy,
  MailboxStatus,
  RecordingNotice,
  RegistrationStatus,
  Switches,
  TextMessage,
  TransferStatus,
  WatchedStatus,
} from '../agent';
import { type CallQuality, qualityOf } from './quality';

interface NotificationWords {
  readonly summary: string;
  /** The interface or type that declares `param`, by its name. */
  readonly typescript?: string;
  /** It is soon out of date, and not kept for those who come later. */
  readonly passes?: true;
}

/** Every type of notification. */
const DECLARED = {
  ready: {
    summary: 'Calls can be made.',
    typescript: 'ReadyNotice',
  },
  call: {
    summary: 'A call came, changed its state (that of ZRTP, too) or ended.',
    typescript: 'CallNotice',
  },
  dtmf: {
    summary:
      'The far end pressed a key: in the stream of sound (`rtp`, RFC 4733) or by INFO. Told when it was let go.',
    typescript: 'DtmfNotice',
  },
  registration: {
    summary:
      'The registration of an account changed its state: trying, registered, failed or unregistered.',
    typescript: 'RegistrationStatus',
  },
  switches: {
    summary: 'Something was switched on or off.',
    typescript: 'Switches',
  },
  camera: {
    summary: 'The camera changed its state: none, absent, idle or streaming.',
    typescript: 'CameraNotice',
  },
  device: {
    summary: 'A sound device opened, failed or came back.',
    typescript: 'DeviceNotice',
  },
  mailbox: {
    summary: 'What waits in the mailbox at the account’s server has changed.',
    typescript: 'MailboxStatus',
  },
  watched: {
    summary: 'What is known of somebody who is watched has changed.',
    typescript: 'WatchedStatus',
  },
  message: {
    summary: 'A text came, or one that was sent is delivered or refused.',
    typescript: 'TextMessage',
  },
  transfer: {
    summary:
      'How handing the far end of a call over gets on: calling, ringing, done, failed or unknown.',
    typescript: 'TransferStatus',
  },
  emergency: {
    summary:
      'How a call for help gets on: calling, answered, confirmed, waiting, ended, failed or cancelled.',
    typescript: 'EmergencyStatus',
  },
  floor: {
    summary:
      'With push-to-talk: the floor has another holder: nobody, far, near, or near-waits while the far end is to finish.',
    typescript: 'FloorNotice',
    passes: true,
  },
  quality: {
    summary: 'How a call that is up sounds, every five seconds.',
    typescript: 'CallQuality',
    passes: true,
  },
  silence: {
    summary: 'Nothing has come from the far end for five seconds, or it is heard again.',
    typescript: 'SilenceNotice',
  },
  recording: {
    summary:
      'A recording changed its state (opening, recording, stalled, failed, ended), or began a further file.',
    typescript: 'RecordingNotice',
  },
  announcement: {
    summary: 'An announcement is heard, has ended, was cut off with its call, or failed.',
    typescript: 'AnnouncementNotice',
  },
  conference: {
    summary: 'Who is in conference has changed; empty when it has ended.',
    typescript: 'ConferenceNotice',
  },
  stopping: { summary: 'The agent stops; all calls end.' },
} as const satisfies Readonly<Record<string, NotificationWords>>;

export type NotificationType = keyof typeof DECLARED;

/** Their names, in order. */
export const NOTIFICATION_TYPES = Object.keys(DECLARED) as readonly NotificationType[];

export const NOTIFICATIONS: Readonly<Record<NotificationType, NotificationWords>> = DECLARED;

export type CallNotice = Omit<CallStatus, 'media'>;
export interface ReadyNotice {
  readonly startToReadyMs: number;
}
export interface DtmfNotice extends DtmfKey {
  readonly call: number;
  readonly by: KeysBy;
}
export interface CameraNotice {
  readonly state: CameraState;
}
export interface DeviceNotice {
  readonly device: 'microphone' | 'speaker';
  readonly open: boolean;
  /** Why not, in words; empty when it is open. */
  readonly error: string;
}
export interface FloorNotice {
  readonly floor: FloorHolder;
}
export interface ConferenceNotice {
  /** Their numbers. */
  readonly calls: readonly number[];
}
export interface SilenceNotice {
  readonly call: number;
  readonly silent: boolean;
}

/** Told to whoever listens, without being asked. */
export interface Notification {
  readonly type: NotificationType;
  readonly param?: object;
}

/** The shape of each notification's `param`. */
interface Params {
  ready: ReadyNotice;
  call: CallNotice;
  dtmf: DtmfNotice;
  registration: RegistrationStatus;
  switches: Switches;
  camera: CameraNotice;
  device: DeviceNotice;
  mailbox: MailboxStatus;
  watched: WatchedStatus;
  message: TextMessage;
  transfer: TransferStatus;
  emergency: EmergencyStatus;
  floor: FloorNotice;
  quality: CallQuality;
  silence: SilenceNotice;
  recording: RecordingNotice;
  announcement: AnnouncementNotice;
  conference: ConferenceNotice;
}

/** Turns the agent's events into notifications. */
export function notify(agent: Agent, send: (notification: Notification) => void): void {
  const tell = <Type extends keyof Params>(type: Type, param: Params[Type]): void =>
    send({ type, param });
  const { events } = agent;
  events.on('ready', (startToReadyMs) => tell('ready', { startToReadyMs }));
  events.on('call', (call) => tell('call', withoutMedia(call)));
  events.on('key', ({ call }, key, by) => tell('dtmf', { call, ...key, by }));
  events.on('registration', (status) => tell('registration', status));
  events.on('switches', (switches) => tell('switches', switches));
  events.on('camera', (state) => tell('camera', { state }));
  events.on('device', (device, open, error) => tell('device', { device, open, error }));
  events.on('mailbox', (status) => tell('mailbox', status));
  events.on('watched', (status) => tell('watched', status));
  events.on('message', (message) => tell('message', message));
  events.on('transfer', (status) => tell('transfer', status));
  events.on('emergency', (status) => tell('emergency', status));
  events.on('floor', (floor) => tell('floor', { floor }));
  events.on('quality', (call) => tell('quality', qualityOf(call)));
  events.on('silence', ({ call }, silent) => tell('silence', { call, silent }));
  events.on('recording', (notice) => tell('recording', notice));
  events.on('announcement', (notice) => tell('announcement', notice));
  events.on('conference', (calls) => tell('conference', { calls }));
  events.on('stopping', () => send({ type: 'stopping' }));
}

/** Counters are for status and quality; a change of state fits into one small datagram. */
function withoutMedia({ media: _, ...call }: CallStatus): CallNotice {
  return call;
}
