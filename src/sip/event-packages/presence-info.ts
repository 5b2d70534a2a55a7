import { childOf, childrenOf, readRoot, type XmlElement } from '../../platform';
import { type EventTable, shown, type Taken } from './event-table';

const PIDF_SPACE = 'urn:ietf:params:xml:ns:pidf';
const DATA_MODEL = 'urn:ietf:params:xml:ns:pidf:data-model';
const RPID = 'urn:ietf:params:xml:ns:pidf:rpid';

/** Whether somebody can be reached, and what he does: RFC 3863 with RFC 4480. */
export interface PresenceInfo {
  /** `unknown` until the server has told, and where it does not say. */
  readonly state: 'unknown' | 'open' | 'closed';
  /** As `on-the-phone`, `meeting`, `away`. */
  readonly activities: readonly string[];
  /** In his own words. */
  readonly note?: string;
}

const MAX_ACTIVITIES = 4;
const NOTHING: PresenceInfo = { state: 'unknown', activities: [] };

/** The presence of somebody: each document tells all there is (RFC 3856 §6.7). */
export class PresenceTable implements EventTable<PresenceInfo> {
  #state = NOTHING;

  get state(): PresenceInfo {
    return this.#state;
  }

  restart(): void {
    // It counts nothing.
  }

  takeNothing(): void {
    this.forget();
  }

  forget(): void {
    this.#state = NOTHING;
  }

  take(document: string): Taken {
    const root = readRoot(document, PIDF_SPACE, 'presence');
    if ('fault' in root) return root;
    this.#state = presenceOf(root);
    return 'taken';
  }
}

function presenceOf(root: XmlElement): PresenceInfo {
  const tuples = childrenOf(root, 'tuple');
  const basics = tuples.map(basicOf);
  const people = childrenOf(root, 'person', DATA_MODEL);
  const parts = [...people, ...tuples];
  const doing = parts.flatMap((part) => childrenOf(part, 'activities', RPID));
  const note = noteOf([root, ...people, ...doing, ...tuples]);
  return {
    // One way to reach him is enough.
    state: basics.includes('open') ? 'open' : basics.includes('closed') ? 'closed' : 'unknown',
    activities: [...new Set(doing.flatMap(activitiesOf))].slice(0, MAX_ACTIVITIES),
    ...(note === undefined ? {} : { note }),
  };
}

function basicOf(tuple: XmlElement): string | undefined {
  const status = childOf(tuple, 'status');
  return status && childOf(status, 'basic')?.text;
}

/** RFC 4480 §3.2: elements without a content, except `other`, which says it in words. */
function activitiesOf({ children }: XmlElement): string[] {
  return children
    .filter(({ space, name }) => space === RPID && name !== 'note' && name !== 'unknown')
    .flatMap(({ name, text }) => shown(name === 'other' && text ? text : name) ?? []);
}

/** The first that says something, in whichever namespace its place has it. */
function noteOf(parts: readonly XmlElement[]): string | undefined {
  const notes = parts.flatMap(({ children }) =>
    children.filter(
      ({ space, name }) => name === 'note' && [PIDF_SPACE, DATA_MODEL, RPID].includes(space),
    ),
  );
  return shown(notes.find(({ text }) => text !== '')?.text);
}
