/** The engines that can compute an arm. The types are the tensor library's own; the page never loads more of it. */
import type { BackendChoice } from '../../nn/backend/open.ts';

export type { BackendChoice, BackendInfo } from '../../nn/backend/open.ts';

export const backendChoices = ['auto', 'webgpu', 'simd', 'plain'] as const satisfies readonly BackendChoice[];
