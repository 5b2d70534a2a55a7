/*
 * The C interface of dashvoip-rtsp.so: frames of an RTSP server, one client per object. The module
 * carries libavformat, which takes more memory than the rest of the agent: it is loaded only when
 * the camera is to be read by RTSP.
 *
 * One thread calls; dashvoip_rtsp_interrupt() alone may come from another. No call takes longer
 * than its time-out, and an interruption ends it within a tenth of a second.
 */
#ifndef DASHVOIP_CAMERA_RTSP_MODULE_H_
#define DASHVOIP_CAMERA_RTSP_MODULE_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DASHVOIP_RTSP_ABI = 1 };

typedef struct dashvoip_rtsp dashvoip_rtsp;

enum dashvoip_rtsp_result {
  DASHVOIP_RTSP_OK = 0,
  DASHVOIP_RTSP_NO_SERVER = -1, /* nobody answers, or not by RTSP */
  DASHVOIP_RTSP_NO_STREAM = -2, /* the server answers that it has no such stream */
  DASHVOIP_RTSP_ENDED = -3      /* the stream ended, fell silent or was interrupted */
};

enum dashvoip_rtsp_codec {
  DASHVOIP_RTSP_OTHER = 0,
  DASHVOIP_RTSP_H264, /* Annex B */
  DASHVOIP_RTSP_AAC,  /* raw access units; `setup` is an AudioSpecificConfig */
  DASHVOIP_RTSP_L16,  /* big-endian */
  DASHVOIP_RTSP_PCMA,
  DASHVOIP_RTSP_PCMU,
  DASHVOIP_RTSP_H265 /* Annex B */
};

struct dashvoip_rtsp_track {
  uint32_t codec;           /* enum dashvoip_rtsp_codec */
  uint32_t kind;            /* enum cl_kind */
  uint32_t payload_type;    /* of RTP */
  uint32_t timescale;       /* ticks per second of pts */
  uint32_t ticks_per_frame; /* 0 when the server does not say */
  uint32_t width, height;   /* video; 0 when the server does not say */
  uint32_t sample_rate;     /* audio */
  uint32_t channels;        /* audio */
  const uint8_t* setup;     /* parameter sets (Annex B) or configuration; may be NULL */
  uint32_t setup_size;
};

struct dashvoip_rtsp_packet {
  uint32_t track;
  int32_t has_pts;
  int64_t pts;         /* in the track's timescale */
  const uint8_t* data; /* valid until the next call */
  uint32_t size;
};

/* DASHVOIP_RTSP_ABI of the module. */
int dashvoip_rtsp_abi(void);
/* Version of the library, for people. */
const char* dashvoip_rtsp_version(void);
/* NULL: no memory, or the library was built without RTSP. Touches no network. */
dashvoip_rtsp* dashvoip_rtsp_create(const char* url);
/* OPTIONS, DESCRIBE and SETUP, with RTP inside the connection (RFC 2326 10.12); nothing flows
 * yet. Ends an earlier connection. */
int dashvoip_rtsp_connect(dashvoip_rtsp* client, int timeout_ms);
/* Of the present connection. */
uint32_t dashvoip_rtsp_track_count(const dashvoip_rtsp* client);
void dashvoip_rtsp_describe(const dashvoip_rtsp* client, uint32_t track,
                            struct dashvoip_rtsp_track* out);
/* PLAY. */
int dashvoip_rtsp_play(dashvoip_rtsp* client, int timeout_ms);
/* Waits for the next frame of any track. A picture is known to be whole when the next one begins.
 */
int dashvoip_rtsp_read(dashvoip_rtsp* client, int timeout_ms, struct dashvoip_rtsp_packet* out);
/* TEARDOWN; does nothing when there is no connection. */
void dashvoip_rtsp_disconnect(dashvoip_rtsp* client);
/* Whether somebody takes connections there: connects and hangs up. */
int dashvoip_rtsp_listens(dashvoip_rtsp* client, int timeout_ms);
/* Ends the call in progress and all later ones, but for the TEARDOWN of the last. */
void dashvoip_rtsp_interrupt(dashvoip_rtsp* client);
void dashvoip_rtsp_destroy(dashvoip_rtsp* client);

#ifdef __cplusplus
}
#endif
#endif /* DASHVOIP_CAMERA_RTSP_MODULE_H_ */
