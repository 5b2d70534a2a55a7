import type { Logger, Random } from '../platform';
import type { Account } from './account';
import { SecureMedia, speakerOf } from './browser-media';
import { type BrowserCaller, BrowserSession } from './browser-session';
import type { Call, MediaSlot } from './call';
import { type CallList, isHoldable } from './call-list';
import { callerOf } from './caller';
import type { Emergency } from './emergency';
import { AgentException } from './exception';
import { MAX_LINES, MAX_WAITING, type Refusal } from './policy';
import type { Visit } from './visit';

const HELP = 'an emergency call is under way';

/** Of a browser's call. */
export interface AnsweredBrowser {
  readonly call: number;
  readonly answer: string;
}

export interface BrowserCallParts {
  readonly canEncrypt: boolean;
  readonly doNotDisturb: boolean;
  readonly account: Account;
  readonly calls: CallList;
  readonly emergency: Emergency;
  /** Nothing is in its way, whoever dialled it. */
  readonly isForHelp: (call: Call) => boolean;
  /** Calls refused since the start. */
  readonly refused: Record<Refusal, number>;
  readonly random: Random;
  readonly log: Logger;
  readonly adopt: (visit: Visit, media: MediaSlot) => Call;
}

/**
 * A browser calls that the page has let in: it is answered at once, and whoever talks is put on hold. The call is
 * up when ICE and DTLS are done. @throws AgentException
 */
export async function callFromBrowser(
  caller: BrowserCaller,
  parts: BrowserCallParts,
): Promise<AnsweredBrowser> {
  const { account, refused, random, log, adopt } = parts;
  if (!parts.canEncrypt) {
    throw new AgentException('no-resource', 'this node has no OpenSSL: browsers cannot call');
  }
  const refusal = refusalOf(parts);
  if (refusal) {
    refused[refusal.why] += 1;
    throw new AgentException('busy', refusal.words);
  }
  const peer = speakerOf(caller.offer);
  const id = `browser-${Buffer.from(random.bytes(8)).toString('hex')}`;
  const secure = new SecureMedia(peer, caller.identity, random, {
    onSecured: () => session.confirm(),
    onFailed: () => {
      refused.insecure += 1;
    },
  });
  const media: MediaSlot = { secure };
  const silentMs = (): number | undefined => media.opened?.snapshot().silentMs;
  const session = new BrowserSession(id, caller, silentMs, log);
  const call = adopt({ session, account, caller: callerOf(session, account) }, media);
  try {
    await holdFor(call, session, parts);
    // Somebody may have called for help meanwhile, or have seen to this call.
    if (asksForHelp(parts)) throw new AgentException('busy', HELP);
    if (call.isWaiting) call.answer();
  } catch (error) {
    session.reject(480);
    throw session.refused(error);
  }
  if (session.answer === undefined) throw new AgentException('wrong-state', 'refused here');
  return { call: call.id, answer: session.answer };
}

/** Whoever talks is held; and talks on when the browser's call ends before it is up. @throws AgentException */
async function holdFor(
  call: Call,
  session: BrowserSession,
  parts: BrowserCallParts,
): Promise<void> {
  const { calls, log } = parts;
  for (const one of calls.all) if (one !== call && isHoldable(one)) calls.displaced.add(one);
  const held = calls.holdAllBut([call]);
  const giveBack = async (): Promise<void> => {
    // Somebody else may have been called, be answered, or be taken up again meanwhile.
    const isFree = calls.all.every((one) => one === call || one.heldByUs || one.isWaiting);
    if (!isFree || asksForHelp(parts)) return;
    const displaced = [...calls.displaced];
    calls.displaced.clear();
    await calls.resumeAll(displaced);
  };
  let wasUp = false;
  session.events.on('confirmed', () => {
    wasUp = true;
    calls.displaced.clear();
  });
  session.events.on('ended', () => {
    if (wasUp) return;
    void held
      .catch(() => undefined)
      .then(giveBack)
      .catch((error) => log.warn('a call stays on hold', { error: String(error) }));
  });
  await held;
}

function asksForHelp({
  emergency,
  calls,
  isForHelp,
}: Pick<BrowserCallParts, 'emergency' | 'calls' | 'isForHelp'>): boolean {
  return emergency.isUnderWay || calls.all.some((call) => call.hasLine && isForHelp(call));
}

/** Why no browser may call now, if so. */
function refusalOf({
  doNotDisturb,
  calls,
  ...parts
}: BrowserCallParts): { readonly why: Refusal; readonly words: string } | undefined {
  if (doNotDisturb) return { why: 'notDisturbed', words: 'do not disturb is on' };
  if (asksForHelp({ calls, ...parts })) return { why: 'busy', words: HELP };
  const lines = calls.all.filter(({ hasLine }) => hasLine);
  const isFull = lines.length >= MAX_LINES || calls.all.length - lines.length >= MAX_WAITING;
  if (isFull) return { why: 'busy', words: 'all lines are taken' };
  const dialled = lines.find(({ isUp }) => !isUp);
  return dialled && { why: 'busy', words: `call ${dialled.id} is being dialled` };
}
