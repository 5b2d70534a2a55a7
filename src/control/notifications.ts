import type { Agent, CallStatus } from '../agent';
import { qualityOf } from './quality';

/** Every type of notification, with an example of its `param`, for the reference. */
export const NOTIFICATIONS = {
  ready: {
    summary: 'Calls can be made.',
    example: { startToReadyMs: 212 },
  },
  call: {
    summary: 'A call came, changed its state or ended.',
    example: {
      call: 1,
      direction: 'incoming',
      state: 'held',
      heldBy: 'peer',
      remote: 'sip:home@example.org',
      displayName: 'Home',
      durationS: 12,
    },
  },
  dtmf: {
    summary:
      'The far end pressed a key: in the stream of sound (`rtp`, RFC 4733) or by INFO. Told when it was let go.',
    example: { call: 1, digit: '5', durationMs: 160, by: 'rtp' },
  },
  registration: {
    summary: 'The registration changed its state: trying, registered, failed or unregistered.',
    example: {
      uri: 'sip:car@example.org',
      registrar: 'sip:example.org',
      state: 'failed',
      detail: '403 Forbidden',
      expiresInS: 0,
    },
  },
  camera: {
    summary: 'The camera changed its state: none, absent, idle or streaming.',
    example: { state: 'streaming' },
  },
  device: {
    summary: 'A sound device opened, failed or came back.',
    example: { device: 'speaker', open: false, error: 'No such device' },
  },
  quality: {
    summary: 'How a call that is up sounds, every five seconds.',
    example: {
      call: 1,
      durationS: 15,
      codec: 'PCMA',
      lossPercent: 0.2,
      jitterMs: 1.4,
      bufferMs: 40,
      concealedPercent: 0.1,
      pacingP99Ms: 0.12,
      roundTripMs: 18.2,
      mos: 4.36,
      videoFrames: 450,
    },
  },
  silence: {
    summary: 'Nothing has come from the far end for five seconds, or it is heard again.',
    example: { call: 1, silent: true },
  },
  stopping: { summary: 'The agent stops; all calls end.', example: undefined },
} as const;

export type NotificationType = keyof typeof NOTIFICATIONS;

/** Told to whoever listens, without being asked. */
export interface Notification {
  readonly type: NotificationType;
  readonly param?: object;
}

/** Turns the agent's events into notifications; the returned function ends it. */
export function notify(agent: Agent, send: (notification: Notification) => void): () => void {
  const tell = (type: NotificationType, param?: object): void =>
    send({ type, ...(param ? { param } : {}) });
  const { events } = agent;
  const stops = [
    events.on('ready', (startToReadyMs) => tell('ready', { startToReadyMs })),
    events.on('call', (call) => tell('call', withoutMedia(call))),
    events.on('key', ({ call }, key, by) => tell('dtmf', { call, ...key, by })),
    events.on('registration', (status) => tell('registration', status)),
    events.on('camera', (state) => tell('camera', { state })),
    events.on('device', (device, open, error) => tell('device', { device, open, error })),
    events.on('quality', (call) => tell('quality', qualityOf(call))),
    events.on('silence', ({ call }, silent) => tell('silence', { call, silent })),
    events.on('stopping', () => tell('stopping')),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Counters are for status and quality; a change of state fits into one small datagram. */
function withoutMedia({ media: _, ...call }: CallStatus): object {
  return call;
}
