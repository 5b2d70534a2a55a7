import { describe, expect, it } from 'vitest';
import { checkConfig, configWarnings } from '../../src/config';
import { problems } from './problems';

const state = { directory: '/var/lib/dashvoip' };
const safe = { address: '0.0.0.0', passwordFile: 'p', tls: { kind: 'self-made' } };

describe('the section web', () => {
  it('is not there by default, and serves this machine where it is empty', () => {
    expect(checkConfig({}, 'file').web).toBeUndefined();
    expect(checkConfig({ web: {} }, 'file').web).toEqual({ address: '127.0.0.1', port: 8080 });
  });

  it('beyond loopback needs a password and a word on encryption', () => {
    expect(problems({ web: { address: '0.0.0.0' } })).toEqual([
      'web.passwordFile: found nothing, expected a password file, or web.address on loopback: whoever reaches the page can command the agent',
      'web.tls: found nothing, expected {"kind": "self-made"} or a certificate of yours, or {"kind": "none"} where it does not matter that whoever listens on the way learns the password',
    ]);
    expect(problems({ web: safe, state })).toEqual([]);
    expect(problems({ web: { ...safe, tls: { kind: 'none' } } })).toEqual([]);
  });

  it('keeps a certificate of its own in the state directory', () => {
    expect(problems({ web: safe })).toEqual([
      'web.tls: found {"kind":"self-made"}, expected state.directory beside it, where the certificate is kept',
    ]);
  });

  it.each(['', 'a b', 'car-', 'http://car', 'car:80', 'a'.repeat(300)])(
    'has no name as %j',
    (name) => {
      expect(problems({ web: { name } })).toMatchObject([
        expect.stringMatching(
          /^web\.name: found .*, expected a host name, as "car-17.example.org"$/,
        ),
      ]);
    },
  );

  it.each(['car-17.example.org', 'car', '192.0.2.7', '2001:db8::7'])('has a name as %s', (name) => {
    expect(problems({ web: { name } })).toEqual([]);
  });

  it('without encryption beyond loopback is warned of', () => {
    const warnings = (web: object) =>
      configWarnings(checkConfig({ web, state }, 'file'), undefined);
    expect(warnings({ ...safe, tls: { kind: 'none' } })).toContain(
      'web.address is 0.0.0.0, and web.tls is "none": whoever listens on the way learns the password',
    );
    expect(warnings(safe).join()).not.toContain('web');
    expect(warnings({ tls: { kind: 'none' } }).join()).not.toContain('web');
  });
});
