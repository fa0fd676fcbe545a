/** Takes away what a mask has apart from the person: parts of other people, and specks. */

/**
 * @param alpha width x height numbers 0..1; pixels not joined to the seed through others above 0 become 0
 * @param seed pixel that shows the person; nothing is changed when its alpha is 0
 */
export function keepConnected(
  alpha: Float32Array,
  width: number,
  seed: readonly [x: number, y: number],
): void {
  const start = seed[1] * width + seed[0];
  if (!(alpha[start] > 0)) return;
  const joined = new Uint8Array(alpha.length), open = [start];
  joined[start] = 1;
  const visit = (pixel: number) => {
    if (alpha[pixel] > 0 && joined[pixel] === 0) {
      joined[pixel] = 1;
      open.push(pixel);
    }
  };
  while (open.length > 0) {
    const pixel = open.pop()!, x = pixel % width;
    if (x > 0) visit(pixel - 1);
    if (x < width - 1) visit(pixel + 1);
    visit(pixel - width);
    visit(pixel + width);
  }
  for (let i = 0; i < alpha.length; i++) alpha[i] *= joined[i];
}
