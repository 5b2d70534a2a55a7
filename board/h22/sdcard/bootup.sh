#!/bin/sh
# Run by the board at the end of its boot when it lies at the top of the SD card.
card=$(cd "$(dirname "$0")" && pwd)
export DASHVOIP_DEFAULTS="$card/dashvoip/defaults"
export DASHVOIP_CARD="$card/dashvoip"
exec sh "$card/dashvoip/service.sh" start
