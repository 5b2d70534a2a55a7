import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { recordOf } from '../../src/platform';
import { Browser } from '../toolkit/peers/browser';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const PASSWORD = 'seven green lamps';
const PHONE_SIZE = { width: 360, height: 740 };
const VIEWS = ['phone', 'history', 'quality', 'ladder', 'settings', 'log', 'commands', 'more'];

const stage = await Stage.open('page');
await stage.camera();
const webPort = stage.ports.next();
const firstRtp = stage.ports.next(20);
const options = {
  cameraSocket: stage.cameraSocket,
  autoAnswer: false,
  sipPort: stage.ports.next(),
  controlPort: stage.ports.next(),
  rtpPorts: [firstRtp, firstRtp + 19],
  sections: { web: { port: webPort } },
} as const;
let agent = await stage.agent(options);
const phone = await stage.baresip('phone');
const browser = await Browser.start(stage.folder);
afterAll(() => browser.stop());
const url = `http://127.0.0.1:${webPort}/`;
const desk = await browser.open(url);

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const go = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
const callState = (page: Page, text: string) =>
  page.locator('.call .call-state', { hasText: text }).first().waitFor();
const noCall = (page: Page) => page.locator('.call').waitFor({ state: 'detached' });
const text = (page: Page, words: string) => page.getByText(words).first().waitFor();

