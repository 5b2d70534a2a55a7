import { type BodyParts, readBodyParts } from './body-parts';
import { type Core, isComplete, isCoreName, nameOfMissing, readCore } from './core-fields';
import { FieldList, HeaderError } from './field-list';
import type { AuthValue, CSeq, TypedValue } from './field-values';
import type { HeaderField } from './header-field';
import type { KnownHeaderName } from './header-name';
import type { Liberties } from './leniency';
import type { NameAddr } from './name-addr';
import { readAuthValues, readNameAddr, readNumber, readTypedValue, readVia } from './readers';
import { parseSipDate } from './sip-date';
import { ValueReader } from './value-reader';
import type { Via } from './via';

const NO_BODY = new Uint8Array(0);

/**
 * What requests and responses share: fields in the order received, and typed values that are read
 * on demand and kept. Via, From, To, Call-ID and CSeq are always there and well-formed: a received
 * message without them is a `ParseFailure`. Any other field that is malformed reads as absent;
 * `isMalformed` tells the two apart for those that matter.
 */
export abstract class MessageBase extends FieldList {
  #body: Uint8Array;
  #core: Core | undefined;
  #liberties: Liberties;
  /** Null when malformed, undefined while not read. */
  #vias: readonly Via[] | null | undefined;
  #contacts: readonly NameAddr[] | null | undefined;
  #routes: readonly NameAddr[] | null | undefined;
  #recordRoutes: readonly NameAddr[] | null | undefined;
  #tokens: Map<string, readonly string[]> | undefined;

  constructor(fields: HeaderField[], body: Uint8Array = NO_BODY, core?: Core) {
    super(fields);
    this.#body = body;
    this.#core = core;
    this.#liberties = core?.liberties ?? 0;
  }

  /** What was let pass in all that was read so far. */
  get liberties(): Liberties {
    return this.#liberties;
  }

  protected override fieldsChanged(name: string): void {
    this.#vias = undefined;
    this.#contacts = undefined;
    this.#routes = undefined;
    this.#recordRoutes = undefined;
    this.#tokens = undefined;
    if (isCoreName(name)) this.#core = undefined;
  }

  /** Replaces the first Via value and leaves what follows as it is (RFC 3261 §18.2.1, RFC 3581 §4). */
  replaceTopVia(via: Via): this {
    const field = this.first('Via');
    if (!field) return this.prepend('Via', via);
    const core = this.#readCore();
    const reader = new ValueReader(field.text, field.start, field.end);
    readVia(reader);
    this.rewrite(field, `${via}${field.text.slice(reader.position, field.end)}`);
    this.#core = { ...core, topVia: via };
    return this;
  }

  get body(): Uint8Array {
    return this.#body;
  }

