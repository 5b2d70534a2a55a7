import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { APART, SELDOM } from '../scripts/lib/bundling';
import { LENT } from '../scripts/lib/lent';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

/** Rooms each room may import from (besides itself); see docs/architecture.md. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  codecs: [],
  platform: [],
  schema: [],
  config: ['codecs', 'platform', 'schema'],
  sip: ['platform'],
  sdp: ['codecs'],
  media: ['codecs', 'platform'],
  ice: ['platform'],
  camera: ['platform', 'media'],
  zrtp: ['platform', 'media'],
  agent: ['codecs', 'platform', 'sip', 'sdp', 'media', 'camera', 'ice', 'zrtp'],
  control: ['platform', 'agent', 'schema'],
  bridge: ['platform', 'config', 'media', 'camera'],
  probe: ['platform', 'media'],
  // In a browser: types alone.
  page: ['platform', 'control'],
  'sip-settings.ts': ['config', 'sip', 'agent'],
  'configuration-schema.ts': ['config', 'control'],
  'live-configuration.ts': ['platform', 'config', 'agent', 'control', 'sip-settings.ts'],
  'certificate-watch.ts': ['platform', 'control'],
  'way-in.ts': ['platform', 'control'],
  'surfaces.ts': ['platform', 'config', 'control', 'live-configuration.ts', 'way-in.ts'],
  'main.ts': [
    ...['codecs', 'platform', 'config', 'sip', 'media', 'camera', 'agent', 'control'],
    ...['zrtp', 'certificate-watch.ts', 'live-configuration.ts', 'sip-settings.ts', 'surfaces.ts'],
  ],
  cli: [
    ...['platform', 'schema', 'config', 'media', 'control', 'bridge', 'probe'],
    ...['configuration-schema.ts', 'main.ts'],
  ],
};

/** Folders of one room: the first knows nothing of the second, except that its index shows it to others. */
const ABOVE: readonly (readonly [lower: string, upper: string])[] = [
  ['control', 'control/udp'],
  ['control', 'control/mqtt'],
  ['control', 'control/web'],
  ['probe/readers', 'probe/report'],
  ['probe/readers', 'probe/advice'],
  ['probe/report', 'probe/advice'],
];

/** Ways in that `scripts/lib/bundling.ts` makes files of their own of. */
const ON_DEMAND = ['control/mqtt', 'control/web'];

/** Native rooms each native room may include (besides itself), in include, src and test alike. */
const NATIVE_ALLOWED: Readonly<Record<string, readonly string[]>> = {
  base: [],
  api: ['base'],
  codec: ['base', 'api'],
  rtp: ['base'],
  crypto: ['base'],
  srtp: ['base', 'api', 'crypto', 'rtp'],
  ice: ['base', 'crypto'],
  dtls: ['base', 'api', 'crypto', 'srtp'],
  voice: ['base', 'codec', 'rtp', 'audio'],
  talker: ['base', 'api', 'audio', 'voice'],
  video: ['base', 'rtp'],
  audio: ['base', 'api'],
  camera: ['base', 'api', 'codec', 'audio', 'video'],
  record: ['base', 'api', 'codec', 'audio', 'video', 'camera'],
  engine: [
    'base',
    'api',
    'codec',
    'rtp',
    'srtp',
    'ice',
    'dtls',
    'voice',
    'talker',
    'video',
    'audio',
    'camera',
    'record',
  ],
  addon: ['base', 'api', 'crypto', 'audio', 'camera', 'engine'],
  // That of the tests, all of which watch the real-time threads.
  'main.cc': ['base', 'crypto'],
};
const TREES = ['include/dashvoip', 'src', 'test'];

interface Import {
  readonly from: string;
  readonly to: string;
}

function filesBelow(folder: string, suffixes: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => suffixes.some((suffix) => name.endsWith(suffix)))
    .map((name) => join(folder, name));
}

