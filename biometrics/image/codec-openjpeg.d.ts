/** The part of @cornerstonejs/codec-openjpeg 1.3 that is used; the package ships no types. */
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  export interface FrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
  }

  export interface J2KDecoder {
    /** A view into the memory of the module, to be filled with the file. */
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getFrameInfo(): FrameInfo;
    getDecodedBuffer(): Uint8ClampedArray;
    getColorSpace(): number;
    delete(): void;
  }

  export interface OpenJpeg {
    readonly J2KDecoder: new () => J2KDecoder;
    readonly HEAPU8: Uint8Array;
  }

  export default function create(options: {
    wasmBinary: ArrayBuffer;
    print: (line: string) => void;
    printErr: (line: string) => void;
  }): Promise<OpenJpeg>;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasm' {
  const path: string;
  export default path;
}
