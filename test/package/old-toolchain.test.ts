import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const NATIVE = resolve(import.meta.dirname, '../../native');
/** What the H22 SDK compiles; tests, fuzzers and benchmarks run on a development machine only. */
const ON_THE_BOARD = ['include', 'src', 'sim'];

/** Headers and functions of glibc that came after 2.21, the C library of GCC 5.3's SDK, with the release. */
const TOO_NEW: Readonly<Record<string, string>> = {
  'sys/random.h': '2.25',
  'threads.h': '2.28',
  'sys/rseq.h': '2.35',
  'sys/pidfd.h': '2.36',
  preadv2: '2.26',
  pwritev2: '2.26',
  explicit_bzero: '2.25',
  getentropy: '2.25',
  getrandom: '2.25',
  reallocarray: '2.26',
  copy_file_range: '2.27',
  memfd_create: '2.27',
  mlock2: '2.27',
  renameat2: '2.28',
  statx: '2.28',
  fcntl64: '2.28',
  getcpu: '2.29',
  pthread_cond_clockwait: '2.30',
  pthread_mutex_clocklock: '2.30',
  sem_clockwait: '2.30',
  gettid: '2.30',
  tgkill: '2.30',
  pthread_clockjoin_np: '2.31',
  sigabbrev_np: '2.32',
  close_range: '2.34',
  closefrom: '2.34',
  epoll_pwait2: '2.35',
  arc4random: '2.36',
  pidfd_open: '2.36',
  strlcpy: '2.38',
  strlcat: '2.38',
};

/** The lines that include such a header or call such a function by its own name (not `syscall(SYS_...)`). */
function tooNew(source: string): string[] {
  return source.split('\n').flatMap((line, index) => {
    const code = line.replace(/\/\/.*|^\s*\*.*/, '');
    return Object.entries(TOO_NEW)
      .filter(([name]) =>
        name.endsWith('.h')
          ? code.includes(`#include <${name}>`)
          : new RegExp(`(?<![\\w.>])${name}\\s*\\(`).test(code),
      )
      .map(([name, since]) => `${index + 1}: ${name} is of glibc ${since}`);
  });
}

describe('the native sources on the C library of an H22 SDK', () => {
  it('include no header and call no function newer than glibc 2.21', () => {
    const files = ON_THE_BOARD.flatMap((folder) =>
      readdirSync(join(NATIVE, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(cc|c|h)$/.test(file))
        .map((file) => join(folder, file)),
    );
    expect(files.length).toBeGreaterThan(100);
    const findings = files.flatMap((file) =>
      tooNew(readFileSync(join(NATIVE, file), 'utf8')).map((finding) => `${file}:${finding}`),
    );
    expect(findings).toEqual([]);
  });

  it.each([
    ['#include <sys/random.h>', ['1: sys/random.h is of glibc 2.25']],
    ['  const int fd = memfd_create("x", 0);', ['1: memfd_create is of glibc 2.27']],
    ['syscall(SYS_getrandom, p, n, 0); // not getrandom(2)', []],
    ['clock.gettid(); map->statx();', []],
  ])('would find it in %j', (line, findings) => {
    expect(tooNew(line)).toEqual(findings);
  });
});
