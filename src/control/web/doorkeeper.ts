import type { IncomingMessage } from 'node:http';
import { Attempts, type Clock, type Logger, parseRecord } from '../../platform';
// Types, as from anywhere outside this folder.
import type { Control } from '..';
import { type Answer, because, json, nothing } from './answer';
import { readBody } from './body';
import { SessionCookie } from './cookie';
import { type Calls, type Guest, Guests } from './guests';
import { Invitations } from './invitations';
import { Login } from './login';
import { PasswordFile } from './password-file';
import { type Session, Sessions } from './sessions';

const MAX_LOGIN_BYTES = 4096;
const MAX_PASSWORD_LENGTH = 1024;
/** Longer than any token. */
const MAX_TOKEN_LENGTH = 64;

/** Who is let in. */
export type Admitted =
  | {
      /** Asked again at any later time. */
      readonly isAllowed: () => boolean;
    }
  | { readonly guest: Guest };

/** A link's secret, and when it and the guest are over. */
export interface Pass {
  readonly token: string;
  readonly until: Date;
}

/** Lets in who has a session or an invitation, and whoever asks where no password is configured. */
export class Doorkeeper {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #file: PasswordFile | undefined;
  readonly #sessions: Sessions;
  readonly #login: Login;
  readonly #invitations: Invitations;
  readonly #guests: Guests;
  /** Of those who show invitations that are none. */
  readonly #strays: Attempts;
  readonly #isEncrypted: boolean;
  #cookie: SessionCookie;
  #logins = 0;
  #refused = 0;

  constructor(
    { agent, clock, random }: Control,
    log: Logger,
    passwordFile: string | undefined,
    isEncrypted: boolean,
  ) {
    this.#clock = clock;
    this.#log = log;
    this.#file = passwordFile === undefined ? undefined : new PasswordFile(passwordFile, clock);
    this.#sessions = new Sessions(clock, random);
    this.#login = new Login(clock);
    this.#invitations = new Invitations(clock, random);
    this.#guests = new Guests(clock, random, () => this.#file?.line, callsOf(agent));
    this.#strays = new Attempts(clock);
    this.#isEncrypted = isEncrypted;
    this.#cookie = new SessionCookie(0, isEncrypted);
  }

  /** Told which port was taken. */
  listensAt(port: number): void {
    this.#cookie = new SessionCookie(port, this.#isEncrypted);
  }

  get status() {
    return {
      needsPassword: this.#file !== undefined,
      sessions: this.#sessions.count,
      invitations: this.#invitations.count,
      guests: this.#guests.count,
      logins: this.#logins,
      refusedLogins: this.#refused,
    };
  }

