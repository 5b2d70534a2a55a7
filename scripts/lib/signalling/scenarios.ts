import { sippRequest as request } from '../sipp-request';

const OFFER = [
  ...['v=0', 'o=bench 1 1 IN IP4 [local_ip]', 's=-', 'c=IN IP4 [media_ip]', 't=0 0'],
  ...['m=audio [media_port] RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'a=sendrecv'],
].join('\n');

const HEAD = '<?xml version="1.0" encoding="ISO-8859-1" ?>';
const REMOTE = 'sip:[service]@[remote_ip]:[remote_port]';

/** Hung up as soon as it is answered. */
export const SHORT_CALL = `${HEAD}
<scenario name="a short call">
<send retrans="500"><![CDATA[
${request('INVITE', REMOTE, 1, '')}
Content-Type: application/sdp
Content-Length: [len]

${OFFER}
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rrs="true"/>
<send><![CDATA[
${request('ACK', '[next_url]', 1, '[peer_tag_param]')}
Content-Length: 0

]]></send>
<send retrans="500"><![CDATA[
${request('BYE', '[next_url]', 2, '[peer_tag_param]')}
Content-Length: 0

]]></send>
<recv response="200"/>
</scenario>
`;

/** What exchanges ask now and then to see whether somebody is there. */
export const OPTIONS = `${HEAD}
<scenario name="OPTIONS">
<send retrans="500"><![CDATA[
${request('OPTIONS', REMOTE, 1, '')}
Content-Length: 0

]]></send>
<recv response="200"/>
</scenario>
`;
