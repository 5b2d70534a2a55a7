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
} from '../agent';
import { type CallQuality, qualityOf } from './quality';

interface NotificationWords {
  readonly summary: string;
  /** The interface or type that declares `param`, by its name. */
  readonly typescript?: string;
  readonly example?: object;
  /** It is soon out of date, and not kept for those who come later. */
  readonly passes?: true;
}

/** Every type of notification. */
const DECLARED = {
  ready: {
    summary: 'Calls can be made.',
    typescript: 'ReadyNotice',
    example: { startToReadyMs: 212 },
  },
  call: {
    summary: 'A call came, changed its state or ended.',
    typescript: 'CallNotice',
    example: {
      call: 1,
      direction: 'incoming',
      state: 'held',
      account: 'car@example.org',
      heldBy: 'peer',
      remote: 'sip:home@example.org',
      displayName: 'Home',
      durationS: 12,
    },
  },
  dtmf: {
    summary:
      'The far end pressed a key: in the stream of sound (`rtp`, RFC 4733) or by INFO. Told when it was let go.',
    typescript: 'DtmfNotice',
    example: { call: 1, digit: '5', durationMs: 160, by: 'rtp' },
  },
  registration: {
    summary:
      'The registration of an account changed its state: trying, registered, failed or unregistered.',
    typescript: 'RegistrationStatus',
    example: {
      account: 'car@example.org',
      uri: 'sip:car@example.org',
      registrar: 'sip:example.org',
      state: 'failed',
      detail: '403 Forbidden',
      expiresInS: 0,
    },
  },
  switches: {
    summary: 'Something was switched on or off.',
    typescript: 'Switches',
    example: { doNotDisturb: true, autoAnswer: false },
  },
  camera: {
    summary: 'The camera changed its state: none, absent, idle or streaming.',
    typescript: 'CameraNotice',
    example: { state: 'streaming' },
  },
  device: {
    summary: 'A sound device opened, failed or came back.',
    typescript: 'DeviceNotice',
    example: { device: 'speaker', open: false, error: 'No such device' },
  },
  mailbox: {
    summary: 'What waits in the mailbox at the account’s server has changed.',
    typescript: 'MailboxStatus',
    example: { account: 'car@example.org', waiting: true, newMessages: 2, oldMessages: 8 },
  },
  message: {
    summary: 'A text came, or one that was sent is delivered or refused.',
    typescript: 'TextMessage',
    example: {
      message: 3,
      direction: 'incoming',
      account: 'car@example.org',
      remote: 'sip:home@example.org',
      at: '2026-11-23T05:36:28.055Z',
      text: 'Where are you?',
      state: 'received',
    },
  },
  transfer: {
    summary:
      'How handing the far end of a call over gets on: calling, ringing, done, failed or unknown.',
    typescript: 'TransferStatus',
    example: { call: 1, to: 'sip:office@example.org', state: 'ringing', detail: '180 Ringing' },
  },
  emergency: {
    summary:
      'How a call for help gets on: calling, answered, confirmed, waiting, ended, failed or cancelled.',
    typescript: 'EmergencyStatus',
    example: { state: 'answered', to: 'Home', call: 4, round: 1, detail: '' },
  },
  floor: {
    summary:
      'With push-to-talk: the floor has another holder: nobody, far, near, or near-waits while the far end is to finish.',
    typescript: 'FloorNotice',
    passes: true,
    example: { floor: 'near' },
  },
  quality: {
    summary: 'How a call that is up sounds, every five seconds.',
    typescript: 'CallQuality',
    passes: true,
    example: {
      call: 1,
      durationS: 15,
      codec: 'PCMA',
      lossPercent: 0.2,
      jitterMs: 1.4,
      bufferMs: 40,
      concealedPercent: 0.1,
      pacingP99Ms: 0.12,
      delayMs: 74,
      roundTripMs: 18.2,
      mos: 4.36,
      recentMos: 4.41,
      remoteMos: 4.38,
      videoFrames: 450,
    },
  },
  silence: {
    summary: 'Nothing has come from the far end for five seconds, or it is heard again.',
    typescript: 'SilenceNotice',
    example: { call: 1, silent: true },
  },
  recording: {
    summary:
      'A recording changed its state (opening, recording, stalled, failed, ended), or began a further file.',
    typescript: 'RecordingNotice',
    example: {
      recording: 1,
      call: 2,
      state: 'recording',
      file: '/tmp/SD0/dashvoip-20261126-091500-call2.wav',
    },
  },
  announcement: {
    summary: 'An announcement is heard, has ended, was cut off with its call, or failed.',
    typescript: 'AnnouncementNotice',
    example: { announcement: 1, file: '/usr/share/dashvoip/hello.wav', call: 2, state: 'ended' },
  },
  conference: {
    summary: 'Who is in conference has changed; empty when it has ended.',
    typescript: 'ConferenceNotice',
    example: { calls: [1, 2, 3] },
  },
  stopping: { summary: 'The agent stops; all calls end.' },
} as const satisfies Readonly<Record<string, NotificationWords>>;

export type NotificationType = keyof typeof DECLARED;

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
