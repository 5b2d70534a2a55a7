/*
 * The C interface of dashvoip-still.so: one key frame of H.264 or H.265 in, a JPEG out. The module
 * carries libavcodec, which takes more memory than the rest of the agent: it is loaded when the
 * first still is asked for.
 */
#ifndef DASHVOIP_VIDEO_STILL_MODULE_H_
#define DASHVOIP_VIDEO_STILL_MODULE_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DASHVOIP_STILL_ABI = 1, DASHVOIP_STILL_WHY_BYTES = 128 };
/* A frame may have so many macroblocks of 16 x 16 pixels: level 5.1, 4096 x 2304 (H.264 table A-1).
 */
enum { DASHVOIP_STILL_MAX_MACROBLOCKS = 36864 };

struct dashvoip_still {
  uint8_t* jpeg; /* NULL: there is none */
  uint32_t size; /* bytes */
  uint32_t width, height;
};

/* DASHVOIP_STILL_ABI of the module. */
int dashvoip_still_abi(void);
/*
 * Decodes an IDR access unit in Annex B form with its parameter sets, whatever it holds, and makes
 * a JPEG of it. 0: done, and *out is to be freed. Below 0: `why` has words, *out is empty.
 */
int dashvoip_still_make(const uint8_t* annexb, uint32_t size, struct dashvoip_still* out,
                        char why[DASHVOIP_STILL_WHY_BYTES]);
void dashvoip_still_free(struct dashvoip_still* still);

#ifdef __cplusplus
}
#endif
#endif /* DASHVOIP_VIDEO_STILL_MODULE_H_ */
