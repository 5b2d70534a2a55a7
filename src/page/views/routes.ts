import { useEffect, useState } from 'preact/hooks';

export const ROUTES = [
  'phone',
  'history',
  'quality',
  'ladder',
  'settings',
  'log',
  'commands',
  'more',
] as const;
export type Route = (typeof ROUTES)[number];

/** What a phone held upright has room for below; the rest is behind `more`. */
export const MAIN_ROUTES: readonly Route[] = ['phone', 'history', 'quality', 'settings'];

function routeIn(hash: string): Route {
  return ROUTES.find((route) => hash === `#/${route}`) ?? 'phone';
}

/** The place in the page that its address names. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeIn(location.hash));
  useEffect(() => {
    const look = (): void => setRoute(routeIn(location.hash));
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  return route;
}
