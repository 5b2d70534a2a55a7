#!/bin/sh
# The dashvoip command: runs the bundle with the node named in /etc/default/dashvoip.

NODE=/usr/bin/node
NODE_FLAGS=
# shellcheck source=/dev/null
[ -r /etc/default/dashvoip ] && . /etc/default/dashvoip

if ! [ -x "$NODE" ]; then
	echo "dashvoip: no node at $NODE: set NODE in /etc/default/dashvoip" >&2
	exit 1
fi
# shellcheck disable=SC2086 # flags are several words
exec "$NODE" $NODE_FLAGS /usr/lib/dashvoip/dashvoip.cjs "$@"
