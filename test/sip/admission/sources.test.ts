import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../src/platform';
import { SOURCE_RATES, Sources } from '../../../src/sip/admission';

const address = (host: number, port = 5060) => ({
  address: `10.${(host >> 16) & 255}.${(host >> 8) & 255}.${host & 255}`,
  port,
});

const admitted = (sources: Sources, count: number, now: number, of = (_: number) => address(1)) =>
  Array.from({ length: count }, (_, i) => sources.admit(of(i), now)).filter(Boolean).length;

describe('how much is taken from whom', () => {
  it('a socket: its burst at once, and its rate in the long run', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    expect(admitted(sources, 1000, 0)).toBe(SOURCE_RATES.socket.burst);
    expect(admitted(sources, 1000, 2000)).toBe(2 * SOURCE_RATES.socket.perSecond);
  });

  it('all sockets of one address together', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    expect(admitted(sources, 1000, 0, (i) => address(1, 1024 + i))).toBe(
      SOURCE_RATES.network.burst,
    );
  });

  it('all strangers together, however many addresses they forge', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    expect(admitted(sources, 5000, 0, address)).toBe(SOURCE_RATES.strangers.burst);
    const later = admitted(sources, 5000, 1000, (i) => address(5000 + i));
    expect(later).toBe(SOURCE_RATES.strangers.perSecond);
  });

  it('one socket of an address leaves something for the others', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    admitted(sources, 1000, 0);
    expect(sources.admit(address(1, 5062), 0)).toBe(true);
  });

  it('who has shown that answers reach it is served while forged sources flood', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    sources.prove(address(7), 0);
    sources.trust(address(8), 0);
    admitted(sources, 100_000, 0, (i) => address(100 + i));
    expect(sources.admit(address(7), 0)).toBe(true);
    expect(sources.admit(address(8), 0)).toBe(true);
    expect(sources.isProved(address(7))).toBe(true);
    expect(sources.isProved(address(9))).toBe(false);
  });

  it('a busy known source gets a share of the time, not a number of messages', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    sources.prove(address(7), 0);
    expect(admitted(sources, 10_000, 0, () => address(7))).toBe(10_000);
    for (let i = 0; i < 10 && sources.admit(address(7), 0); i++) sources.charge(100);
    expect(sources.admit(address(7), 0)).toBe(false);
    expect(sources.admit(address(7), 1000)).toBe(true);
  });

  it('known sources that flood leave time for those that we turn to', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    sources.trust(address(8), 0);
    for (let i = 0; i < 100; i++) {
      sources.prove(address(100 + i), 0);
      if (sources.admit(address(100 + i), 0)) sources.charge(100);
    }
    sources.prove(address(300), 0);
    expect(sources.admit(address(300), 0)).toBe(false);
    expect(sources.admit(address(8), 0)).toBe(true);
  });
});

describe('what is one source', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s is of %s', (text, network) => {
    expect(networkOf(text).replace(/^:/, '0:')).toBe(network);
  });
});
