import { type Component, isSameComponent } from './candidate';
import type { CheckList } from './check-list';
import { byPriority, type CandidatePair } from './pair';

/** How long something better is waited for once a pair of each component is valid, ms. */
export const PATIENCE_MS = 300;
/** The same where a relay stands in the way of one of them, ms. */
export const RELAYED_PATIENCE_MS = 800;

/** The best of what has been found, of each component; undefined where one has nothing yet. */
export function bestOf(
  list: CheckList,
  components: readonly Component[],
): readonly CandidatePair[] | undefined {
  const best = components.flatMap((component) => {
    const valid = list.of(component).filter(({ isValid }) => isValid);
    return valid.sort((one, other) => byPriority(one, other, true))[0] ?? [];
  });
  return best.length === components.length ? best : undefined;
}

/** Whether a pair that is better than what was found may still turn out well. */
export function mayImprove(list: CheckList, best: readonly CandidatePair[]): boolean {
  return best.some((chosen) =>
    list.pairs.some(
      (pair) =>
        isSameComponent(pair.component, chosen.component) &&
        pair.isUnfinished &&
        byPriority(pair, chosen, true) < 0,
    ),
  );
}

export function patienceFor(best: readonly CandidatePair[]): number {
  return best.some(({ isRelayed }) => isRelayed) ? RELAYED_PATIENCE_MS : PATIENCE_MS;
}
