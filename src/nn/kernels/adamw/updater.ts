/** What every implementation of AdamW takes and offers. */
import type { tf } from '../../tensors/tf.ts';

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
