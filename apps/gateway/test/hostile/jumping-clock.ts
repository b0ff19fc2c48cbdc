// Loaded into a gateway before anything else: at every SIGUSR2 the machine's clock is set by the next of CLOCK_JUMPS_MS.
const jumps = (process.env["CLOCK_JUMPS_MS"] ?? "").split(",").map(Number);
const realNow = Date.now.bind(Date);
let offsetMs = 0;

Date.now = () => realNow() + offsetMs;
process.on("SIGUSR2", () => {
  const jumpMs = jumps.shift() ?? 0;
  offsetMs += jumpMs;
  process.stderr.write(`The clock was set by ${jumpMs} ms\n`);
});
