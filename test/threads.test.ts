import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const NATIVE = resolve(import.meta.dirname, '../native');

const files = ['include', 'src'].flatMap((folder) =>
  readdirSync(join(NATIVE, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(h|cc)$/.test(name))
    .map((name) => ({ name, text: readFileSync(join(NATIVE, folder, name), 'utf8') })),
);

/** C++ members end in the reverse order of their declaration: a thread has to end before what it uses. */
describe('threads of the media plane', () => {
  it('of a sound card are the last member: nothing of theirs goes before them', () => {
    const found = files.flatMap(({ name, text }) =>
      [...text.matchAll(/^ {2}AlsaWorker \w+_;.*\n(.*)\n/gm)].map(([, next]) => `${name}: ${next}`),
    );
    expect(found).toEqual(['dashvoip/audio/alsa_device.h: };', 'dashvoip/audio/alsa_device.h: };']);
  });

  it('are ended by Stop in the reverse order of their declaration', () => {
    const stops = files.flatMap(({ name, text }) => {
      const stop = text.match(/^void [\w:]+::Stop\(\) \{\n([\s\S]*?)^\}/m)?.[1] ?? '';
      const ended = [...stop.matchAll(/(\w+_)\.reset\(\)/g)].map(([, member]) => member ?? '');
      if (!text.includes('unique_ptr<RealtimeThread>')) return [];
      const declared = ended.map((member) => text.search(new RegExp(`^ .*> ${member};`, 'm')));
      return [{ name, ended, declared }];
    });
    expect(stops.map(({ name, ended }) => [name, ended])).toEqual([
      ['engine/bridge.cc', ['slots_', 'camera_']],
      ['engine/engine.cc', ['thread_', 'housekeeper_', 'camera_']],
    ]);
    for (const { declared } of stops) {
      expect(Math.min(...declared)).toBeGreaterThan(0);
      expect(declared).toEqual([...declared].sort((a, b) => b - a));
    }
  });
});
