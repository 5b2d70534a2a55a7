export { SayContext, useSay } from './context';
export { endedInWords } from './ended';
export type { Word } from './english';
export { LANGUAGE_NAMES, LANGUAGES, type Language, languageFor, type Say, sayIn } from './say';
