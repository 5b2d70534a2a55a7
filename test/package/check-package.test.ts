import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Rules of Buildroot's utils/check-package, as far as files of ours have met them. */
const PACKAGE = resolve(import.meta.dirname, '../../buildroot-package/package/dashvoip');
const read = (name: string): string => readFileSync(join(PACKAGE, name), 'utf8');
const linesOf = (name: string): string[] => read(name).split('\n');

/** Places of the lines that break a rule, as `Config.in:50`. */
function breaking(name: string, isWrong: (line: string, index: number) => boolean): string[] {
  return linesOf(name).flatMap((line, index) =>
    isWrong(line, index) ? [`${name}:${index + 1}`] : [],
  );
}

const ATTRIBUTES = ['bool|prompt|string|int', 'default', 'depends', 'select', 'help'].map(
  (words) => new RegExp(`^\\t(?:${words})\\b`),
);

describe('check-package', () => {
  it('sees the attributes of an option in their order: type, default, depends on, select, help', () => {
    let last = 0;
    expect(
      breaking('Config.in', (line) => {
        if (/^(config|choice|comment|if|endif|endchoice|menu)\b/.test(line)) last = 0;
        const place = ATTRIBUTES.findIndex((attribute) => attribute.test(line));
        if (place < 0) return false;
        const isWrong = place < last;
        last = place;
        return isWrong;
      }),
    ).toEqual([]);
  });

  it('sees help of a tab, two spaces and 62 characters at most', () => {
    let isHelp = false;
    expect(
      breaking('Config.in', (line) => {
        if (/^\thelp$/.test(line)) isHelp = true;
        else if (/^\S/.test(line)) isHelp = false;
        else if (isHelp && line !== '') return !/^\t {2}\S.{0,61}$/.test(line);
        return false;
      }),
    ).toEqual([]);
  });

  it('sees no folder usr below HOST_DIR, where there has been none since 2017.08', () => {
    expect(breaking('dashvoip.mk', (line) => /^[^#].*\$\(HOST_DIR\)\/usr/.test(line))).toEqual([]);
  });

  it('sees the name and the pid file of the init script as its own name tells', () => {
    const script = read('S95dashvoip');
    const name = /^DAEMON="([^"/]+)"$/m.exec(script)?.[1];
    expect(`S95${name}`).toBe('S95dashvoip');
    expect(script).toMatch(/^PIDFILE="\/var\/run\/\$DAEMON\.pid"$/m);
  });

  it('sees no run bit: install gives files their mode', () => {
    const executable = readdirSync(PACKAGE).filter(
      (name) => (statSync(join(PACKAGE, name)).mode & 0o111) !== 0,
    );
    expect(executable).toEqual([]);
  });

  it('sees no blanks at the end of a line, and one line end at the end of a file', () => {
    for (const name of readdirSync(PACKAGE).filter((file) => !file.endsWith('.json'))) {
      expect(breaking(name, (line) => /[ \t]$/.test(line))).toEqual([]);
      expect(read(name)).toMatch(/[^\n]\n$/);
    }
  });
});
