import type { UsageKind } from '../capabilities';
import { SIPFRAG } from './sipfrag';

/** Transfer: REFER (RFC 3515) without a subscription where none is wanted (RFC 4488), and Replaces (RFC 3891). */
export const REFER_USAGE = {
  methods: { REFER: [], NOTIFY: [SIPFRAG], SUBSCRIBE: [] },
  extensions: ['replaces', 'norefersub'],
} as const satisfies UsageKind;
