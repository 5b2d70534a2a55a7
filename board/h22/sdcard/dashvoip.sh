#!/bin/sh
# The dashvoip command, run from the card.
DASHVOIP_CARD=$(cd "$(dirname "$0")" && pwd)
DASHVOIP_DEFAULTS=$DASHVOIP_CARD/defaults
export DASHVOIP_CARD DASHVOIP_DEFAULTS
exec sh "$DASHVOIP_CARD/command.sh" "$@"
