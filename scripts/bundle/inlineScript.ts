/**
 * A Vite plugin: `import text from '../x.ts?script'` gives the text of x.ts and all that it imports, bundled into one
 * classic script. Sandboxed frames have an opaque origin and a policy that lets them load nothing, so what runs
 * in them must reach them as text.
 */
import type { Plugin } from 'rolldown';
import { rolldown } from 'rolldown';

const suffix = '?script';

/** Bundles one entry into the text of a classic script. Its only variable is `exported`, if it exports anything. */
export async function bundleScript(entry: string): Promise<{ code: string; files: string[] }> {
  // A script may hold the text of another one.
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    logLevel: 'silent',
    plugins: [inlineScript()],
  });
  try {
    const { output } = await bundle.generate({
      format: 'iife',
      name: 'exported',
      minify: true,
      codeSplitting: false,
    });
    return { code: output[0].code, files: output[0].moduleIds.filter((id) => !id.startsWith('\0')) };
  } finally {
    await bundle.close();
  }
}

export function inlineScript(): Plugin {
  return {
    name: 'inline-script',
    async resolveId(source, importer) {
      if (!source.endsWith(suffix)) return null;
      const target = await this.resolve(source.slice(0, -suffix.length), importer, { skipSelf: true });
      return target && `${target.id}${suffix}`;
    },
    async load(id) {
      if (!id.endsWith(suffix)) return null;
      const { code, files } = await bundleScript(id.slice(0, -suffix.length));
      for (const file of files) this.addWatchFile(file);
      return `export default ${JSON.stringify(code)};`;
    },
  };
}
