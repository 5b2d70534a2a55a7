/*
 * camlink: our own narrow C interface to the camera's media, between the media plane and whatever
 * carries the frames: NetFIFO, or the vendor's own RTSP server where that keeps NetFIFO to itself.
 *
 * Rules:
 *  - All calls but cl_interrupt() and cl_pending_ms() come from one owner thread, and never from
 * Node's main thread: each may be one or more blocking RPCs to another operating system, which take
 * milliseconds, seconds when that system is busy, and for ever when it has crashed. Nothing here
 * can cut such a call short: the owner must be a thread that the process can do without.
 *  - Frames are copied out once; no pointer into the camera's memory ever leaves the backend.
 *  - `gen` rises with every new stream of the encoder. Reading a track of an older generation
 *    gives CL_STALE; ask cl_tracks() again.
 *  - What does not work answers CL_NOTSUP and has no bit in cl_caps(). A stub that answers success
 *    without effect must not set the bit.
 *  - The camera considers itself busy while anything is read or played. The backend tells it START
 *    with the first and END with the last such use, at cl_close(), and when the process exits (by
 *    exit() or return from main; who handles signals ends that way, too).
 */
#ifndef DASHVOIP_CAMERA_CAMLINK_H_
#define DASHVOIP_CAMERA_CAMLINK_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct camlink camlink;

enum cl_result {
  CL_OK = 0,
  CL_AGAIN = -1,    /* nothing to read, or no room to write, now */
  CL_NOSTREAM = -2, /* the encoder does not run or has no such track */
  CL_TOOSMALL = -3, /* the caller's buffer is smaller than the frame; the frame is dropped */
  CL_STALE = -4,    /* the track belongs to a stream that ended */
  CL_NOTSUP = -5,   /* this camera or build cannot do that */
  CL_BUSY = -6,     /* somebody else owns the camera's stream */
  CL_LINK = -7,     /* the link to the camera is down */
  CL_BADARG = -8    /* the call makes no sense in this state: a bug of the caller */
};

enum cl_kind { CL_VIDEO = 1, CL_AUDIO, CL_TEXT };
enum cl_codec { CL_H264 = 1, CL_H265, CL_AAC_RAW, CL_PCM_S16LE, CL_OPUS, CL_MJPEG, CL_OTHER };
enum cl_ftype { CL_F_IDR = 1, CL_F_I, CL_F_P, CL_F_B, CL_F_AUDIO, CL_F_EOS, CL_F_OTHER };
enum cl_event {
  CL_EV_NONE = 0, /* the time-out passed */
  CL_EV_UP,       /* tracks are there */
  CL_EV_DOWN,     /* the stream ended or changes; all tracks are stale and stopped */
  CL_EV_DATA,     /* a started track has frames, or may have: read until CL_AGAIN */
  CL_EV_EOS,      /* the camera says that no more will come on this track */
  CL_EV_LINK      /* the link is gone; close and open again */
};
enum cl_cap { CL_CAP_PLAY = 1, CL_CAP_KEYFRAME = 2 };

enum { CL_MAX_TRACKS = 8, CL_WHY_BYTES = 256 };

struct cl_track {
  uint32_t id;  /* index in this generation's table */
  uint32_t gen; /* generation of the stream */
  uint32_t kind, codec;
  uint32_t vendor_id;       /* the camera's own media id, for the log */
  uint32_t timescale;       /* ticks per second of this track's PTS */
  uint32_t ticks_per_frame; /* 0 when the camera does not say */
  uint32_t init_delay_ms;
  uint32_t width, height, gop;          /* video */
  uint32_t sample_rate, channels, bits; /* audio */
};

struct cl_frame {
  uint32_t track, gen, seq;
  uint64_t pts; /* in the track's timescale; its origin is the camera's own */
  uint32_t size;
  uint8_t type;     /* enum cl_ftype */
  uint8_t complete; /* last piece of its picture */
  uint8_t wrapped;  /* straddled the end of the camera's ring (a statistic) */
  uint8_t lost;     /* frames missing before this one, by number or by PTS; 255: many or unknown */
};

