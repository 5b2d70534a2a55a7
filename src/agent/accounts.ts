import { isDeepStrictEqual } from 'node:util';
import type { IncomingSession, SipUserAgent } from '../sip';
import { Account, type AccountParts, type AccountStatus, type AgentAccount } from './account';
import type { Asked, CallerProof } from './caller-proof';
import { AgentException } from './exception';
import type { Mutes } from './muting';
import type { Policy } from './policy';
import type { Switches } from './status';

/** What of a call, or of a text, tells which account it is for. */
export type Called = Pick<
  IncomingSession,
  'calledUser' | 'calledDomain' | 'source' | 'isConnected'
>;

/** The account that a call goes out by. */
export interface Chosen {
  readonly account: Account;
  /** Why it is not the default one, in words. */
  readonly insteadOf?: string;
}

/** The accounts side by side; the first is the default. Where none is configured, a name at this machine's address. */
export class Accounts {
  readonly #parts: AccountParts;
  #policy: Policy;
  #list: readonly [Account, ...Account[]];
  #userAgent: SipUserAgent | undefined;
  /** Loaded where a policy asks for it. */
  #callerProof: CallerProof | undefined;

  constructor(configured: readonly AgentAccount[], parts: AccountParts) {
    this.#parts = parts;
    this.#policy = parts.policy;
    this.#list = this.#listOf(configured, []);
    this.#prepareProof();
  }

  get all(): readonly Account[] {
    return this.#list;
  }

  get default(): Account {
    return this.#list[0];
  }

  /**
   * Whom something from outside is for: of those with the user of the Request-URI the one whose server it came by,
   * which alone cannot be forged, then the one whose domain it was sent to.
   */
  calledBy({ calledUser, calledDomain, source, isConnected }: Called): Account {
    const rank = (account: Account): number =>
      (account.isServedFrom(source, isConnected) ? 2 : 0) + (account.isAt(calledDomain) ? 1 : 0);
    const [first = this.default] = this.#list
      .filter((account) => account.isCalledBy(calledUser))
      .sort((one, other) => rank(other) - rank(one));
    return first;
  }

  /**
   * The account of that name or address; without one the default, or the first that is registered when that is
   * not. @throws AgentException when there is no such account
   */
  choose(name?: string): Chosen {
    if (name !== undefined) return { account: this.find(name) };
    const { absence } = this.default;
    const other = absence === undefined ? undefined : this.#list.find((one) => !one.absence);
    if (!other) return { account: this.default };
    return { account: other, insteadOf: `${this.default.name} (${absence})` };
  }

  /** @throws AgentException */
  find(name: string): Account {
    const found = this.#list.find(
      (account) => account.name === name || account.configured?.uri === name,
    );
    if (found?.configured) return found;
    const known = this.#list.flatMap((account) => account.name ?? []);
    const words = known.length > 0 ? `one of ${known.join(', ')}` : 'none: none is configured';
    throw new AgentException(
      'no-account',
      `account: found ${JSON.stringify(name)}, expected ${words}`,
    );
  }

  /** The SIP port is open: those with a registrar register. */
  start(userAgent: SipUserAgent): void {
    this.#userAgent = userAgent;
    for (const account of this.#list) account.start(userAgent);
  }

  stop(): void {
    for (const account of this.#list) account.stop();
  }

  refresh(): void {
    for (const account of this.#list) account.refresh();
  }

  /** What is added registers, what is gone leaves its registrar, and what stays as it was hears nothing of it. */
  replace(configured: readonly AgentAccount[]): void {
    const former = this.#list;
    this.#list = this.#listOf(configured, former);
    this.#prepareProof();
    for (const account of former) {
      if (this.#list.includes(account)) continue;
      // Before it leaves: its registrar may have to be verified for that.
      this.#userAgent?.forget(account.identity);
      account.leave();
    }
    for (const account of this.#list) {
      if (!former.includes(account) && this.#userAgent) account.start(this.#userAgent);
    }
  }

  /** The agent's; an account's own goes before it. */
  set policy(policy: Policy) {
    this.#policy = policy;
    for (const account of this.#list) account.judgeBy(policy);
    this.#prepareProof();
  }

  /** Has somebody who calls directly prove who he is. */
  ask(asked: Asked): void {
    if (this.#callerProof) this.#callerProof.ask(asked);
    // In a moment it will be known who may call.
    else asked.request.refuseWith(480, [['Retry-After', 1]]);
  }

  tellPresence(isOnThePhone: boolean): void {
    for (const account of this.#list) account.tellPresence(isOnThePhone);
  }

  get switches(): Omit<Switches, keyof Mutes> {
    const { doNotDisturb = false, autoAnswer } = this.#policy;
    return { doNotDisturb, autoAnswer };
  }

  /** Of all of them, whatever the policy of each says. */
  setSwitch(name: Exclude<keyof Switches, keyof Mutes>, on: boolean): void {
    this.#policy = { ...this.#policy, [name]: on };
    for (const { doorKeeper } of this.#list) {
      doorKeeper.policy = { ...doorKeeper.policy, [name]: on };
    }
  }

  statuses(): AccountStatus[] {
    return this.#list.flatMap((account) => account.status(account === this.default) ?? []);
  }

  problems(listensOn: string): string[] {
    const ofEach = this.#list.flatMap((account) => account.problems(listensOn));
    return [...new Set([...ofEach, ...(this.#callerProof?.problems(this.#list) ?? [])])];
  }

  #prepareProof(): void {
    const policies = this.#list.map(({ doorKeeper }) => doorKeeper.policy);
    const path = policies.find(({ directCalls }) => directCalls === 'prove')?.callersFile;
    if (path === undefined || path === this.#callerProof?.path) return;
    import('./caller-proof')
      .then(async ({ openCallerProof }) => {
        this.#callerProof = await openCallerProof(path, this.#parts);
      })
      .catch((error: unknown) => this.#parts.log.error(String(error)));
  }

  #listOf(
    configured: readonly AgentAccount[],
    former: readonly Account[],
  ): readonly [Account, ...Account[]] {
    const make = (wanted: AgentAccount | undefined): Account => {
      const kept = former.find(({ configured }) => isSameAtServer(configured, wanted));
      if (!kept) return new Account(wanted, { ...this.#parts, policy: this.#policy });
      kept.judgeBy(this.#policy, wanted?.policy ?? {});
      return kept;
    };
    const [first, ...others] = configured;
    return [make(first), ...others.map(make)];
  }
}

/** Its policy is nothing that its server knows of. */
function isSameAtServer(one: AgentAccount | undefined, other: AgentAccount | undefined): boolean {
  return isDeepStrictEqual(
    one && { ...one, policy: undefined },
    other && { ...other, policy: undefined },
  );
}
