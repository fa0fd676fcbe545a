/** Exact confidence intervals of error rates: Clopper and Pearson (1934), through the beta distribution. */

/**
 * Two-sided interval of a share.
 * @param events errors among `trials` independent presentations
 * @param confidence e.g. 0.95
 * @returns [0, 1] when there were no trials
 */
export function clopperPearson(
  events: number,
  trials: number,
  confidence = 0.95,
): [low: number, high: number] {
  if (trials === 0) return [0, 1];
  const tail = (1 - confidence) / 2;
  return [
    events === 0 ? 0 : betaQuantile(tail, events, trials - events + 1),
    events === trials ? 1 : betaQuantile(1 - tail, events + 1, trials - events),
  ];
}

/** x with I_x(a, b) = p, by bisection to the last bit that matters. */
function betaQuantile(p: number, a: number, b: number): number {
  let low = 0, high = 1;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22, modified Lentz). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  ) / a;
  const tiny = 1e-300;
  let c = 1, d = 1 / nonZero(1 - (a + b) * x / (a + 1), tiny), f = d;
  for (let m = 1; m < 1000; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    f *= c * d;
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    const change = c * d;
    f *= change;
    if (Math.abs(change - 1) < 1e-14) break;
  }
  return front * f;
}

function nonZero(v: number, tiny: number): number {
  return Math.abs(v) < tiny ? tiny : v;
}

/** Lanczos' approximation with g = 7 and nine terms, for positive arguments. */
function logGamma(x: number): number {
  const terms = [
    0.99999999999980993,
    676.5203681218851,
    -1259.1392167224028,
    771.32342877765313,
    -176.61502916214059,
    12.507343278686905,
    -0.13857109526572012,
    9.9843695780195716e-6,
    1.5056327351493116e-7,
  ];
  const z = x - 1, t = z + 7.5;
  const sum = terms.slice(1).reduce((total, term, i) => total + term / (z + i + 1), terms[0]);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}
