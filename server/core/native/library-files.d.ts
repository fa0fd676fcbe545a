declare module 'onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1' {
  const path: string;
  export default path;
}

declare module '@img/sharp-libvips-linux-x64/binary' {
  const path: string;
  export default path;
}
