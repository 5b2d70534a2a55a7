import type { UsageKind } from '../capabilities';
import { EVENT_TYPES } from '../event-packages';
import { SIPFRAG } from './sipfrag';

/**
 * Transfer: REFER (RFC 3515) without a subscription where none is wanted (RFC 4488), Replaces (RFC 3891) and Join (RFC 3911). NOTIFY
 * brings what a subscription of ours is for as well.
 */
export const REFER_USAGE = {
  methods: { REFER: [], NOTIFY: [SIPFRAG, ...EVENT_TYPES], SUBSCRIBE: [] },
  extensions: ['replaces', 'join', 'norefersub'],
} as const satisfies UsageKind;
