import { maskPasswords } from '../platform';
import type { ConferenceEndpoint, ConferenceInfo, ConferenceUser } from '../sip';
import type { Participant } from './call-state';

/** What becomes of a document. */
export type Note =
  /** It says what is known. */
  | 'same'
  | 'changed'
  /** One before it never came: all of it has to be told again. */
  | 'gap';

/** No server adds to it without end. */
const MAX_USERS = 200;

/** Who is in a conference, by the documents that came, whole and in part (RFC 4575 §4.6). */
export class Roster {
  readonly #users = new Map<string, ConferenceUser>();
  #version: number | undefined;

  /** The next document is the first of another subscription, whose versions may begin anew. */
  expectWhole(): void {
    this.#version = undefined;
  }

  get participants(): readonly Participant[] {
    return [...this.#users.values()].map(({ entity, displayText, endpoints }) => {
      const status = statusOf(endpoints);
      return {
        uri: maskPasswords(entity),
        ...(displayText === undefined ? {} : { displayName: displayText }),
        ...(status === undefined ? {} : { status }),
      };
    });
  }

  note({ extent, version, users }: ConferenceInfo): Note {
    const last = this.#version;
    if (last !== undefined && version <= last) return 'same';
    if (extent === 'partial' && (last === undefined || version > last + 1)) return 'gap';
    this.#version = version;
    const before = JSON.stringify(this.participants);
    if (extent !== 'partial' || (users && users.extent !== 'partial')) this.#users.clear();
    if (extent !== 'deleted' && users?.extent !== 'deleted') users?.list.forEach(this.#noteUser);
    return JSON.stringify(this.participants) === before ? 'same' : 'changed';
  }

  readonly #noteUser = (user: ConferenceUser): void => {
    const known = this.#users.get(user.entity);
    if (user.extent === 'deleted') this.#users.delete(user.entity);
    else if (known || this.#users.size < MAX_USERS) {
      this.#users.set(user.entity, user.extent === 'partial' && known ? merged(known, user) : user);
    }
  };
}

function merged(
  known: ConferenceUser,
  { displayText = known.displayText, endpoints }: ConferenceUser,
): ConferenceUser {
  const byEntity = new Map(known.endpoints.map((one) => [one.entity, one]));
  for (const one of endpoints) {
    if (one.extent === 'deleted') byEntity.delete(one.entity);
    else {
      const { status } = one.extent === 'partial' ? { ...byEntity.get(one.entity), ...one } : one;
      byEntity.set(one.entity, { ...one, ...(status === undefined ? {} : { status }) });
    }
  }
  return {
    ...known,
    ...(displayText === undefined ? {} : { displayText }),
    endpoints: [...byEntity.values()].slice(-8),
  };
}

/** Of several telephones of one the one that talks. */
function statusOf(endpoints: readonly ConferenceEndpoint[]): string | undefined {
  const all = endpoints.flatMap(({ status }) => status ?? []);
  return all.includes('connected') ? 'connected' : all[0];
}
