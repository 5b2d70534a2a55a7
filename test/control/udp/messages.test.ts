import { describe, expect, it } from 'vitest';
import { COMMAND_MESSAGES, COMMANDS, messageOf, SESSION_MESSAGES } from '../../../src/control';

describe('the messages of the command server', () => {
  it('keep their ids: apps know them', () => {
    const all = [...Object.values(SESSION_MESSAGES), ...COMMAND_MESSAGES];
    expect(all.map(({ id, name }) => `${id} ${name}`)).toEqual([
      '257 START_SESSION',
      '258 STOP_SESSION',
      '2051 KEEP_ALIVE',
      '1793 QUERY_SESSION_HOLDER',
      '2560 VOIP_STATUS',
      '2561 VOIP_CALL',
      '2562 VOIP_ANSWER',
      '2563 VOIP_REJECT',
      '2564 VOIP_HANGUP',
      '2565 VOIP_HOLD',
      '2566 VOIP_RESUME',
      '2567 VOIP_DTMF',
      '2568 VOIP_NETWORK_CHANGED',
      '2569 VOIP_REGISTER',
      '2570 VOIP_DO_NOT_DISTURB',
      '2571 VOIP_AUTO_ANSWER',
      '2572 VOIP_HISTORY',
      '2573 VOIP_EVENTS',
      '2574 VOIP_LOG',
      '2575 VOIP_CONFIG_GET',
      '2576 VOIP_CONFIG_CHECK',
      '2577 VOIP_CONFIG_SET',
      '2578 VOIP_CONFIG_RELOAD',
      '2579 VOIP_TRACE',
      '2580 VOIP_STILL',
      '2581 VOIP_TRANSFER',
      '2582 VOIP_TRANSFER_TO_CALL',
      '2583 VOIP_MESSAGE',
      '2584 VOIP_MESSAGES',
      '2585 VOIP_PTT',
      '2586 VOIP_RECORD_START',
      '2587 VOIP_RECORD_STOP',
      '2588 VOIP_CONFERENCE',
      '2589 VOIP_CONFERENCE_LEAVE',
      '2590 VOIP_CONFERENCE_SPLIT',
      '2591 VOIP_ANNOUNCE',
      '2592 VOIP_PHONE_BOOK_LIST',
      '2593 VOIP_PHONE_BOOK_ADD',
      '2594 VOIP_PHONE_BOOK_REMOVE',
      '2595 VOIP_PHONE_BOOK_IMPORT',
      '2596 VOIP_PHONE_BOOK_EXPORT',
      '2597 VOIP_DIAL_PLAN',
      '2598 VOIP_EMERGENCY',
      '2599 VOIP_EMERGENCY_CANCEL',
      '2600 VOIP_POSITION',
      '2601 VOIP_INVITE',
      '2602 VOIP_MUTE_MICROPHONE',
      '2603 VOIP_MUTE_PICTURE',
      '2604 VOIP_VERIFY',
    ]);
  });

  it('carry every command', () => {
    expect(COMMANDS.map(({ name }) => messageOf(name).command)).toEqual(COMMANDS);
    expect(() => messageOf('frobnicate')).toThrow('there is no command "frobnicate"');
  });
});
