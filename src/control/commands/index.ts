import type { Command } from '../command';
import { AGENT_COMMANDS } from './agent';
import { CALL_COMMANDS } from './calls';
import { CAMERA_COMMANDS } from './camera';
import { CONFERENCE_COMMANDS } from './conference';
import { CONFIGURATION_COMMANDS } from './configuration';
import { EMERGENCY_COMMANDS } from './emergency';
import { INVITE_COMMANDS } from './invite';
import { MESSAGE_COMMANDS } from './messages';
import { MUTE_COMMANDS } from './mute';
import { PHONE_BOOK_COMMANDS } from './phone-book';
import { POSITION_COMMANDS } from './position';
import { RECORD_COMMANDS } from './record';
import { TRACE_COMMANDS } from './trace';
import { TRANSFER_COMMANDS } from './transfer';
import { VERIFY_COMMANDS } from './verify';
import { VOICE_COMMANDS } from './voice';

export { type InviteReply, inviteReplySchema } from './invite';
export { type TraceReply, traceReplySchema } from './trace';

/** Every command. UDP numbers its messages in this order: new ones come last, and none is taken out. */
export const COMMANDS: readonly Command[] = [
  ...CALL_COMMANDS,
  ...AGENT_COMMANDS,
  ...CONFIGURATION_COMMANDS,
  ...TRACE_COMMANDS,
  ...CAMERA_COMMANDS,
  ...TRANSFER_COMMANDS,
  ...MESSAGE_COMMANDS,
  ...VOICE_COMMANDS,
  ...RECORD_COMMANDS,
  ...CONFERENCE_COMMANDS,
  ...PHONE_BOOK_COMMANDS,
  ...EMERGENCY_COMMANDS,
  ...POSITION_COMMANDS,
  ...INVITE_COMMANDS,
  ...MUTE_COMMANDS,
  ...VERIFY_COMMANDS,
];
