/** Embedding on the CPU: see simd/assembly/embedding.ts. */
import { registerSimdKernel } from '../../simd/register.ts';

export function registerEmbeddingOnSimd(): void {
  registerSimdKernel('FEmbedding', (backend, { wte, wpe, tokens, positions }) => {
    const T = tokens.shape[0];
    const D = wte.shape[1];
    const x = backend.output([T, D]);
    const inputs = [wte, wpe, tokens, positions].map((tensor) => backend.pointer(tensor));
    backend.kernels.embedding(T, D, ...inputs, x.pointer);
    return x.info;
  });
  registerSimdKernel('FEmbeddingGrad', (backend, { dx, tokens, positions }, { vocab, maxLength }) => {
    const [T, D] = dx.shape;
    const dwte = backend.output([vocab, D]);
    const dwpe = backend.output([maxLength, D]);
    const inputs = [dx, tokens, positions].map((tensor) => backend.pointer(tensor));
    backend.kernels.embeddingGrad(T, D, vocab, maxLength, ...inputs, dwte.pointer, dwpe.pointer);
    return [dwte.info, dwpe.info];
  });
}
