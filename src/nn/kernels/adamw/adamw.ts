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
import { tf } from '../../tf.ts';
import { AdamWReference } from './reference.ts';

export interface AdamWSettings {
  beta1: number;
  beta2: number;
  eps: number;
  /** λ, applied to every parameter. */
  weightDecay: number;
  /** Largest global gradient norm. */
  clipNorm: number;
}

/** First and second moments, one array per parameter, in the order of the model's parameters. */
export interface Moments {
  m: Float32Array[];
  v: Float32Array[];
}

/** Holds the moments of one model on one backend, and updates the weights in place. */
export interface AdamWUpdater {
  /**
   * @param grads one per parameter; null leaves that parameter and its moments alone
   * @param time t, counted from 1
   * @returns the global norm before clipping, a scalar tensor that the caller disposes; no readback happens
   */
  update(grads: (tf.Tensor | null)[], learningRate: number, time: number): tf.Scalar;
  read(): Promise<Moments>;
  write(moments: Moments): void;
  dispose(): void;
}

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
