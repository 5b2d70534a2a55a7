import { expect, it } from 'vitest';
import { TlsPolicies } from '../../../src/sip/transport';
import { World } from '../support/world';

const OTHERS = { verify: true };
const account = {
  uri: 'sip:car@example.org',
  registrar: 'sip:pbx.example.org',
  outboundProxy: 'sip:proxy.example.org;lr',
  tls: { verify: false },
};
const SERVERS = ['example.org', 'PBX.example.org', 'proxy.example.org'];

it('what an account says of certificates is of its servers, for as long as it is one', () => {
  const tlsPolicies = new TlsPolicies(OTHERS);
  const { userAgent } = new World().phone('car', { tlsPolicies });
  const policies = () => SERVERS.map((name) => tlsPolicies.of(name));
  userAgent.register(account);
  expect(policies()).toEqual([account.tls, account.tls, account.tls]);
  expect(tlsPolicies.of('elsewhere.example.org')).toBe(OTHERS);
  userAgent.forget(account);
  expect(policies()).toEqual([OTHERS, OTHERS, OTHERS]);
  // Configured again it speaks again.
  userAgent.register(account);
  expect(policies()).toEqual([account.tls, account.tls, account.tls]);
});

it('of two accounts at one server the one that stays goes on speaking', () => {
  const tlsPolicies = new TlsPolicies(OTHERS);
  const { userAgent } = new World().phone('car', { tlsPolicies });
  const second = { ...account, uri: 'sip:van@example.org', tls: { verify: false } };
  userAgent.register(account);
  userAgent.register(second);
  userAgent.forget(account);
  expect(tlsPolicies.of('example.org')).toBe(second.tls);
});
