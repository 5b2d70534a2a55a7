/**
 * What settings and commands say of themselves, which nobody asks for but the page. In the bundle numbers stand in the
 * place of their sentences, and its build puts here what they stand for (`scripts/lib/prose.ts`).
 */
export const PROSE: Readonly<Record<string, string>> = {};
