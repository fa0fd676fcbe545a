/** Secure messaging of 9303-11 9.8 with 3DES and AES. */
export type { ChannelState } from './secure-channel.ts';
export { channelFromSsc, freshChannel, SecureChannel } from './secure-channel.ts';
