import { describe, expect, it } from 'vitest';
import { endedInWords } from '../../src/page/words/ended';
import { LANGUAGES, languageFor, sayIn } from '../../src/page/words/say';

describe('the words of the page', () => {
  it('are there in every language, with the same gaps, and none is empty', () => {
    const gapsIn = (text: string): number => text.split('{}').length - 1;
    const english = Object.entries(LANGUAGES.en);
    expect(english.length).toBeGreaterThan(100);
    for (const [name, table] of Object.entries(LANGUAGES)) {
      expect(Object.keys(table), name).toEqual(Object.keys(LANGUAGES.en));
      for (const [key, text] of Object.entries(table)) {
        expect(text.trim(), `${name} ${key}`).not.toBe('');
        expect(gapsIn(text), `${name} ${key}`).toBe(gapsIn(LANGUAGES.en[key as 'phone']));
      }
    }
  });

  it('are Korean where they are said to be', () => {
    const latin = Object.entries(LANGUAGES.ko).filter(([, text]) => !/[가-힣]/.test(text));
    expect(latin.map(([key]) => key)).toEqual(['mos']);
  });

  it('have their gaps filled in, in turn', () => {
    expect(sayIn('en')('foundExpected', '"x"', 'a number')).toBe('Found "x", expected a number.');
    expect(sayIn('ko')('tooManyAttempts', 8)).toBe(
      '시도 횟수가 너무 많습니다. 8초 후에 다시 시도하세요.',
    );
  });

  it('are those of the first language of the reader that the page speaks', () => {
    expect(languageFor(['ko-KR', 'en'])).toBe('ko');
    expect(languageFor(['de', 'EN-us', 'ko'])).toBe('en');
    expect(languageFor(['de'])).toBe('en');
    expect(languageFor([])).toBe('en');
  });
});

describe('how a call ended', () => {
  const say = sayIn('ko');

  it('is said in the language of the reader, with what the far end said', () => {
    expect(endedInWords('hung up by the far end', say)).toBe('상대방이 종료');
    expect(endedInWords('refused by the far end (603 Decline)', say)).toBe(
      '상대방이 거절(603 Decline)',
    );
  });

  it('is said in the agent’s words where they are not known', () => {
    expect(endedInWords('vanished', say)).toBe('vanished');
  });
});
