import type { InviteSession, ReferenceEnd } from '../sip';
import { AgentException } from './exception';

/** How a transfer gets on. */
export interface TransferStatus {
  readonly call: number;
  /** Whom the far end is to talk to, as it was asked for. */
  readonly to: string;
  readonly state: /** The far end has taken it, and calls. */
    | 'calling'
    | 'ringing'
    /** It talks to them; the call here ends. */
    | 'done'
    /** It could not reach them; the call here goes on. */
    | 'failed'
    /** It tells no more: the call here goes on until somebody ends it. */
    | 'unknown';
  /** What was said to it, in words; empty where nothing was. */
  readonly detail: string;
}

export interface TransferOptions {
  readonly call: number;
  readonly session: InviteSession;
  /** A SIP URI, or the session whose far end is meant. */
  readonly to: string | InviteSession;
  readonly words: string;
  readonly onChange: (status: TransferStatus) => void;
}

/** Hands the far end of a call over to somebody else. Resolves when it has taken that. @throws AgentException */
export function transfer({ call, session, to, words, onChange }: TransferOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let isTaken = false;
    const tell = (state: TransferStatus['state'], detail = ''): void =>
      onChange({ call, to: words, state, detail });
    const hasBegun = session.refer(to, {
      onTaken: () => {
        isTaken = true;
        resolve();
        tell('calling');
      },
      onProgress: ({ status, reason }) => {
        if (status > 100) tell('ringing', `${status} ${reason}`.trim());
      },
      onEnd: (end) => {
        if (isTaken) tell(...ended(end));
        else reject(refused(call, end));
      },
    });
    if (!hasBegun) {
      reject(
        new AgentException('wrong-state', `call ${call} cannot be transferred: not both are up`),
      );
    }
  });
}

function ended(end: ReferenceEnd): [state: TransferStatus['state'], detail: string] {
  switch (end.kind) {
    case 'done':
      return ['done', ''];
    case 'failed':
      return ['failed', `${end.status} ${end.reason}`.trim()];
    case 'unknown':
      return ['unknown', end.reason];
  }
}

function refused(call: number, end: ReferenceEnd): AgentException {
  const [, detail] = ended(end);
  return new AgentException(
    'refused-by-peer',
    `call ${call}: the far end takes no transfer: ${detail}`,
  );
}
