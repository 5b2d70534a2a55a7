/** Seconds. The first retry comes soon: a camera's network is often not there when it starts. */
const BASE_S = 2;
const LONGEST_S = 120;
/** A registrar that grants seconds is not asked every second. */
const SHORTEST_REFRESH_S = 5;
const LOOK_AGAIN_S = 20;
/** A registrar may ask for more time than we would give it, but not for a day. */
const LONGEST_ASKED_S = 1800;

/**
 * A registrar that was away has all of its cameras back: ten thousand within so many seconds are 133 a second,
 * and fewer than 200 whatever the dice say. See docs/decisions/0013-how-a-fleet-comes-back.md.
 */
const SPREAD_S = 75;
const FLEET_S = { base: 60, longest: 300 };
/**
 * A registrar that is away misses what cameras send, and hears all of it together when it returns, in the next repetition of
 * each. So there are few, by failures, ms: two of a refresh that is due; none of the first try after it, since for a while
 * as many of these are under way as there are refreshes; one of those that follow.
 */
const REPEATS_MS = [2000, 400] as const;
const LATER_REPEATS_MS = 1000;
/** RFC 5626 §4.5: whoever closes a connection that has not stood for long does so again. */
const UNSTABLE_S = 30;
/** A connection that died by itself is one of few. */
const RENEW_S = 1;
/** RFC 5626 §4.5: while another flow lives the base time is 90 s; what is waited is half of it or more. */
const OTHERS_LIVE_S = 45;

/**
 * Milliseconds until the next REGISTER after `failures` in a row (1 or more), as RFC 5626 §4.5: the
 * upper bound doubles up to two minutes and the wait is between half of it and all of it.
 * `fraction` is random, in [0, 1).
 */
export function backOffMs(failures: number, fraction: number): number {
  const upperS = Math.min(LONGEST_S, BASE_S * 2 ** Math.min(failures - 1, 16));
  return spread(upperS, fraction);
}

/** The same for one of many: RFC 5626 §4.5 with times for ten thousand. */
export function fleetBackOffMs(failures: number, fraction: number, othersLive: boolean): number {
  const upperS = Math.min(FLEET_S.longest, FLEET_S.base * 2 ** Math.min(failures, 16));
  return laterMs(othersLive) + spread(upperS, fraction);
}

/** For how long what one of many sends after `failures` is repeated over UDP; its answer is awaited all the same. */
export function fleetRepeatsMs(failures: number): number {
  return REPEATS_MS[failures] ?? LATER_REPEATS_MS;
}

/** Until a registrar that has closed the connection is asked again. */
export function returnAfterMs(wasStable: boolean, fraction: number, othersLive: boolean): number {
  return laterMs(othersLive) + 1000 * ((wasStable ? 0 : UNSTABLE_S) + SPREAD_S * fraction);
}

/** Until a connection that died with nobody closing it is replaced. */
export function renewAfterMs(fraction: number): number {
  return 1000 * RENEW_S * fraction;
}

/** Wait after a refusal that another try will hardly change, as a wrong password. */
export function longBackOffMs(fraction: number): number {
  return spread(LONGEST_S, fraction);
}

/** Wait of at least `seconds` that a Retry-After asks for (RFC 3261 §20.33). */
export function askedBackOffMs(seconds: number, fraction: number): number {
  return 1000 * Math.min(seconds, LONGEST_ASKED_S) * (1 + fraction / 10);
}

/**
 * Milliseconds until a binding granted for `seconds` is refreshed: late enough to be rare, and early
 * enough for one attempt to time out (32 s) and another to succeed. Spread by a tenth, so that all
 * cars of a fleet do not come at once.
 */
export function refreshAfterMs(seconds: number, fraction: number): number {
  const latest = Math.max(seconds / 2, Math.min(seconds * 0.9, seconds - 40));
  return 1000 * Math.max(SHORTEST_REFRESH_S, latest * (1 - fraction / 10));
}

/** Milliseconds until a grant that may not be ours is looked at again. */
export function lookAgainAfterMs(seconds: number, fraction: number): number {
  return Math.min(spread(LOOK_AGAIN_S, fraction), refreshAfterMs(seconds, fraction));
}

function laterMs(othersLive: boolean): number {
  return othersLive ? 1000 * OTHERS_LIVE_S : 0;
}

function spread(upperS: number, fraction: number): number {
  return 1000 * upperS * (0.5 + fraction / 2);
}