/* Totals over all tracks since cl_open(). */
struct cl_stats {
  uint64_t frames, bytes;
  uint64_t seq_gaps;   /* times that frames were missing, by number or PTS */
  uint64_t torn;       /* overwritten while being copied; thrown away */
  uint64_t oversize;   /* larger than the caller's buffer; thrown away */
  uint64_t dropped;    /* the owner was too slow for the link's own queue; thrown away */
  uint64_t rpc_errors; /* refused or failed calls */
  uint32_t rpc_us_max; /* slowest RPC */
};

struct cl_wake {
  int32_t ev;   /* enum cl_event */
  uint32_t arg; /* track for DATA and EOS, else 0 */
};

/* backend: "netfifo". *out is NULL unless CL_OK. CL_LINK: no camera answers (yet). CL_BUSY: this
 * process has a link open already. CL_NOTSUP: built without this backend. */
int cl_open(const char* backend, camlink** out);
/* The same over RTSP from `url`, as rtsp://127.0.0.1/live. module_dir: where dashvoip-rtsp.so lies.
 * `why` gets words when the result is not CL_OK. Takes up to two seconds. A camera linked so has no
 * speaker, and frames are not kept before somebody reads: cl_start() from a key frame waits for the
 * next one. A picture comes when the next one begins, one interval later than with NetFIFO. */
int cl_open_rtsp(const char* url, const char* module_dir, char why[CL_WHY_BYTES], camlink** out);
/* Ends everything, reports END if START was, and frees. May be called from another thread than the
 * owner's once the owner has stopped calling. NULL is allowed. */
void cl_close(camlink* link);

/* What really works at this moment, bits of enum cl_cap. */
int cl_caps(camlink* link, uint32_t* caps);
/* Waits for the next event; timeout_ms 0 only looks, below 0 waits without end. Events of the
 * camera get lost: this call also looks by itself at tracks that should have had a frame by now, at
 * the track table while it is empty and, seldom, at whether the camera still answers. */
int cl_wait(camlink* link, int timeout_ms, struct cl_wake* wake);
/* Makes the cl_wait() in progress, or the next one, return early with CL_EV_NONE. Any thread. */
void cl_interrupt(camlink* link);
/* How long the RPC in progress has waited for the camera's answer, in milliseconds; 0 when there is
 * none. While a stream is up one begins every five seconds at least. Any thread. */
uint32_t cl_pending_ms(camlink* link);

/* Number of tracks (0 is normal: nothing is being encoded), or a cl_result below 0. */
int cl_tracks(camlink* link, struct cl_track* out, int max);
/* Begins to read a track. from_idr != 0: begin at the newest key frame already queued in the
 * camera, so that a late joiner has a picture at once; otherwise at the newest frame. */
int cl_start(camlink* link, uint32_t track, int from_idr);
int cl_stop(camlink* link, uint32_t track);
/* peek, copy, check for overwriting, remove. CL_AGAIN when empty. A mark for the stream's end comes
 * as a frame of type CL_F_EOS without bytes. */
int cl_read(camlink* link, uint32_t track, void* buffer, uint32_t capacity, struct cl_frame* out);
/* Costs no RPC. */
int cl_stat(camlink* link, struct cl_stats* out);

/* Asks for a key frame; NetFIFO has no such request. */
int cl_keyframe(camlink* link);

/* The speaker. The camera tells the format, we obey. CL_NOTSUP: the camera has no stream-in. What
 * an earlier client left queued is thrown away. CL_EV_DOWN does not touch it, CL_EV_LINK ends it.
 */
int cl_play_open(camlink* link, struct cl_track* format);
/* Bytes that can be queued now; right after cl_play_open() that is the whole buffer. */
int cl_play_free(camlink* link, uint32_t* bytes);
/* One frame in the camera's form (PCM: 1024 samples per channel). CL_AGAIN when there is no room.
 */
int cl_play_write(camlink* link, const void* data, uint32_t size, uint64_t pts);
int cl_play_start(camlink* link);
/* Silence at once; throws away what is queued. Who wants the end heard watches cl_play_free(). */
int cl_play_stop(camlink* link);
int cl_play_close(camlink* link);

/* Words for a cl_result; never NULL. */
const char* cl_strerror(int result);

#ifdef __cplusplus
}
#endif
#endif /* DASHVOIP_CAMERA_CAMLINK_H_ */
