/**
 * Reads the pickle inside a torch archive: a dictionary of tensors and nothing else. A pickle is a program
 * for a stack machine that may call anything; here only the opcodes that torch.save writes for a state
 * dict are known, a "call" of the three names below builds a plain record, and every other name is refused.
 */
import { PackError } from '../../errors.ts';

/** A tensor as the pickle describes it; its numbers lie in another entry of the archive. */
export interface PickledTensor {
  /** Name of the storage, a file of the archive's data folder. */
  readonly storage: string;
  readonly type: StorageType;
  /** Number of elements in the storage. */
  readonly elements: number;
  /** First element and steps, in elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

type StorageType = 'FloatStorage' | 'LongStorage';

const MAX_OPERATIONS = 200_000;
const MAX_STACK = 20_000;
const MAX_TEXT = 200;
const MAX_AXES = 8;

/** Opcodes of pickle protocol 2 (Python's Lib/pickletools.py) that occur in a state dict. */
const OP = {
  mark: 0x28,
  stop: 0x2e,
  int1: 0x4b,
  int2: 0x4d,
  int4: 0x4a,
  none: 0x4e,
  persistentId: 0x51,
  reduce: 0x52,
  unicode: 0x58,
  global: 0x63,
  get1: 0x68,
  get4: 0x6a,
  put1: 0x71,
  put4: 0x72,
  setItem: 0x73,
  tuple: 0x74,
  setItems: 0x75,
  emptyDict: 0x7d,
  emptyTuple: 0x29,
  protocol: 0x80,
  tuple1: 0x85,
  tuple2: 0x86,
  tuple3: 0x87,
  true: 0x88,
  false: 0x89,
} as const;

const ORDERED_DICT = 'collections OrderedDict';
const REBUILD_TENSOR = 'torch._utils _rebuild_tensor_v2';
const STORAGES: Readonly<Record<string, StorageType>> = {
  'torch FloatStorage': 'FloatStorage',
  'torch LongStorage': 'LongStorage',
};

class Name {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

class Storage {
  readonly value: Pick<PickledTensor, 'storage' | 'type' | 'elements'>;

  constructor(value: Storage['value']) {
    this.value = value;
  }
}

class Tensor {
  readonly value: PickledTensor;

  constructor(value: PickledTensor) {
    this.value = value;
  }
}

type Dictionary = Map<string, Item>;
type Item =
  | number
  | string
  | boolean
  | null
  | Name
  | Storage
  | Tensor
  | Dictionary
  | readonly Item[];
const MARK = Symbol('mark');

/**
 * The tensors of a pickled state dict, by name.
 * @param label named in errors
 * @throws PackError CONVERSION_UNSUPPORTED
 */
export function readTensorPickle(label: string, bytes: Uint8Array): Map<string, PickledTensor> {
  const result = new Machine(label, bytes).run();
  if (!(result instanceof Map)) throw malformed(label, 'not a dictionary');
  const tensors = new Map<string, PickledTensor>();
  for (const [name, item] of result) {
    if (!(item instanceof Tensor)) throw malformed(label, 'an entry is not a tensor');
    tensors.set(name, item.value);
  }
  return tensors;
}

class Machine {
  readonly #label: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  readonly #stack: (Item | typeof MARK)[] = [];
  readonly #memo = new Map<number, Item>();

  constructor(label: string, bytes: Uint8Array) {
    this.#label = label;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): Item {
    for (let i = 0; i < MAX_OPERATIONS; i++) {
      const operation = this.#uint8();
      if (operation === OP.stop) return this.#end();
      this.#step(operation);
      if (this.#stack.length > MAX_STACK) throw this.#wrong('the stack grows too large');
    }
    throw this.#wrong(`more than ${MAX_OPERATIONS} operations`);
  }

  #end(): Item {
    const result = this.#pop();
    if (this.#stack.length > 0 || this.#at !== this.#bytes.length) {
      throw this.#wrong('something is left over');
    }
    return result;
  }

