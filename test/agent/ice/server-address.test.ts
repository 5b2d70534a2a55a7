// Shows RFC 7064, 7065.
import { describe, expect, it } from 'vitest';
import { serverAddress } from '../../../src/agent/ice/server-address';

describe('the URI of a server', () => {
  it.each([
    ['stun:stun.example.org', 'stun.example.org 3478 udp false'],
    ['turn:192.0.2.7:80', '192.0.2.7 80 udp true'],
    ['turn:[2001:db8::7]:80?transport=tcp', '2001:db8::7 80 tcp true'],
    ['TURNS:turn.example.org', 'turn.example.org 5349 tls true'],
    ['turns:turn.example.org?transport=tcp', 'turn.example.org 5349 tls true'],
  ])('%s', (uri, expected) => {
    const { host, port, transport, isRelay } = serverAddress(uri) ?? {};
    expect([host, port, transport, isRelay].join(' ')).toBe(expected);
  });

  it.each(['http://a', 'turn:', 'turn:a b', 'stun:a?transport=sctp', 'stun:a:0', 'turn:a:65536'])(
    '%s is none',
    (uri) => {
      expect(serverAddress(uri)).toBeUndefined();
    },
  );
});
