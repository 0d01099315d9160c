/** Fetches the trained models that come with the page. */
import { LabFailure } from '../errors.ts';
import type { CheckpointBytes } from '../protocol.ts';
import type { ModelName } from './modelSlots.ts';

/** Folders of `checkpoints/default/`. */
export const modelFolders: Record<ModelName, string> = {
  policy: 'policy',
  'small-policy': 'policy',
  strong: 'reward-strong',
  weak: 'reward-weak',
  careless: 'reward-careless',
  'strong-dropout': 'reward-strong-dropout',
  'strong-beta': 'reward-strong-beta',
  'strong-mask': 'reward-strong-mask',
  genrm: 'reward-genrm',
  value: 'value',
  histogram: 'value-histogram',
};

/** @param assets URL of the folder that holds `checkpoints/`, with a slash at its end */
export async function fetchShipped(assets: string, name: ModelName): Promise<CheckpointBytes> {
  const folder = new URL(`checkpoints/default/${modelFolders[name]}/`, assets);
  const [config, model] = await Promise.all([
    fetchFile(folder, 'config.json'),
    fetchFile(folder, 'model.safetensors'),
  ]);
  return { config: await config.text(), model: new Uint8Array(await model.arrayBuffer()) };
}

async function fetchFile(folder: URL, name: string): Promise<Response> {
  const url = new URL(name, folder);
  const response = await fetch(url).catch((cause: unknown) => {
    throw new LabFailure(
      {
        code: 'bad-checkpoint',
        message: `Could not fetch ${url.pathname}. Check the connection and try again.`,
        field: name,
      },
      cause,
    );
  });
  if (!response.ok) {
    throw new LabFailure({
      code: 'bad-checkpoint',
      message: `The server answered ${response.status} for ${url.pathname}. Run "npm run checkpoints" to rebuild the models.`,
      field: name,
    });
  }
  return response;
}
