import { execFileSync } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PeerCertificate, TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tls } from '../../../src/control/web';
import { Authority } from '../../toolkit/peers/authority';
import { openSite, type Site } from './site';

let directory: string;
const sites: Site[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dashvoip-tls-'));
});
afterEach(async () => {
  for (const site of sites.splice(0)) await site.close();
  rmSync(directory, { recursive: true });
});

async function openWith(tls: Tls, name?: string, password?: string): Promise<Site> {
  const site = await openSite({ tls, ...(name === undefined ? {} : { name }) }, password);
  sites.push(site);
  return site;
}
const selfMade = (): Tls => ({ kind: 'self-made', directory });
const kept = (name: string): string => readFileSync(join(directory, name), 'utf8');

interface SecureReply {
  readonly status: number | undefined;
  readonly cookie: string | undefined;
  readonly certificate: PeerCertificate;
}

/** Asks by TLS, with nothing trusted but `ca`. */
function ask(port: number, ca: string, host: string, how: object = {}): Promise<SecureReply> {
  return new Promise((resolve, reject) => {
    const { body, ...options } = { body: undefined as string | undefined, ...how };
    const asked = request({
      ...{ host: '127.0.0.1', port, ca, servername: host, agent: false, path: '/api/session' },
      ...options,
      headers: { Host: host, ...(body ? { 'Content-Type': 'application/json' } : {}) },
    });
    asked.on('error', reject).on('response', (response) => {
      const { socket } = response;
      const certificate =
        socket instanceof TLSSocket ? socket.getPeerCertificate() : expect.fail('no TLS');
      response.resume().on('end', () =>
        resolve({
          status: response.statusCode,
          cookie: response.headers['set-cookie']?.[0],
          certificate,
        }),
      );
    });
    asked.end(body);
  });
}

describe('a certificate of the device’s own', () => {
  it('is taken by OpenSSL, also where it is strict', async () => {
    await openWith(selfMade(), 'car-17.example.org');
    const file = join(directory, 'web.crt');
    const openssl = (...args: string[]): string =>
      execFileSync('openssl', args, { encoding: 'utf8' });
    const trusted = ['-CAfile', file];
    for (const name of ['car-17.example.org', 'localhost']) {
      expect(
        openssl(
          'verify',
          '-x509_strict',
          '-purpose',
          'sslserver',
          ...trusted,
          '-verify_hostname',
          name,
          file,
        ),
      ).toBe(`${file}: OK\n`);
    }
    expect(openssl('verify', ...trusted, '-verify_ip', '127.0.0.1', file)).toBe(`${file}: OK\n`);
    expect(() => openssl('verify', ...trusted, '-verify_hostname', 'evil.example', file)).toThrow();
    const text = openssl('x509', '-in', file, '-noout', '-text');
    for (const part of [
      ...['Version: 3', 'Subject: CN = dashvoip', 'ASN1 OID: prime256v1', 'ecdsa-with-SHA256'],
      ...['CA:FALSE', 'Digital Signature', 'TLS Web Server Authentication'],
      ...['Not Before: Jan  1 00:00:00 2000 GMT', 'Not After : Dec 31 23:59:59 9999 GMT'],
    ]) {
      expect(text).toContain(part);
    }
  });

  it('lets browsers in that trust it, by each of its names', async () => {
    const { port, status } = await openWith(selfMade(), 'car-17.example.org');
    for (const host of ['localhost', 'car-17.example.org']) {
      const { certificate, ...reply } = await ask(port, kept('web.crt'), host);
      expect(reply.status).toBe(200);
      expect(certificate.fingerprint256).toBe(status.fingerprint);
    }
    await expect(ask(port, kept('web.crt'), 'evil.example')).rejects.toThrow(/altnames/);
  });

  it('is kept, and nobody else may read its key', async () => {
    const [first, second] = [await openWith(selfMade()), await openWith(selfMade())];
    expect(second.status.fingerprint).toBe(first.status.fingerprint);
    expect(statSync(join(directory, 'web.key')).mode & 0o777).toBe(0o600);
  });

  it('is made anew of the same key for another name', async () => {
    const first = await openWith(selfMade());
    const key = kept('web.key');
    const second = await openWith(selfMade(), '2001:db8::7');
    expect(second.status.fingerprint).not.toBe(first.status.fingerprint);
    expect(kept('web.key')).toBe(key);
    expect(new X509Certificate(kept('web.crt')).checkIP('2001:db8::7')).toBe('2001:db8::7');
  });

  it('is made anew where what is kept is torn', async () => {
    await openWith(selfMade());
    writeFileSync(join(directory, 'web.key'), kept('web.key').slice(0, 60));
    writeFileSync(join(directory, 'web.crt'), randomBytes(100));
    const { port } = await openWith(selfMade());
    expect((await ask(port, kept('web.crt'), 'localhost')).status).toBe(200);
  });

  it('that cannot be kept is used all the same', async () => {
    writeFileSync(join(directory, 'file'), '');
    const nowhere = join(directory, 'file', 'folder');
    const { port, status } = await openWith({ kind: 'self-made', directory: nowhere });
    expect(status).toMatchObject({ detail: '', encrypted: true });
    await expect(ask(port, '', 'localhost')).rejects.toThrow(/self.signed/);
  });
});

