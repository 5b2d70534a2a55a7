// Shows RFC 3903.

import { describe, expect, it } from 'vitest';
import { World } from '../support/world';

const OPEN = { isOpen: true, isOnThePhone: false };

describe('PUBLISH', () => {
  const setUp = async (account = {}) => {
    const world = new World();
    const alice = world.phone('alice');
    const server = world.peer(alice);
    const told: string[] = [];
    const published = alice.userAgent.publish(
      { ...alice.account, registrar: 'sip:10.0.0.2', ...account },
      OPEN,
      (state, detail) => told.push(`${state} ${detail}`.trim()),
    );
    await import('../../../src/sip/publication/publication');
    await world.settle(100);
    return { world, alice, server, published, told };
  };

  it('goes to the account’s server, for the account', async () => {
    const { server } = await setUp();
    const publish = server.request('PUBLISH');
    expect(String(publish.uri)).toBe('sip:alice@example.org');
    expect(String(publish.to)).toBe('<sip:alice@example.org>');
    expect(publish.routes.map(String)).toEqual(['<sip:10.0.0.2;lr>']);
    expect(publish.get('Event')).toBe('presence');
    expect(publish.get('Expires')).toBe('3600');
    expect(publish.contentType?.type).toBe('application/pidf+xml');
    expect(publish.bodyText).toContain('entity="sip:alice@example.org"');
    expect(publish.has('Contact')).toBe(false);
  });

  it('is refreshed by the tag of its answer, and taken back when the user agent closes', async () => {
    const { world, alice, server, published, told } = await setUp();
    server.answer(server.request('PUBLISH'), 200, {
      headers: [
        ['SIP-ETag', 'abc'],
        ['Expires', '60'],
      ],
    });
    await world.settle(100);
    expect(told).toEqual(['trying', 'published']);
    published.availability = { isOpen: true, isOnThePhone: true };
    await world.settle(100);
    const changed = server.request('PUBLISH');
    expect(changed.get('SIP-If-Match')).toBe('abc');
    expect(changed.bodyText).toContain('on-the-phone');
    server.answer(changed, 200, {
      headers: [
        ['SIP-ETag', 'def'],
        ['Expires', '60'],
      ],
    });
    await world.settle(31_000);
    const refresh = server.request('PUBLISH');
    expect([refresh.get('SIP-If-Match'), refresh.body.length]).toEqual(['def', 0]);
    server.answer(refresh, 200, { headers: [['SIP-ETag', 'ghi']] });
    await world.settle(100);
    const closed = alice.userAgent.close();
    await world.settle(100);
    const last = server.request('PUBLISH');
    expect([last.get('SIP-If-Match'), last.get('Expires')]).toEqual(['ghi', '0']);
    server.answer(last, 200);
    await world.settle(100);
    await closed;
  });

  it('shows the password where the server asks for it', async () => {
    const { world, server } = await setUp({ password: 'p' });
    server.answer(server.request('PUBLISH'), 401, {
      headers: [['WWW-Authenticate', 'Digest realm="r", nonce="n", qop="auth"']],
    });
    await world.settle(100);
    expect(server.request('PUBLISH').has('Authorization')).toBe(true);
  });
});
