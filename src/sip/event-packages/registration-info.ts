import { childOf, childrenOf, readRoot, type XmlElement } from '../../platform';
import { type EventTable, idOf, shown, type Taken } from './event-table';
import { editionOf, VersionTrack } from './version-track';

const SPACE = 'urn:ietf:params:xml:ns:reginfo';

const CONTACT_STATES = ['active', 'terminated'] as const;
const STATES = ['init', ...CONTACT_STATES] as const;

/** Where calls for an address of record go to. */
export interface RegisteredContact {
  readonly uri: string;
  /** One that is over is told of once. */
  readonly state: (typeof CONTACT_STATES)[number];
  /** What has led to that, as `registered`, `expired`, `unregistered` (RFC 3680 §5.1.2). */
  readonly event?: string;
  readonly displayName?: string;
}

/** The registrations of an address of record, as its registrar has them (RFC 3680). */
export interface RegistrationInfo {
  /** `unknown` until the registrar has told. */
  readonly state: 'unknown' | (typeof STATES)[number];
  /** The first eight. */
  readonly contacts: readonly RegisteredContact[];
}

/** Contacts of one address that are kept; what is more is passed over, oldest kept. */
const MAX_CONTACTS = 32;
/** Those of all that are told of. */
const MAX_TOLD = 8;
/** Addresses of record in one document: those that are registered with ours. */
const MAX_REGISTRATIONS = 8;

interface Row {
  state: (typeof STATES)[number];
  readonly contacts: Map<string, RegisteredContact>;
}

/** The registrations of our own address, by their ids: RFC 3680 §5.2. */
export class RegistrationTable implements EventTable<RegistrationInfo> {
  readonly #versions = new VersionTrack();
  readonly #rows = new Map<string, Row>();

  get state(): RegistrationInfo {
    const rows = [...this.#rows.values()];
    const [first] = rows;
    const state = rows.some((row) => row.state === 'active') ? 'active' : first?.state;
    const contacts = rows.flatMap((row) => [...row.contacts.values()]);
    return { state: state ?? 'unknown', contacts: contacts.slice(0, MAX_TOLD) };
  }

  restart(): void {
    this.#versions.restart();
  }

  forget(): void {
    this.#rows.clear();
  }

  takeNothing(): void {
    this.forget();
  }

  take(document: string): Taken {
    const root = readRoot(document, SPACE, 'reginfo');
    if ('fault' in root) return root;
    const edition = editionOf(root);
    if (!edition) return { fault: 'expected a version, and the state full or partial' };
    const verdict = this.#versions.judge(edition);
    if (verdict === 'stale') return 'stale';
    if (edition.isFull) this.#rows.clear();
    else this.#dropTerminated();
    for (const registration of childrenOf(root, 'registration')) this.#note(registration);
    return verdict === 'gap' ? 'incomplete' : 'taken';
  }

  #dropTerminated(): void {
    for (const { contacts } of this.#rows.values()) {
      for (const [id, { state }] of contacts) if (state === 'terminated') contacts.delete(id);
    }
  }

  #note(registration: XmlElement): void {
    const id = idOf(registration);
    const state = STATES.find((one) => one === registration.attributes.get('state'));
    if (id === undefined || !state) return;
    const known = this.#rows.get(id);
    if (!known && this.#rows.size >= MAX_REGISTRATIONS) return;
    const row = known ?? { state, contacts: new Map() };
    row.state = state;
    this.#rows.set(id, row);
    for (const contact of childrenOf(registration, 'contact')) noteContact(row, contact);
  }
}

function noteContact({ contacts }: Row, contact: XmlElement): void {
  const id = idOf(contact);
  const state = CONTACT_STATES.find((one) => one === contact.attributes.get('state'));
  const uri = shown(childOf(contact, 'uri')?.text);
  if (id === undefined || !state || uri === undefined) return;
  if (!contacts.has(id) && contacts.size >= MAX_CONTACTS) return;
  const event = shown(contact.attributes.get('event'));
  const displayName = shown(childOf(contact, 'display-name')?.text);
  contacts.set(id, {
    ...{ uri, state },
    ...(event === undefined ? {} : { event }),
    ...(displayName === undefined ? {} : { displayName }),
  });
}
