#!/bin/sh
# The dashvoip command: runs the bundle with the node named in its defaults file.

NODE=/usr/bin/node
NODE_FLAGS=
BUNDLE=/usr/lib/dashvoip/dashvoip.cjs
DEFAULTS=${DASHVOIP_DEFAULTS:-/etc/default/dashvoip}
# shellcheck source=/dev/null
[ -r "$DEFAULTS" ] && . "$DEFAULTS"

if ! [ -x "$NODE" ]; then
	echo "dashvoip: no node at $NODE: set NODE in $DEFAULTS" >&2
	exit 1
fi
# shellcheck disable=SC2086 # flags are several words
exec "$NODE" $NODE_FLAGS "$BUNDLE" "$@"
