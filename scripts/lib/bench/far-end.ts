import { createSocket, type Socket } from 'node:dgram';
import { Sipp } from '../../../test/toolkit/peers/sipp';
import type { PortBlock } from '../../../test/toolkit/process/ports';
import { sippRequest } from '../sipp-request';

export interface FarEndOptions {
  readonly folder: string;
  readonly ports: PortBlock;
  /** SIP port of the phone that is called. */
  readonly target: number;
  /** User part of the phone's address. */
  readonly user: string;
  readonly seconds: number;
  readonly calls?: number;
  readonly video: boolean;
}

/**
 * The neutral far end: sipp calls the phone, sends its own RTP back to it (so the phone hears a stream as regular as
 * the one it sends), takes its video and throws it away, and hangs up.
 */
export class FarEnd {
  readonly sipp: Sipp;
  readonly #sinks: Socket[] = [];

  constructor({ folder, ports, target, user, seconds, calls, video }: FarEndOptions) {
    const videoPort = ports.next();
    if (video) this.#sinks = [openSink(videoPort), openSink(videoPort + 1)];
    this.sipp = new Sipp({
      name: 'far-end',
      folder,
      scenario: scenario(video ? videoPort : 0),
      port: ports.next(),
      mediaPort: ports.next(6),
      target: `127.0.0.1:${target}`,
      service: user,
      timeoutSeconds: Math.ceil(seconds * (calls ?? 1) + 15),
      calls: calls ?? 1,
      extra: ['-rtp_echo', '-d', String(seconds * 1000)],
    });
  }

  /** @throws ProcessError when a call did not go as it should. */
  async finished(): Promise<void> {
    try {
      await this.sipp.finished();
    } finally {
      for (const sink of this.#sinks) sink.close();
    }
  }
}

/** An open port that nobody reads more than it must. */
function openSink(port: number): Socket {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  return socket;
}

function scenario(videoPort: number): string {
  const description = [
    'v=0',
    'o=bench 1 1 IN IP4 [local_ip]',
    's=-',
    'c=IN IP4 [media_ip]',
    't=0 0',
    'm=audio [media_port] RTP/AVP 0',
    'a=rtpmap:0 PCMU/8000',
    'a=ptime:20',
    'a=sendrecv',
    ...(videoPort === 0
      ? []
      : [
          `m=video ${videoPort} RTP/AVP 97`,
          'a=rtpmap:97 H264/90000',
          'a=fmtp:97 profile-level-id=42801f;packetization-mode=1',
          'b=AS:2500',
          'a=recvonly',
        ]),
  ].join('\n');
  const invite = sippRequest('INVITE', 'sip:[service]@[remote_ip]:[remote_port]', 1, '');
  const ack = sippRequest('ACK', '[next_url]', 1, '[peer_tag_param]');
  const bye = sippRequest('BYE', '[next_url]', 2, '[peer_tag_param]');
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="a call with its own echo">
<send retrans="500"><![CDATA[
${invite}
Content-Type: application/sdp
Content-Length: [len]

${description}
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rrs="true"/>
<send><![CDATA[
${ack}
Content-Length: 0

]]></send>
<pause/>
<send retrans="500"><![CDATA[
${bye}
Content-Length: 0

]]></send>
<recv response="200"/>
</scenario>
`;
}
