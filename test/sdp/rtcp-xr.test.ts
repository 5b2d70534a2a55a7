// Shows RFC 3611.

import { describe, expect, it } from 'vitest';
import { answered, negotiation } from './negotiated';
import { description } from './samples';

const SOUND = 'm=audio 5004 RTP/AVP 8';
/** As linphone writes it. */
const ASKED = 'a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL voip-metrics';
const OURS = 'a=rtcp-xr:rcvr-rtt=all:12 voip-metrics';

describe('extended reports (RFC 3611 §5)', () => {
  it('are sent as the offer asks, and asked for in the answer', () => {
    const { answer, media } = answered(description(SOUND, ASKED));
    expect(media.audio).toMatchObject({ voipMetrics: true, receiverRoundTrip: true });
    expect(answer).toContain(`${OURS}\r\n`);
  });

  it('are no matter where the offer does not speak of them', () => {
    const { answer, media } = answered(description(SOUND));
    expect(media.audio).not.toHaveProperty('voipMetrics');
    expect(media.audio).not.toHaveProperty('receiverRoundTrip');
    expect(answer).not.toContain('rtcp-xr');
  });

  it('are sent one by one, in any case and from above all lines', () => {
    const one = answered(description(SOUND, 'a=RTCP-XR: VoIP-Metrics'));
    expect(one.media.audio).toMatchObject({ voipMetrics: true });
    expect(one.media.audio).not.toHaveProperty('receiverRoundTrip');
    const above = description(SOUND).replace('t=0 0\r\n', 't=0 0\r\na=rtcp-xr:rcvr-rtt=sender\r\n');
    expect(answered(above).media.audio).toMatchObject({ receiverRoundTrip: true });
    // It asks for nothing, and is spoken of all the same (§5.1: the list may be empty).
    const none = answered(description(SOUND, 'a=rtcp-xr:'));
    expect(none.answer).toContain(OURS);
    expect(none.media.audio).not.toHaveProperty('voipMetrics');
  });

  it('are offered, and sent where the answer asks for them', () => {
    const ours = negotiation();
    expect(ours.createOffer(false)).toContain(OURS);
    expect(ours.handleAnswer(description(SOUND, ASKED)).audio).toMatchObject({ voipMetrics: true });
    const silent = negotiation();
    silent.createOffer(false);
    expect(silent.handleAnswer(description(SOUND)).audio).not.toHaveProperty('voipMetrics');
  });
});
