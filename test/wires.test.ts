import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(path, 'utf8');

/** All files of a folder, recursively. */
function filesOf(folder: string, suffix: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => suffix.test(name))
    .map((name) => `${folder}/${name}`);
}

describe('no wire leads nowhere:', () => {
  const link = read('native/include/dashvoip/camera/camlink.h');
  const functions = [...link.matchAll(/^\w[\w ]*\*? ?\*?(cl_\w+)\(/gm)].map(
    ([, name]) => name ?? '',
  );
  const users = filesOf('native/src', /\.cc$/)
    .filter((path) => !path.endsWith('camera/camlink.cc'))
    .map(read)
    .join('\n');

  it('each function of the camera link has a caller', () => {
    expect(functions).toContain('cl_open');
    expect(functions.filter((name) => !users.includes(`${name}(`))).toEqual([]);
  });

  const sources = filesOf('src', /\.ts$/).map(read).join('\n');
  const emitters = filesOf('src', /\.ts$/).flatMap((path) => {
    const maps = read(path).matchAll(
      /^export interface (\w+Events)(?: extends [^{]*)? \{\n(.*?)^\}/gms,
    );
    return [...maps].map(([, map, body]) => ({ map, body }));
  });
  const events = emitters.flatMap(({ map, body }) =>
    [...(body ?? '').matchAll(/^ {2}'?([\w-]+)'?: \[/gm)].map(([, event]) => ({ map, event })),
  );

  it('each event of an emitter has a listener', () => {
    expect(events.length).toBeGreaterThan(20);
    const unheard = events.filter(({ event = '' }) => !sources.includes(`.on('${event}'`));
    expect(unheard).toEqual([]);
  });
});
