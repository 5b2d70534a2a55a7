import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type Logger, plainAddress, type Random } from '../../platform';
// Types, as from anywhere outside this folder.
import type { Control, DtlsIdentity } from '..';
import { type Answer, because, json } from './answer';
import { readBody } from './body';
import { selfMade } from './credentials';

/** An offer of Chromium's takes 8 KB. */
const MAX_OFFER_BYTES = 64 * 1024;

/** POST /api/call: a browser's offer comes in, and the answer goes back (as WHEP has it, with sound both ways). */
export class BrowserCalls {
  readonly #control: Control;
  readonly #directory: string | undefined;
  readonly #log: Logger;
  #identity: Promise<DtlsIdentity> | undefined;

  /** @param directory where the certificate is kept; undefined: it lasts as long as the process. */
  constructor(control: Control, directory: string | undefined, log: Logger) {
    this.#control = control;
    this.#directory = directory;
    this.#log = log;
  }

  /** @param onCall told the call's number when there is one. */
  async take(
    request: IncomingMessage,
    onCall: (call: number) => void = () => undefined,
  ): Promise<Answer> {
    const body = await readBody(request, MAX_OFFER_BYTES);
    if ('refused' in body) return body.refused;
    const offer = offerIn(body.value);
    if (offer === undefined) {
      const expected = 'a session description';
      return json(400, { problems: [{ path: 'offer', found: 'something else', expected }] });
    }
    this.#identity ??= identityOf(this.#directory, this.#control.random, this.#log);
    const identity = await this.#identity;
    const { localAddress = '', remoteAddress = '', remotePort = 0 } = request.socket;
    try {
      const answered = await this.#control.agent.callFromBrowser({
        ...{ offer, identity, localAddress: plainAddress(localAddress) },
        source: { address: plainAddress(remoteAddress), port: remotePort },
      });
      onCall(answered.call);
      return json(200, answered);
    } catch (error) {
      // An AgentException: its class is another one in this file.
      if (error instanceof Error && 'refusal' in error) return because(409, error.message);
      throw error;
    }
  }
}

function offerIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('offer' in value)) return undefined;
  return typeof value.offer === 'string' && value.offer !== '' ? value.offer : undefined;
}

/** A key of its own: whoever gets hold of the page's cannot listen to calls (RFC 5763 §6). */
async function identityOf(
  directory: string | undefined,
  random: Random,
  log: Logger,
): Promise<DtlsIdentity> {
  const base = directory === undefined ? undefined : join(directory, 'dtls');
  const { key, cert } = await selfMade(base, ['dashvoip.invalid'], random, log);
  const certificate = new X509Certificate(cert).raw;
  return {
    certificate,
    key: createPrivateKey(key).export({ type: 'sec1', format: 'der' }),
    fingerprint: createHash('sha256').update(certificate).digest(),
  };
}
