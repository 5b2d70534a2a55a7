export { AUDIO_CODEC_NAMES, AUDIO_CODECS, type AudioCodec, busRateFor } from './audio-codecs';
