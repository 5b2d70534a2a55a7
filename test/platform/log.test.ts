import { describe, expect, it } from 'vitest';
import { Log, type LogEntry, type LogLevel, maskPasswords } from '../../src/platform';
import { expectLinear } from '../support/linear';

function bench(level: LogLevel = 'info') {
  const lines: string[] = [];
  let now = 0;
  const log = new Log(
    level,
    (line) => lines.push(line.replace(/^time=\S+ /, '').trimEnd()),
    () => new Date(now),
  );
  return { lines, log, logger: log.logger('agent'), wait: (ms: number) => (now += ms) };
}

describe('a line', () => {
  it('has time, level, area, message and what varies', () => {
    const { lines, logger } = bench();
    logger.area('sip').warn('dropped', { why: 'two words', from: '192.0.2.7', not: undefined });
    expect(lines).toEqual(['level=warn area=sip msg="dropped" why="two words" from=192.0.2.7']);
  });

  it('stays one line, whatever it quotes', () => {
    const { lines, logger } = bench();
    logger.info('a\nb\u001b[2J', { c: 'd\re\u009b' });
    expect(lines).toEqual(['level=info area=agent msg="a\\nb\\u001b[2J" c="d\\re\\u009b"']);
  });

  it('below the level is not written', () => {
    const { lines, logger } = bench('warn');
    logger.info('a');
    logger.warn('b');
    expect(lines).toEqual(['level=warn area=agent msg="b"']);
  });
});

describe('who listens', () => {
  it('gets each line that is written, in its parts, with passwords masked, until he leaves', () => {
    const { log, logger } = bench('warn');
    const heard: LogEntry[] = [];
    const leave = log.listen((entry) => heard.push(entry));
    logger.area('sip').warn('to sip:a:secret@192.0.2.7', { why: 'two words' });
    logger.info('below the level');
    leave();
    logger.warn('afterwards');
    expect(heard).toEqual([
      {
        at: '1970-01-01T00:00:00.000Z',
        level: 'warn',
        area: 'sip',
        text: 'to sip:a:***@192.0.2.7 why="two words"',
      },
    ]);
  });

  it('learns what was kept back', () => {
    const { log, logger, wait } = bench();
    const heard: string[] = [];
    log.listen(({ text }) => heard.push(text));
    for (let i = 0; i < 15; i++) logger.warn('flood', { i });
    wait(60_001);
    logger.info('later');
    expect(heard.slice(-2)).toEqual(['lines omitted kind="warn agent: flood" lines=5', 'later']);
  });
});

describe('levels', () => {
  it('are changed while it runs, for one area or for all', () => {
    const { lines, log, logger } = bench('warn');
    const [sip, call] = [logger.area('sip'), logger.area('call 7')];
    log.setLevel('debug', 'call');
    sip.info('a');
    call.debug('b');
    expect([log.level, log.levels, log.areas]).toEqual([
      'warn',
      { call: 'debug' },
      ['agent', 'call', 'sip'],
    ]);
    log.setLevel('info');
    sip.info('c');
    call.debug('d');
    expect(lines).toEqual(['level=debug area=call msg="b" call=7', 'level=info area=sip msg="c"']);
    expect(log.levels).toEqual({});
  });
});

