/** Reads a PyTorch state dict (.pth, as torch.save writes it since 1.6) into float weights by name. */
import { PackError } from '../../errors.ts';
import { elementCount, type Weight, weight } from '../weight.ts';
import { type PickledTensor, readTensorPickle } from './pickle.ts';
import { readStoredZip } from './zip.ts';

const PICKLE = '/data.pkl';
const FLOAT_BYTES = 4;

/**
 * Float tensors by name; integer ones, which only count training steps, are left out.
 * @param label named in errors
 * @throws PackError CONVERSION_UNSUPPORTED
 */
export function readStateDict(label: string, bytes: Uint8Array): Map<string, Weight> {
  const entries = readStoredZip(label, bytes);
  const pickles = [...entries.keys()].filter((name) => name.endsWith(PICKLE));
  if (pickles.length !== 1) throw wrong(label, `${pickles.length} pickles in the archive`);
  const root = pickles[0].slice(0, -PICKLE.length);
  const order = entries.get(`${root}/byteorder`);
  if (order !== undefined && new TextDecoder().decode(order) !== 'little') {
    throw wrong(label, 'numbers are not little-endian');
  }
  const weights = new Map<string, Weight>();
  for (const [name, tensor] of readTensorPickle(label, entries.get(pickles[0])!)) {
    if (tensor.type !== 'FloatStorage') continue;
    const content = entries.get(`${root}/data/${tensor.storage}`);
    if (content === undefined) throw wrong(label, `${name}: no storage ${tensor.storage}`);
    weights.set(name, readTensor(label, name, tensor, content));
  }
  return weights;
}

function readTensor(
  label: string,
  name: string,
  { elements, offset, shape, strides }: PickledTensor,
  content: Uint8Array,
): Weight {
  const count = elementCount(shape);
  if (content.length !== elements * FLOAT_BYTES) {
    throw wrong(label, `${name}: ${content.length} bytes for ${elements} numbers`);
  }
  if (count > elements - offset) throw wrong(label, `${name} reaches beyond its storage`);
  const contiguous = shape.every((size, axis) =>
    size === 1 || strides[axis] === elementCount(shape.slice(axis + 1))
  );
  if (!contiguous) throw wrong(label, `${name} is not stored row by row`);
  const values = new Float32Array(count);
  new Uint8Array(values.buffer).set(
    content.subarray(offset * FLOAT_BYTES, (offset + count) * FLOAT_BYTES),
  );
  return weight(values, shape);
}

function wrong(label: string, what: string): PackError {
  return new PackError('CONVERSION_UNSUPPORTED', `${label}: ${what}`);
}
