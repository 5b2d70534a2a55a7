import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform';
import { GuardedOffers } from '../../../src/sip/invite/guarded-offers';
import { TargetRefresh, type TargetRefreshParts } from '../../../src/sip/invite/target-refresh';
import type { RequestPlan } from '../../../src/sip/request';
import type { Flow, TransportProtocol } from '../../../src/sip/transport';

const KEYS = 'v=0\r\nm=audio 5004 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\r\n';
const PLAIN = 'v=0\r\nm=audio 5004 RTP/AVP 8\r\n';

function offers(protocol: TransportProtocol): GuardedOffers {
  const factory = () => ({
    createOffer: () => KEYS,
    handleOffer: () => ({ answer: KEYS }),
    handleEarlyAnswer: () => undefined,
    endEarlyMedia: () => undefined,
    handleAnswer: () => true,
  });
  return new GuardedOffers(factory, '192.0.2.1', protocol, silentLogger);
}

describe('keys of a session', () => {
  it('that began over TLS go by TLS alone; a description without any goes everywhere', () => {
    for (const protocol of ['UDP', 'TCP'] as const) {
      expect(offers('TLS').mayGoBy(protocol, KEYS)).toBe(false);
      expect(offers('TLS').mayGoBy(protocol, PLAIN)).toBe(true);
    }
    expect(offers('TLS').mayGoBy('TLS', KEYS)).toBe(true);
  });

  it('that began where anybody reads, as it was allowed, go as they came', () => {
    for (const protocol of ['UDP', 'TCP', 'TLS'] as const) {
      expect(offers('UDP').mayGoBy(protocol, KEYS)).toBe(true);
    }
  });
});

describe('a re-INVITE whose target has moved from TLS to UDP', () => {
  /** What becomes of it on a flow of `protocol`. */
  const sent = (protocol: TransportProtocol, description: string): (() => unknown) => {
    let plan: RequestPlan | undefined;
    // Neither needs more of them before the request is built.
    const parts = {
      environment: {
        sender: { send: (request: RequestPlan) => (plan = request) },
        capabilities: { fields: [] },
        product: 'dashvoip',
      },
      dialog: { way: {}, createRequest: () => 'request' },
      timer: { requestFields: [] },
      method: 'INVITE',
      user: undefined,
      scheme: 'sip',
      offer: { description, offers: offers('TLS') },
    } as unknown as TargetRefreshParts;
    new TargetRefresh(parts, () => undefined);
    const flow = { protocol, local: { address: '192.0.2.1', port: 5060 } } as unknown as Flow;
    return () => plan?.build({} as never, flow);
  };

  it('does not leave with keys', () => {
    expect(sent('UDP', KEYS)).toThrow('keys made for SIP over TLS do not go by UDP');
    expect(sent('TLS', KEYS)()).toBe('request');
    expect(sent('UDP', PLAIN)()).toBe('request');
  });
});
