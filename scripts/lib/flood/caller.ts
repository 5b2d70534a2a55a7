import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { MediaPorts } from './floods';

/** RFC 3261 §17.1.1.2: a request is repeated after T1, 2*T1 and so on. */
const T1_MS = 500;
const BUFFER_BYTES = 4 * 1024 * 1024;

/** A phone of a few lines: it calls, speaks, and hangs up. */
export class Caller {
  readonly #sip: Socket;
  readonly #audio: Socket;
  readonly #video: Socket;
  readonly #target: number;
  readonly #user: string;
  readonly #tag = token();
  readonly #callId = token();
  #toTag = '';
  #speech: NodeJS.Timeout | undefined;
  #spoken = 0;
  #agentPorts: MediaPorts = { audio: 0, video: 0 };

  private constructor(target: number, user: string, sockets: readonly [Socket, Socket, Socket]) {
    this.#target = target;
    this.#user = user;
    [this.#sip, this.#audio, this.#video] = sockets;
  }

  /** @param user of the address that it calls. */
  static async open(target: number, user = 'camera'): Promise<Caller> {
    const [sip, audio, video] = await Promise.all([bind(), bind(), bind()]);
    return new Caller(target, user, [sip, audio, video]);
  }

  /** Milliseconds until the call is answered. @throws Error when it is not within `limitMs`. */
  async call(withVideo: boolean, limitMs = 8000): Promise<number> {
    const began = performance.now();
    const answer = await this.#ask('INVITE', 1, this.#offer(withVideo), limitMs);
    if (!answer.startsWith('SIP/2.0 200'))
      throw new Error(`called, and heard ${startLine(answer)}`);
    const took = performance.now() - began;
    this.#toTag = /^To:.*;tag=(\S+)/m.exec(answer)?.[1] ?? '';
    this.#send(this.#request('ACK', 1, ''));
    this.#agentPorts = { audio: portOf('audio', answer), video: portOf('video', answer) };
    this.#speak();
    return took;
  }

  /** Milliseconds until the BYE is answered. @throws Error when it is not within `limitMs`. */
  async bye(limitMs = 8000): Promise<number> {
    const began = performance.now();
    const answer = await this.#ask('BYE', 2, '', limitMs);
    if (!answer.startsWith('SIP/2.0 200')) throw new Error(`BYE: ${startLine(answer)}`);
    return performance.now() - began;
  }

  /** Where the agent takes media of this call. */
  get agentPorts(): MediaPorts {
    return this.#agentPorts;
  }

  /** Where this phone takes them. */
  get ports(): MediaPorts {
    return { audio: this.#audio.address().port, video: this.#video.address().port };
  }

  /** Speaks no more; packets of sound that went out. */
  hush(): number {
    clearInterval(this.#speech);
    return this.#spoken;
  }

  close(): void {
    this.hush();
    for (const socket of [this.#sip, this.#audio, this.#video]) socket.close();
  }

  #ask(method: string, cseq: number, body: string, limitMs: number): Promise<string> {
    const bytes = this.#request(method, cseq, body);
    return new Promise((resolve, reject) => {
      let wait = T1_MS;
      const send = (): void => {
        this.#send(bytes);
        timer = setTimeout(send, wait);
        wait *= 2;
      };
      let timer: NodeJS.Timeout | undefined;
      const end = setTimeout(() => {
        finish();
        reject(new Error(`${method} was not answered within ${limitMs} ms`));
      }, limitMs);
      const onMessage = (message: Buffer): void => {
        const text = message.toString();
        const isAnswer = text.startsWith('SIP/2.0') && text.includes(`CSeq: ${cseq} ${method}`);
        if (!isAnswer) return;
        clearTimeout(timer);
        if (text.startsWith('SIP/2.0 1')) return;
        finish();
        resolve(text);
      };
      const finish = (): void => {
        clearTimeout(timer);
        clearTimeout(end);
        this.#sip.off('message', onMessage);
      };
      this.#sip.on('message', onMessage);
      send();
    });
  }

  #request(method: string, cseq: number, body: string): string {
    const own = `127.0.0.1:${this.#sip.address().port}`;
    const toTag = this.#toTag === '' ? '' : `;tag=${this.#toTag}`;
    return [
      `${method} sip:${this.#user}@127.0.0.1:${this.#target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own};branch=z9hG4bK${token()};rport`,
      'Max-Forwards: 70',
      `From: <sip:caller@${own}>;tag=${this.#tag}`,
      `To: <sip:${this.#user}@127.0.0.1:${this.#target}>${toTag}`,
      `Call-ID: ${this.#callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:caller@${own}>`,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  }

  #offer(withVideo: boolean): string {
    const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
    lines.push(`m=audio ${this.#audio.address().port} RTP/AVP 0`, 'a=ptime:20', 'a=sendrecv');
    if (withVideo) {
      lines.push(`m=video ${this.#video.address().port} RTP/AVP 97`, 'a=rtpmap:97 H264/90000');
      lines.push('a=fmtp:97 profile-level-id=42801f;packetization-mode=1', 'a=recvonly');
    }
    return `${lines.join('\r\n')}\r\n`;
  }

  /** Silence in G.711, so that nobody takes us for gone. */
  #speak(): void {
    const packet = Buffer.alloc(172, 0xff);
    packet.writeUInt16BE(0x8000, 0);
    packet.writeUInt32BE(0x1234, 8);
    this.#speech = setInterval(() => {
      const number = ++this.#spoken;
      packet.writeUInt16BE(number & 0xffff, 2);
      packet.writeUInt32BE(number * 160, 4);
      this.#audio.send(packet, this.#agentPorts.audio, '127.0.0.1');
    }, 20);
  }

  #send(text: string): void {
    this.#sip.send(text, this.#target, '127.0.0.1');
  }
}

function bind(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER_BYTES });
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket)));
}

function portOf(media: 'audio' | 'video', answer: string): number {
  return Number(new RegExp(`^m=${media} (\\d+)`, 'm').exec(answer)?.[1] ?? 0);
}

function token(): string {
  return randomBytes(8).toString('hex');
}

function startLine(message: string): string {
  return message.slice(0, message.indexOf('\r\n'));
}
