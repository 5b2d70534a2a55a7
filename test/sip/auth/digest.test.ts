// Shows RFC 7616.

import { describe, expect, it } from 'vitest';
import {
  authorize,
  type DigestAlgorithm,
  type DigestChallenge,
  digestResponse,
} from '../../../src/sip/auth';

const challenge = (values: Partial<DigestChallenge>): DigestChallenge => ({
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  opaque: undefined,
  algorithm: 'MD5',
  namesAlgorithm: true,
  qop: 'auth',
  stale: false,
  ...values,
});

const mufasa = { username: 'Mufasa', password: 'Circle of Life' };
const use = {
  method: 'GET',
  uri: '/dir/index.html',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  nonceCount: 1,
  body: new Uint8Array(),
};

describe('digest response', () => {
  it('matches RFC 2617 §3.5 (MD5, qop auth)', () => {
    const response = digestResponse(
      challenge({ realm: 'testrealm@host.com', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093' }),
      { username: 'Mufasa', password: 'Circle Of Life' },
      { ...use, cnonce: '0a4f113b' },
    );
    expect(response).toBe('6629fae49393a05397450978507c4ef1');
  });

  it.each<[DigestAlgorithm, string]>([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('matches RFC 7616 §3.9.1 (%s)', (algorithm, expected) => {
    expect(digestResponse(challenge({ algorithm }), mufasa, use)).toBe(expected);
  });

  it('matches RFC 7616 §3.9.2 as corrected by erratum 4897 (SHA-512-256)', () => {
    const response = digestResponse(
      challenge({
        algorithm: 'SHA-512-256',
        realm: 'api@example.org',
        nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK',
      }),
      { username: 'J\u00e4s\u00f8n Doe', password: 'Secret, or not?' },
      {
        method: 'GET',
        uri: '/doe.json',
        cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
        nonceCount: 1,
        body: new Uint8Array(),
      },
    );
    expect(response).toBe('3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5');
  });
});

describe('Authorization', () => {
  // As it stands in the RFC, line for line.
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('is the header of RFC 7616 §3.9.1, whole (%s)', (algorithm, response) => {
    const opaque = 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS';
    const { scheme, params } = authorize(challenge({ algorithm, opaque }), mufasa, use);
    expect(scheme).toBe('Digest');
    expect([...params].map(([name, value]) => `${name}=${value}`).sort()).toEqual(
      [
        'username="Mufasa"',
        'realm="http-auth@example.org"',
        'uri="/dir/index.html"',
        `algorithm=${algorithm}`,
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"',
        'nc=00000001',
        'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"',
        'qop=auth',
        `response="${response}"`,
        `opaque="${opaque}"`,
      ].sort(),
    );
  });
});
