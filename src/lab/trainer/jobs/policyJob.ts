/** Training a starting policy in the page, from a corpus of right and buggy programs. */
import { hash32, stream } from '../../../core/random.ts';
import { mean } from '../../../core/statistics/stats.ts';
import { Transformer } from '../../../nn/model/transformer.ts';
import { noiseOf } from '../../../rlhf/prepare/noise/noiseMask.ts';
import { trainPolicy } from '../../../rlhf/prepare/sft.ts';
import { buildCorpus } from '../../../tasks/corpus.ts';
import { maxSequence, vocabulary } from '../../../tasks/tokenizer.ts';
import { breathe } from '../arm/gate.ts';
import type { SftSettings } from '../protocol.ts';
import { heating } from './heating.ts';
import { type JobContext, meter, passRate, sampleAndJudge, type Trained } from './job.ts';

/** The buggiest operation of the corpus is wrong this often; the corpus as a whole passes a little under half. */
const bugRate = 0.6;
/** Steps between two looks at the held-out problems during fine-tuning. */
const lookEvery = 250;

export async function trainPolicyJob(settings: SftSettings, context: JobContext): Promise<Trained> {
  const { seed, world } = context;
  const { problems, prompts } = world.train;
  const corpus = buildCorpus(problems, { seed: hash32(seed, 'corpus'), size: settings.corpus, bugRate });
  const rows = corpus.map(({ problem, program }) => {
    const prompt = prompts[problem];
    return { tokens: Int32Array.from([...prompt, ...program]), promptLength: prompt.length };
  });
  const { width, layers, heads } = settings;
  const model = Transformer.create(
    { vocab: vocabulary.length, width, layers, heads, maxLength: maxSequence },
    stream(seed, 'policy weights'),
  );
  const progress = meter(context, 'policy');
  const noise = noiseOf(settings, model.config, seed);
  const heat = heating(noise, rows);
  let metrics: Record<string, number> = {};
  for await (const at of trainPolicy(model, rows, settings, seed, noise)) {
    metrics = { ...metrics, loss: at.loss, tokens: at.tokens };
    if (at.step % lookEvery === 0 || at.step === at.steps) {
      const { judged } = await sampleAndJudge(model, world.held, context, 1, at.step);
      metrics.heldPass = passRate(judged);
    }
    const { phase, told, masks } = heat(at, 'fine-tuning');
    progress(phase, at.step, at.steps, { ...metrics, ...told }, masks);
    await breathe();
    if (context.stopped()) break;
  }
  if (noise) metrics.maskMean = mean(noise.means);
  const { judged } = await sampleAndJudge(model, world.held, context, 3, 0);
  return { model, metrics: { ...metrics, heldPass: passRate(judged) } };
}
