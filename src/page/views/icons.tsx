/** Outlines on a grid of 24, drawn for this page. */
const PATHS = {
  phone:
    'M6.6 3.5 9 3a1 1 0 0 1 1.1.6l1.2 3a1 1 0 0 1-.3 1.1L9.4 9.1a12 12 0 0 0 5.5 5.5l1.4-1.6a1 1 0 0 1 1.1-.3l3 1.2a1 1 0 0 1 .6 1.1l-.5 2.4a2 2 0 0 1-2 1.6A15.5 15.5 0 0 1 5 5.5a2 2 0 0 1 1.6-2Z',
  history: 'M12 7v5l3 2M3.5 12a8.5 8.5 0 1 0 2.6-6.1L3.5 8.3M3.5 4v4.3h4.3',
  quality: 'M3 12h3.5l2.5-7 4.5 14 3-9 1.5 2H21',
  ladder: 'M5 3v18M19 3v18M5 8h13m0 0-3-2.5M18 8l-3 2.5M19 16H6m0 0 3-2.5M6 16l3 2.5',
  settings:
    'M4 7h9m5 0h2M4 17h2m5 0h9M15.5 7m-2.3 0a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0-4.6 0M8.5 17m-2.3 0a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0-4.6 0',
  log: 'M5 5h14M5 10h14M5 15h9M5 20h6',
  commands: 'm5 7 5 5-5 5M13 18h6',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  hold: 'M9 5v14M15 5v14',
  resume: 'M7 4.5v15l12-7.5Z',
  erase: 'M9 5h11a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H9l-6-7Zm3.5 4.5 5 5m0-5-5 5',
  incoming: 'M18 6 7 17m0 0h8m-8 0V9',
  outgoing: 'M6 18 17 7m0 0H9m8 0v8',
  camera:
    'M4 8.5A1.5 1.5 0 0 1 5.5 7h8A1.5 1.5 0 0 1 15 8.5v7a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 4 15.5ZM15 11l5-3v8l-5-3',
  logOut: 'M14 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h8M10 12h10m0 0-3.5-3.5M20 12l-3.5 3.5',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.5 15.5 20 20',
  warning: 'M12 4 2.800 19.5h18.4ZM12 10v4.5M12 17v.01',
  refresh: 'M20 11a8 8 0 1 0-1.5 5.5M20 5v6h-6',
} as const;

export type IconName = keyof typeof PATHS | 'hangUp';

/** Says nothing by itself: what it stands beside is in words. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {name === 'hangUp' ? (
        <path d={PATHS.phone} transform="rotate(135 12 12)" />
      ) : (
        <path d={PATHS[name]} />
      )}
    </svg>
  );
}
