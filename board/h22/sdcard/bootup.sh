#!/bin/sh
# Run by the board at the end of its boot when it lies at the top of the SD card; `bootup.sh stop` and `bootup.sh
# restart` are for people.
DASHVOIP_CARD=$(cd "$(dirname "$0")" && pwd)/dashvoip
DASHVOIP_DEFAULTS=$DASHVOIP_CARD/defaults
export DASHVOIP_CARD DASHVOIP_DEFAULTS
exec sh "$DASHVOIP_CARD/service.sh" "${1:-start}"
