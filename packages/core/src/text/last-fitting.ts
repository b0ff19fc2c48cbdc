/**
 * The largest whole number in `low..high` that fits, or `low - 1` when none does. Starts at `guess` and walks from there in
 * growing steps, so that a good guess costs two questions and a bad one a logarithm.
 */
export function lastFitting(low: number, high: number, guess: number, fits: (value: number) => boolean): number {
  let good = low - 1;
  let bad = high + 1;
  let at = Math.min(Math.max(guess, low), high);
  let step = 1;
  while (good + 1 < bad) {
    if (fits(at)) good = at;
    else bad = at;
    const stepped = good === at ? at + step : at - step;
    step *= 2;
    const bounded = good >= low && bad <= high;
    at = bounded ? (good + bad) >> 1 : Math.min(Math.max(stepped, good + 1), bad - 1);
  }
  return good;
}
