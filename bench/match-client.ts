/** Load generator of the match benchmark, a process of its own: bounded number of requests, fixed concurrency. */
export {};

const [url, concurrency, seconds, bodyFile] = process.argv.slice(2);
const body = await Bun.file(bodyFile).text();
const times: number[] = [];
const until = performance.now() + Number(seconds) * 1000;
let wrong = 0;
const start = performance.now();
const lane = async () => {
  while (performance.now() < until) {
    const sent = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const answer = await response.json();
    if (answer.code !== 200) wrong++;
    times.push(performance.now() - sent);
  }
};
await Promise.all(Array.from({ length: Number(concurrency) }, lane));
console.log(JSON.stringify({ times, wrong, ms: performance.now() - start }));
