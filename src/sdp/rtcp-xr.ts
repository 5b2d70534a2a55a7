/** The blocks of RTCP XR that an end wishes to be sent (RFC 3611 §5.1), as far as they are known here. */
export interface ExtendedReports {
  /** RFC 3611 §4.7. */
  readonly voipMetrics: boolean;
  /** It answers reference times (§4.4, §4.5), so that who only listens learns its round trip. */
  readonly receiverRoundTrip: boolean;
}

const ATTRIBUTE = 'rtcp-xr';

/** What we wish for ourselves; the size is that of one DLRR sub-block. */
export const WISHED_RTCP_XR = `${ATTRIBUTE}:rcvr-rtt=all:12 voip-metrics`;

/** @param attributes of a line that sdp-transform keeps as they are. @returns undefined without a=rtcp-xr. */
export function readRtcpXr(attributes: readonly string[]): ExtendedReports | undefined {
  const values = attributes.flatMap((attribute) => {
    const [name, ...value] = attribute.trim().split(':');
    return name?.toLowerCase() === ATTRIBUTE ? [value.join(':')] : [];
  });
  if (values.length === 0) return undefined;
  const formats = values
    .flatMap((value) => value.trim().split(/\s+/))
    .map((format) => format.split('=')[0]?.toLowerCase());
  return {
    voipMetrics: formats.includes('voip-metrics'),
    receiverRoundTrip: formats.includes('rcvr-rtt'),
  };
}
