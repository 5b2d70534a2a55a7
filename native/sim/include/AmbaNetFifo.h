/*
 * AmbaNetFifo.h of the stand-in: the calls by which Linux takes encoded sound and picture from the
 * camera's RTOS and hands sound to its loudspeaker.
 *
 * The vendor's header is not public. This one was written from what public programs do with the
 * calls: names, order and meaning follow them, struct layouts are our own. Code that uses only the
 * names below, and no sizes or offsets, compiles against a board SDK's header as well. Where SDK
 * generations differ, this header takes the older form: handles are pointers, stream ids are plain
 * numbers.
 *
 * Rules of the library:
 *  - Every call but the two registrations is one blocking round trip to another operating system.
 *    It can take milliseconds, and seconds when that system is busy.
 *  - Calls return 0 (or a positive value) on success and a negative value on failure, unless said
 *    otherwise. A lost link is a failure of every call, never a signal.
 *  - Only payload bytes are shared memory. Descriptors are copies. The payload ring is overwritten
 *    without warning when the reader is slow.
 *  - Calls may come from several threads; they are carried out one after the other. Callbacks run
 *    on the thread that runs AmbaNetFifo_ExecEventProcess() and may make calls themselves.
 */
#ifndef AMBA_NETFIFO_H_
#define AMBA_NETFIFO_H_