  get bodyText(): string {
    return Buffer.from(this.#body.buffer, this.#body.byteOffset, this.#body.byteLength).toString();
  }

  /** What is of one of `types` in the body, which may have many parts (RFC 5621). */
  bodyParts(types: readonly string[]): BodyParts {
    const { buffer, byteOffset, byteLength } = this.#body;
    return readBodyParts(
      {
        type: this.contentType,
        disposition: this.#typedList('Content-Disposition')?.[0],
        encodings: this.getAll('Content-Encoding'),
        content: Buffer.from(buffer, byteOffset, byteLength),
        id: (this.get('Content-ID') ?? '').replace(/^<|>$/g, ''),
      },
      types,
    );
  }

  /** The session description that the body is or has among its parts; empty when there is none. */
  get description(): string {
    if (this.#body.length === 0) return '';
    // Nothing else begins so: RFC 8866 §5.1.
    if (!this.contentType) return this.bodyText.startsWith('v=0') ? this.bodyText : '';
    const { understood } = this.bodyParts(['application/sdp']);
    // RFC 3261 §20.11: a description is of the session unless it is said to be of something else.
    const found = understood.find(({ disposition }) => disposition?.is('session') ?? true);
    return found?.content.toString() ?? '';
  }

  /** Sets the body and its Content-Type; Content-Length is the serializer's affair. */
  setBody(contentType: string, body: string | Uint8Array): this {
    this.#body = typeof body === 'string' ? Buffer.from(body) : body;
    return this.set('Content-Type', contentType);
  }

  get topVia(): Via {
    return this.#readCore().topVia;
  }

  get from(): NameAddr {
    return this.#readCore().from;
  }

  get to(): NameAddr {
    return this.#readCore().to;
  }

  get callId(): string {
    return this.#readCore().callId;
  }

  get cseq(): CSeq {
    return this.#readCore().cseq;
  }

  /** Every Via value; of those behind a malformed one nothing is known. */
  get vias(): readonly Via[] {
    return this.#readVias() ?? [this.topVia];
  }

  /** Empty also for `Contact: *`, see `isContactStar`. */
  get contacts(): readonly NameAddr[] {
    return this.#readContacts() ?? [];
  }

  /** `Contact: *`, all bindings (RFC 3261 §10.2.2). */
  get isContactStar(): boolean {
    return this.get('Contact') === '*';
  }

  get routes(): readonly NameAddr[] {
    return this.#readRoutes() ?? [];
  }

  get recordRoutes(): readonly NameAddr[] {
    return this.#readRecordRoutes() ?? [];
  }

  get referTo(): NameAddr | undefined {
    return this.#readList('Refer-To', readNameAddr)?.[0];
  }

  /** Of several the first SIP address, RFC 3325 §9.1. */
  get assertedIdentity(): NameAddr | undefined {
    const all = this.#readList('P-Asserted-Identity', readNameAddr) ?? [];
    return all.find(({ uri }) => uri.kind === 'sip');
  }

  /** By whom it was sent on, the last one first (RFC 5806 §5.1). */
  get diversions(): readonly NameAddr[] {
    return this.#readList('Diversion', readNameAddr) ?? [];
  }

  /** Whom it was for on its way, the first one first (RFC 7044 §5). */
  get historyInfo(): readonly NameAddr[] {
    return this.#readList('History-Info', readNameAddr) ?? [];
  }

  /** Empty also where one of them cannot be read: half a way is none (RFC 3608). */
  get serviceRoute(): readonly NameAddr[] {
    return this.#readList('Service-Route', readNameAddr) ?? [];
  }

  /** RFC 3327. */
  get path(): readonly NameAddr[] {
    return this.#readList('Path', readNameAddr) ?? [];
  }

  get maxForwards(): number | undefined {
    return this.#number('Max-Forwards');
  }

  /** Seconds. */
  get expires(): number | undefined {
    return this.#seconds('Expires');
  }

  /** Seconds. */
  get minExpires(): number | undefined {
    return this.#seconds('Min-Expires');
  }

  /** Seconds, RFC 5626 §10; undefined also for none. */
  get flowTimer(): number | undefined {
    return this.#number('Flow-Timer') || undefined;
  }

  get contentLength(): number | undefined {
    return this.#number('Content-Length');
  }

  /** Seconds. */
  get retryAfter(): number | undefined {
    return this.#seconds('Retry-After');
  }

  get require(): readonly string[] {
    return this.#tokenList('Require');
  }

  get proxyRequire(): readonly string[] {
    return this.#tokenList('Proxy-Require');
  }

  get supported(): readonly string[] {
    return this.#tokenList('Supported');
  }

  get unsupported(): readonly string[] {
    return this.#tokenList('Unsupported');
  }

  get allow(): readonly string[] {
    return this.#tokenList('Allow');
  }

  get contentType(): TypedValue | undefined {
    return this.#typedList('Content-Type')?.[0];
  }

  /**
   * Undefined when absent: `application/sdp` is then meant; empty means that nothing is accepted. One
   * that cannot be read rules out nothing.
   */
  get accept(): readonly TypedValue[] | undefined {
    return this.has('Accept') ? this.#typedList('Accept') : undefined;
  }

  get event(): TypedValue | undefined {
    return this.#typedList('Event')?.[0];
  }

  /** Reason header (RFC 3326): `SIP` or `Q.850` with `cause` and `text`. */
  get reasons(): readonly TypedValue[] {
    return this.#typedList('Reason') ?? [];
  }

  /** Undefined also for a date that is not in GMT (RFC 4475 §3.1.2.12). */
  get date(): Date | undefined {
    const text = this.get('Date');
    return text === undefined ? undefined : parseSipDate(text);
  }

  get wwwAuthenticate(): readonly AuthValue[] {
    return this.#authValues('WWW-Authenticate');
  }

  get proxyAuthenticate(): readonly AuthValue[] {
    return this.#authValues('Proxy-Authenticate');
  }

  get authorization(): readonly AuthValue[] {
    return this.#authValues('Authorization');
  }

  get proxyAuthorization(): readonly AuthValue[] {
    return this.#authValues('Proxy-Authorization');
  }

  get subject(): string | undefined {
    return this.get('Subject');
  }

  get userAgent(): string | undefined {
    return this.get('User-Agent');
  }

  get server(): string | undefined {
    return this.get('Server');
  }

  /** Whether a field is there and its typed value could not be read. */
  isMalformed(name: 'Via' | 'Contact' | 'Route' | 'Record-Route' | 'Content-Type'): boolean {
    if (!this.has(name)) return false;
    switch (name) {
      case 'Via':
        return this.#readVias() === null;
      case 'Contact':
        return !this.isContactStar && this.#readContacts() === null;
      case 'Route':
        return this.#readRoutes() === null;
      case 'Record-Route':
        return this.#readRecordRoutes() === null;
      case 'Content-Type':
        return this.#typedList(name) === undefined;
    }
  }

  #readCore(): Core {
    if (this.#core) return this.#core;
    const core = readCore(this.fields);
    if (!isComplete(core)) {
      throw new HeaderError(`expected a well-formed ${nameOfMissing(core)}, found none; set it`);
    }
    this.#core = core;
    return core;
  }

  /** Without comment and parameters, as RFC 3261 §20.33 has them; some put them behind other times as well. */
  #seconds(name: KnownHeaderName): number | undefined {
    const [digits] = /^\d+(?=[\s;,(]|$)/.exec(this.get(name) ?? '') ?? [];
    return digits === undefined ? undefined : readNumber(digits, 0, digits.length);
  }

  #number(name: KnownHeaderName): number | undefined {
    const field = this.first(name);
    return field && readNumber(field.text, field.start, field.end);
  }

  /** All values of all fields of that name; undefined when one is malformed. */
  #readList<Value>(
    name: KnownHeaderName,
    readOne: (reader: ValueReader) => Value | undefined,
  ): Value[] | undefined {
    const values: Value[] = [];
    for (const field of this.fields) {
      if (field.name !== name) continue;
      const reader = new ValueReader(field.text, field.start, field.end);
      const isWellFormed = reader.readList(readOne, values);
      this.#liberties |= reader.liberties;
      if (!isWellFormed) return undefined;
    }
    return values;
  }

