import {
  createRequest,
  createResponse,
  NameAddr,
  Params,
  parseMessage,
  parseSipUri,
  type RequestParts,
  type ResponseParts,
  SipRequest,
  SipResponse,
  serializeMessage,
  Via,
} from '../../../src/sip/message';
import type { SocketAddress } from '../../../src/sip/transport';
import type { MemoryNetwork } from './memory-network';

/** The far end played by a test: it does only what it is told to. */
export class ScriptedPeer {
  readonly address: SocketAddress;
  readonly received: (SipRequest | SipResponse)[] = [];
  /** Datagrams that were no SIP message. */
  readonly noise: string[] = [];
  readonly #network: MemoryNetwork;
  readonly #target: SocketAddress;
  #branches = 0;

  constructor(network: MemoryNetwork, address: SocketAddress, target: SocketAddress) {
    this.#network = network;
    this.address = address;
    this.#target = target;
    network.attach(address, (bytes) => {
      const message = parseMessage(bytes);
      if (message.kind === 'failure') this.noise.push(Buffer.from(bytes).toString('latin1'));
      else this.received.push(message);
    });
  }

  get requests(): SipRequest[] {
    return this.received.filter((message) => message instanceof SipRequest);
  }

  get responses(): SipResponse[] {
    return this.received.filter((message) => message instanceof SipResponse);
  }

  /** `180 INVITE` and the like, in order. */
  get statuses(): string[] {
    return this.responses.map(({ status, cseq }) => `${status} ${cseq.method}`);
  }

  get methods(): string[] {
    return this.requests.map(({ method }) => method);
  }

  /** The latest request of that method. */
  request(method: string): SipRequest {
    const found = this.requests.filter((request) => request.method === method).at(-1);
    if (!found) throw new Error(`no ${method} among ${this.methods.join(', ')}`);
    return found;
  }

  /** The latest response with that status. */
  response(status: number): SipResponse {
    const found = this.responses.filter((response) => response.status === status).at(-1);
    if (!found) throw new Error(`no ${status} among ${this.statuses.join(', ')}`);
    return found;
  }

  send(message: SipRequest | SipResponse): void {
    this.sendBytes(serializeMessage(message));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#network.send(this.address, this.#target, bytes);
  }

  via(branch = `z9hG4bKpeer${++this.#branches}`): Via {
    const { address, port } = this.address;
    return new Via('UDP', address, port, Params.of({ branch, rport: undefined }));
  }

  contact(user = 'peer'): NameAddr {
    const { address, port } = this.address;
    return new NameAddr(undefined, parseSipUri(`sip:${user}@${address}:${port}`));
  }

  /** A request outside a dialog; parts that are not given are filled in. */
  newRequest(method: string, parts: Partial<RequestParts> = {}): SipRequest {
    const { address, port } = this.#target;
    const uri = parseSipUri(`sip:car@${address}:${port}`);
    return createRequest(method, uri, {
      via: this.via(),
      from: new NameAddr('Peer', parseSipUri('sip:peer@example.org')).withTag('peertag'),
      to: new NameAddr(undefined, parseSipUri('sip:car@example.org')),
      callId: 'call-of-peer',
      cseq: 1,
      contact: this.contact(),
      ...parts,
    });
  }

  newInvite(parts: Partial<RequestParts> = {}): SipRequest {
    return this.newRequest('INVITE', {
      body: { contentType: 'application/sdp', content: 'offer of peer' },
      ...parts,
    });
  }

  /** A request within the dialog that `invite`, of ours, made with `success`. */
  within(
    invite: SipRequest,
    success: SipResponse,
    method: string,
    cseq: number,
    parts: Partial<RequestParts> = {},
  ): SipRequest {
    const target = success.contacts[0]?.uri;
    if (target?.kind !== 'sip') throw new Error('the 2xx has no Contact');
    return createRequest(method, target, {
      via: this.via(),
      from: invite.from,
      to: success.to,
      callId: invite.callId,
      cseq,
      ...(method === 'INVITE' ? { contact: this.contact() } : {}),
      ...parts,
    });
  }

  /** A request within the dialog that `invite`, which came to us, made with the tag `tag`. */
  withinTheirs(
    invite: SipRequest,
    tag: string,
    method: string,
    cseq: number,
    parts: Partial<RequestParts> = {},
  ): SipRequest {
    const target = invite.contacts[0]?.uri;
    if (target?.kind !== 'sip') throw new Error('the INVITE has no Contact');
    return createRequest(method, target, {
      via: this.via(),
      from: invite.to.withTag(tag),
      to: invite.from,
      callId: invite.callId,
      cseq,
      ...(method === 'INVITE' ? { contact: this.contact() } : {}),
      ...parts,
    });
  }

  answer(request: SipRequest, status: number, parts: ResponseParts = {}): SipResponse {
    const response = createResponse(request, status, { toTag: 'peertag', ...parts });
    this.send(response);
    return response;
  }

  /** The 200 that `answerOk` sends. */
  okTo(request: SipRequest): SipResponse {
    return createResponse(request, 200, {
      toTag: 'peertag',
      contact: this.contact(),
      body: { contentType: 'application/sdp', content: 'answer of peer' },
    });
  }

  /** 200 with Contact and description. */
  answerOk(
    request: SipRequest,
    content = 'answer of peer',
    parts: ResponseParts = {},
  ): SipResponse {
    return this.answer(request, 200, {
      contact: this.contact(),
      body: { contentType: 'application/sdp', content },
      ...parts,
    });
  }
}
