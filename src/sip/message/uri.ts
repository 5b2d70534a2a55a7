import { Params } from './params';

/** A SIP or SIPS URI, RFC 3261 §19.1. */
export class SipUri {
  params = new Params();
  headers = new Params();
  constructor(
    public scheme: 'sip' | 'sips',
    public user: string | undefined,
    public host: string,
    public port: number | undefined,
  ) {}
}
