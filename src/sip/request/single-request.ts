import { type Random, randomToken } from '../../platform';
import type { DigestClient } from '../auth';
import {
  type Body,
  createRequest,
  type HeaderList,
  NameAddr,
  type SipResponse,
  type SipUri,
} from '../message';
import type { RequestSender } from './request-sender';

/** A request that begins no dialog. */
export interface SingleRequest {
  readonly method: string;
  readonly target: SipUri;
  readonly routing: {
    readonly routes: readonly NameAddr[];
    readonly nextHop: SipUri;
    readonly toAccountHop: boolean;
  };
  /** From, without tag. */
  readonly local: NameAddr;
  readonly digest: DigestClient;
  readonly headers: HeaderList;
  readonly body: Body | undefined;
}

/** Its final response; of one that never came what stands for it (RFC 3261 §8.1.3.1). */
export interface SingleAnswer {
  readonly status: number;
  readonly reason: string;
  readonly response: SipResponse | undefined;
}

/** Sends it with From, To and Call-ID of its own. Never rejects. */
export function sendSingle(
  sender: RequestSender,
  random: Random,
  { method, target, routing, local, digest, headers, body }: SingleRequest,
): Promise<SingleAnswer> {
  const from = local.withTag(randomToken(random, 64));
  const callId = randomToken(random, 128);
  const { routes, nextHop, toAccountHop } = routing;
  let cseq = 0;
  return new Promise((resolve) => {
    sender.send({
      ...{ nextHop, toAccountHop, digest },
      build: (via) =>
        createRequest(method, target, {
          ...{ via, routes, from, callId, headers },
          to: new NameAddr(undefined, target),
          cseq: ++cseq,
          ...(body ? { body } : {}),
        }),
      user: {
        onSuccess: (response) =>
          resolve({ status: response.status, reason: response.reason, response }),
        onFailure: ({ status, reason, response }) => resolve({ status, reason, response }),
      },
    });
  });
}
