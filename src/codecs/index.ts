export {
  AUDIO_CODEC_NAMES,
  AUDIO_CODECS,
  type AudioCodec,
  type AudioCodecRow,
  busRateFor,
  packetLength,
  rowOf,
} from './audio-codecs';
