import type { IncomingMessage } from 'node:http';
import { type Logger, parseRecord } from '../../platform';
// Types, as from anywhere outside this folder.
import type { Control } from '..';
import { type Answer, because, json, nothing } from './answer';
import { readBody } from './body';
import { SessionCookie } from './cookie';
import { Login } from './login';
import { PasswordFile } from './password-file';
import { type Session, Sessions } from './sessions';

const MAX_LOGIN_BYTES = 4096;
const MAX_PASSWORD_LENGTH = 1024;

/** Lets in who has a session, and whoever asks where no password is configured. */
export class Doorkeeper {
  readonly #log: Logger;
  readonly #file: PasswordFile | undefined;
  readonly #sessions: Sessions;
  readonly #login: Login;
  readonly #isEncrypted: boolean;
  #cookie: SessionCookie;
  #logins = 0;
  #refused = 0;

  constructor(
    { clock, random }: Control,
    log: Logger,
    passwordFile: string | undefined,
    isEncrypted: boolean,
  ) {
    this.#log = log;
    this.#file = passwordFile === undefined ? undefined : new PasswordFile(passwordFile, clock);
    this.#sessions = new Sessions(clock, random);
    this.#login = new Login(clock);
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
      logins: this.#logins,
      refusedLogins: this.#refused,
    };
  }

  /** How long whoever asks is let in: asked again at any later time. Undefined: not at all. */
  admit(request: IncomingMessage): (() => boolean) | undefined {
    if (this.#file === undefined) return () => true;
    const session = this.#sessionOf(request, this.#file);
    if (!session) return undefined;
    return () => {
      const goesOn = this.#sessions.isGood(session, this.#file?.line);
      if (goesOn) this.#sessions.touch(session);
      return goesOn;
    };
  }

  /** GET /api/session */
  session(request: IncomingMessage): Answer {
    return json(200, {
      authenticated: this.admit(request) !== undefined,
      needsPassword: this.#file !== undefined,
    });
  }

  /** POST /api/login */
  async logIn(request: IncomingMessage): Promise<Answer> {
    const body = await readBody(request, MAX_LOGIN_BYTES);
    if ('refused' in body) return body.refused;
    const password = passwordIn(body.value);
    if (password === undefined) {
      const found = 'something else';
      const expected = `a text of ${MAX_PASSWORD_LENGTH} characters at most`;
      return json(400, { problems: [{ path: 'password', found, expected }] });
    }
    return this.#file === undefined ? nothing() : this.#compare(request, this.#file, password);
  }

  /** POST /api/logout */
  async logOut(request: IncomingMessage): Promise<Answer> {
    const body = await readBody(request, MAX_LOGIN_BYTES);
    if ('refused' in body) return body.refused;
    this.#sessions.end(this.#cookie.in(request));
    return nothing(this.#cookie.clear());
  }

  async #compare(request: IncomingMessage, file: PasswordFile, password: string): Promise<Answer> {
    const line = await this.#recordIn(file);
    const record = line === undefined ? undefined : parseRecord(line);
    if (line === undefined || !record) {
      const why = line === undefined ? 'the password file cannot be read' : 'no password is set';
      return because(503, `${why}: run "dashvoip config set-password" on the camera`);
    }
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
    const { retryAfterS } = attempt;
    const reason = `too many attempts: try again in ${retryAfterS} s`;
    return because(429, reason, { 'Retry-After': String(retryAfterS) });
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

function passwordIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('password' in value)) return undefined;
  const { password } = value;
  const isText = typeof password === 'string' && password.length <= MAX_PASSWORD_LENGTH;
  return isText ? password : undefined;
}