const sources = filesBelow(SRC, ['.ts', '.tsx']);

function specifiers(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import|require\()\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
}

function resolveImport(file: string, specifier: string): string {
  const base = resolve(dirname(file), specifier);
  const found = [`${base}.ts`, `${base}.tsx`, join(base, 'index.ts'), base].find((path) =>
    sources.includes(path),
  );
  if (!found)
    throw new Error(`${relative(ROOT, file)} imports '${specifier}', which is no source file`);
  return found;
}

const imports: Import[] = sources.flatMap((from) =>
  specifiers(from)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ from, to: resolveImport(from, specifier) })),
);

const roomOf = (file: string): string => relative(SRC, file).split(sep)[0] ?? '';
const show = ({ from, to }: Import): string => `${relative(ROOT, from)} -> ${relative(ROOT, to)}`;

/** What a file takes that is there when it runs. */
function valuesFrom(from: string): Import[] {
  const text = readFileSync(from, 'utf8');
  return [...text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)'/gm)].map(
    ([, specifier = '']) => ({ from, to: resolveImport(from, specifier) }),
  );
}

/** Every folder on the way from the common ancestor down to `to` is entered through its index. */
function entersThroughIndex({ from, to }: Import): boolean {
  if (ON_DEMAND.some((folder) => to === join(SRC, folder, 'index.ts'))) return true;
  const way = relative(dirname(from), to).split(sep);
  const down = way.filter((step) => step !== '..');
  return down.length === 1 || (down.length === 2 && down[1] === 'index.ts');
}

function findCycle(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of edges.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return undefined;
}

describe('walls of the TypeScript house', () => {
  it('reads the imports of every source file', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(imports.length).toBeGreaterThan(sources.length);
  });

  it('lets each room import only the rooms below it', () => {
    const broken = imports.filter(({ from, to }) => {
      const room = roomOf(from);
      return roomOf(to) !== room && !(ALLOWED[room] ?? []).includes(roomOf(to));
    });
    expect(broken.map(show)).toEqual([]);
  });

  it('within a room, lets no folder know those above it', () => {
    const broken = imports.filter(({ from, to }) =>
      ABOVE.some(
        ([lower, upper]) =>
          dirname(from) === join(SRC, lower) &&
          dirname(to) === join(SRC, upper) &&
          from !== join(SRC, lower, 'index.ts'),
      ),
    );
    expect(broken.map(show)).toEqual([]);
  });

  it('takes only types and the ground into files that load on demand: a class would be another one there', () => {
    const taken = sources
      .filter((file) => ON_DEMAND.some((folder) => file.startsWith(join(SRC, folder, sep))))
      .flatMap((file) => valuesFrom(file))
      .filter(({ from, to }) => {
        const home = ON_DEMAND.find((folder) => from.startsWith(join(SRC, folder, sep))) ?? '';
        return !to.startsWith(join(SRC, home, sep)) && roomOf(to) !== 'platform';
      });
    expect(taken.map(show)).toEqual([]);
  });

  it('knows no error by its class in the files of what is seldom needed, but those that the bundle lends', () => {
    const lent = LENT.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
    const isLent = (name: string): boolean => lent.includes(`export class ${name} `);
    const ice = filesBelow(join(SRC, 'agent/ice'), ['.ts']);
    const zrtp = filesBelow(join(SRC, 'zrtp'), ['.ts']);
    const listed = [...SELDOM, ...Object.values(APART)].map((file) => join(ROOT, file));
    const taken = [...listed, ...ice, ...zrtp].flatMap((file) => {
      const known = readFileSync(file, 'utf8').matchAll(/instanceof (\w+Exception)/g);
      return [...known].flatMap(([, name = '']) => (isLent(name) ? [] : [`${file}: ${name}`]));
    });
    expect(taken).toEqual([]);
  });

  it('takes nothing but types into the page, which runs in a browser', () => {
    const taken = sources
      .filter((file) => roomOf(file) === 'page')
      .flatMap((file) => valuesFrom(file))
      .filter(({ to }) => roomOf(to) !== 'page');
    expect(taken.map(show)).toEqual([]);
  });

  it('enters every folder through its index', () => {
    expect(imports.filter((edge) => !entersThroughIndex(edge)).map(show)).toEqual([]);
  });

  it('has no import cycle', () => {
    const edges = new Map<string, Set<string>>();
    for (const { from, to } of imports) {
      edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
    expect(findCycle(edges)?.map((file) => relative(ROOT, file))).toBeUndefined();
  });

  it('loads the addon in media/engine.ts only', () => {
    const loaders = sources.filter((file) => /dashvoip\.node/.test(readFileSync(file, 'utf8')));
    expect(loaders.map((file) => relative(ROOT, file))).toEqual(['src/media/engine.ts']);
  });

  it('keeps sockets and timers of the platform out of the pure protocol', () => {
    const pure = sources.filter((file) =>
      /^src\/(ice|sdp|sip\/(message|transaction|dialog|auth|account|request|invite|registration))\//.test(
        relative(ROOT, file),
      ),
    );
    // `isIP` of node:net is a pure function.
    const impure =
      /from '(node:(dgram|tls|dns|timers)[^']*)'|import (?!\{ isIP(v[46])? \})[^;]* from 'node:net'/;
    const broken = pure.filter((file) => impure.test(readFileSync(file, 'utf8')));
    expect(broken.map((file) => relative(ROOT, file))).toEqual([]);
  });
});

