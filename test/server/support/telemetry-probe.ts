/** Child process of the telemetry test: makes ONNX Runtime start its environment, prepared or not. */
/** What to do before the library loads: prepare the process as the product does, or nothing. */
export type ProbeMode = 'prepared' | 'plain';

if (process.argv[2] === 'prepared') await import('../../../server/core/native/libraries.ts');
const ort = await import('onnxruntime-node');
await ort.InferenceSession.create(new Uint8Array(16)).catch(() => {});
await Bun.sleep(1000);
process.exit(0);
