import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Say, sayIn } from './say';

/** What the page is read in. */
export const SayContext = createContext<Say>(sayIn('en'));

export function useSay(): Say {
  return useContext(SayContext);
}
