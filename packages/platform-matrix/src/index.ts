export { matrix } from "./matrix.ts";
export type { MatrixOptions } from "./matrix.ts";
