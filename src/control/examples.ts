import type { NotificationType } from './notifications';
import { STATUS_EXAMPLE } from './status-example';

/** An example of a command's `param` and of the reply's. */
export interface CommandExample {
  readonly param?: unknown;
  readonly reply?: unknown;
}

/** Of each command that takes or replies something. */
const OF_COMMANDS: Readonly<Record<string, CommandExample>> = {
  status: { reply: STATUS_EXAMPLE },
  'do-not-disturb': { param: { on: true } },
  'mute-microphone': { param: { on: true } },
  'mute-picture': { param: { on: true } },
  'auto-answer': { param: { on: true } },
  history: {
    param: { search: 'home', limit: 1 },
    reply: {
      calls: [
        {
          call: 2,
          direction: 'incoming',
          remote: 'sip:home@example.org',
          displayName: 'Home',
          startedAt: '2026-11-23T05:36:28.055Z',
          durationS: 31,
          ended: 'hung up by the far end',
        },
      ],
    },
  },
  events: {
    param: { since: 41 },
    reply: {
      events: [
        {
          number: 42,
          at: '2026-11-23T05:36:28.055Z',
          type: 'camera',
          param: { state: 'streaming' },
        },
      ],
      last: 42,
      missed: 0,
    },
  },
  log: {
    param: { level: 'debug', area: 'sip' },
    reply: { level: 'info', levels: { sip: 'debug' }, areas: ['agent', 'call', 'media', 'sip'] },
  },
  call: {
    param: { uri: 'sip:home@example.org' },
    reply: { call: 1, account: 'car@example.org' },
  },
  answer: { param: { call: 1 } },
  reject: { param: { call: 1 } },
  hangup: { param: { call: 1 } },
  hold: { param: { call: 1 } },
  resume: { param: { call: 1 } },
  dtmf: { param: { digits: '1234#' }, reply: { by: 'rtp' } },
  still: {
    param: { name: 'door' },
    reply: {
      path: '/var/lib/dashvoip/stills/door.jpg',
      bytes: 62832,
      width: 1280,
      height: 720,
    },
  },
  conference: { param: { calls: [1, 2, 3] }, reply: { calls: [1, 2, 3] } },
  'conference leave': { param: { call: 2 } },
  announce: {
    param: { file: '/usr/share/dashvoip/hello.wav', where: 'call' },
    reply: { announcement: 1 },
  },
  'config get': { param: { path: 'policy.autoAnswer' }, reply: { value: false } },
  'config check': {
    param: { config: { log: { level: 'loud' } } },
    reply: {
      problems: [
        {
          path: 'log.level',
          found: '"loud"',
          expected: '"error" or "warn" or "info" or "debug"',
        },
      ],
    },
  },
  'config set': {
    param: { path: 'policy.autoAnswer', value: true },
    reply: { applied: ['policy.autoAnswer'], restart: [], reopened: [] },
  },
  'config reload': { reply: { applied: ['policy.autoAnswer'], restart: [], reopened: [] } },
  message: {
    param: { uri: 'sip:home@example.org', text: 'Parked at the north gate' },
    reply: { message: 4 },
  },
  messages: {
    param: { limit: 1 },
    reply: {
      messages: [
        {
          message: 3,
          direction: 'incoming',
          remote: 'sip:home@example.org',
          displayName: 'Home',
          at: '2026-11-23T05:36:28.055Z',
          text: 'Where are you?',
          state: 'received',
        },
      ],
    },
  },
  'phone-book list': {
    param: { search: 'home' },
    reply: { contacts: [{ name: 'Home', numbers: ['sip:home@example.org'], short: '1' }] },
  },
  'phone-book add': {
    param: { name: 'Home', number: 'sip:home@example.org', short: '1' },
    reply: { contact: { name: 'Home', numbers: ['sip:home@example.org'], short: '1' } },
  },
  'phone-book remove': { param: { name: 'Home' } },
  'phone-book import': {
    param: { file: '/tmp/SD0/contacts.vcf' },
    reply: { added: 12, changed: 1, skipped: 3 },
  },
  'phone-book export': { param: { file: '/tmp/SD0/contacts.vcf' }, reply: { contacts: 13 } },
  'dial-plan': {
    param: { number: '1' },
    reply: {
      uri: 'sip:+82212345678@example.org',
      contact: 'Office',
      steps: ['phone book: Office, 02-1234-5678', 'international form: +82212345678'],
    },
  },
  'record start': {
    param: { call: 2 },
    reply: { recording: 1, file: '/tmp/SD0/dashvoip-20261126-091500-call2.wav' },
  },
  'record stop': { param: { call: 2 } },
  trace: {
    param: { call: 2, limit: 1 },
    reply: {
      dialogs: [
        {
          callId: 'OEzS3BKwcYVPaxxqRqZ2Qw',
          call: 2,
          kind: 'call',
          messages: [
            {
              number: 41,
              at: '2026-11-23T05:36:28.055Z',
              direction: 'out',
              from: '192.0.2.1:5060',
              to: '192.0.2.7:5060',
              transport: 'UDP',
              summary: 'BYE sip:home@192.0.2.7',
              octets: 412,
            },
          ],
        },
      ],
      before: 41,
      dropped: { call: 0, registration: 0, other: 12 },
    },
  },
  transfer: { param: { uri: 'sip:office@example.org', call: 1 } },
  'transfer to-call': { param: { to: 2, call: 1 } },
  ptt: { param: { on: true } },
  verify: { param: { on: true, call: 1 } },
  emergency: { param: { automatic: true } },
  position: {
    param: { latitude: 37.5665, longitude: 126.978, accuracy: 6, speed: 13.9, heading: 271 },
    reply: {
      position: {
        latitude: 37.5665,
        longitude: 126.978,
        accuracy: 6,
        speed: 13.9,
        heading: 271,
        time: '2026-11-27T06:30:00.000Z',
        ageS: 0,
      },
    },
  },
  invite: {
    param: { for: '10m' },
    reply: {
      urls: ['https://192.0.2.7:8443/#/invitation/q7Yk0n-3_Zt2vWmXo5RbLA'],
      until: '2026-11-27T06:40:00.000Z',
    },
  },
};