describe('walls of the test toolkit', () => {
  const toolkit = join(ROOT, 'test/toolkit');

  it('knows neither tests nor scripts, which both stand on it', () => {
    const outside = filesBelow(toolkit, ['.ts'])
      .filter((file) => !file.endsWith('.test.ts'))
      .flatMap((from) => specifiers(from).map((to) => ({ from, to })))
      .filter(({ to }) => to.startsWith('.'))
      .map(({ from, to }) => relative(ROOT, resolve(dirname(from), to)))
      .filter((to) => !to.startsWith('test/toolkit/') && !to.startsWith('src/'));
    expect(outside).toEqual([]);
  });
});

describe('walls of the native house', () => {
  const native = join(ROOT, 'native');
  const codes = [...TREES.flatMap((tree) => filesBelow(join(native, tree), ['.cc', '.h']))];
  const including = (pattern: RegExp): string[] =>
    codes
      .filter((file) => !file.startsWith(join(native, 'test')))
      .filter((file) => pattern.test(readFileSync(file, 'utf8')))
      .map((file) => relative(native, file));

  /** `engine` of include/dashvoip/engine/engine.h, src/engine/engine.cc and test/engine/... */
  const nativeRoomOf = (file: string): string =>
    TREES.map((tree) => relative(join(native, tree), file))
      .find((way) => !way.startsWith('..'))
      ?.split(sep)[0] ?? '';

  const includes: Import[] = codes.flatMap((from) =>
    [...readFileSync(from, 'utf8').matchAll(/^ *#include "([^"]+)"/gm)].flatMap(([, name = '']) => {
      const places = [join(native, 'include'), join(native, 'test'), dirname(from)];
      const to = places.map((place) => join(place, name)).find((path) => codes.includes(path));
      return to ? [{ from, to }] : [];
    }),
  );

  it('reads the includes of every file', () => {
    const without = codes.filter((file) => !includes.some(({ from }) => from === file));
    expect(codes.length).toBeGreaterThan(200);
    expect(includes.length).toBeGreaterThan(2 * codes.length);
    expect(without.length).toBeLessThan(codes.length / 4);
  });

  it('lets each room include only the rooms below it', () => {
    const broken = includes.filter(({ from, to }) => {
      const room = nativeRoomOf(from);
      const below = [room, ...(NATIVE_ALLOWED[room] ?? [])];
      // The stand-in for the camera and its films serve the tests of every room.
      const mayUseSim = from.startsWith(join(native, 'test'));
      return !(below.includes(nativeRoomOf(to)) || (mayUseSim && nativeRoomOf(to) === 'sim'));
    });
    expect(broken.map(show)).toEqual([]);
  });

  it('has no cycle of rooms, and no arrow in the table that nobody walks', () => {
    const edges = new Map(Object.entries(NATIVE_ALLOWED).map(([room, to]) => [room, new Set(to)]));
    const walked = new Set(
      includes.map(({ from, to }) => `${nativeRoomOf(from)} ${nativeRoomOf(to)}`),
    );
    const idle = Object.entries(NATIVE_ALLOWED).flatMap(([room, below]) =>
      below.map((to) => `${room} ${to}`).filter((arrow) => !walked.has(arrow)),
    );
    expect(findCycle(edges)).toBeUndefined();
    expect(idle).toEqual([]);
  });

  it('mirrors its trees: a part has the same room in include, src and test', () => {
    const rooms = Object.keys(NATIVE_ALLOWED);
    const strays = codes.filter((file) => ![...rooms, 'sim'].includes(nativeRoomOf(file)));
    const homes = new Map<string, Set<string>>();
    for (const file of codes.filter((code) => rooms.includes(nativeRoomOf(code)))) {
      const part = basename(file).replace(/(_test)?\.(cc|h)$/, '');
      homes.set(part, (homes.get(part) ?? new Set()).add(nativeRoomOf(file)));
    }
    const torn = [...homes].filter(([, where]) => where.size > 1);
    expect(strays.map((file) => relative(native, file))).toEqual([]);
    expect(torn.map(([part, where]) => `${part} in ${[...where].join(' and ')}`)).toEqual([]);
  });

  it('starts no thread in the rooms whose tests the thread sanitizer is spared', () => {
    const spared = /"\/test\/\(([a-z|]+)\)\//
      .exec(readFileSync(join(native, 'CMakeLists.txt'), 'utf8'))?.[1]
      ?.split('|');
    const threaded = codes
      .filter((file) => spared?.includes(nativeRoomOf(file)))
      .filter((file) =>
        /#include\s*[<"](thread|future|pthread\.h|\S*realtime_thread\.h)[>"]/.test(
          readFileSync(file, 'utf8'),
        ),
      );
    expect(spared).toContain('voice');
    expect(threaded.map((file) => relative(native, file))).toEqual([]);
  });

  it('guards each header by its place', () => {
    const headers = codes.filter(
      (file) => file.endsWith('.h') && !/\btest\b/.test(relative(native, file)),
    );
    const wrong = headers.filter((file) => {
      const guard = `DASHVOIP_${nativeRoomOf(file)}_${basename(file, '.h')}_H_`.toUpperCase();
      return !readFileSync(file, 'utf8').includes(`#ifndef ${guard}\n#define ${guard}\n`);
    });
    expect(wrong.map((file) => relative(native, file))).toEqual([]);
  });

  it('knows JavaScript in the addon only', () => {
    const files = including(/#include\s*[<"](napi|node_api|js_native_api)\.h/);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !file.startsWith('src/addon/'))).toEqual([]);
  });

  it('knows the vendor header in the NetFIFO backend only', () => {
    const files = including(/#include\s*[<"]AmbaNetFifo\.h/);
    expect(files.length).toBeGreaterThan(0);
    expect(
      files.filter((file) => !/^(src|include\/dashvoip)\/camera\/netfifo_/.test(file)),
    ).toEqual([]);
  });

  it('knows ALSA in its devices only', () => {
    const files = including(/#include\s*<alsa\//);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !/^(src|include\/dashvoip)\/audio\/alsa_/.test(file))).toEqual(
      [],
    );
  });
});
