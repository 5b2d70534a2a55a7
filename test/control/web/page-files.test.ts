import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSite, type Site } from './site';

let site: Site;
beforeEach(async () => {
  site = await openSite({}, 'secret word');
});
afterEach(() => site.close());

const put = (name: string, content: string | Uint8Array): void =>
  writeFileSync(join(site.folder, name), content);

describe('the page’s files', () => {
  it('are shown to whoever has not logged in yet', async () => {
    put('page.js', 'run()');
    put('page.css', 'a{}');
    const [page, script, style] = [
      await site.ask('/'),
      await site.ask('/page.js'),
      await site.ask('/page.css'),
    ];
    expect([page.status, page.text]).toEqual([200, '<!doctype html><title>page</title>']);
    expect([page, script, style].map(({ headers }) => headers['content-type'])).toEqual([
      'text/html; charset=utf-8',
      'text/javascript; charset=utf-8',
      'text/css; charset=utf-8',
    ]);
    expect(script.text).toBe('run()');
  });

  it('are read when they are asked for', async () => {
    expect((await site.ask('/late.svg')).status).toBe(404);
    put('late.svg', '<svg/>');
    expect((await site.ask('/late.svg')).text).toBe('<svg/>');
    put('late.svg', '<svg></svg>');
    expect((await site.ask('/late.svg')).text).toBe('<svg></svg>');
  });

  it('come packed where the browser takes it', async () => {
    put('page.js', 'run()');
    put('page.js.gz', gzipSync('run()'));
    const packed = await site.ask('/page.js', { headers: { 'Accept-Encoding': 'br, gzip' } });
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: 'Accept-Encoding',
      'content-type': 'text/javascript; charset=utf-8',
    });
    for (const accepted of ['identity', 'gzip;q=0', 'br']) {
      const plain = await site.ask('/page.js', { headers: { 'Accept-Encoding': accepted } });
      expect([accepted, plain.text]).toEqual([accepted, 'run()']);
    }
  });

  it('are not sent twice', async () => {
    const { headers } = await site.ask('/');
    expect(headers['cache-control']).toBe('no-cache');
    const again = { 'If-None-Match': headers.etag ?? '' };
    const reply = await site.ask('/', { headers: again });
    expect([reply.status, reply.text]).toEqual([304, '']);
    put('index.html', '<!doctype html><title>egap</title>');
    expect((await site.ask('/', { headers: again })).status).toBe(200);
  });

  it('are the only ones', async () => {
    mkdirSync(join(site.folder, 'folder.js'));
    put('page.txt', 'no');
    put('.hidden.js', 'no');
    for (const path of [
      ...[
        '/password',
        '/../package.json',
        '/%2e%2e/package.json',
        '/..%2fpackage.json',
        '/page.txt',
      ],
      ...[
        '/.hidden.js',
        '/folder.js',
        '/folder.js/x.js',
        '/page.js.gz',
        '//etc/passwd',
        '/a%00.js',
      ],
      ...['/INDEX.HTML', '/index.html/', '/constructor', '/x.__proto__', '/%', '/%ff.js'],
    ]) {
      const reply = await site.ask(path);
      expect([path, reply.status, reply.text]).toEqual([
        path,
        404,
        '{"reason":"there is nothing here"}',
      ]);
    }
  });

  it('can be asked for their heads', async () => {
    const reply = await site.ask('/', { method: 'HEAD' });
    expect([reply.status, reply.text, reply.headers['content-length']]).toEqual([200, '', '34']);
  });
});

describe('every answer', () => {
  it.each(['/', '/nothing', '/api/session', '/api/commands'])(
    'of %s guards the page',
    async (path) => {
      const { headers } = await site.ask(path);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
          "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      if (path.startsWith('/api')) expect(headers['cache-control']).toBe('no-store');
    },
  );
});

describe('without its files', () => {
  it('the page says what is missing', async () => {
    const bare = await openSite({ pageFolder: '/nonexistent/page' });
    const reply = await bare.ask('/');
    expect([reply.status, reply.json()]).toEqual([
      503,
      {
        reason:
          'the page’s files are not installed: they belong into the folder page/ beside dashvoip.cjs',
      },
    ]);
    expect((await bare.ask('/page.js')).status).toBe(404);
    await bare.close();
  });
});