describe('lines of a kind', () => {
  it('are ten a minute, and what was omitted is told when the minute is over', () => {
    const { lines, logger, wait } = bench();
    for (let count = 0; count < 1000; count++) {
      logger.area(`call ${count}`).info('refused', { count });
      wait(50);
    }
    expect(lines).toHaveLength(10);
    expect(lines[9]).toBe('level=info area=call msg="refused" call=9 count=9');
    wait(10_000);
    logger.info('something else');
    expect(lines.slice(10)).toEqual([
      'level=warn area=log msg="lines omitted" kind="info call N: refused" lines=990',
      'level=info area=agent msg="something else"',
    ]);
    logger.area('call 1').info('refused');
    expect(lines).toHaveLength(13);
  });

  it('do not keep other kinds back: another level, area or message', () => {
    const { lines, logger } = bench();
    for (let count = 0; count < 20; count++) logger.info('a');
    logger.warn('a');
    logger.info('b');
    logger.area('sip').info('a');
    expect(lines.slice(10)).toEqual([
      'level=warn area=agent msg="a"',
      'level=info area=agent msg="b"',
      'level=info area=sip msg="a"',
    ]);
  });

  it('pass again when the clock was set back', () => {
    const { lines, logger, wait } = bench();
    wait(1e9);
    for (let count = 0; count < 20; count++) logger.info('a');
    wait(-1e8);
    logger.info('a');
    expect(lines.slice(10)).toEqual([
      'level=warn area=log msg="lines omitted" kind="info agent: a" lines=10',
      'level=info area=agent msg="a"',
    ]);
  });

  it('pass whole at the level debug', () => {
    const { lines, logger } = bench('debug');
    for (let count = 0; count < 50; count++) logger.debug('a');
    expect(lines).toHaveLength(50);
  });

  it('are at the level debug no more than a rate of octets allows, and what was omitted is told', () => {
    const { lines, logger, wait } = bench('debug');
    const flood = (): number => {
      const before = lines.join().length;
      for (let count = 0; count < 5000; count++) logger.debug('a', { text: 'x'.repeat(100) });
      return lines.join().length - before;
    };
    // A burst, and then what drips in.
    expect(flood()).toBeGreaterThan(50_000);
    expect(lines.join().length).toBeLessThan(75_000);
    const written = lines.length;
    expect(flood()).toBe(0);
    // Other levels go on.
    logger.info('b');
    expect(lines).toHaveLength(written + 1);
    wait(1000);
    logger.info('c');
    expect(lines.slice(-2)).toEqual([
      `level=warn area=log msg="lines omitted" kind=debug lines=${10_000 - written}`,
      'level=info area=agent msg="c"',
    ]);
    expect(flood()).toBeLessThan(5000);
    wait(-1e9);
    expect(flood()).toBe(0);
    wait(1000);
    expect(flood()).toBeGreaterThan(3000);
  });

  it('cost nothing below the level: what varies is not even made', () => {
    const { logger } = bench('info');
    let made = 0;
    logger.debug('a', () => ({ made: ++made }));
    expect(made).toBe(0);
    const debug = bench('debug');
    debug.logger.debug('a', () => ({ made: ++made }));
    expect(debug.lines).toEqual(['level=debug area=agent msg="a" made=1']);
  });

  it('are forgotten when there are too many kinds', () => {
    const { lines, logger } = bench();
    for (let count = 0; count < 20; count++) logger.info('first');
    for (let kind = 0; kind < 256; kind++) logger.info(`kind ${kind}`);
    logger.info('first');
    expect(lines).toHaveLength(10 + 256 + 1);
  });
});

describe('a password within a URI', () => {
  it.each([
    ['sip:car:geheim@example.org', 'sip:car:***@example.org'],
    ['<SIPS:car:ge;h=e?im@example.org>;tag=1', '<SIPS:car:***@example.org>;tag=1'],
    ['to sip:a:b@c and sip:d:@e', 'to sip:a:***@c and sip:d:***@e'],
    ['sip:car@example.org:5060', 'sip:car@example.org:5060'],
    ['sip:example.org:5060', 'sip:example.org:5060'],
  ])('in %s is masked', (text, masked) => {
    expect(maskPasswords(text)).toBe(masked);
    const { lines, logger } = bench();
    logger.info(`x ${text}`, { uri: text });
    expect(lines.join()).not.toContain('geheim');
    expect(lines.join()).not.toContain('h=e?im');
  });

  it('takes no longer in hostile text', () => {
    expectLinear((length) => 'sip:a:'.repeat(length / 6), maskPasswords);
  });
});
