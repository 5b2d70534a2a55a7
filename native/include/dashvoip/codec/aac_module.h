/*
 * The C interface of dashvoip-aac.so: raw AAC access units in, interleaved S16 out. The module
 * carries libavcodec, which takes more memory than the rest of the agent: it is loaded only when
 * the camera's sound turns out to be AAC.
 */
#ifndef DASHVOIP_CODEC_AAC_MODULE_H_
#define DASHVOIP_CODEC_AAC_MODULE_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DASHVOIP_AAC_ABI = 1 };
enum { DASHVOIP_AAC_MAX_CHANNELS = 8 };

typedef struct dashvoip_aac dashvoip_aac;

/* DASHVOIP_AAC_ABI of the module. */
int dashvoip_aac_abi(void);
/* Version of the decoder's library, for people. */
const char* dashvoip_aac_version(void);
/* Decoder for AAC-LC without ADTS. NULL: rate or channels unknown to AAC, or no memory. */
dashvoip_aac* dashvoip_aac_create(uint32_t sample_rate, uint32_t channels);
/*
 * Decodes one access unit of `size` bytes into `out`, which holds `capacity` samples in all.
 * *channels is what the stream really has. Returns samples per channel, 0 when the decoder wants
 * more, below 0 when the access unit is damaged; the decoder goes on with the next one.
 */
int dashvoip_aac_decode(dashvoip_aac* decoder, const uint8_t* data, uint32_t size, int16_t* out,
                        uint32_t capacity, uint32_t* channels);
void dashvoip_aac_destroy(dashvoip_aac* decoder);

#ifdef __cplusplus
}
#endif
#endif /* DASHVOIP_CODEC_AAC_MODULE_H_ */
