/** The camera's JSON messages as they stand on the wire; ids and codes are the camera's own. */

/** Requests must be shorter than this: the camera's relay to its RTOS has a field of 1 KiB. */
export const MAX_REQUEST_BYTES = 1024;

export const NOTIFICATION = 7;

export const MESSAGE_ID = {
  startSession: 257,
  stopSession: 258,
  keepAlive: 2051,
  status: 2560,
  call: 2561,
  answer: 2562,
  reject: 2563,
  hangup: 2564,
  hold: 2565,
  resume: 2566,
  dtmf: 2567,
  networkChanged: 2568,
} as const;

export const RVAL = {
  ok: 0,
  unknownError: -1,
  invalidToken: -4,
  packageError: -7,
  syntaxError: -9,
  invalidOperation: -14,
  busy: -21,
  notReady: -22,
  unsupported: -23,
  invalidParameter: -25,
} as const;

export type RvalName = keyof typeof RVAL;

/** What each code means here, for people. */
export const RVAL_MEANING: Readonly<Record<RvalName, string>> = {
  ok: 'Done.',
  unknownError: 'It could not be done; `reason` says why (no route, no free RTP port).',
  invalidToken: 'No session has this token, it has expired or given way to another: start one.',
  packageError: 'The datagram is too long, or is JSON but no object.',
  syntaxError: 'The datagram is not JSON.',
  invalidOperation: 'Not possible in this state, or refused by the far end; `reason` says which.',
  busy: 'A call is up that must be held or ended first, or both lines are taken.',
  notReady: 'The agent is starting or stopping, or its SIP port is not open yet.',
  unsupported: 'No such message id.',
  invalidParameter: 'A parameter is missing or wrong; `param` is its name.',
};

export interface Reply {
  readonly rval: number;
  /** That of the request; 0 when it could not be read. */
  readonly msg_id: number;
  readonly param?: unknown;
  /** Why, in words; present when `rval` is not 0. */
  readonly reason?: string;
}

export interface Notification {
  readonly msg_id: typeof NOTIFICATION;
  readonly type: string;
  readonly param?: unknown;
}

export interface Sender {
  readonly address: string;
  readonly port: number;
}

/** One object per datagram, without a terminator, as the camera's own server sends it. */
export function encode(message: Reply | Notification | object): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** Requests may end in white space or NUL, as the camera's own app ends them. */
export function decode(datagram: Uint8Array): unknown {
  let end = datagram.length;
  while (end > 0 && isPadding(datagram[end - 1] ?? 0)) end -= 1;
  return JSON.parse(Buffer.from(datagram.subarray(0, end)).toString('utf8'));
}

export function isPadding(byte: number): boolean {
  return byte === 0 || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
