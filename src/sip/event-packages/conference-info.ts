import { childOf, childrenOf, readRoot, type XmlElement } from '../../platform';

/** How much a document, or a part of it, says (RFC 4575 §4.6). */
type Extent = 'full' | 'partial' | 'deleted';

export interface ConferenceEndpoint {
  readonly entity: string;
  readonly extent: Extent;
  readonly status?: string;
}

export interface ConferenceUser {
  readonly entity: string;
  readonly extent: Extent;
  readonly displayText?: string;
  readonly endpoints: readonly ConferenceEndpoint[];
}

/** What of a conference-info document (RFC 4575 §5) tells who is there. */
export interface ConferenceInfo {
  readonly extent: Extent;
  readonly version: number;
  /** Undefined where it says nothing of them. */
  readonly users: { readonly extent: Extent; readonly list: readonly ConferenceUser[] } | undefined;
}

const NAMESPACE = 'urn:ietf:params:xml:ns:conference-info';
/** No camera shows more; what is left over is not kept. */
const MAX_USERS = 200;
const MAX_ENDPOINTS = 8;
const MAX_TEXT = 256;

/** Undefined for what is no such document. */
export function readConferenceInfo(xml: string): ConferenceInfo | undefined {
  const root = readRoot(xml, NAMESPACE, 'conference-info');
  if ('fault' in root) return undefined;
  const version = Number(root.attributes.get('version') ?? Number.NaN);
  if (!Number.isSafeInteger(version)) return undefined;
  const users = childOf(root, 'users');
  return { extent: extentOf(root), version, users: users && usersOf(users) };
}

function usersOf(users: XmlElement): ConferenceInfo['users'] {
  const named = childrenOf(users, 'user').filter((user) => entityOf(user) !== '');
  return { extent: extentOf(users), list: named.slice(0, MAX_USERS).map(userOf) };
}

function userOf(user: XmlElement): ConferenceUser {
  const displayText = textOf(user, 'display-text');
  const endpoints = childrenOf(user, 'endpoint').slice(0, MAX_ENDPOINTS);
  return {
    ...{ entity: entityOf(user), extent: extentOf(user) },
    ...(displayText === undefined ? {} : { displayText }),
    endpoints: endpoints.map((endpoint) => {
      const status = textOf(endpoint, 'status');
      return {
        ...{ entity: entityOf(endpoint), extent: extentOf(endpoint) },
        ...(status === undefined ? {} : { status }),
      };
    }),
  };
}

/** Undefined where there is none, or an empty one. */
function textOf(parent: XmlElement, name: string): string | undefined {
  return childOf(parent, name)?.text.slice(0, MAX_TEXT) || undefined;
}

function entityOf({ attributes }: XmlElement): string {
  return (attributes.get('entity') ?? '').trim().slice(0, MAX_TEXT);
}

/** §5.1: what does not say is full. */
function extentOf({ attributes }: XmlElement): Extent {
  const state = attributes.get('state')?.trim();
  return state === 'partial' || state === 'deleted' ? state : 'full';
}
