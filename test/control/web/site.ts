import { scryptSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema } from '../../../src/config';
import {
  COMMANDS,
  type Control,
  carryOut,
  type Surface,
  type WebStatus,
} from '../../../src/control';
import { openWeb, type WebOptions } from '../../../src/control/web';
import { silentLogger } from '../../../src/platform';
import { type Bench, startedBench } from '../../agent/fakes';
import { controlOf } from '../fakes';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  json(): unknown;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** As JSON, with its type; text as it is. */
  readonly body?: unknown;
}

/** A page that is served on 127.0.0.1, over an agent between fakes. */
export interface Site extends Bench {
  readonly control: Control;
  readonly port: number;
  readonly folder: string;
  readonly status: WebStatus;
  ask(path: string, how?: Ask): Promise<Reply>;
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** The response as soon as its head is there. */
  open(path: string, headers?: Readonly<Record<string, string>>): Promise<IncomingMessage>;
  /** Logs in, and gives the headers that say so. */
  logIn(password: string): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

/** A password's record, made so that comparing takes no time. */
export function cheapRecord(password: string): string {
  const salt = Buffer.from('a salt of sixteen');
  const hash = scryptSync(password, salt, 32, { N: 2, r: 1, p: 1 });
  const text = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=1,r=1,p=1$${text(salt)}$${text(hash)}`;
}

/**
 * @param password none: the page asks for none.
 * @param open of another build.
 */
export async function openSite(
  options: Partial<WebOptions> = {},
  password?: string,
  open = openWeb,
): Promise<Site> {
  const bench = await startedBench();
  const control = controlOf(bench);
  const folder = mkdtempSync(join(tmpdir(), 'dashvoip-web-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  const passwordFile = join(folder, 'password');
  if (password !== undefined) writeFileSync(passwordFile, `${cheapRecord(password)}\n`);
  const web: Surface = await open({
    ...{ control, commands: COMMANDS, carryOut, configurationSchema: configSchema },
    ...{
      log: silentLogger,
      pageFolder: folder,
      address: '127.0.0.1',
      port: 0,
      tls: { kind: 'none' },
    },
    ...(password === undefined ? {} : { passwordFile }),
    ...options,
  });
  const statusNow = (): WebStatus => {
    const status = control.surfaces.web?.();
    if (!status) throw new Error('the page has no status');
    return status;
  };
  const { port } = statusNow();
  const start = (path: string, { method = 'GET', headers, body }: Ask): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const asked = request({
        ...{ host: '127.0.0.1', port, path, method, agent: false },
        headers: {
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
      });
      asked.on('response', resolve).on('error', reject);
      asked.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
    });
  const ask: Site['ask'] = async (path, how = {}) => {
    const response = await start(path, how);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const { statusCode: status = 0, headers } = response;
    return { status, headers, text, json: () => JSON.parse(text) };
  };
  return {
    ...bench,
    ...{ control, port, folder, ask },
    get status() {
      return statusNow();
    },
    post: (path, body = {}, headers = {}) => ask(path, { method: 'POST', body, headers }),
    logIn: async (secret) => {
      const { headers, status } = await ask('/api/login', {
        ...{ method: 'POST', body: { password: secret } },
      });
      if (status !== 204) throw new Error(`the login came to ${status}`);
      return { Cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
    },
    open: (path, headers = {}) => start(path, { headers }),
    close: async () => {
      await web.close();
      rmSync(folder, { recursive: true });
    },
  };
}
