import { AgentException, type AgentRefusal } from '../../agent';
import { type Logger, maskPasswords } from '../../platform';
import { problemText, type Refused } from '../../schema';
import { CommandRefusal, type Control } from '../control';
import { COMMAND_MESSAGES, type CommandMessage, SESSION_MESSAGES } from './messages';
import { RVAL, type RvalName } from './rval';
import { Sessions } from './sessions';
import {
  decode,
  isPadding,
  MAX_REQUEST_BYTES,
  NOTIFICATION,
  type Reply,
  type Sender,
} from './wire';

/** Replies a second to datagrams that are no commands. */
const COMPLAINTS_PER_SECOND = 20;

const RVAL_OF_REFUSAL: Readonly<Record<AgentRefusal, RvalName>> = {
  'wrong-state': 'invalidOperation',
  'refused-by-peer': 'invalidOperation',
  busy: 'busy',
  'bad-target': 'invalidParameter',
  'not-ready': 'notReady',
  'no-resource': 'unknownError',
};

/** Messages that need a session and are about nothing else. */
const ASK_THE_SESSION: readonly number[] = [
  SESSION_MESSAGES.stop.id,
  SESSION_MESSAGES.keepAlive.id,
];

type Fields = Readonly<Record<string, unknown>>;

/** Datagrams in, replies out: everything of the command server but its socket. */
export class Dispatcher {
  readonly counters = { received: 0, answered: 0, complaints: 0, suppressed: 0, ignored: 0 };
  readonly sessions: Sessions;
  readonly #control: Control;
  readonly #log: Logger;
  #complaints = 0;
  #complaintsSince = 0;

  constructor(control: Control, log: Logger) {
    this.#control = control;
    this.#log = log;
    this.sessions = new Sessions(control.clock, control.random);
  }

  /** The reply to one datagram; undefined when it gets none. Never rejects. */
  async handle(datagram: Uint8Array, sender: Sender): Promise<Reply | undefined> {
    this.counters.received += 1;
    const read = readRequest(datagram);
    if (read === undefined) {
      this.counters.ignored += 1;
      return undefined;
    }
    const reply = 'rval' in read ? this.#complaint(read) : await this.#serve(read, sender);
    if (reply) this.counters.answered += 1;
    return reply;
  }

  async #serve(request: Request, sender: Sender): Promise<Reply | undefined> {
    const { id, fields } = request;
    if (id === SESSION_MESSAGES.start.id) return this.#startSession(sender);
    const message = COMMAND_MESSAGES.find((candidate) => candidate.id === id);
    if (!message && !ASK_THE_SESSION.includes(id)) {
      return this.#complaint(failure('unsupported', `there is no message ${id}`, id));
    }
    const session = this.sessions.find(fields.token, sender);
    if (!session) {
      const reason = `no session has this token; start one with message ${SESSION_MESSAGES.start.id}`;
      return this.#complaint(failure('invalidToken', reason, id));
    }
    if (message) return this.#run(message, fields.param);
    if (id === SESSION_MESSAGES.stop.id) this.sessions.stop(session.token);
    return { rval: RVAL.ok, msg_id: id };
  }

  #startSession(sender: Sender): Reply {
    const session = this.sessions.start(sender);
    this.#log.debug('session started', { address: sender.address, port: sender.port });
    return { rval: RVAL.ok, msg_id: SESSION_MESSAGES.start.id, param: session.token };
  }

  async #run({ id, command }: CommandMessage, param: unknown): Promise<Reply> {
    const prepared = command.prepare(param);
    if ('problems' in prepared) return wrongParameter(id, prepared);
    try {
      const result = await prepared.run({ ...this.#control, counters: this.counters });
      return { rval: RVAL.ok, msg_id: id, ...(result === undefined ? {} : { param: result }) };
    } catch (error) {
      return this.#failed(id, command.name, error);
    }
  }

  #failed(id: number, name: string, error: unknown): Reply {
    if (error instanceof AgentException) {
      const reply = failure(RVAL_OF_REFUSAL[error.refusal], error.message, id);
      return error.refusal === 'bad-target' ? { ...reply, param: 'uri' } : reply;
    }
    if (error instanceof CommandRefusal) {
      return { ...failure('invalidParameter', error.message, id), param: error.param };
    }
    this.#log.error('command failed', { name, error: String(error) });
    return failure('unknownError', 'internal error; the log has more', id);
  }

  /** Complaints go out at a bounded rate and are never long: nobody gains by provoking them. */
  #complaint(reply: Reply): Reply | undefined {
    const now = this.#control.clock.now();
    if (now - this.#complaintsSince >= 1000) {
      this.#complaintsSince = now;
      this.#complaints = 0;
    }
    this.#complaints += 1;
    this.counters.complaints += 1;
    if (this.#complaints <= COMPLAINTS_PER_SECOND) return reply;
    this.counters.suppressed += 1;
    return undefined;
  }
}

interface Request {
  readonly id: number;
  readonly fields: Fields;
}

/** The request in a datagram, the complaint it earns, or undefined for what is never answered. */
function readRequest(datagram: Uint8Array): Request | Reply | undefined {
  if (datagram.length >= MAX_REQUEST_BYTES) {
    return failure('packageError', `longer than ${MAX_REQUEST_BYTES - 1} bytes`);
  }
  if (datagram.every(isPadding)) return undefined;
  let value: unknown;
  try {
    value = decode(datagram);
  } catch {
    return failure('syntaxError', 'not JSON');
  }
  if (!isFields(value)) return failure('packageError', 'not a JSON object');
  const id = value.msg_id;
  if ('rval' in value || id === NOTIFICATION) return undefined;
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) {
    return { ...failure('invalidParameter', 'msg_id: expected a whole number'), param: 'msg_id' };
  }
  return { id, fields: value };
}

/** Names the first parameter that is wrong, with what was found and what was expected. */
export function wrongParameter(id: number, { problems: [problem] }: Refused): Reply {
  const name = problem.path || 'param';
  const reason = problemText({ ...problem, path: name });
  return { ...failure('invalidParameter', reason, id), param: name };
}

/** `id` is 0 when the request does not tell. */
function failure(name: RvalName, reason: string, id = 0): Reply {
  return { rval: RVAL[name], msg_id: id, reason: maskPasswords(reason) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
