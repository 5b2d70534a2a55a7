/** `rtpPorts` as "Rtp ports", `do-not-disturb` as "Do not disturb"; abbreviations keep their capitals. */
export function titleOf(name: string): string {
  const spaced = name
    .replaceAll(/[-_ ]+/g, ' ')
    .replaceAll(
      /([a-z])([A-Z])/g,
      (_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
    )
    .replaceAll(/\b(sip|rtp|uri|url|dscp|ms|id|mqtt|tls|udp|tcp|ca|http)\b/gi, (word) =>
      word.toLowerCase() === 'ms' ? '(ms)' : word.toUpperCase(),
    );
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
