import type { UsageKind } from '../capabilities';

export const PLAIN_TEXT = 'text/plain';

/** Instant messages in pager mode, RFC 3428. */
export const MESSAGE_USAGE = {
  methods: { MESSAGE: [PLAIN_TEXT] },
  extensions: [],
} as const satisfies UsageKind;
