import { describe, expect, it } from 'vitest';
import { basic, read } from './challenged';

describe('challenge', () => {
  it('is MD5 without qop where it says nothing else', () => {
    expect(read(basic)).toMatchObject({
      algorithm: 'MD5',
      namesAlgorithm: false,
      qop: undefined,
      stale: false,
    });
  });

  it.each([
    ['auth', 'auth'],
    ['auth-int, auth', 'auth'],
    ['auth,auth-int', 'auth'],
    ['AUTH', 'auth'],
    ['auth-int', 'auth-int'],
    ['auth-new,auth-int', 'auth-int'],
    ['', undefined],
    [' , ', undefined],
  ])('with qop "%s" is answered with %s', (offered, chosen) => {
    expect(read(`${basic}, qop="${offered}"`)?.qop).toBe(chosen);
  });

  it('reads algorithms in any case, quoted or not, and takes an empty one for none', () => {
    expect(read(`${basic}, algorithm=sha-256`)?.algorithm).toBe('SHA-256');
    expect(read(`${basic}, algorithm="MD5"`)).toMatchObject({ namesAlgorithm: true });
    expect(read(`${basic}, algorithm=""`)).toMatchObject({
      algorithm: 'MD5',
      namesAlgorithm: false,
    });
  });

  it.each(['true', 'TRUE', '"True"'])('is stale with %s', (value) => {
    expect(read(`${basic}, stale=${value}`)?.stale).toBe(true);
  });

  it.each([
    ['another scheme', basic, 'Bearer'],
    ['an unknown algorithm', `${basic}, algorithm=SHA3-512`, 'Digest'],
    ['an unknown qop alone', `${basic}, qop="auth-new"`, 'Digest'],
    ['no realm', 'nonce="n"', 'Digest'],
    ['no nonce', 'realm="r"', 'Digest'],
  ])('cannot be answered with %s', (_what, asked, scheme) => {
    expect(read(asked, scheme)).toBeUndefined();
  });
});
