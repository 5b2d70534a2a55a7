#!/usr/bin/python3
"""An RTSP server (GStreamer's) that plays the vendor's own: one encoder for all clients, at /live.

Standard output: "ready rtsp://127.0.0.1:PORT/live" once, then a line per command carried out.
Standard input, one command per line:
  unmount  the stream ends for everybody, and DESCRIBE answers 404
  mount    it is there again
  hangup   all connections are closed; who comes again is served
Ends with its standard input, or by a signal.
"""

import argparse
import signal
import sys
import wave

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PATH = "/live"
AAC_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000]
SOUND_NS = 20 * Gst.MSECOND


def nal_units(stream):
    """NAL units of an Annex B byte stream."""
    for part in stream.split(b"\x00\x00\x01")[1:]:
        yield part.rstrip(b"\x00")


def access_units(stream, keep_sets):
    """Pictures of one slice each, with what stands before them, as Annex B."""
    unit = b""
    for nal in nal_units(stream):
        kind = nal[0] & 0x1F
        if keep_sets or kind not in (7, 8):
            unit += b"\x00\x00\x00\x01" + nal
        if kind in (1, 5):
            yield unit
            unit = b""


def sprop(stream):
    """sprop-parameter-sets of RFC 6184: the first SPS and PPS."""
    sets = {nal[0] & 0x1F: nal for nal in reversed(list(nal_units(stream)))}
    return ",".join(GLib.base64_encode(sets[kind]) for kind in (7, 8))


class Track:
    """Frames of equal length in time, for ever, and the elements that pack them."""

    def __init__(self, caps, payloader, frames, frame_ns):
        self.caps = caps
        self.payloader = payloader
        self.frames = frames
        self.frame_ns = frame_ns

    def launch(self, index):
        return (
            f'appsrc name=source{index} format=time max-buffers=4 caps="{self.caps}" '
            f"! {self.payloader} name=pay{index} pt={96 + index} "
        )

    def feed(self, source):
        sent = 0

        def push(element, _length):
            nonlocal sent
            buffer = Gst.Buffer.new_wrapped(self.frames[sent % len(self.frames)])
            buffer.pts = buffer.dts = sent * self.frame_ns
            buffer.duration = self.frame_ns
            sent += 1
            element.emit("push-buffer", buffer)

        source.connect("need-data", push)


def h264_track(path, fps, sets):
    with open(path, "rb") as file:
        stream = file.read()
    caps = "video/x-h264,stream-format=byte-stream,alignment=au"
    payloader = "rtph264pay config-interval=0"
    if sets == "sdp":
        payloader += f' sprop-parameter-sets="{sprop(stream)}"'
    frames = list(access_units(stream, sets == "inband"))
    return Track(caps, payloader, frames, Gst.SECOND // fps)


def aac_track(path):
    with open(path, "rb") as file:
        stream = file.read()
    frames = []
    at = 0
    while at + 7 <= len(stream):
        size = (stream[at + 3] & 3) << 11 | stream[at + 4] << 3 | stream[at + 5] >> 5
        frames.append(stream[at + 7 : at + size])
        at += size
    index = stream[2] >> 2 & 15
    channels = (stream[2] & 1) << 2 | stream[3] >> 6
    config = 2 << 11 | index << 7 | channels << 3
    caps = (
        "audio/mpeg,mpegversion=4,stream-format=raw,base-profile=lc,profile=lc,"
        f"rate={AAC_RATES[index]},channels={channels},codec_data=(buffer){config:04x}"
    )
    return Track(caps, "rtpmp4gpay", frames, Gst.SECOND * 1024 // AAC_RATES[index])


def samples_of(path):
    """Bytes, rate and channels of a WAV file of 16 bits."""
    with wave.open(path, "rb") as file:
        return file.readframes(file.getnframes()), file.getframerate(), file.getnchannels()


def in_frames(data, size):
    return [data[at : at + size] for at in range(0, len(data) - size + 1, size)]


def l16_track(path):
    data, rate, channels = samples_of(path)
    swapped = bytearray(data)
    swapped[0::2], swapped[1::2] = data[1::2], data[0::2]
    layout = f"rate={rate},channels={channels}"
    caps = f"audio/x-raw,format=S16BE,layout=interleaved,{layout}"
    frames = in_frames(bytes(swapped), rate // 50 * 2 * channels)
    return Track(caps, "rtpL16pay min-ptime=20000000 max-ptime=20000000", frames, SOUND_NS)


def law_track(path, law):
    """A file of raw G.711 codes."""
    with open(path, "rb") as file:
        frames = in_frames(file.read(), 160)
    name = {"pcma": "alaw", "pcmu": "mulaw"}[law]
    caps = f"audio/x-{name},rate=8000,channels=1"
    return Track(caps, f"rtp{law}pay min-ptime=20000000 max-ptime=20000000", frames, SOUND_NS)


def tracks_of(options):
    if options.h264:
        yield h264_track(options.h264, options.fps, options.sets)
    if options.aac:
        yield aac_track(options.aac)
    if options.l16:
        yield l16_track(options.l16)
    for law in ("pcma", "pcmu"):
        path = getattr(options, law)
        if path:
            yield law_track(path, law)


class Server:
    def __init__(self, options):
        self.tracks = list(tracks_of(options))
        self.server = GstRtspServer.RTSPServer()
        self.server.set_address("127.0.0.1")
        self.server.set_service(str(options.port))
        self.clients = []
        self.server.connect("client-connected", self.on_client)
        self.mount()
        if self.server.attach(None) == 0:
            sys.exit(f"rtsp_server: port {options.port} is taken")

    def on_client(self, _server, client):
        self.clients.append(client)
        client.connect("closed", self.clients.remove)

    def mount(self):
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_shared(True)
        factory.set_launch("( " + "".join(t.launch(i) for i, t in enumerate(self.tracks)) + ")")
        factory.connect("media-configure", self.on_media)
        self.server.get_mount_points().add_factory(PATH, factory)

    def on_media(self, _factory, media):
        for index, track in enumerate(self.tracks):
            track.feed(media.get_element().get_by_name(f"source{index}"))

    def unmount(self):
        self.server.get_mount_points().remove_factory(PATH)
        self.hangup()

    def hangup(self):
        for client in list(self.clients):
            client.close()

    def on_line(self, channel, condition):
        line = channel.readline() if condition & GLib.IOCondition.IN else ""
        if not line:
            sys.exit(0)
        word = line.strip()
        {"mount": self.mount, "unmount": self.unmount, "hangup": self.hangup}[word]()
        print(word, flush=True)
        return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--h264", metavar="FILE", help="Annex B, one slice per picture")
    parser.add_argument("--fps", type=int, default=15)
    parser.add_argument("--sets", choices=("inband", "sdp"), default="inband")
    parser.add_argument("--aac", metavar="FILE", help="ADTS")
    parser.add_argument("--l16", metavar="FILE", help="WAV of 16 bits")
    parser.add_argument("--pcma", metavar="FILE", help="raw codes at 8 kHz")
    parser.add_argument("--pcmu", metavar="FILE", help="raw codes at 8 kHz")
    options = parser.parse_args()
    Gst.init(None)
    server = Server(options)
    loop = GLib.MainLoop()
    for number in (signal.SIGTERM, signal.SIGINT):
        GLib.unix_signal_add(GLib.PRIORITY_HIGH, number, loop.quit)
    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP, server.on_line)
    print(f"ready rtsp://127.0.0.1:{server.server.get_bound_port()}{PATH}", flush=True)
    loop.run()


if __name__ == "__main__":
    main()