#ifdef __cplusplus
extern "C" {
#endif

/* A FIFO as its reader or writer knows it. Other SDKs use a 64-bit number: hold it as the type of
 * what AmbaNetFifo_Create() returns and test it against 0. */
typedef struct AMBA_NETFIFO_HDLR_s AMBA_NETFIFO_HDLR_s;
typedef AMBA_NETFIFO_HDLR_s* AMBA_NETFIFO_FIFO_t;

/* Events ----------------------------------------------------------------------------------------
 */

/* Of one FIFO, to the callback of AmbaNetFifo_Reg_cbFifoEvent(). */
enum {
  AMBA_NETFIFO_EVENT_DATA_CONSUMED = 0x04000000, /* the camera took what was written */
  AMBA_NETFIFO_EVENT_DATA_EOS,                   /* the stream of this FIFO ended */
  AMBA_NETFIFO_EVENT_DATA_READY, /* there is something to read: drain, it coalesces */
  AMBA_NETFIFO_EVENT_GET_WRITE_POINT,
  AMBA_NETFIFO_EVENT_RESET_FIFO
};

/* Of the session, to the callback of AmbaNetFifo_Reg_cbControlEvent(). */
enum {
  AMBA_NETFIFO_CMD_STARTENC = 1,     /* encoding began; the track table may still be empty */
  AMBA_NETFIFO_CMD_STOPENC,          /* all handles and hCodec values are void from now on */
  AMBA_NETFIFO_CMD_SWITCHENCSESSION, /* likewise; another STARTENC follows */
  AMBA_NETFIFO_CMD_STARTNETPLAY,     /* param1: stream id */
  AMBA_NETFIFO_CMD_STOPNETPLAY,
  AMBA_NETFIFO_CMD_RELEASE
};

/* What the client tells by AmbaNetFifo_ReportStatus(). */
enum {
  AMBA_NETFIFO_STATUS_START = 1,
  AMBA_NETFIFO_STATUS_END,
  AMBA_NETFIFO_STATUS_SWITCHENCSESSION,
  AMBA_NETFIFO_STATUS_ERROR = 0xF0
};

/* Streams and tracks ----------------------------------------------------------------------------
 */

/* Stream ids with a meaning of their own for AmbaNetFifo_GetMediaInfo(). The names are ours. */
enum {
  AMBA_NETFIFO_STREAM_ID_STREAMIN = 0xAABB, /* the decoder that plays what Linux writes */
  AMBA_NETFIFO_STREAM_ID_PLAYBACK = 0xABCD,
  AMBA_NETFIFO_STREAM_ID_GSENSOR = 0x5A5A
};

enum { AMBA_NETFIFO_MAX_STREAM = 16, AMBA_NETFIFO_MAX_TRACK = 8 };

typedef struct AMBA_NETFIFO_MEDIA_STREAMID_LIST_s {
  int Amount; /* entries that count; 0 while nothing is being encoded */
  int StreamID_List[AMBA_NETFIFO_MAX_STREAM];
} AMBA_NETFIFO_MEDIA_STREAMID_LIST_s;

typedef enum AMBA_NETFIFO_MEDIA_TRACK_TYPE_e {
  AMBA_NETFIFO_MEDIA_TRACK_TYPE_VIDEO = 1,
  AMBA_NETFIFO_MEDIA_TRACK_TYPE_AUDIO,
  AMBA_NETFIFO_MEDIA_TRACK_TYPE_TEXT
} AMBA_NETFIFO_MEDIA_TRACK_TYPE_e;

/* Values of nMediaId. Live video carries H264 or AVC for the same Annex-B bytes. */
enum {
  AMP_FORMAT_MID_H264 = 0x01,
  AMP_FORMAT_MID_AVC = 0x02,
  AMP_FORMAT_MID_MJPEG = 0x03,
  AMP_FORMAT_MID_H265 = 0x04,
  AMP_FORMAT_MID_HVC = 0x05,
  AMP_FORMAT_MID_AAC = 0x21, /* raw access units, no ADTS */
  AMP_FORMAT_MID_PCM = 0x22, /* signed, interleaved, little endian */
  AMP_FORMAT_MID_ADPCM = 0x23,
  AMP_FORMAT_MID_MP3 = 0x24,
  AMP_FORMAT_MID_AC3 = 0x25,
  AMP_FORMAT_MID_WMA = 0x26,
  AMP_FORMAT_MID_OPUS = 0x27,
  AMP_FORMAT_MID_TEXT = 0x41,
  AMP_FORMAT_MID_MP4S = 0x42
};

typedef struct AMBA_NETFIFO_VIDEO_TRACK_CFG_s {
  unsigned int nGOPSize; /* pictures from one key frame to the next */
  unsigned int nTrickRecDen;
  unsigned int nTrickRecNum;
  unsigned int nCodecTimeScale;
  unsigned int nWidth;
  unsigned int nHeight;
  unsigned char nM;
  unsigned char nN; /* 255: intra refresh instead of key frames */
  unsigned int nIRCycle;
  unsigned int nRecoveryFrameCnt;
  unsigned int bDefault;
  unsigned int nMode;
  unsigned int bClosedGOP;
} AMBA_NETFIFO_VIDEO_TRACK_CFG_s;

typedef struct AMBA_NETFIFO_AUDIO_TRACK_CFG_s {
  unsigned int nSampleRate;
  unsigned int bDefault;
  unsigned int nChannels; /* 0 means 2 */
  unsigned int nBitsPerSample;
} AMBA_NETFIFO_AUDIO_TRACK_CFG_s;

typedef struct AMBA_NETFIFO_TEXT_TRACK_CFG_s {
  unsigned int bDefault;
} AMBA_NETFIFO_TEXT_TRACK_CFG_s;

typedef struct AMBA_NETFIFO_MEDIA_TRACK_CFG_s {
  AMBA_NETFIFO_MEDIA_TRACK_TYPE_e nTrackType; /* selects the member of Info */
  unsigned int nMediaId;
  unsigned int nTimeScale;     /* PTS ticks per second; an audio track carries the video's, or 0 */
  unsigned int nTimePerFrame;  /* ticks from one frame to the next; audio: scale * 1024 / rate */
  unsigned int nInitDelay;     /* ms */
  void* hCodec;                /* null: no such encoder, the track cannot be read */
  unsigned char* pBufferBase;  /* payload ring, first byte */
  unsigned char* pBufferLimit; /* outbound: one past its last byte; stream-in: its last byte */
  union {
    AMBA_NETFIFO_VIDEO_TRACK_CFG_s Video;
    AMBA_NETFIFO_AUDIO_TRACK_CFG_s Audio;
    AMBA_NETFIFO_TEXT_TRACK_CFG_s Text;
  } Info;
} AMBA_NETFIFO_MEDIA_TRACK_CFG_s;

typedef struct AMBA_NETFIFO_MOVIE_INFO_CFG_s {
  unsigned int nTrack;
  AMBA_NETFIFO_MEDIA_TRACK_CFG_s Track[AMBA_NETFIFO_MAX_TRACK];
} AMBA_NETFIFO_MOVIE_INFO_CFG_s;

/* FIFOs -----------------------------------------------------------------------------------------
 */

/* Values of AMBA_NETFIFO_BITS_DESC_s::Type and of FristFrameType. */
typedef enum AMBA_FRAMEINFO_TYPE_e {
  AMBA_FRAMEINFO_TYPE_MJPEG_FRAME = 0,
  AMBA_FRAMEINFO_TYPE_IDR_FRAME = 1,
  AMBA_FRAMEINFO_TYPE_I_FRAME = 2,
  AMBA_FRAMEINFO_TYPE_P_FRAME = 3,
  AMBA_FRAMEINFO_TYPE_B_FRAME = 4,
  AMBA_FRAMEINFO_TYPE_JPEG_FRAME = 5,
  AMBA_FRAMEINFO_TYPE_THUMBNAIL_FRAME = 6,
  AMBA_FRAMEINFO_TYPE_SCREENNAIL_FRAME = 7,
  AMBA_FRAMEINFO_TYPE_AUDIO_FRAME = 8,
  AMBA_FRAMEINFO_TYPE_UNDEFINED = 9,
  AMBA_FRAMEINFO_TYPE_DECODE_MARK = 101,
  AMBA_FRAMEINFO_TYPE_EOS = 255
} AMBA_FRAMEINFO_TYPE_e;

/* Values of Size that are marks, not sizes; StartAddr is then null. */
enum { AMBA_NETFIFO_MARK_EOS = 0x00FFFFFF, AMBA_NETFIFO_MARK_EOS_PAUSE = 0x00FFFFFE };

/* One frame, or one piece of one. */
typedef struct AMBA_NETFIFO_BITS_DESC_s {
  unsigned int SeqNum;      /* rises by one per frame and wraps; a gap is loss (video at least) */
  unsigned long long Pts;   /* in ticks of the track; its origin is the camera's own */
  unsigned char Type;       /* AMBA_FRAMEINFO_TYPE_e */
  unsigned char Completed;  /* last piece of its frame */
  unsigned short Align;     /* power of two by which the writer aligned the payload */
  unsigned char* StartAddr; /* first payload byte; the rest may continue at the ring's base */
  unsigned int Size;
} AMBA_NETFIFO_BITS_DESC_s;

typedef enum AMBA_NETFIFO_CFG_INIT_CONDITION_e {
  AMBA_NETFIFO_CFG_INIT_DISABLE = 0,    /* only frames written after the creation */
  AMBA_NETFIFO_CFG_INIT_WITH_TIME,      /* also the queued ones of the last TimeLength ms */
  AMBA_NETFIFO_CFG_INIT_WITH_NUM_FRAME, /* also the last NumFrame queued ones */
  AMBA_NETFIFO_CFG_INIT_WITH_START_TIME /* also the queued ones from StartTime ms on */
} AMBA_NETFIFO_CFG_INIT_CONDITION_e;

/* Where a new virtual FIFO begins. Of the queued frames that InitCondition allows, reading begins
 * at the oldest one of type FristFrameType (vendor's spelling); without one, at the next frame. */
typedef struct AMBA_NETFIFO_CFG_INIT_DATA_s {
  unsigned char CreateFifoWithInitData; /* 0: the rest does not count */
  AMBA_NETFIFO_CFG_INIT_CONDITION_e InitCondition;
  union {
    unsigned long long TimeLength;
    unsigned long long NumFrame;
    unsigned long long StartTime;
  } InitParam;
  AMBA_FRAMEINFO_TYPE_e FristFrameType;
  unsigned long long OnCreateFirstFramePts; /* out: PTS of the first frame, all ones if none */
  unsigned long long OnCreateTimeLength;    /* out: ms of media already waiting */
} AMBA_NETFIFO_CFG_INIT_DATA_s;

typedef struct AMBA_NETFIFO_CFG_s {
  void* hCodec;                            /* from the track */
  unsigned int NumEntries;                 /* 256 */
  unsigned int IsVirtual;                  /* 1: a reader (or writer) of the codec's FIFO */
  unsigned int cbEvent;                    /* the event handle that AmbaNetFifo_init() gave */
  unsigned int EventDataConsumedThreshold; /* 0: no such events */
  unsigned int EventDataReadySkipNum;      /* DATA_READY on every (n + 1)-th frame only */
  unsigned int cbGetWritePoint;
  unsigned int SyncRpOnWrite;
  unsigned char* RawBaseAddr;
  unsigned char* RawLimitAddr;
  unsigned int TickPerSecond;
  AMBA_NETFIFO_CFG_INIT_DATA_s InitData;
} AMBA_NETFIFO_CFG_s;

typedef struct AMBA_NETFIFO_PEEKENTRY_ARG_s {
  AMBA_NETFIFO_FIFO_t fifo;
  unsigned int distanceToLastEntry;
} AMBA_NETFIFO_PEEKENTRY_ARG_s;

typedef struct AMBA_NETFIFO_REMOVEENTRY_ARG_s {
  AMBA_NETFIFO_FIFO_t fifo;
  unsigned int EntriesToBeRemoved;
} AMBA_NETFIFO_REMOVEENTRY_ARG_s;

typedef struct AMBA_NETFIFO_FIFO_INFO_s {
  unsigned int TotalEntries; /* descriptors the FIFO can hold */
  unsigned int AvailEntries; /* descriptors waiting to be read */
} AMBA_NETFIFO_FIFO_INFO_s;

/* Stream-in and operations ----------------------------------------------------------------------
 */

enum {
  AMBA_NETFIFO_STREAMIN_MSG_START = 1, /* play; nothing is audible before */
  AMBA_NETFIFO_STREAMIN_MSG_STOP,
  AMBA_NETFIFO_STREAMIN_MSG_ERROR
};

typedef struct AMBA_NETFIFO_STREAMIN_MSG_PARAM_s {
  unsigned int MSG;
  unsigned char Param[128];
} AMBA_NETFIFO_STREAMIN_MSG_PARAM_s;

/* Operations of AmbaNetFifo_PlayBack_OP(). Later SDKs number them differently. */
enum {
  AMBA_NETFIFO_PLAYBACK_OP_OPEN = 1,
  AMBA_NETFIFO_PLAYBACK_OP_PLAY,
  AMBA_NETFIFO_PLAYBACK_OP_STOP,
  AMBA_NETFIFO_PLAYBACK_OP_RESET,
  AMBA_NETFIFO_PLAYBACK_OP_PAUSE,
  AMBA_NETFIFO_PLAYBACK_OP_RESUME,
  AMBA_NETFIFO_PLAYBACK_OP_CONFIG,
  AMBA_NETFIFO_PLAYBACK_OP_GET_VID_FTIME,
  AMBA_NETFIFO_PLAYBACK_OP_GET_VID_TICK,
  AMBA_NETFIFO_PLAYBACK_OP_GET_AUD_FTIME,
  AMBA_NETFIFO_PLAYBACK_OP_GET_DURATION,
  AMBA_NETFIFO_PLAYBACK_OP_SET_LIVE_BITRATE, /* u32 bit/s */
  AMBA_NETFIFO_PLAYBACK_OP_GET_LIVE_BITRATE,
  AMBA_NETFIFO_PLAYBACK_OP_GET_LIVE_AVG_BITRATE,
  AMBA_NETFIFO_PLAYBACK_OP_SET_NET_BANDWIDTH, /* u32 bit/s */
  AMBA_NETFIFO_PLAYBACK_OP_SEND_RR_STAT,      /* u32 lost 0..255, u32 jitter, double delay */
  AMBA_NETFIFO_PLAYBACK_OP_SET_PARAMETER,
  AMBA_NETFIFO_PLAYBACK_OP_GET_SPS_PPS
};

typedef struct AMBA_NETFIFO_PLAYBACK_OP_PARAM_s {
  unsigned int OP; /* in: operation; out: its result as an int */
  unsigned char Param[128];
} AMBA_NETFIFO_PLAYBACK_OP_PARAM_s;

/* Session ---------------------------------------------------------------------------------------
 */

/* Events of a FIFO (handle, event, info) and of the session. What they return is ignored. */
typedef int (*AmbaNetFifo_cbFifoEvent)(void* hdlr, unsigned int event, void* info, void* user_data);
typedef int (*AmbaNetFifo_cbControlEvent)(unsigned int cmd, unsigned int param1,
                                          unsigned int param2, void* user_data);

/* Connects. *event_hndlr is the number that goes into cbEvent of every FIFO. Below 0: no camera
 * answers, or another client owns the connection. */
int AmbaNetFifo_init(int* event_hndlr);
/* Disconnects and frees; a later AmbaNetFifo_init() connects anew. The event thread must have been
 * stopped and joined. */
void AmbaNetFifo_release(void);

/* Registered before the event thread starts. One callback of each kind; null removes it. */
int AmbaNetFifo_Reg_cbFifoEvent(AmbaNetFifo_cbFifoEvent cb, void* user_data);
int AmbaNetFifo_Reg_cbControlEvent(AmbaNetFifo_cbControlEvent cb, void* user_data);

/* Body of the event thread, for pthread_create(): waits for events and runs the callbacks until
 * AmbaNetFifo_StopEventProcess() or until the link is lost. Returns null. */
void* AmbaNetFifo_ExecEventProcess(void* arg);
/* Makes the event thread return, also when it has not begun yet. */
void AmbaNetFifo_StopEventProcess(void);

/* Tells the camera that reading began (START) or ended (END, SWITCHENCSESSION), or went wrong. The
 * camera considers itself busy from START to END. */
int AmbaNetFifo_ReportStatus(unsigned int status);

/* Tracks */
int AmbaNetFifo_GetMediaStreamIDList(AMBA_NETFIFO_MEDIA_STREAMID_LIST_s* list);
/* Track table of a listed stream, or of a special one. No tracks is not a failure. */
int AmbaNetFifo_GetMediaInfo(int StreamID, AMBA_NETFIFO_MOVIE_INFO_CFG_s* info);

/* Reading ---------------------------------------------------------------------------------------
 */

/* Fills in the camera's defaults; comes before any field is set. */
int AmbaNetFifo_GetDefaultCFG(AMBA_NETFIFO_CFG_s* cfg);
/* A new FIFO on the codec of cfg->hCodec; null when refused (hCodec unknown or void, 64 exist). */
AMBA_NETFIFO_FIFO_t AmbaNetFifo_Create(AMBA_NETFIFO_CFG_s* cfg);
int AmbaNetFifo_Delete(AMBA_NETFIFO_FIFO_t fifo);

/* Descriptor at a distance from the OLDEST unread entry (0) or from the NEWEST (RevPeek, 0).
 * Fails at once, without waiting, when there is none. */
int AmbaNetFifo_PeekEntry(AMBA_NETFIFO_PEEKENTRY_ARG_s* entry, AMBA_NETFIFO_BITS_DESC_s* desc);
int AmbaNetFifo_RevPeekEntry(AMBA_NETFIFO_PEEKENTRY_ARG_s* entry, AMBA_NETFIFO_BITS_DESC_s* desc);
/* Gives back the oldest entries of this FIFO (vendor's spelling). Fails, removing none, when there
 * are fewer. */
int AmbaNetFifo_RemoveEnrty(AMBA_NETFIFO_REMOVEENTRY_ARG_s* entry);
int AmbaNetFifo_GetInfo(AMBA_NETFIFO_FIFO_t fifo, AMBA_NETFIFO_FIFO_INFO_s* info);
/* Drops everything queued. */
int AmbaNetFifo_EraseAll(AMBA_NETFIFO_FIFO_t fifo);

/* Stream-in -------------------------------------------------------------------------------------
 */

/* Where the next frame goes: StartAddr is the write point, Size the bytes free from there on, over
 * the ring's end. Too few free bytes means: come again later. */
int AmbaNetFifo_PrepareEntry(AMBA_NETFIFO_FIFO_t fifo, AMBA_NETFIFO_BITS_DESC_s* desc);
/* Queues the frame whose bytes were copied to the write point; Pts, Size, Type and Completed are
 * the caller's. */
int AmbaNetFifo_WriteEntry(AMBA_NETFIFO_FIFO_t fifo, AMBA_NETFIFO_BITS_DESC_s* desc);
int AmbaNetFifo_StreamIn_MSG(AMBA_NETFIFO_STREAMIN_MSG_PARAM_s* in,
                             AMBA_NETFIFO_STREAMIN_MSG_PARAM_s* out);

/* One of the operations above. A return of 0 only says that the camera answered; the result of the
 * operation is in out->OP, and success there does not mean that anything changed. */
int AmbaNetFifo_PlayBack_OP(AMBA_NETFIFO_PLAYBACK_OP_PARAM_s* in,
                            AMBA_NETFIFO_PLAYBACK_OP_PARAM_s* out);

#ifdef __cplusplus
}
#endif
#endif /* AMBA_NETFIFO_H_ */
