import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type Capabilities,
  type ParseFailure,
  parseMessage,
  type SipMessage,
  validateRequest,
  validateResponse,
} from '../../../src/sip/message';

/** An element that serves whatever the torture messages ask for, so that only form counts. */
export const SERVES: Capabilities = {
  methods: [
    'INVITE',
    'ACK',
    'BYE',
    'CANCEL',
    'OPTIONS',
    'REGISTER',
    'MESSAGE',
    // RFC 4475 §3.1.1.2 and §3.1.1.5 make these up to see them pass a parser.
    "!interesting-Method0123456789_*+`.%indeed'~",
    'RE%47IST%45R',
  ],
  extensions: [],
  contentTypes: ['application/sdp', 'text/plain', 'multipart/mixed'],
};

export function readTorture(folder: 'rfc4475' | 'rfc5118', file: string): Buffer {
  return readFileSync(fileURLToPath(new URL(`../../data/${folder}/${file}`, import.meta.url)));
}

/** `accept`, `drop` or the status owed, whether the parser or the validator says so. */
export function outcomeOf(bytes: Uint8Array): 'accept' | 'drop' | number {
  const message = parseMessage(bytes);
  if (message.kind === 'failure') return message.status ?? 'drop';
  const verdict =
    message.kind === 'request' ? validateRequest(message, SERVES) : validateResponse(message);
  return verdict.kind === 'reject' ? verdict.status : verdict.kind;
}

/** A message that must parse. */
export function parsed(bytes: Uint8Array | string): SipMessage {
  const message = parseMessage(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  if (message.kind === 'failure') throw new Error(message.problem);
  return message;
}

/** Bytes that must not. */
export function failed(bytes: Uint8Array | string): ParseFailure {
  const message = parseMessage(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  if (message.kind !== 'failure') throw new Error(`expected a failure, found ${message.startLine}`);
  return message;
}