  /** Undefined: whoever asks is not let in. */
  admit(request: IncomingMessage): Admitted | undefined {
    if (this.#file === undefined) return { isAllowed: () => true };
    const session = this.#sessionOf(request, this.#file);
    if (!session) {
      const guest = this.#guests.of(this.#cookie.in(request));
      return guest && { guest };
    }
    const isAllowed = (): boolean => {
      const goesOn = this.#sessions.isGood(session, this.#file?.line);
      if (goesOn) this.#sessions.touch(session);
      return goesOn;
    };
    return { isAllowed };
  }

  /** GET /api/session */
  session(request: IncomingMessage): Answer {
    const admitted = this.admit(request);
    return json(200, {
      authenticated: admitted !== undefined,
      needsPassword: this.#file !== undefined,
      ...(admitted && 'guest' in admitted ? this.#termOf(admitted.guest) : {}),
    });
  }

  /** Makes an invitation. @returns in words why not, where that is so */
  async invite(forMs: number): Promise<Pass | string> {
    if (this.#file === undefined) {
      return 'the page has no password (web.passwordFile): whoever reaches it is let in already';
    }
    const line = await this.#recordIn(this.#file);
    if (line === undefined || !parseRecord(line)) return inWords(line);
    const token = this.#invitations.make(forMs, line);
    return { token, until: new Date(this.#clock.wallTime().getTime() + forMs) };
  }

  /** POST /api/invitation */
  async redeem(request: IncomingMessage): Promise<Answer> {
    const body = await readBody(request, MAX_LOGIN_BYTES);
    if ('refused' in body) return body.refused;
    const token = textIn(body.value, 'token', MAX_TOKEN_LENGTH);
    if (token === undefined) return notText('token', MAX_TOKEN_LENGTH);
    if (this.#file === undefined) return nothing();
    const line = await this.#recordIn(this.#file);
    const from = request.socket.remoteAddress ?? '';
    // Before it is asked how often he was wrong: nobody finds one of 2^128, and nobody keeps a guest out by trying.
    const until = line === undefined ? undefined : this.#invitations.take(token, line);
    if (line === undefined || until === undefined) return this.#refuse(from);
    this.#log.info('a guest has come', { from });
    const lifeMs = until - this.#clock.now();
    return nothing(this.#cookie.set(this.#guests.open(until, line), lifeMs));
  }

  /** A guest has begun a call. */
  guestBegan(guest: Guest, call: number): void {
    this.#guests.began(guest, call);
  }

  /** Ends guests and their calls. */
  close(): void {
    this.#guests.close();
  }

  /** POST /api/login */
  async logIn(request: IncomingMessage): Promise<Answer> {
    const body = await readBody(request, MAX_LOGIN_BYTES);
    if ('refused' in body) return body.refused;
    const password = textIn(body.value, 'password', MAX_PASSWORD_LENGTH);
    if (password === undefined) return notText('password', MAX_PASSWORD_LENGTH);
    return this.#file === undefined ? nothing() : this.#compare(request, this.#file, password);
  }

  /** POST /api/logout */
  async logOut(request: IncomingMessage): Promise<Answer> {
    const body = await readBody(request, MAX_LOGIN_BYTES);
    if ('refused' in body) return body.refused;
    const token = this.#cookie.in(request);
    this.#sessions.end(token);
    this.#guests.end(token);
    return nothing(this.#cookie.clear());
  }

  async #compare(request: IncomingMessage, file: PasswordFile, password: string): Promise<Answer> {
    const line = await this.#recordIn(file);
    const record = line === undefined ? undefined : parseRecord(line);
    if (line === undefined || !record) return because(503, inWords(line));
    const from = request.socket.remoteAddress ?? '';
    const attempt = await this.#login.attempt(password, record, from);
    if (attempt === 'right') {
      this.#logins += 1;
      this.#log.info('login', { from });
      return nothing(this.#cookie.set(this.#sessions.open(line)));
    }
    this.#refused += 1;
    this.#log.warn('login refused', { from });
    if (attempt === 'wrong') return because(401, 'the password is wrong');
    return tooSoon(attempt.retryAfterS);
  }

  /** The same words whether it is used up, has run out or never was. */
  #refuse(from: string): Answer {
    this.#refused += 1;
    const waitMs = this.#strays.waitOf(from);
    if (waitMs > 0) return tooSoon(Math.ceil(waitMs / 1000));
    this.#strays.wrong(from);
    this.#log.warn('invitation refused', { from });
    return because(401, 'the invitation is used up or over: ask for another one');
  }

  #termOf({ until }: Guest) {
    const leftMs = Math.max(0, until - this.#clock.now());
    return {
      guest: true,
      until: new Date(this.#clock.wallTime().getTime() + leftMs).toISOString(),
      leftS: Math.round(leftMs / 1000),
    };
  }

  /** Undefined when it cannot be read: it is not there, or another user's. */
  async #recordIn(file: PasswordFile): Promise<string | undefined> {
    try {
      return await file.read();
    } catch (error) {
      this.#log.error('the password file cannot be read', { error: String(error) });
      return undefined;
    }
  }

  #sessionOf(request: IncomingMessage, file: PasswordFile): Session | undefined {
    return this.#sessions.use(this.#cookie.in(request), file.line);
  }
}

function textIn(value: unknown, name: string, limit: number): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const text: unknown = Reflect.get(value, name);
  return typeof text === 'string' && text.length <= limit ? text : undefined;
}

function notText(path: string, limit: number): Answer {
  const expected = `a text of ${limit} characters at most`;
  return json(400, { problems: [{ path, found: 'something else', expected }] });
}

function tooSoon(retryAfterS: number): Answer {
  const reason = `too many attempts: try again in ${retryAfterS} s`;
  return because(429, reason, { 'Retry-After': String(retryAfterS) });
}

/** Why nobody can log in. */
function inWords(line: string | undefined): string {
  const why = line === undefined ? 'the password file cannot be read' : 'no password is set';
  return `${why}: run "dashvoip config set-password" on the camera`;
}

/** The agent's calls, for those whose time is over. */
function callsOf(agent: Control['agent']): Calls {
  const isUp = (number: number): boolean =>
    agent.status().calls.some(({ call, state }) => call === number && state !== 'ended');
  return { isUp, end: (call) => (isUp(call) ? agent.hangup(call) : undefined) };
}
