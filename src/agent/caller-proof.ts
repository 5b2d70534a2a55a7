import {
  Attempts,
  type CallerRecord,
  type Clock,
  callersRealm,
  type Logger,
  type Random,
} from '../platform';
import {
  ASKED_ALGORITHMS,
  type AskedAlgorithm,
  type DigestRealm,
  DigestServer,
  type IncomingSession,
} from '../sip';
import type { Account } from './account';
import { type Caller, provedAs } from './caller';
import { CallersFile } from './callers-file';

/** Somebody who has to prove who he is. */
export interface Asked {
  readonly request: Pick<IncomingSession, 'claim' | 'refuseWith'>;
  readonly caller: Caller;
  readonly account: Account;
  readonly onProved: (caller: Caller) => void;
  /** He is refused, and not merely asked; in words. */
  readonly onRefused: (status: number, reason: string) => void;
}

export interface CallerProofParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** Those who call directly prove who they are (RFC 3261 §22.2) by a password whose record is in the callers' file. */
export class CallerProof {
  readonly #server: DigestServer;
  readonly #file: CallersFile;

  constructor({ clock, random }: CallerProofParts, file: CallersFile) {
    this.#server = new DigestServer(clock, random, new Attempts(clock));
    this.#file = file;
  }

  get path(): string {
    return this.#file.path;
  }

  /** Judges by what the request brings, and refuses it unless that is a proof. */
  ask({ request, caller, account, onProved, onRefused }: Asked): void {
    const realm = this.#realmOf(account);
    const { address } = caller;
    const verdict = this.#server.judge(request.claim, realm, address);
    const challenge = (isStale = false): void =>
      request.refuseWith(401, this.#server.challenge(realm, address, isStale));
    switch (verdict.kind) {
      case 'proved':
        onProved(provedAs(`sip:${verdict.user}@${realm.realm}`, caller));
        break;
      case 'ask':
        challenge(verdict.isStale);
        break;
      case 'wrong':
        onRefused(401, `wrong password, or no such caller: ${JSON.stringify(verdict.user)}`);
        challenge();
        break;
      case 'wait': {
        const seconds = Math.ceil(verdict.waitMs / 1000);
        onRefused(480, `wrong passwords came from there: not heard for ${seconds} s`);
        request.refuseWith(480, [['Retry-After', seconds]]);
        break;
      }
      case 'unusable':
        onRefused(400, `credentials: ${verdict.problem}`);
        request.refuseWith(400, []);
        break;
    }
  }

  /** What keeps people from proving who they are to those of the accounts that ask, in words. */
  problems(accounts: readonly Account[]): string[] {
    const { faults, path } = this.#file;
    const asking = accounts.filter(({ doorKeeper }) => doorKeeper.policy.directCalls === 'prove');
    const realms = [...new Set(asking.map(realmOf))];
    if (asking.length === 0) return [];
    return [
      ...faults,
      ...realms
        .filter((realm) => this.#callersOf(realm).length === 0)
        .map(
          (realm) =>
            `policy: directCalls is "prove", and ${path} has nobody of the realm ${realm}: run "dashvoip config set-caller NAME"`,
        ),
    ];
  }

  #realmOf(account: Account): DigestRealm {
    const realm = realmOf(account);
    const callers = this.#callersOf(realm);
    const isHad = (one: AskedAlgorithm): boolean => callers.some((caller) => hashOf(caller, one));
    return {
      realm,
      // Asked for is what somebody can answer; where nobody can, that is not told.
      algorithms: ASKED_ALGORITHMS.filter((one) => callers.length === 0 || isHad(one)),
      secretOf: (user, algorithm) => {
        const caller = callers.find(({ name }) => name === user);
        return caller && hashOf(caller, algorithm);
      },
    };
  }

  #callersOf(wanted: string): CallerRecord[] {
    return this.#file.callers.filter(({ realm }) => realm === wanted);
  }
}

/** Knows who may prove himself by the file at `path`. Never rejects. */
export async function openCallerProof(path: string, parts: CallerProofParts): Promise<CallerProof> {
  const file = new CallersFile(path, parts.clock, parts.log);
  await file.read();
  return new CallerProof(parts, file);
}

function realmOf({ configured, doorKeeper }: Account): string {
  return callersRealm(configured?.uri, doorKeeper.policy.callersRealm);
}

function hashOf({ sha256, md5 }: CallerRecord, algorithm: AskedAlgorithm): string | undefined {
  return algorithm === 'MD5' ? md5 : sha256;
}
