/** Makes the patch for Buildroot: `main.ts MADE TREE SITE OUT`, called by scripts/package. */
import { execFileSync } from 'node:child_process';
import { makePatch } from './patch';

const [made = '', tree = '', site = '', out = ''] = process.argv.slice(2);
const setting = (name: string): string =>
  execFileSync('git', ['config', name], { encoding: 'utf8' }).trim();
const author = { name: setting('user.name'), email: setting('user.email') };
const { archive, patch } = makePatch({ made, tree, site, author, date: new Date(), out });
console.log(`package: ${archive}, to be put at ${site}`);
console.log(`package: ${patch}, for "git send-email" or "git am" in a Buildroot tree`);
