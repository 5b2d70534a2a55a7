import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type Answer, because } from './answer';

/** What a page is made of; nothing else is served. */
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** A file right in the folder: no other place can be named. */
const NAME = /^\/([a-z\d][a-z\d-]{0,60}\.[a-z]{2,11})$/;

/** The page's own files, in a folder beside the bundle. They are read when asked for, and not kept. */
export class PageFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async answer(path: string, headers: NodeJS.Dict<string | string[]>): Promise<Answer> {
    const name = path === '/' ? 'index.html' : NAME.exec(path)?.[1];
    const type = name === undefined ? undefined : TYPES[extname(name)];
    if (name === undefined || type === undefined) return because(404, 'there is nothing here');
    const packed = takesGzip(headers['accept-encoding'])
      ? await this.#read(`${name}.gz`)
      : undefined;
    const body = packed ?? (await this.#read(name));
    if (!body) return this.#missing(path);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const always = { ETag: etag, 'Cache-Control': 'no-cache', Vary: 'Accept-Encoding' };
    if (headers['if-none-match'] === etag) return { status: 304, headers: always };
    const encoding: Record<string, string> = packed ? { 'Content-Encoding': 'gzip' } : {};
    return { status: 200, headers: { ...always, ...encoding, 'Content-Type': type }, body };
  }

  #missing(path: string): Answer {
    if (path !== '/') return because(404, 'there is nothing here');
    return because(
      503,
      'the page’s files are not installed: they belong into the folder page/ beside dashvoip.cjs',
    );
  }

  async #read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#folder, name));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
      throw error;
    }
  }
}

function takesGzip(accepted: string | string[] | undefined): boolean {
  return /(?:^|[\s,])gzip(?!;\s?q=0(?:\.0*)?(?:,|$))/.test(String(accepted ?? ''));
}
