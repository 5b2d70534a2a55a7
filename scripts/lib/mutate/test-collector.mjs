import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
} from '@vitest/expect';

/**
 * Stands for `vitest` where the runner has bundled the tests: `describe` and `it` only note what is to be run, so that
 * it can be run again and again with one fault after another. What a test may use of vitest is what is exported here.
 */

/** @typedef {{ name: string, before: (() => unknown)[], after: (() => unknown)[], parent?: Suite }} Suite */
/** @typedef {{ id: string, name: string, file: string, run: () => unknown, suite: Suite }} Test */

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

export const expect = Object.assign(
  (value, message) => chai.expect(value, message),
  chai.expect,
  globalThis[ASYMMETRIC_MATCHERS_OBJECT],
);

/** @type {{ tests: Test[], ends: (() => unknown)[] }} */
export const collected = { tests: [], ends: [] };

/** @type {Suite} */
let suite = { name: '', before: [], after: [] };

/** What follows is of this file. */
export function begin(file) {
  suite = { name: '', before: [], after: [], file, count: 0 };
}

export const describe = withEach((name, body) => {
  const outer = suite;
  suite = { name: `${outer.name}${name} `, before: [], after: [], parent: outer };
  try {
    body();
  } finally {
    suite = outer;
  }
});

export const it = withEach((name, body) => {
  let file = suite;
  while (file.parent) file = file.parent;
  file.count += 1;
  const id = `${file.file}#${file.count}`;
  collected.tests.push({ id, name: suite.name + name, file: file.file, run: body, suite });
});
export const test = it;

export function beforeEach(body) {
  suite.before.push(body);
}

export function afterEach(body) {
  suite.after.push(body);
}

export function afterAll(body) {
  collected.ends.push(body);
}

function withEach(declare) {
  const each =
    (cases) =>
    (name, ...options) => {
      const body = options.find((option) => typeof option === 'function');
      cases.forEach((given, index) => {
        const values = Array.isArray(given) ? given : [given];
        declare(`${name} [${index}]`, () => body(...values));
      });
    };
  return Object.assign(declare, { each });
}
