import type { SipRequest } from '../message';

/**
 * Whether a caller asks to be answered by nobody's hand: Answer-Mode of RFC 5373, and what phones had before it:
 * `answer-after` in Call-Info or Alert-Info, and the well-known names in Alert-Info.
 */
export function asksToBeAnswered(invite: SipRequest): boolean {
  const modes = ['Answer-Mode', 'Priv-Answer-Mode'].flatMap((name) => invite.getAll(name));
  if (modes.some((mode) => /^\s*auto\s*(;|$)/i.test(mode))) return true;
  const infos = ['Call-Info', 'Alert-Info'].flatMap((name) => invite.getAll(name));
  return infos.some(
    (info) =>
      /;\s*answer-after\s*=\s*\d/i.test(info) ||
      /\binfo\s*=\s*"?(alert-autoanswer|ringanswer|auto ?answer|ring-?answer)\b/i.test(info),
  );
}
