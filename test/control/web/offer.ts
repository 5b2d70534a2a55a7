const FINGERPRINT = Array<string>(32).fill('7F').join(':');

/** What a browser offers, short. */
export const OFFER = [
  ...['v=0', 'o=- 7 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0'],
  ...['m=audio 9 UDP/TLS/RTP/SAVPF 0', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=rtcp-mux'],
  ...['a=ice-ufrag:bRoW', 'a=ice-pwd:nmlkjihgfedcba9876543210', 'a=setup:actpass'],
  ...[`a=fingerprint:sha-256 ${FINGERPRINT}`, ''],
].join('\r\n');