  #readVias(): readonly Via[] | null {
    if (this.#vias === undefined) this.#vias = this.#readList('Via', readVia) ?? null;
    return this.#vias;
  }

  #readContacts(): readonly NameAddr[] | null {
    if (this.#contacts === undefined) {
      this.#contacts = this.#readList('Contact', readNameAddr) ?? null;
    }
    return this.#contacts;
  }

  #readRoutes(): readonly NameAddr[] | null {
    if (this.#routes === undefined) this.#routes = this.#readList('Route', readNameAddr) ?? null;
    return this.#routes;
  }

  #readRecordRoutes(): readonly NameAddr[] | null {
    if (this.#recordRoutes === undefined) {
      this.#recordRoutes = this.#readList('Record-Route', readNameAddr) ?? null;
    }
    return this.#recordRoutes;
  }

  /** Empty elements are skipped; one that is no token stays, to be refused by name. */
  #tokenList(name: KnownHeaderName): readonly string[] {
    this.#tokens ??= new Map();
    const known = this.#tokens.get(name);
    if (known) return known;
    const list = this.getAll(name)
      .flatMap((value) => value.split(','))
      .map((element) => element.trim())
      .filter((element) => element !== '');
    this.#tokens.set(name, list);
    return list;
  }

  #typedList(name: KnownHeaderName): readonly TypedValue[] | undefined {
    return this.#readList(name, readTypedValue);
  }

  /** Those that cannot be read are left out, since others may do. */
  #authValues(name: KnownHeaderName): readonly AuthValue[] {
    const values: AuthValue[] = [];
    for (const field of this.fields) {
      if (field.name !== name) continue;
      readAuthValues(new ValueReader(field.text, field.start, field.end), values);
    }
    return values;
  }
}
