import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cppHeader } from '../../scripts/shapes/cpp';
import { cppHeaders } from '../../scripts/shapes/headers';
import { DeclarationError, readDeclarations } from '../../scripts/shapes/read';

const made = (text: string): string =>
  cppHeader('made.ts', 'GUARD', [], readDeclarations('made.ts', text).shapes);

describe('the C++ side of what crosses Node-API', () => {
  it.each(cppHeaders())(
    '$path is as declared; if not, run "npx tsx scripts/shapes/main.ts"',
    ({ path, text }) => {
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );

  it('has a struct for an interface, with its documents, and visits what it extends first', () => {
    const text = made(`
      /** Counts up. @cpp std::uint64_t */
      export type Count = number;
      export interface Above { readonly sent: Count; }
      /** What is counted. */
      export interface Below extends Above {
        /** In milliseconds. */
        readonly roundTripMs?: number;
        readonly open: boolean;
      }`);
    expect(text).toContain('std::uint64_t sent{};');
    expect(text).toContain('/** What is counted. */\nstruct Below : Above {');
    expect(text).toContain('/** In milliseconds. */\n  Optional<double> round_trip_ms{};');
    expect(text).toMatch(
      /Above::Visit\(self, visit\);\n *visit\("roundTripMs", self.round_trip_ms\);\n *visit\("open", self.open\);/,
    );
  });

  it('has words in their order, by the name that a comment gives', () => {
    const text = made(`
      export type Way =
        /** Both. @cpp kSendRecv */
        | 'sendrecv'
        | 'not-reached'
        | 'PCMA';`);
    expect(text).toContain('/** Both. */\n  kSendRecv,\n  kNotReached,\n  kPcma,\n');
    expect(text).toContain('words[] = {"sendrecv", "not-reached", "PCMA"};');
  });

  it('visits the fields of a union only where its word says so, and bounds where they stand', () => {
    const text = made(`
      export type DeviceKind = 'null' | 'alsa' | 'file';
      export type DeviceSettings =
        | { readonly kind: 'alsa'; readonly device: string; /** @range 1..9 */ readonly tries: number }
        | { readonly kind: 'null' };`);
    expect(text).toContain('visit("kind", self.kind);');
    expect(text).toContain(
      'if (self.kind == DeviceKind::kAlsa) visit("tries", self.tries, Range{1, 9});',
    );
  });

  it('knows growing lists and tuples', () => {
    const text = made(`
      export interface Lists {
        readonly growing: readonly string[];
        readonly exactly: readonly [number, number];
      }`);
    expect(text).toContain('std::vector<std::string> growing{};');
    expect(text).toContain('std::array<double, 2> exactly{};');
  });

  it('declares a type before its first use', () => {
    const text = made(
      'export interface A { readonly b: B }\nexport interface B { readonly c: boolean }',
    );
    expect(text.indexOf('struct B')).toBeLessThan(text.indexOf('struct A'));
  });

  it.each([
    ['an object without a name', 'export interface A { readonly b: { readonly c: string } }'],
    ['words without a name', "export interface A { readonly b: 'x' | 'y' }"],
    ['a tuple of several types', 'export interface A { readonly b: readonly [string, number] }'],
  ])('refuses %s, and says where it stands', (_, text) => {
    expect(() => made(text)).toThrow(DeclarationError);
    expect(() => made(text)).toThrow(/^made\.ts:1 A\.b: expected .*, found /);
  });
});