describe('a certificate from files', () => {
  it('is served', async () => {
    await openWith(selfMade());
    const tls: Tls = {
      kind: 'file',
      certificateFile: join(directory, 'web.crt'),
      keyFile: join(directory, 'web.key'),
    };
    const { port } = await openWith(tls);
    expect((await ask(port, kept('web.crt'), 'localhost')).status).toBe(200);
  });

  it('is told of a month before it runs out, and what browsers speak with it', async () => {
    const { cert, key, ca } = new Authority(directory, 'right').sign('page', 'DNS:localhost', 20);
    const site = await openWith({ kind: 'file', certificateFile: cert, keyFile: key });
    expect(site.status.tls).toBeUndefined();
    await ask(site.port, readFileSync(ca, 'utf8'), 'localhost');
    expect(site.status.tls).toEqual({ version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' });
    const { validTo } = new X509Certificate(readFileSync(cert));
    expect(site.status.expires).toBe(new Date(validTo).toISOString());
    // The virtual clock has another year.
    expect(site.status.expiry).toBeUndefined();
    site.clock.wallTime = () => new Date();
    const words = /^web: our certificate runs out on 20\d\d-\d\d-\d\d, in (19|20) days$/;
    expect(site.status.expiry).toEqual([expect.stringMatching(words)]);
  });

  it('of the device’s own is good for ever', async () => {
    const site = await openWith(selfMade());
    site.clock.wallTime = () => new Date();
    expect(site.status).not.toHaveProperty('expires');
    expect(site.status).not.toHaveProperty('expiry');
  });

  it('that is none keeps the page from opening, and the status says why, until it is there', async () => {
    const tls: Tls = {
      kind: 'file',
      certificateFile: join(directory, 'a.crt'),
      keyFile: join(directory, 'a.key'),
    };
    const site = await openWith(tls);
    expect(site.status.detail).toMatch(/ENOENT.*a\.crt/);
    writeFileSync(join(directory, 'a.crt'), 'none');
    writeFileSync(join(directory, 'a.key'), 'none');
    site.clock.advance(5000);
    await expect.poll(() => site.status.detail).toMatch(/are no certificate and its key/);
    await openWith(selfMade());
    writeFileSync(join(directory, 'a.crt'), kept('web.crt'));
    writeFileSync(join(directory, 'a.key'), kept('web.key'));
    site.clock.advance(5000);
    await expect.poll(() => site.status.detail).toBe('');
    expect((await ask(site.status.port, kept('web.crt'), 'localhost')).status).toBe(200);
  });
});

describe('over TLS', () => {
  it('the cookie goes nowhere else', async () => {
    const { port } = await openWith(selfMade(), undefined, 'secret word');
    const { status, cookie } = await ask(port, kept('web.crt'), 'localhost', {
      ...{ method: 'POST', path: '/api/login', body: '{"password":"secret word"}' },
    });
    expect(status).toBe(204);
    expect(cookie).toMatch(
      new RegExp(
        `^__Host-dashvoip-${port}=[0-9a-f]{64}; .*; Path=/; HttpOnly; SameSite=Strict; Secure$`,
      ),
    );
  });

  it('a page of the same name that came unencrypted is another page', async () => {
    const { port, status } = await openWith(selfMade());
    const from = async (scheme: string) => {
      const asked = new Promise<number | undefined>((resolve, reject) => {
        const headers = { Host: 'localhost', Origin: `${scheme}://localhost` };
        const ca = kept('web.crt');
        request({
          host: '127.0.0.1',
          servername: 'localhost',
          port,
          ca,
          headers,
          path: '/api/session',
          agent: false,
        })
          .on('error', reject)
          .on('response', (response) => resolve(response.resume().statusCode))
          .end();
      });
      return await asked;
    };
    expect([await from('https'), await from('http')]).toEqual([200, 403]);
    expect(status.foreign).toBe(0);
  });

  it('what is no TLS is counted', async () => {
    const site = await openWith(selfMade());
    await expect(site.ask('/')).rejects.toThrow();
    await expect.poll(() => site.status.malformed).toBe(1);
  });

  it('nothing older than TLS 1.2 is spoken', async () => {
    const { port } = await openWith(selfMade());
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    await expect(ask(port, kept('web.crt'), 'localhost', old)).rejects.toThrow(
      /protocol version|EPROTO/,
    );
  });
});
