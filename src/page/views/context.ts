import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Answer } from '../api';

/** Carries a command out. */
export type Act = (name: string, param?: unknown) => Promise<Answer>;

export const ActContext = createContext<Act>(async () => ({ kind: 'failed', reason: '' }));

export function useAct(): Act {
  return useContext(ActContext);
}
