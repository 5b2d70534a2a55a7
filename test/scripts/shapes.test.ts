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

  it('makes the words of a union that are not declared, and gives each field where it belongs', () => {
    const text = made(`
      export type Told =
        | { readonly kind: 'camera'; readonly open: boolean }
        | {
            /** RTCP BYE. */
            readonly kind: 'remoteBye';
            readonly session: number;
          }
        | { readonly kind: 'dtmf'; readonly session: number };`);
    expect(text).toContain('  kCamera,\n  /** RTCP BYE. */\n  kRemoteBye,\n  kDtmf,\n');
    expect(text).toContain('words[] = {"camera", "remoteBye", "dtmf"};');
    expect(text).toContain('ToldKind kind{};');
    expect(text).toContain(
      'if (self.kind == ToldKind::kRemoteBye || self.kind == ToldKind::kDtmf) visit("session", self.session);',
    );
  });

  it('bounds a number by its alias, or by the field, which has the last word', () => {
    const text = made(`
      /** @cpp std::uint16_t @range 1..65535 */
      export type Port = number;
      export interface Ends {
        readonly one: Port;
        /** @range 1024..49151 */
        readonly two: Port;
        readonly all: readonly [Port, Port];
      }`);
    expect(text).toContain('visit("one", self.one, Range{1, 65535});');
    expect(text).toContain('visit("two", self.two, Range{1024, 49151});');
    expect(text).toContain('visit("all", self.all, Range{1, 65535});');
  });

  it('names a property in quotation marks as C++ can', () => {
    const text = made("export interface Libraries { readonly 'alsa-lib'?: string }");
    expect(text).toContain('Optional<std::string> alsa_lib{};');
    expect(text).toContain('visit("alsa-lib", self.alsa_lib);');
  });

  it('knows growing lists, tuples, and what has a fixed room', () => {
    const text = made(`
      export interface Lists {
        readonly growing: readonly string[];
        readonly exactly: readonly [number, number];
        readonly some: BoundedList<boolean, 16>;
        readonly more: BoundedList<boolean, 16, 2>;
        readonly name: BoundedText<255>;
      }`);
    expect(text).toContain('BoundedList<bool, 16> some{};');
    expect(text).toContain('BoundedList<bool, 16, 2> more{};');
    expect(text).toContain('BoundedText<255> name{};');
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
    ['a bound that is no number', 'export interface A { readonly b: BoundedText<Most> }'],
    ['a tuple of several types', 'export interface A { readonly b: readonly [string, number] }'],
  ])('refuses %s, and says where it stands', (_, text) => {
    expect(() => made(text)).toThrow(DeclarationError);
    expect(() => made(text)).toThrow(/^made\.ts:1 A\.b: expected .*, found /);
  });

  it('refuses a field that is of two types in a union', () => {
    const text = `export type A =
      | { readonly kind: 'one'; readonly b: string }
      | { readonly kind: 'two'; readonly b: boolean };`;
    expect(() => made(text)).toThrow('made.ts:1 A.b: expected std::string, found bool');
  });
});