/** For the reference and the tests alone: kilobytes that no camera needs. */
export function exampleOf(command: string): CommandExample {
  return OF_COMMANDS[command] ?? {};
}

/** Of the `param` of each type of notification that has one. */
const OF_NOTIFICATIONS: { readonly [Type in NotificationType]?: object } = {
  ready: { startToReadyMs: 212 },
  call: {
    call: 1,
    direction: 'incoming',
    state: 'held',
    account: 'car@example.org',
    heldBy: 'peer',
    remote: 'sip:home@example.org',
    displayName: 'Home',
    durationS: 12,
  },
  dtmf: { call: 1, digit: '5', durationMs: 160, by: 'rtp' },
  registration: {
    account: 'car@example.org',
    uri: 'sip:car@example.org',
    registrar: 'sip:example.org',
    state: 'failed',
    detail: '403 Forbidden',
    expiresInS: 0,
  },
  switches: { doNotDisturb: true, autoAnswer: false, microphoneMuted: false, pictureMuted: false },
  camera: { state: 'streaming' },
  device: { device: 'speaker', open: false, error: 'No such device' },
  mailbox: { account: 'car@example.org', waiting: true, newMessages: 2, oldMessages: 8 },
  watched: {
    account: 'car@example.org',
    kind: 'line',
    of: 'sip:200@example.org',
    state: 'ringing',
    calls: [{ direction: 'incoming', state: 'early', remote: 'sip:home@example.org' }],
  },
  message: {
    message: 3,
    direction: 'incoming',
    account: 'car@example.org',
    remote: 'sip:home@example.org',
    at: '2026-11-23T05:36:28.055Z',
    text: 'Where are you?',
    state: 'received',
  },
  transfer: { call: 1, to: 'sip:office@example.org', state: 'ringing', detail: '180 Ringing' },
  emergency: { state: 'answered', to: 'Home', call: 4, round: 1, detail: '' },
  floor: { floor: 'near' },
  quality: {
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
  silence: { call: 1, silent: true },
  recording: {
    recording: 1,
    call: 2,
    state: 'recording',
    file: '/tmp/SD0/dashvoip-20261126-091500-call2.wav',
  },
  announcement: { announcement: 1, file: '/usr/share/dashvoip/hello.wav', call: 2, state: 'ended' },
  conference: { calls: [1, 2, 3] },
};

export function exampleOfNotification(type: NotificationType): object | undefined {
  return OF_NOTIFICATIONS[type];
}
