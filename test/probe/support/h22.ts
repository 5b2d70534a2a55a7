import type { FakeFiles } from './fake-machine';

/**
 * An H22 camera as public logs of this board family show it: Linux 4.9.76 on one Cortex-A53, 90 MB, no sound, no
 * IPv6, no random generator, root on squashfs, card at /tmp/SD0, Wi-Fi as an access point.
 */
export const H22: FakeFiles = {
  texts: {
    '/proc/version':
      'Linux version 4.9.76 (builder@vendor-build-7) (gcc version 5.3.0 (Buildroot 2016.08) ) #1 SMP PREEMPT Mon Jan 6 10:00:00 CST 2020\n',
    '/proc/sys/kernel/osrelease': '4.9.76\n',
    '/proc/device-tree/model': 'Ambarella H22EVK K2 Board (DT)\0',
    '/proc/cpuinfo': [
      'processor\t: 0',
      'BogoMIPS\t: 48.00',
      'Features\t: fp asimd aes pmull sha1 sha2 crc32',
      'CPU implementer\t: 0x41',
      'CPU architecture: 8',
      'CPU variant\t: 0x0',
      'CPU part\t: 0xd03',
      'CPU revision\t: 4',
      '',
      'Hardware\t: Ambarella H22',
      'Serial\t\t: 0123456789abcdef',
      '',
    ].join('\n'),
    '/proc/uptime': '73.41 60.12\n',
    '/proc/loadavg': '0.52 0.31 0.12 1/61 402\n',
    '/proc/sys/debug/exception-trace': '1\n',
    '/proc/sys/kernel/printk': '7\t4\t1\t7\n',
    '/proc/modules':
      'ar6000 311296 0 - Live 0xffffff8000a00000\nvfat 24576 1 - Live 0xffffff80009f0000\n',
    '/proc/meminfo':
      'MemTotal:          92160 kB\nMemFree:           31020 kB\nMemAvailable:      52416 kB\nSwapTotal:             0 kB\nCmaTotal:              0 kB\n',
    '/proc/self/status': 'Name:\tnode\nVmRSS:\t   47104 kB\nCapEff:\t0000003fffffffff\n',
    '/proc/self/limits': [
      'Limit                     Soft Limit           Hard Limit           Units     ',
      'Max locked memory         65536                65536                bytes     ',
      'Max realtime priority     0                    0                              ',
      '',
    ].join('\n'),
    '/proc/sys/kernel/sched_rt_runtime_us': '950000\n',
    '/proc/sys/kernel/sched_rt_period_us': '1000000\n',
    '/proc/sys/kernel/random/entropy_avail': '45\n',
    '/proc/sys/kernel/random/poolsize': '4096\n',
    '/proc/sys/net/core/rmem_max': '163840\n',
    '/proc/sys/net/core/wmem_max': '491552\n',
    '/proc/mounts': [
      'rootfs / rootfs rw 0 0',
      '/dev/root / squashfs ro,relatime 0 0',
      'devtmpfs /dev devtmpfs rw,relatime 0 0',
      'proc /proc proc rw,relatime 0 0',
      'tmpfs /tmp tmpfs rw,relatime 0 0',
      '/dev/mmcblk0p1 /tmp/SD0 vfat rw,relatime,fmask=0022 0 0',
      '/dev/ubi0_0 /pref ubifs rw,sync 0 0',
      '//10.0.0.9/share /tmp/my\\040share cifs rw,username=joe,password=hunter2 0 0',
      '',
    ].join('\n'),
    '/proc/net/dev': [
      'Inter-|   Receive                                                |  Transmit',
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
      '    lo:    3020      30    0    0    0     0          0         0     3020      30    0    0    0     0       0          0',
      ' wlan0: 1048576    2000    0    3    0     0          0         0  7340032    6000    0    1    0     0       0          0',
      '',
    ].join('\n'),
    '/proc/net/wireless': [
      'Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE',
      ' face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22',
      ' wlan0: 0000   54.  -56.  -95.        0      0      0      0      0        0',
      '',
    ].join('\n'),
    '/proc/net/route': [
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
      'wlan0\t002AA8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
      '',
    ].join('\n'),
    '/proc/net/udp': [
      '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   12: 00000000:224A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 5312 2 0000 0',
      '',
    ].join('\n'),
    '/proc/net/tcp': [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 00000000:1EC6 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5310 1 0000 100 0 0 10 0',
      '   1: 00000000:022A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5330 1 0000 100 0 0 10 0',
      '   2: 0100007F:9C40 0100007F:1EC6 01 00000000:00000000 00:00000000 00000000     0        0 5350 1 0000 20 4 30 10 -1',
      '',
    ].join('\n'),
    '/proc/101/comm': 'ipcbind\n',
    '/proc/101/cmdline': 'ipcbind\0-b\0',
    '/proc/101/maps': '',
    '/proc/140/comm': 'AmbaRTSPServer\n',
    '/proc/140/cmdline': 'AmbaRTSPServer\0--en_audio\0--en_rtcp\0--password=hunter2\0',
    '/proc/140/maps': [
      '00400000-00410000 r-xp 00000000 1f:03 101 /usr/bin/AmbaRTSPServer',
      '7f80000000-7f80008000 r-xp 00000000 1f:03 102 /usr/lib/libnetfifo.so',
      '',
    ].join('\n'),
    '/proc/2/comm': 'kthreadd\n',
    '/proc/2/cmdline': '',
    '/proc/200/comm': 'wpa_supplicant\n',
    '/proc/200/cmdline': 'wpa_supplicant\0-c\0/tmp/wpa.conf\0',
    '/proc/200/maps': '00400000-00500000 r-xp 00000000 1f:03 103 /usr/sbin/wpa_supplicant\n',
    '/dev/amba_heapmem': '',
    '/dev/amba_dspmem': '',
    '/dev/ttyS0': '',
  },
  links: {
    '/proc/140/fd/0': '/dev/null',
    '/proc/140/fd/5': '/dev/amba_heapmem',
    '/proc/140/fd/6': '/dev/amba_heapmem',
    '/proc/140/fd/7': 'socket:[5330]',
  },
  free: { '/tmp': 40_000, '/tmp/SD0': 90_000, '/pref': 300 },
  addresses: [
    { name: 'lo', family: 'IPv4', address: '127.0.0.1' },
    { name: 'wlan0', family: 'IPv4', address: '192.168.42.1' },
  ],
};
