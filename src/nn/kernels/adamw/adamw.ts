/**
 * One AdamW step over all parameters of a model (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2), with the
 * gradient first scaled so that its global norm is at most `clipNorm`:
 *
 *   n = √Σ g²,  g ← g · min(1, clipNorm / (n + 1e-6))
 *   m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²
 *   w ← w − η λ w − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 *
 * A backend may register an updater that does it in one pass, in place; otherwise the reference is used. When n is
 * not finite, nothing is changed: the weights stay good, and the caller learns it from n.
 */
import { tf } from '../../tensors/tf.ts';
import { AdamWReference } from './reference.ts';
import type { AdamWSettings, AdamWUpdater } from './updater.ts';

export type AdamWFactory = (params: tf.Variable[], settings: AdamWSettings) => AdamWUpdater;

const factories = new Map<string, AdamWFactory>();

/** Makes `factory` the AdamW of a tfjs backend. */
export function registerAdamW(backendName: string, factory: AdamWFactory): void {
  factories.set(backendName, factory);
}

/** The updater of the current backend. */
export function createUpdater(params: tf.Variable[], settings: AdamWSettings): AdamWUpdater {
  const factory = factories.get(tf.getBackend());
  return factory ? factory(params, settings) : new AdamWReference(params, settings);
}
