/**
 * A network ready to run: a model file of the pack in an ONNX Runtime session of one thread.
 * The session blocks its thread while it runs, so callers that must stay responsive live in workers.
 */
import * as ort from 'onnxruntime-node';
import { type Network, type Pack } from '../../models/mod.ts';
import { FaceError } from '../errors.ts';
import { ON_CPU, type Runtime, sessionOptions } from './backend.ts';

/** Tensor data by output role. */
export type NetworkResult = Readonly<Record<string, Float32Array>>;

export interface RunnableNetwork {
  readonly spec: Network;
  /**
   * Runs `batch` crops.
   * @param data batch x width x height x 3 numbers in the layout of the network's input
   * @throws FaceError PACK_INCOMPLETE when the model lacks a tensor that the manifest names
   */
  run(data: Float32Array, batch: number): Promise<NetworkResult>;
}

/** Loads networks of one pack. */
export interface NetworkLoader {
  load(id: string): Promise<RunnableNetwork>;
}

/**
 * The loader that runs networks with ONNX Runtime.
 * @param whole refuse networks of which the backend leaves a part to the processor
 */
export function createOnnxLoader(
  pack: Pack,
  runtime: Runtime = ON_CPU,
  whole = false,
): NetworkLoader {
  return {
    async load(id) {
      const spec = pack.manifest.networks.find((network) => network.id === id);
      if (spec === undefined) {
        throw new FaceError('PACK_INCOMPLETE', `model pack: no network ${id}`);
      }
      const session = await ort.InferenceSession.create(
        await pack.read(spec.file),
        sessionOptions(runtime, whole),
      );
      return new OnnxNetwork(spec, session);
    },
  };
}

class OnnxNetwork implements RunnableNetwork {
  readonly spec: Network;
  readonly #session: ort.InferenceSession;

  constructor(spec: Network, session: ort.InferenceSession) {
    this.spec = spec;
    this.#session = session;
    for (const [role, tensor] of Object.entries(spec.outputs)) {
      if (session.outputNames.includes(tensor)) continue;
      throw new FaceError('PACK_INCOMPLETE', `network ${spec.id}: no output ${tensor} for ${role}`);
    }
  }

  async run(data: Float32Array, batch: number): Promise<NetworkResult> {
    const { name, layout, width, height } = this.spec.input;
    const shape = layout === 'NHWC' ? [batch, height, width, 3] : [batch, 3, height, width];
    const outputs = await this.#session.run(
      { [name]: new ort.Tensor('float32', data, shape) },
      Object.values(this.spec.outputs),
    );
    const result: Record<string, Float32Array> = {};
    for (const [role, tensor] of Object.entries(this.spec.outputs)) {
      result[role] = outputs[tensor].data as Float32Array;
    }
    return result;
  }
}