  #step(operation: number): void {
    switch (operation) {
      case OP.protocol:
        if (this.#uint8() !== 2) throw this.#wrong('not pickle protocol 2');
        return;
      case OP.mark:
        this.#stack.push(MARK);
        return;
      case OP.none:
        return this.#push(null);
      case OP.true:
        return this.#push(true);
      case OP.false:
        return this.#push(false);
      case OP.int1:
        return this.#push(this.#uint8());
      case OP.int2:
        return this.#push(this.#uint8() + 256 * this.#uint8());
      case OP.int4:
        return this.#push(this.#view.getInt32(this.#take(4), true));
      case OP.unicode:
        return this.#push(this.#text(this.#uint32()));
      case OP.global:
        return this.#push(new Name(`${this.#line()} ${this.#line()}`));
      case OP.put1:
        return this.#remember(this.#uint8());
      case OP.put4:
        return this.#remember(this.#uint32());
      case OP.get1:
        return this.#recall(this.#uint8());
      case OP.get4:
        return this.#recall(this.#uint32());
      case OP.emptyDict:
        return this.#push(new Map());
      case OP.emptyTuple:
        return this.#push([]);
      case OP.tuple:
        return this.#push(this.#toMark());
      case OP.tuple1:
      case OP.tuple2:
      case OP.tuple3:
        return this.#push(this.#last(operation - OP.tuple1 + 1));
      case OP.setItem:
        return this.#setItems(this.#last(2));
      case OP.setItems:
        return this.#setItems(this.#toMark());
      case OP.persistentId:
        return this.#push(this.#storage(this.#pop()));
      case OP.reduce:
        return this.#reduce();
      default:
        throw this.#wrong(`opcode ${operation}`);
    }
  }

  #reduce(): void {
    const [callee, list] = this.#last(2);
    if (!(callee instanceof Name) || !Array.isArray(list)) throw this.#wrong('a call of no name');
    if (callee.text === ORDERED_DICT && list.length === 0) return this.#push(new Map());
    if (callee.text === REBUILD_TENSOR) return this.#push(this.#tensor(list));
    throw this.#wrong(`a call of ${JSON.stringify(callee.text)}`);
  }

  /** ('storage', type, key, device, number of elements) */
  #storage(id: Item): Storage {
    const [tag, type, key, , elements] = Array.isArray(id) ? id : [];
    const known = type instanceof Name ? STORAGES[type.text] : undefined;
    if (
      tag !== 'storage' || known === undefined || typeof key !== 'string' || !isCount(elements)
    ) {
      throw this.#wrong('a storage that is not one of floats or integers');
    }
    return new Storage({ storage: key, type: known, elements });
  }

  /** (storage, offset, shape, strides, requires_grad, hooks) */
  #tensor(list: readonly Item[]): Tensor {
    const [storage, offset, shape, strides] = list;
    if (!(storage instanceof Storage) || !isCount(offset) || !isShape(shape) || !isShape(strides)) {
      throw this.#wrong('a tensor that is not what torch describes');
    }
    if (shape.length !== strides.length) throw this.#wrong('a tensor with too many strides');
    return new Tensor({ ...storage.value, offset, shape, strides });
  }

  #setItems(items: readonly Item[]): void {
    const target = this.#stack.at(-1);
    if (!(target instanceof Map) || items.length % 2 !== 0) {
      throw this.#wrong('items of no dictionary');
    }
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i];
      if (typeof key !== 'string' || target.has(key)) throw this.#wrong('a key that is none');
      target.set(key, items[i + 1]);
    }
  }

  #push(item: Item): void {
    this.#stack.push(item);
  }

  #pop(): Item {
    const item = this.#stack.pop();
    if (item === undefined || item === MARK) throw this.#wrong('the stack is empty');
    return item;
  }

  #last(count: number): Item[] {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  #toMark(): Item[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) throw this.#wrong('a mark is missing');
    const items = this.#stack.splice(mark).slice(1);
    return items as Item[];
  }

  #remember(slot: number): void {
    const item = this.#pop();
    this.#memo.set(slot, item);
    this.#push(item);
  }

  #recall(slot: number): void {
    const item = this.#memo.get(slot);
    if (item === undefined) throw this.#wrong(`nothing in memo ${slot}`);
    this.#push(item);
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw this.#wrong('the pickle is cut off');
    this.#at += length;
    return at;
  }

  #uint8(): number {
    return this.#bytes[this.#take(1)];
  }

  #uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  #text(length: number): string {
    if (length > MAX_TEXT) throw this.#wrong(`a text of ${length} bytes`);
    const at = this.#take(length);
    return new TextDecoder().decode(this.#bytes.subarray(at, at + length));
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw this.#wrong('a name without end');
    const line = this.#text(end - this.#at);
    this.#take(1);
    return line;
  }

  #wrong(what: string): PackError {
    return malformed(this.#label, what);
  }
}

function isCount(item: Item | undefined): item is number {
  return typeof item === 'number' && item >= 0;
}

function isShape(item: Item | undefined): item is readonly number[] {
  return Array.isArray(item) && item.length <= MAX_AXES && item.every((size) => isCount(size));
}

function malformed(label: string, what: string): PackError {
  return new PackError('CONVERSION_UNSUPPORTED', `${label}: pickle: ${what}`);
}
