import { flag } from '../../schema';

/** Of a command that switches something. */
export const onOff = { on: flag('Which of the two.') };
