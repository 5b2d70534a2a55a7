/** Requests must be shorter than this: the camera's relay to its RTOS has a field of 1 KiB. */
export const MAX_REQUEST_BYTES = 1024;

/** The message id of every notification. */
export const NOTIFICATION = 7;

export interface Reply {
  readonly rval: number;
  /** That of the request; 0 when it could not be read. */
  readonly msg_id: number;
  readonly param?: unknown;
  /** The request's own mark, if it had one. */
  readonly id?: string | number;
  /** Of a long reply asked for in parts: `param` is this part of its JSON text. */
  readonly page?: number;
  readonly pages?: number;
  /** Why, in words; present when `rval` is not 0. */
  readonly reason?: string;
}

export interface NotificationMessage {
  readonly msg_id: typeof NOTIFICATION;
  /** As `voip_call`. */
  readonly type: string;
  /** From 1 at the start of the agent; absent from what is not kept. A gap is what was lost. */
  readonly number?: number;
  readonly param?: unknown;
}

export interface Sender {
  readonly address: string;
  readonly port: number;
}

/** One socket. */
export function senderKey({ address, port }: Sender): string {
  return `${address} ${port}`;
}

const TYPE_PREFIX = 'voip_';

/** A notification as it stands on the wire. */
export function notificationMessage(
  type: string,
  param?: unknown,
  number?: number,
): NotificationMessage {
  return {
    msg_id: NOTIFICATION,
    type: TYPE_PREFIX + type,
    ...(number === undefined ? {} : { number }),
    ...(param ? { param } : {}),
  };
}

/** The type of notification that a message carries; undefined when it is none of ours. */
export function notificationType(type: unknown): string | undefined {
  if (typeof type !== 'string' || !type.startsWith(TYPE_PREFIX)) return undefined;
  return type.slice(TYPE_PREFIX.length);
}

/** One object per datagram, without a terminator, as the camera's own server sends it. */
export function encode(message: object): Buffer {
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
