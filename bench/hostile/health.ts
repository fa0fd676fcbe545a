/** Asks for the health of the server under test again and again, from a thread that nothing else holds up. */
const INTERVAL_MS = 50;

/** Polls until `stop`, which gives the milliseconds that each answer took. */
export function watchHealth(url: string): { stop(): Promise<number[]> } {
  const worker = new Worker(new URL('./health.ts', import.meta.url));
  worker.postMessage(new URL('/api/v1/face_health', url).href);
  return {
    stop() {
      worker.postMessage('stop');
      return new Promise((resolve) => {
        worker.onmessage = ({ data }) => {
          resolve(data);
          worker.terminate();
        };
      });
    },
  };
}

if (!Bun.isMainThread) {
  const times: number[] = [];
  let timer: ReturnType<typeof setInterval>;
  self.onmessage = ({ data }: MessageEvent<string>) => {
    if (data === 'stop') {
      clearInterval(timer);
      return postMessage(times);
    }
    timer = setInterval(async () => {
      const started = performance.now();
      await fetch(data).then((answer) => answer.text(), () => {});
      times.push(performance.now() - started);
    }, INTERVAL_MS);
  };
}
