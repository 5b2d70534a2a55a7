import { childOf, childrenOf, readRoot, type XmlElement } from '../../platform';
import { type EventTable, idOf, shown, type Taken } from './event-table';
import { editionOf, VersionTrack } from './version-track';

const SPACE = 'urn:ietf:params:xml:ns:dialog-info';

/** States of a dialog that is not over (RFC 4235 §3.7.1). */
const LIVE_STATES = ['trying', 'proceeding', 'early', 'confirmed'] as const;
type LiveState = (typeof LIVE_STATES)[number];

/** A call of a line, as far as its server tells of it. */
export interface LineCall {
  /** As that line sees it. */
  readonly direction?: 'incoming' | 'outgoing';
  readonly state: LiveState;
  /** Whom it talks with. */
  readonly remote?: string;
  readonly displayName?: string;
  /** The line holds it: `+sip.rendering` is `no` (RFC 4235 §4.1.6). */
  readonly held?: true;
}

/** Whether a line is busy (RFC 4235). */
export interface LineInfo {
  /** `unknown` until the server has told all; `ringing` while it is called and does not talk. */
  readonly state: 'unknown' | 'idle' | 'ringing' | 'busy';
  /** The first four. */
  readonly calls: readonly LineCall[];
}

/** Dialogs of one line that are kept; what is more is passed over, oldest kept. */
const MAX_DIALOGS = 16;
/** Those of them that are told of. */
const MAX_TOLD = 4;

/** The dialogs of a line, by their ids: RFC 4235 §4.3. */
export class LineTable implements EventTable<LineInfo> {
  readonly #versions = new VersionTrack();
  readonly #calls = new Map<string, LineCall>();
  /** All was told, once. */
  #isWhole = false;

  get state(): LineInfo {
    const calls = [...this.#calls.values()];
    const isKnown = this.#isWhole || calls.length > 0;
    return { state: isKnown ? lineState(calls) : 'unknown', calls: calls.slice(0, MAX_TOLD) };
  }

  restart(): void {
    this.#versions.restart();
  }

  forget(): void {
    this.#calls.clear();
    this.#isWhole = false;
  }

  /** A server that is asked of its own line, and has nothing to tell, knows of no dialog. */
  takeNothing(): void {
    this.#calls.clear();
    this.#isWhole = true;
  }

  take(document: string): Taken {
    const root = readRoot(document, SPACE, 'dialog-info');
    if ('fault' in root) return root;
    const edition = editionOf(root);
    if (!edition) return { fault: 'expected a version, and the state full or partial' };
    const verdict = this.#versions.judge(edition);
    if (verdict === 'stale') return 'stale';
    if (edition.isFull) this.forget();
    this.#isWhole ||= edition.isFull;
    for (const dialog of childrenOf(root, 'dialog')) this.#note(dialog);
    return verdict === 'gap' ? 'incomplete' : 'taken';
  }

  #note(dialog: XmlElement): void {
    const id = idOf(dialog);
    if (id === undefined) return;
    const call = callOf(dialog);
    if (!call) this.#calls.delete(id);
    else if (this.#calls.has(id) || this.#calls.size < MAX_DIALOGS) this.#calls.set(id, call);
  }
}

/** Undefined for one that is over. */
function callOf(dialog: XmlElement): LineCall | undefined {
  const told = childOf(dialog, 'state')?.text.toLowerCase();
  const state = LIVE_STATES.find((one) => one === told);
  if (!state) return undefined;
  const direction = DIRECTIONS.get(dialog.attributes.get('direction') ?? '');
  const far = childOf(dialog, 'remote');
  const identity = far && childOf(far, 'identity');
  const target = far && childOf(far, 'target')?.attributes.get('uri');
  const remote = shown(identity?.text || target);
  const displayName = shown(identity?.attributes.get('display'));
  return {
    ...(direction ? { direction } : {}),
    state,
    ...(remote === undefined ? {} : { remote }),
    ...(displayName === undefined ? {} : { displayName }),
    ...(isHeld(dialog) ? { held: true } : {}),
  };
}

const DIRECTIONS: ReadonlyMap<string, 'incoming' | 'outgoing'> = new Map([
  ['recipient', 'incoming'],
  ['initiator', 'outgoing'],
]);

function isHeld(dialog: XmlElement): boolean {
  const near = childOf(dialog, 'local');
  const target = near && childOf(near, 'target');
  const params = target ? childrenOf(target, 'param') : [];
  return params.some(
    ({ attributes }) =>
      attributes.get('pname') === '+sip.rendering' && attributes.get('pval') === 'no',
  );
}

/** Who dials is busy; who is called and has not answered rings, unless he talks with another one. */
function lineState(calls: readonly LineCall[]): LineInfo['state'] {
  if (calls.length === 0) return 'idle';
  const isTaken = calls.some(
    ({ state, direction }) => state === 'confirmed' || direction === 'outgoing',
  );
  return isTaken ? 'busy' : 'ringing';
}
