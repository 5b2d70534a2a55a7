/** The invitation that the page's address has. It is taken out at once: whoever looks at the address bar, or goes back, sees none. */
export function takenInvitation(
  { hash, pathname, search }: Pick<Location, 'hash' | 'pathname' | 'search'>,
  history: Pick<History, 'replaceState'>,
): string | undefined {
  const [, token] = /^#\/invitation\/(.*)$/.exec(hash) ?? [];
  if (token !== undefined) history.replaceState(null, '', pathname + search);
  return token;
}
