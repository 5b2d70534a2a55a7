#!/bin/sh
# The card's own node, under the card's own C library.
r=$DASHVOIP_CARD/runtime
# Linux 4.9 does not know rseq and would log a register dump for it.
export GLIBC_TUNABLES=glibc.pthread.rseq=0
exec "$r/ld-linux-aarch64.so.1" --library-path "$r:$DASHVOIP_CARD" "$r/node" "$@"
