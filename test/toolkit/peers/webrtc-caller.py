"""A browser without a screen: aiortc calls the camera's page, and keeps what it hears and sees.

The page's offer and answer go by one POST. Ends by a line on its standard input.
"""

import argparse
import asyncio
import json
import sys
import urllib.request

import aioice.ice
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer

# It passes over loopback otherwise, where tests are.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


def tell(**what):
    print(json.dumps(what), flush=True)


def post(url, offer):
    request = urllib.request.Request(
        f"{url}/api/call",
        data=json.dumps({"offer": offer}).encode(),
        headers={"Content-Type": "application/json", "Origin": url},
    )
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


async def hear(track, path):
    """Keeps sound as 16-bit mono, without a header: it is read while it grows."""
    with open(path, "wb", buffering=0) as kept:
        rate = None
        while True:
            frame = await track.recv()
            if rate is None:
                rate = frame.sample_rate
                tell(rate=rate)
            samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels))
            kept.write(samples[:, 0].tobytes())


async def see(track, path, width, height):
    """Keeps the upper left corner of each picture as 8-bit grey."""
    with open(path, "wb", buffering=0) as kept:
        count = 0
        while True:
            frame = await track.recv()
            kept.write(frame.to_ndarray(format="gray")[:height, :width].tobytes())
            count += 1
            if count in (1, 30):
                tell(pictures=count, width=frame.width, height=frame.height)


async def main(options):
    connection = RTCPeerConnection()
    tasks = []

    @connection.on("connectionstatechange")
    def on_state():
        tell(state=connection.connectionState)

    @connection.on("track")
    def on_track(track):
        if track.kind == "audio":
            tasks.append(asyncio.ensure_future(hear(track, options.sound)))
        else:
            tasks.append(asyncio.ensure_future(see(track, options.strips, *options.strip)))

    connection.addTrack(MediaPlayer(options.voice, loop=True).audio)
    connection.addTransceiver("video", direction="recvonly")
    await connection.setLocalDescription(await connection.createOffer())
    loop = asyncio.get_running_loop()
    reply = await loop.run_in_executor(
        None, post, options.url, connection.localDescription.sdp
    )
    tell(call=reply["call"])
    answer = RTCSessionDescription(reply["answer"], "answer")
    await connection.setRemoteDescription(answer)
    await loop.run_in_executor(None, sys.stdin.readline)
    for task in tasks:
        task.cancel()
    await connection.close()
    await asyncio.gather(*tasks, return_exceptions=True)
    tell(state="left")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--voice", required=True)
    parser.add_argument("--sound", required=True)
    parser.add_argument("--strips", required=True)
    parser.add_argument("--strip", type=int, nargs=2, required=True)
    asyncio.run(main(parser.parse_args()))