describe('the page', () => {
  afterEach(async () => {
    await agent.hangUpAll();
    expect(browser.complaints).toEqual([]);
  });

  it('shows what the camera is doing, and its picture', async () => {
    await text(desk, 'Streaming');
    await waitUntil(
      'a picture of the camera',
      () => desk.evaluate<boolean>('document.querySelector(".picture img").naturalWidth > 100'),
      20_000,
    );
    await browser.picture(desk, 'phone-idle');
  });

  it('places a call by keyboard alone, shows how it goes, and ends it', async () => {
    const seen = phone.events.length;
    await desk.getByLabel('Number or SIP address').focus();
    await desk.keyboard.type(phone.uri);
    await desk.keyboard.press('Enter');
    await callState(desk, 'In call');
    await phone.waitForEvent('CALL_ESTABLISHED', 8000, seen);
    await desk.locator('.call .tag', { hasText: 'MOS' }).waitFor();
    await button(desk, '5').click();
    await text(desk, 'Sent: 5');
    await button(desk, 'Hold').click();
    await callState(desk, 'On hold');
    expect((await agent.until('held')).heldBy).toBe('us');
    await button(desk, 'Resume').click();
    await callState(desk, 'In call');
    await browser.picture(desk, 'phone-call');

    await go(desk, 'Quality');
    await desk.getByRole('img', { name: /^Delay, .*now Delay \d.* ms/ }).waitFor();
    await desk.getByRole('img', { name: /^MOS, .*now MOS [34]\./ }).waitFor();
    await desk.getByRole('img', { name: /^Levels, .*now Microphone -\d.*Far end -\d/ }).waitFor();
    await browser.picture(desk, 'quality');

    await go(desk, 'Call flow');
    await desk
      .getByRole('button', { name: /Sent: INVITE/ })
      .first()
      .click();
    await text(desk, 'm=audio');
    await browser.picture(desk, 'ladder');

    await go(desk, 'Phone');
    await button(desk, 'Hang up').click();
    await noCall(desk);
    await phone.waitForEvent('CALL_CLOSED', 5000, seen);
    await go(desk, 'History');
    await desk.locator('.history li', { hasText: 'Ended here' }).first().waitFor();
  });

  it('says from whichever view that a call comes in, answers it, and sees the far end go', async () => {
    const seen = phone.events.length;
    await go(desk, 'Log');
    await phone.dial(agent.uri);
    const banner = desk.getByRole('alert').filter({ hasText: 'Incoming call' });
    await banner.waitFor();
    await waitUntil('the call in the title', async () =>
      /^Incoming call from/.test(await desk.title()),
    );
    await browser.picture(desk, 'incoming');
    await banner.getByRole('button', { name: 'Answer' }).click();
    await phone.waitForEvent('CALL_ESTABLISHED', 8000, seen);
    await go(desk, 'Phone');
    await callState(desk, 'In call');
    await phone.hangup();
    await noCall(desk);
  });

  it('rejects a call', async () => {
    const seen = phone.events.length;
    await phone.dial(agent.uri);
    await button(desk, 'Reject').click();
    const closed = await phone.waitForEvent('CALL_CLOSED', 8000, seen);
    expect(closed.param).toContain('486');
    await noCall(desk);
  });

  it('searches the history, and calls from it', async () => {
    await go(desk, 'History');
    await desk.getByLabel('Search').fill('nobody-of-that-name');
    await text(desk, 'Nothing found for');
    await desk.getByLabel('Search').fill('phone@');
    await desk.locator('.history li').first().getByRole('button').click();
    await agent.until('active');
    await agent.hangup();
  });

  it('is the same to two at a time', async () => {
    const hand = await browser.open(url, { viewport: PHONE_SIZE, locale: 'ko-KR', hasTouch: true });
    await hand.getByLabel('방해 금지').click();
    await go(desk, 'Phone');
    await waitUntil('the other one’s switch', () =>
      desk.getByRole('switch', { name: 'Do not disturb' }).isChecked(),
    );
    await desk.getByLabel('Do not disturb').click();
    await waitUntil(
      'the switch to be off',
      async () => !(await hand.getByLabel('방해 금지').isChecked()),
    );
    await hand.getByLabel('번호 또는 SIP 주소').fill(phone.uri);
    await button(hand, '전화 걸기').click();
    await callState(hand, '통화 중');
    await callState(desk, 'In call');
    await browser.picture(hand, 'phone-call-ko');
    await button(desk, 'Hang up').click();
    await noCall(hand);
    await hand.context().close();
  });

  it('shows what is wrong with a setting at its field, and saves what is right', async () => {
    await go(desk, 'Settings');
    const section = (name: string) => desk.locator('summary', { hasText: name });
    await section('Sound and picture').click();
    const field = desk.locator('[data-path="media.rtpTimeout"]');
    await field.getByRole('textbox').fill('soon');
    await button(desk, 'Save').click();
    await field.getByText('Found "soon", expected a whole number from 5 to 3600.').waitFor();
    expect(await field.getByRole('textbox').getAttribute('aria-invalid')).toBe('true');
    await browser.picture(desk, 'settings-wrong');
    expect(JSON.stringify((await agent.agent.json('config', 'get')) ?? {})).not.toContain('soon');

    await field.getByRole('textbox').fill('30');
    await button(desk, 'Save').click();
    await text(desk, 'Saved and in force.');
    await section('The SIP listening point').click();
    await desk.locator('[data-path="sip.sessionExpires"]').getByRole('textbox').fill('900');
    await button(desk, 'Save').click();
    await text(desk, 'In force after the next start: sip.sessionExpires');

    await section('The web page').click();
    await desk.locator('[data-path="web.name"]').getByRole('textbox').fill('car.example.org');
    await button(desk, 'Save').click();
    await text(desk, 'This page is being opened anew');
    await desk.locator('[data-notice="backAgain"]').waitFor();
  });

  it('shows the log, sets its level and filters it', async () => {
    await go(desk, 'Log');
    await desk.getByLabel('Level').selectOption('debug');
    await phone.dial(agent.uri);
    await button(desk, 'Reject').click();
    await desk.getByLabel('Area').selectOption('call');
    await desk.getByLabel('Filter').fill('comes in');
    await waitUntil('the lines that fit', async () => {
      const lines = await desk.locator('.log li').allInnerTexts();
      return lines.length > 0 && lines.every((line) => line.includes('comes in'));
    });
    await browser.picture(desk, 'log');
    await desk.getByLabel('Level').selectOption('info');
  });

  it('has a form for each command, with what is wrong at its field', async () => {
    await go(desk, 'Commands');
    await desk.getByLabel('Command').selectOption('dtmf');
    await desk.getByLabel('Digits').fill('x');
    await button(desk, 'Run').click();
    await desk.locator('[data-path="digits"]').getByText('Found "x", expected 1 to 32').waitFor();
    await desk.getByLabel('Digits').fill('5');
    await button(desk, 'Run').click();
    await text(desk, 'Refused: ');
    await desk.getByLabel('Command').selectOption('events');
    await button(desk, 'Run').click();
    await desk.locator('pre', { hasText: '"missed": 0' }).waitFor();
  });

  it.each([
    ['at a desk by day', { locale: 'en-GB', colorScheme: 'light' }],
    ['in the hand by night', { locale: 'ko-KR', colorScheme: 'dark', viewport: PHONE_SIZE }],
  ] as const)(
    'keeps nobody out, %s',
    async (name, look) => {
      const page = await browser.open(url, look);
      await agent.call(phone.uri);
      await agent.until('active');
      for (const view of VIEWS) {
        await page.goto(`${url}#/${view}`);
        await page.locator('main .card:not([aria-busy])').first().waitFor();
        // What stands on it, and no longer a view before it.
        if (view === 'settings')
          await page.locator('[data-path="sip.port"]').waitFor({ state: 'attached' });
        expect([view, await browser.barriers(page)]).toEqual([view, []]);
        const isTooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
        expect([view, isTooWide]).toEqual([view, false]);
        await browser.picture(page, `${name.replaceAll(' ', '-')}-${view}`);
      }
      await page.context().close();
    },
    120_000,
  );

  it('says that the agent is gone, comes back with it, and says that too', async () => {
    await desk.goto(`${url}#/phone`);
    await text(desk, 'Connected');
    await agent.stop();
    await text(desk, 'The agent cannot be reached');
    await browser.picture(desk, 'gone');
    agent = await stage.agent(options);
    await desk.locator('[data-notice="restarted"]').waitFor();
    await button(desk, 'Dismiss').click();
    await agent.call(phone.uri);
    await callState(desk, 'In call');
    await button(desk, 'Hang up').click();
    await noCall(desk);
  });
});

describe('a page with a password', () => {
  it('shows nothing before it, says when it is wrong, and is left by logging out', async () => {
    const passwordFile = join(stage.folder, 'web.password');
    writeFileSync(passwordFile, `${await recordOf(PASSWORD)}\n`, { mode: 0o600 });
    const port = stage.ports.next();
    await stage.agent({ name: 'locked', sections: { web: { port, passwordFile } } });
    const page = await browser.open(`http://127.0.0.1:${port}/`, {
      viewport: PHONE_SIZE,
      colorScheme: 'dark',
    });
    await page.getByLabel('Password').fill('seven red lamps');
    await page.keyboard.press('Enter');
    await text(page, 'That is not the password.');
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await browser.barriers(page)).toEqual([]);
    await browser.picture(page, 'login-wrong');
    await page.getByLabel('Password').fill(PASSWORD);
    await button(page, 'Log in').click();
    await text(page, 'No registrar');
    await button(page, 'Log out').click();
    await page.getByLabel('Password').waitFor();
    await page.reload();
    await page.getByLabel('Password').waitFor();
  });
});
