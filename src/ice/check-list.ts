import { type Candidate, type Component, isSameComponent, type LocalCandidate } from './candidate';
import { byPriority, CandidatePair } from './pair';
import { familyOf, isSameAddress } from './stun';

/** Pairs of one call at most, of all streams together (RFC 8445 §6.1.2.5). */
export const MAX_PAIRS = 128;

/**
 * The pairs of a session and the order in which they are checked: RFC 8445 §6.1.2 and §6.1.4.2.
 */
export class CheckList {
  readonly #most: number;
  readonly #pairs: CandidatePair[] = [];
  /** The peer's own checks have shown these: they go first, in order. */
  readonly #triggered: CandidatePair[] = [];

  /** @param most pairs that there is room for */
  constructor(most: number) {
    this.#most = most;
  }

  get pairs(): readonly CandidatePair[] {
    return this.#pairs;
  }

  of(component: Component): readonly CandidatePair[] {
    return this.#pairs.filter((pair) => isSameComponent(pair.component, component));
  }

  /** Pairs what can reach each other; the best that there is room for, and the first of each foundation may begin. */
  form(
    component: Component,
    local: readonly LocalCandidate[],
    remote: readonly Candidate[],
    isControlling: boolean,
  ): void {
    // §6.1.2.4: what is sent from a reflexive candidate leaves from its base, which is there itself.
    const bases = local.filter(({ kind }) => kind === 'host' || kind === 'relay');
    for (const one of bases) {
      for (const other of remote) {
        const isPair = familyOf(one.address) === familyOf(other.address);
        if (isPair && !this.find(component, one, other))
          this.#pairs.push(new CandidatePair(component, one, other));
      }
    }
    this.#pairs.sort((one, other) => byPriority(one, other, isControlling));
    this.#pairs.splice(this.#most);
  }

  /** §6.1.2.6: of each foundation the pair of the lowest component, and of those the best. */
  unfreezeFirst(): void {
    const first = new Map<string, CandidatePair>();
    for (const pair of this.#pairs) {
      const best = first.get(pair.foundation);
      if (!best || pair.component.id < best.component.id) first.set(pair.foundation, pair);
    }
    for (const pair of first.values()) if (pair.state === 'frozen') pair.state = 'waiting';
  }

  find(
    component: Component,
    local: LocalCandidate,
    remote: { readonly address: string; readonly port: number },
  ): CandidatePair | undefined {
    return this.of(component).find(
      (pair) => pair.local.way === local.way && isSameAddress(pair.remote, remote),
    );
  }

  /** One that the peer's check has shown; undefined where there is no room. */
  add(pair: CandidatePair): CandidatePair | undefined {
    if (this.#pairs.length >= this.#most) {
      const useless = this.#pairs.findIndex(({ state }) => state === 'failed');
      if (useless < 0) return undefined;
      this.#pairs.splice(useless, 1);
    }
    this.#pairs.push(pair);
    return pair;
  }

  trigger(pair: CandidatePair): void {
    if (this.#triggered.includes(pair)) return;
    // §7.3.1.4: an answer on its way counts, or both ends would begin anew for ever.
    pair.request?.stopRepeating();
    pair.state = 'waiting';
    this.#triggered.push(pair);
  }

  untrigger(pair: CandidatePair): void {
    this.#drop(this.#triggered, pair);
  }

  /** §6.1.4.2; undefined where nothing is to be done now. */
  next(isControlling: boolean): CandidatePair | undefined {
    const triggered = this.#triggered.shift();
    if (triggered) return triggered;
    const best = (wanted: (pair: CandidatePair) => boolean): CandidatePair | undefined =>
      this.#pairs.filter(wanted).sort((one, other) => byPriority(one, other, isControlling))[0];
    const waiting = best(({ state }) => state === 'waiting');
    if (waiting) return waiting;
    const busy = new Set(
      this.#pairs
        .filter(({ state }) => state === 'waiting' || state === 'inProgress')
        .map(({ foundation }) => foundation),
    );
    return best(({ state, foundation }) => state === 'frozen' && !busy.has(foundation));
  }

  /** §7.2.5.3.3: what shares its fate is likely to go well, too. */
  unfreezeLike({ foundation }: CandidatePair): void {
    for (const pair of this.#pairs) {
      if (pair.state === 'frozen' && pair.foundation === foundation) pair.state = 'waiting';
    }
  }

  /** §8.1.2: a component has its pair, and the others are not needed. */
  conclude(selected: CandidatePair): void {
    for (const pair of this.of(selected.component)) {
      if (pair === selected || !pair.isUnfinished) continue;
      pair.request?.cancel();
      this.#drop(this.#pairs, pair);
      this.#drop(this.#triggered, pair);
    }
  }

  /** Waiting or under way: the pace of repetitions depends on how many they are (§14.3). */
  get busy(): number {
    return this.#pairs.filter(({ state }) => state === 'waiting' || state === 'inProgress').length;
  }

  stop(): void {
    for (const { request } of this.#pairs) request?.cancel();
    this.#triggered.length = 0;
  }

  #drop(list: CandidatePair[], pair: CandidatePair): void {
    const place = list.indexOf(pair);
    if (place >= 0) list.splice(place, 1);
  }
}
