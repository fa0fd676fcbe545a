/**
 * Reads an ONNX file into the steps that `run.ts` carries out. Only what the guidance networks use is
 * understood; everything else is refused by name. Field numbers are those of onnx.proto3.
 */
import { fieldsOf, VARINT } from '../../../../models/protobuf-reader.ts';

/** A constant of the graph; whole numbers come as floats too. */
interface Constant {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface Step {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, readonly number[]>>;
}

export interface Graph {
  readonly steps: readonly Step[];
  readonly constants: ReadonlyMap<string, Constant>;
}

const FLOAT32 = 1;
const INT64 = 7;
const FLOAT16 = 10;
const MAX_ELEMENTS = 2 ** 24;

/** @throws Error for a file that is no ONNX graph, or has constants of other types */
export function readGraph(bytes: Uint8Array): Graph {
  const steps: Step[] = [];
  const constants = new Map<string, Constant>();
  for (const model of fieldsOf(bytes, malformed)) {
    if (model.number !== 7) continue;
    for (const field of fieldsOf(model.bytes, malformed)) {
      if (field.number === 1) steps.push(readStep(field.bytes));
      else if (field.number === 5) readConstant(field.bytes, constants);
    }
  }
  if (steps.length === 0) throw malformed('no graph');
  return { steps, constants };
}

function readStep(bytes: Uint8Array): Step {
  const inputs: string[] = [];
  const attributes: Record<string, readonly number[]> = {};
  let operator = '', output = '';
  for (const field of fieldsOf(bytes, malformed)) {
    if (field.number === 1) inputs.push(text(field.bytes));
    else if (field.number === 2) output = text(field.bytes);
    else if (field.number === 4) operator = text(field.bytes);
    else if (field.number === 5) {
      let name = '';
      const values: number[] = [];
      for (const part of fieldsOf(field.bytes, malformed)) {
        if (part.number === 1) name = text(part.bytes);
        // one whole number, or one of several
        else if ((part.number === 3 || part.number === 8) && part.wireType === VARINT) {
          values.push(Number(part.value));
        }
      }
      attributes[name] = values;
    }
  }
  return { operator, inputs, output, attributes };
}

function readConstant(bytes: Uint8Array, constants: Map<string, Constant>): void {
  const shape: number[] = [];
  let type = 0, name = '', raw = new Uint8Array();
  for (const field of fieldsOf(bytes, malformed)) {
    if (field.number === 1) shape.push(Number(field.value));
    else if (field.number === 2) type = Number(field.value);
    else if (field.number === 8) name = text(field.bytes);
    // a copy, so that the elements are aligned
    else if (field.number === 9) raw = field.bytes.slice();
  }
  const length = shape.reduce((product, size) => product * size, 1);
  if (!(length <= MAX_ELEMENTS)) throw malformed(`${name} is too large`);
  constants.set(name, { shape, data: elements(name, type, raw, length) });
}

function elements(name: string, type: number, raw: Uint8Array, length: number): Float32Array {
  const size = { [FLOAT32]: 4, [INT64]: 8, [FLOAT16]: 2 }[type];
  if (size === undefined) throw malformed(`${name} has elements of type ${type}`);
  if (raw.length !== size * length) throw malformed(`${name} has another length than its shape`);
  if (type === FLOAT32) return new Float32Array(raw.buffer, 0, length);
  if (type === INT64) return Float32Array.from(new BigInt64Array(raw.buffer, 0, length), Number);
  return Float32Array.from(new Uint16Array(raw.buffer, 0, length), float16);
}

/** IEEE 754 half precision. */
function float16(bits: number): number {
  const sign = bits >> 15 ? -1 : 1, exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function malformed(what: string): Error {
  return new Error(`guidance network: ${what}`);
}
