/** Writes state dicts as torch.save does, and archives and pickles as it never would. */

export interface TorchTensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  /** Steps per axis; row by row unless a test says otherwise. */
  readonly strides?: readonly number[];
  readonly offset?: number;
  /** Elements the pickle claims for the storage. */
  readonly claims?: number;
}

const utf8 = new TextEncoder();

/** Little-endian bytes of a number. */
function little(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

/** Pickle protocol 2, written opcode by opcode. */
export const pickle = {
  int: (value: number) => [0x4a, ...little(value, 4)],
  text: (value: string) => {
    const bytes = utf8.encode(value);
    return [0x58, ...little(bytes.length, 4), ...bytes];
  },
  global: (module: string, name: string) => [0x63, ...utf8.encode(`${module}\n${name}\n`)],
  tuple: (...items: number[][]) => [0x28, ...items.flat(), 0x74],
  call: (callee: number[], list: number[]) => [...callee, ...list, 0x52],
  whole: (...body: number[][]) => Uint8Array.from([0x80, 2, ...body.flat(), 0x2e]),
};

/** The pickle of a state dict; tensor number `i` has storage `i`. */
export function stateDictPickle(tensors: Readonly<Record<string, TorchTensor>>): Uint8Array {
  const { int, text, global, tuple, call } = pickle;
  const items = Object.entries(tensors).map(([name, tensor], i) => {
    const { shape, values, offset = 0, claims = values.length } = tensor;
    const strides = tensor.strides ??
      shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    const storage = [
      ...tuple(
        text('storage'),
        global('torch', 'FloatStorage'),
        text(String(i)),
        text('cpu'),
        int(claims),
      ),
      0x51,
    ];
    const hooks = call(global('collections', 'OrderedDict'), [0x29]);
    return [
      ...text(name),
      ...call(
        global('torch._utils', '_rebuild_tensor_v2'),
        tuple(
          storage,
          int(offset),
          tuple(...shape.map(int)),
          tuple(...strides.map(int)),
          [0x89],
          hooks,
        ),
      ),
    ];
  });
  return pickle.whole([0x7d, 0x28, ...items.flat(), 0x75]);
}

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly method?: number;
}

/** A ZIP archive of stored entries. */
export function zip(entries: readonly ZipEntry[]): Uint8Array {
  const local: number[] = [], central: number[] = [];
  for (const { name, bytes, method = 0 } of entries) {
    const title = [...utf8.encode(name)];
    const common = [
      ...little(0, 2),
      ...little(method, 2),
      ...little(0, 4),
      ...little(Bun.hash.crc32(bytes), 4),
      ...little(bytes.length, 4),
      ...little(bytes.length, 4),
      ...little(title.length, 2),
      ...little(0, 2),
    ];
    const at = local.length;
    local.push(...little(0x04034b50, 4), ...little(20, 2), ...common, ...title, ...bytes);
    central.push(...little(0x02014b50, 4), ...little(20, 2), ...little(20, 2), ...common);
    central.push(...little(0, 2), ...little(0, 2), ...little(0, 2), ...little(0, 4));
    central.push(...little(at, 4), ...title);
  }
  const end = [
    ...little(0x06054b50, 4),
    ...little(0, 4),
    ...little(entries.length, 2),
    ...little(entries.length, 2),
    ...little(central.length, 4),
    ...little(local.length, 4),
    ...little(0, 2),
  ];
  return Uint8Array.from([...local, ...central, ...end]);
}

/** A .pth file. */
export function torchArchive(tensors: Readonly<Record<string, TorchTensor>>): Uint8Array {
  return zip([
    { name: 'net/data.pkl', bytes: stateDictPickle(tensors) },
    { name: 'net/byteorder', bytes: utf8.encode('little') },
    ...Object.values(tensors).map(({ values }, i) => ({
      name: `net/data/${i}`,
      bytes: new Uint8Array(Float32Array.from(values).buffer),
    })),
  ]);
}
