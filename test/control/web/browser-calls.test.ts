import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { OFFER } from './offer';
import { openSite, type Site } from './site';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function site(directory?: string, password?: string): Promise<Site> {
  const opened = await openSite(directory === undefined ? {} : { directory }, password);
  closing.push(() => opened.close());
  return opened;
}

async function fingerprintIn(at: Site): Promise<string> {
  const reply = await at.post('/api/call', { offer: OFFER });
  expect(reply.status).toBe(200);
  return (
    /a=fingerprint:(sha-256 [\dA-F:]{95})\r/.exec(
      String(reply.text.replaceAll('\\r', '\r')),
    )?.[1] ?? ''
  );
}

describe('POST /api/call', () => {
  it('takes an offer, and gives the answer and the call’s number', async () => {
    const page = await site();
    const reply = await page.post('/api/call', { offer: OFFER });
    expect(reply.status).toBe(200);
    expect(reply.json()).toMatchObject({
      call: 1,
      answer: expect.stringMatching(/a=candidate:1 1 udp \d+ 127\.0\.0\.1 \d+ typ host/),
    });
    const [call] = page.agent.status().calls;
    expect(call?.remote).toBe('sip:browser@127.0.0.1');
  });

  it('says what is wrong with what is no offer', async () => {
    const page = await site();
    expect((await page.post('/api/call', { offer: 7 })).status).toBe(400);
    const refused = await page.post('/api/call', { offer: 'v=0' });
    expect(refused.status).toBe(409);
    expect(refused.json()).toMatchObject({ reason: expect.stringContaining('cannot be served') });
    expect(page.agent.status().calls).toEqual([]);
  });

  it('is for who is logged in', async () => {
    const page = await site(undefined, 'secret');
    expect((await page.post('/api/call', { offer: OFFER })).status).toBe(401);
    const headers = await page.logIn('secret');
    expect((await page.post('/api/call', { offer: OFFER }, headers)).status).toBe(200);
  });

  it('keeps one certificate, for nobody else to read', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'dashvoip-dtls-'));
    closing.push(() => rmSync(directory, { recursive: true }));
    const first = await fingerprintIn(await site(directory));
    expect(first).not.toBe('');
    expect(readdirSync(directory).sort()).toEqual(['dtls.crt', 'dtls.key']);
    expect(statSync(join(directory, 'dtls.key')).mode & 0o777).toBe(0o600);
    expect(await fingerprintIn(await site(directory))).toBe(first);
    expect(await fingerprintIn(await site())).not.toBe(first);
  });
});
