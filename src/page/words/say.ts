import { ENGLISH, type Word } from './english';
import { KOREAN } from './korean';

export const LANGUAGES = { en: ENGLISH, ko: KOREAN } as const;
export type Language = keyof typeof LANGUAGES;

/** How each language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어' };

/** Says a word, with what belongs into its gaps. */
export type Say = (word: Word, ...gaps: readonly (string | number)[]) => string;

export function sayIn(language: Language): Say {
  const table: Readonly<Record<Word, string>> = LANGUAGES[language];
  return (word, ...gaps) => {
    let place = 0;
    return table[word].replace(/\{\}/g, () => String(gaps[place++] ?? ''));
  };
}

/** The first of a reader's languages that the page speaks. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'en' || primary === 'ko') return primary;
  }
  return 'en';
}
