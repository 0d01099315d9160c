/**
 * The one place where tfjs is imported: tensors, gradients and memory come from tfjs-core, and its CPU backend
 * is the plain fallback and the base of our own. Everything that is hot is a fused kernel (see ../kernels/).
 */
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import './gradients.ts';
import * as tf from '@tensorflow/tfjs-core';

// tfjs advertises its native Node backend on the first CPU tensor; in tests and tools that is only noise.
if (tf.env().get('IS_NODE')) tf.env().set('IS_NODE', false);

export { MathBackendCPU, tf };
